"""The short and the long version, the findings, the crossings, the draft, the data that the document carries."""

import io
import re
from dataclasses import replace

import page
import pandas as pd
import pikepdf
import pypdf
import pytest

from diagnostic.publication.opendata import write_opendata
from diagnostic.publication.report import edition, write_documents, write_report
from diagnostic.publication.report.reading import Reader

FIRST = "Que suivre, et quand ?"  # annex of the short version
LONGEST = 16  # pages before the annexes


def read(pdf):
    return pypdf.PdfReader(io.BytesIO(pdf))


def flat(pdf):
    text = " ".join(sheet.extract_text() for sheet in read(pdf).pages)
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ").replace("\u202f", " "))


def chapters(pdf):
    reader = read(pdf)
    return {
        entry.title.replace("\u202f", " "): reader.get_destination_page_number(entry)
        for entry in reader.outline
        if not isinstance(entry, list)
    }


@pytest.fixture
def blocks_of(monkeypatch):
    seen = {}
    monkeypatch.setattr(edition, "typeset", lambda blocks, **rest: seen.update(blocks=blocks, **rest) or b"")

    def build(tables, **options):
        write_report(tables, **options)
        return dict(seen)

    return build


@pytest.fixture(scope="module")
def whole(said_tables):
    return said_tables(9, survey=True)


@pytest.fixture(scope="module")
def short(whole):
    return write_report(whole)


def test_the_short_version_fits_the_pages_that_a_meeting_reads(whole, short):
    themes = ("population", "resources", "employment", "health")
    usual = whole.catalogue.loc[whole.catalogue["theme"].isin(themes), "variable"]
    assert chapters(write_report(whole, indicators=list(usual)))[FIRST] <= LONGEST
    assert chapters(short)[FIRST] <= LONGEST + 2  # every domain of the law has its figures


@pytest.mark.parametrize("profile", ["ua1", "3a"])
def test_it_is_accessible_and_archivable(short, profile):
    found = page.validate_pdf_bytes(short, profile=profile)
    assert found.is_compliant, [(failure.rule_id, failure.message) for failure in found.failures]


@pytest.mark.parametrize("count", [1, 2, 9, 26])
def test_the_annexes_hold_what_the_short_version_leaves_out(said_tables, blocks_of, count):
    tables = said_tables(count, survey=True)
    brief, full = blocks_of(tables), blocks_of(tables, long=True)
    assert set(full["files"]) <= set(brief["files"])
    titles = [{block["title"] for block in seen["blocks"] if block["kind"] == "table"} for seen in (full, brief)]
    assert titles[0] <= titles[1]


def test_the_long_version_has_no_annex_of_what_was_left_out(whole, blocks_of):
    headings = [block["text"] for block in blocks_of(whole, long=True)["blocks"] if block["kind"] == "heading"]
    assert not [text for text in headings if "complémentaires" in text or ", suite" in text]


def test_a_finding_has_its_convergence_two_rivals_its_limit_its_question_and_a_frame(whole, blocks_of):
    blocks = blocks_of(whole)["blocks"]
    framed = [block for block in blocks if block["kind"] == "finding" and block["reply"]]
    gaps = whole.findings[whole.findings["kind"].eq("gap")]
    assert len(framed) == len(gaps) > 0
    for block, row in zip(framed, gaps.to_dict("records"), strict=True):
        words = " ".join(f"{line['title']} {line['text']}" for line in block["lines"]).replace("\u00a0", " ")
        assert f"{row['degree']} sur 5" in words
        assert all(row[name].replace("\u00a0", " ") in words for name in ("rival_first", "rival_second", "caveat"))
        assert "Question." in words
        assert block["reply"] == "Réponse du partenaire"


def test_what_is_not_found_is_said_with_its_base(said_tables):
    tables = said_tables(2)
    row = tables.findings.iloc[[0]].assign(kind="not_found", message="Rien de notable.", detail="Connu partout.")
    text = flat(write_report(replace(tables, findings=pd.concat([tables.findings, row], ignore_index=True))))
    assert "Ce que les chiffres ne montrent pas – Rien de notable. Connu partout." in text


