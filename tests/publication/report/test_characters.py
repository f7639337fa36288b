"""Signs that no font of the document has: named in a lead's text, replaced in a name, never a page that fails."""

from dataclasses import replace

import pytest

from diagnostic.errors import ConfigurationError
from diagnostic.publication.report import write_report
from diagnostic.publication.report.characters import REPLACEMENT, drawable
from diagnostic.publication.report.prose import Prose

ODD = "Cité \N{THUMBS UP SIGN}\N{CJK UNIFIED IDEOGRAPH-4F60}\x92\x07\ufeff"


def test_a_page_is_made_of_any_name(public_tables):
    tables = public_tables(1)
    names = tables.territories.assign(label=[ODD, *tables.territories["label"].iloc[1:]])
    named = replace(tables, territories=names, identity=replace(tables.identity, author=ODD))
    mended = drawable(named)
    assert mended.territories["label"].iloc[0] == mended.identity.author == f"Cité {REPLACEMENT * 3} "
    assert write_report(named).startswith(b"%PDF")


def test_usual_tables_are_left_as_they_are(public_tables):
    tables = public_tables(9)
    assert drawable(tables) is tables


def test_other_scripts_are_written_as_they_are(public_tables):
    tables = public_tables(1)
    words = "Кварталы مرحبا Γειτονιά"
    assert drawable(replace(tables, identity=replace(tables.identity, author=words))).identity.author == words


def test_a_text_that_cannot_be_shown_is_refused_with_its_lines():
    with pytest.raises(ConfigurationError) as caught:
        Prose({"contexte.md": "Bien.\nMerci \N{THUMBS UP SIGN}\n", "seance.md": "\N{GRINNING FACE}"})
    told = str(caught.value)
    assert "U+1F44D" in told
    assert "ligne 2" in told
    assert "seance.md" in told


def test_a_text_saved_with_its_mark_is_read():
    assert Prose({"contexte.md": "\ufeffBien."})
