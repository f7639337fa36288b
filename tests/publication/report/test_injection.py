"""Texts from outside reach a page as text: names, labels, the lead's prose, the options of a survey."""

import io
import re
from dataclasses import replace
from pathlib import Path

import page
import pypdf
import pytest

from diagnostic.errors import ConfigurationError, WorkspaceError
from diagnostic.publication.report import write_report
from diagnostic.publication.report.prose import LONGEST
from diagnostic.workspace import write_bytes

EVIL = '#panic("x") $1/0$ @ref <lab> *a* _b_ `c` [d] // e /* f */ \\u{41} <script>g</script> {{h}}'
PLAIN = '#panic("x") $1/0$ @ref <lab>'


def flat(pdf):
    text = " ".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ").replace("\u202f", " "))


def test_names_labels_and_sentences_stay_text(said_tables):
    tables = said_tables(2, names=[EVIL], survey=True)
    catalogue = tables.catalogue.assign(says=EVIL, does_not_say=EVIL, ask=EVIL, label=EVIL, short_label=EVIL)
    findings = tables.findings.assign(message=EVIL, rival_first=EVIL, question=EVIL, sources=EVIL)
    crossings = tables.crossings.assign(label=EVIL, domain_label=EVIL, missing=EVIL, reading=EVIL)
    identity = replace(tables.identity, name=EVIL, author=EVIL, commissioner=EVIL)
    pdf = write_report(replace(
        tables, catalogue=catalogue, findings=findings, crossings=crossings, identity=identity,
        blind_spots=tables.blind_spots.head(0),
    ))  # fmt: skip
    assert flat(pdf).count(PLAIN) > 20
    assert page.validate_pdf_bytes(pdf, profile="ua1").is_compliant


def test_options_and_card_of_a_survey_stay_text(public_tables, declared_tables):
    tables = declared_tables(public_tables(2))
    pdf = write_report(replace(
        tables, estimates=tables.estimates.assign(label=EVIL, note=EVIL), card=tables.card.assign(text=EVIL),
    ))  # fmt: skip
    assert PLAIN in flat(pdf)
    assert page.validate_pdf_bytes(pdf, profile="ua1").is_compliant


def test_the_leads_prose_is_a_small_markdown_and_never_code(public_tables):
    words = EVIL.replace(" {{h}}", "")
    pdf = write_report(public_tables(2), texts={"contexte.md": f"{words}\n\n- {words}\n\n> {words}\n"})
    assert flat(pdf).count(PLAIN) == 3


def test_broken_references_of_every_text_are_named_at_once(public_tables):
    texts = {
        "contexte.md": "Un taux de {{value:employment_rate:QP099009}}.\n\nEt {{gap:taux:QP099001}}.",
        "partenaires.md": "Le {{value:employment_rate}}.",
    }  # fmt: skip
    with pytest.raises(ConfigurationError) as caught:
        write_report(public_tables(2), texts=texts)
    assert [(fault.file, fault.line) for fault in caught.value.faults] == [
        ("contexte.md", 1), ("contexte.md", 3), ("partenaires.md", 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["Voir ![plan](plan.png).", "a\n\n<img src='x'>", f"![x](data:image/png;base64,{'A' * 3_000_000})"]
)
def test_a_picture_in_a_text_is_refused_with_its_line(public_tables, text):
    with pytest.raises(ConfigurationError, match=r"image dans un texte.*contexte\.md") as caught:
        write_report(public_tables(2), texts={"contexte.md": text})
    assert len(str(caught.value)) < 1000


def test_a_text_that_is_too_long_is_refused(public_tables):
    with pytest.raises(ConfigurationError, match="texte trop long"):
        write_report(public_tables(2), texts={"contexte.md": "mot " * LONGEST})


def test_a_document_open_in_another_program_stays_as_it_was(tmp_path, monkeypatch):
    place = tmp_path / "reports" / "diagnostic.pdf"
    write_bytes(place, b"%PDF former")

    def locked(source, target):
        raise PermissionError(13, "Access is denied", str(source), None, str(target))

    monkeypatch.setattr(Path, "replace", locked)
    with pytest.raises(WorkspaceError, match="fermez ce fichier s’il est ouvert ailleurs"):
        write_bytes(place, b"%PDF new")
    assert place.read_bytes() == b"%PDF former"
    assert [path.name for path in place.parent.iterdir()] == ["diagnostic.pdf"]
