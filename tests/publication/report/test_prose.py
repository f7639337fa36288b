"""The small markdown of the texts."""

import pytest

from diagnostic.errors import ConfigurationError
from diagnostic.publication.report.prose import parse, shipped
from diagnostic.publication.report.streams import unambiguous


def kinds(text, **values):
    return [block["kind"] for block in parse(text, values)]


def test_the_subset():
    assert kinds("# A\n\nB\n\n- c\n- d\n\n> e") == ["heading", "paragraph", "aside"]
    assert kinds("A <!-- remark\nlong --> b") == ["paragraph"]


def test_sections_where_nothing_came_lose_their_heading():
    assert kinds("# A\n\n## B\n\n{{vide}}\n\n## C\n\nd", vide=[]) == ["heading", "heading", "paragraph"]
    assert kinds("# A\n\n## B\n\n{{vide}}", vide=[]) == ["heading"]


def test_no_heading_stands_alone_at_the_end_of_a_text():
    text = "# Chapitre\n\n{{a}}\n\n## Vide\n\n{{b}}\n\n## Vide aussi\n\n{{c}}"
    assert kinds(text, a=[{"kind": "list", "items": []}], b=[], c=[]) == ["heading", "list"]


def test_the_opening_of_a_chapter_stays_with_its_first_part():
    blocks = parse("# A\n\nB\n\n## C\n\nD\n\n## E\n\nF", {})
    first, second, _ = [one for one in blocks if one["kind"] == "paragraph"]
    assert first["sticky"]
    assert not second["sticky"]


def test_blocks_cannot_come_inside_a_sentence():
    with pytest.raises(ConfigurationError, match="seule sur sa ligne"):
        parse("Voici {{carte}}.", {"carte": []})


def test_all_faults_at_once():
    with pytest.raises(ConfigurationError) as caught:
        parse("{{a}} et {{b}}", {"c": "d"})
    assert len(caught.value.faults) == 2


def test_shipped_texts_are_sober_and_typographic():
    for name, text in shipped().items():
        assert "'" not in text, name
        assert "prouve" not in text, name
        assert "TODO" not in text, name


def test_a_document_without_doubt_is_untouched():
    assert unambiguous(b"stream\nab\nendstream") == b"stream\nab\nendstream"
    with pytest.raises(ValueError, match="cross-reference"):
        unambiguous(b"stream\nab\r\nendstream")