def test_the_crossings_say_what_they_say_and_what_lacks(whole, short, blocks_of):
    text = flat(short)
    assert "Indice de non-recours" in text  # among what is not known, with what lacks: said once
    assert "Indice de non-recours (il manque" not in text
    assert "citent leur quartier : 35,0 % (de 29,0 % à 42,0 %)" in text
    drawn = {block["file"]: block["alt"] for block in blocks_of(whole)["blocks"] if "file" in block}
    assert {"convergence.svg", "quadrant.svg", "couverture.svg"} <= set(drawn)
    assert "se rejoignent\u00a0: «\u00a0L’emploi dans une entreprise\u00a0»" in drawn["quadrant.svg"]


def test_without_crossings_there_is_no_chapter_of_them(public_tables):
    assert "Où les sources se rejoignent-elles ?" not in chapters(write_report(public_tables(2)))


def test_without_a_survey_the_crossings_name_it_and_draw_no_empty_quadrant(said_tables, blocks_of):
    tables = said_tables(2)
    assert "quadrant.svg" not in {block.get("file") for block in blocks_of(tables)["blocks"]}
    cells = [
        cell["t"]
        for block in blocks_of(tables)["blocks"]
        if block["kind"] == "table"
        for row in block["rows"]
        for cell in row
    ]
    assert any(cell.startswith("Il manque\u00a0: enquête sur le ressenti") for cell in cells)


def test_a_series_is_drawn_where_two_years_compare_and_its_break_is_marked(said_tables, blocks_of):
    files = blocks_of(said_tables(9))["files"]
    assert "serie-rsa_share.svg" in files
    assert "serie-employment_rate.svg" not in files


def test_a_line_never_joins_the_years_of_two_sources(said_tables):
    tables = said_tables(9)
    rows = tables.trends
    other = rows[rows["variable"] == "rsa_share"].assign(source="autre", period=lambda own: own["period"] - 1)
    known = Reader(tables).series("rsa_share")
    both = Reader(replace(tables, trends=pd.concat([other, rows], ignore_index=True))).series("rsa_share")
    assert set(known["period"]) == set(both["period"])
    assert "autre" not in set(both["source"])


def test_a_gap_that_widened_is_said_with_both_years(said_tables):
    tables = said_tables(2)
    row = {
        "level": "qpv", "code": "QP099001", "vintage": 2015, "variable": "rsa_share", "group": "all",
        "unit": "percent", "comparator_kind": "qpv_departement_median", "comparator_code": "99",
        "comparator_label": "médiane", "period": 2018, "earlier_period": 2015, "difference": 5.9,
        "earlier_difference": 0.9, "change": 5.0, "half_width": 0.0,
    }  # fmt: skip
    text = flat(write_report(replace(tables, worsening=pd.DataFrame([row]))))
    assert "s’est creusé, de +0,9 pt (2015) à +5,9 pts (2018)" in text


def test_a_draft_says_so_on_every_page_of_every_document(said_tables):
    documents = write_documents(said_tables(1), draft=True)
    for name, pdf in documents.items():
        assert all("PROJET" in sheet.extract_text() for sheet in read(pdf).pages), name
        assert page.validate_pdf_bytes(pdf, profile="ua1").is_compliant, name
    assert "PROJET" not in flat(write_report(said_tables(1)))


def test_the_document_carries_the_published_data(said_tables):
    tables = said_tables(2)
    carried = {name: body for name, body in write_opendata(tables).items() if name.endswith((".csv", ".json"))}
    assert "indicateurs.csv" in carried
    pdf = write_report(tables, attached=carried)
    for profile in ("ua1", "3a"):
        assert page.validate_pdf_bytes(pdf, profile=profile).is_compliant
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert set(opened.attachments) == set(carried)
        for name, body in carried.items():
            file = opened.attachments[name]
            assert file.obj.AFRelationship == "/Data"
            assert file.get_file().read_bytes() == body
            assert file.get_file().mime_type in {"text/csv", "application/json"}
        assert len(opened.Root.AF) == len(carried)
    assert write_report(tables, attached=carried) == pdf
