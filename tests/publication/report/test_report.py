"""The PDF is compiled, validated by two witnesses, and read back."""

import io
import re
from dataclasses import replace
from functools import cache

import numpy as np
import page
import pandas as pd
import pikepdf
import pypdf
import pytest

from diagnostic.errors import ConfigurationError
from diagnostic.publication.report import edition, write_report

ENGLISH = re.compile(r"\b(the|of|and|with|rate|gap|value|women|share|employment|unknown|missing|table)\b")
BAD_SPACES = re.compile(r"[^\s\u00a0\u202f»][;!?](?:\s|$)|\S [;!?%»€]|« |\w :(?=\s|$)|\d \d{3}(?!\d)")


@pytest.fixture(scope="module")
def report(public_tables):
    cache = {}

    def build(count=9, **options):
        key = (count, repr(options))
        if key not in cache:
            cache[key] = write_report(public_tables(count, **options))
        return cache[key]

    return build


@cache
def pages(pdf):
    return [sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def flat(pdf):
    return re.sub(r"\s+", " ", " ".join(pages(pdf)).replace("\u00a0", " ").replace("\u202f", " "))


@pytest.mark.parametrize("count", [1, 2, 9, 26])
@pytest.mark.parametrize("profile", ["ua1", "3a"])
def test_it_is_accessible_and_archivable(report, count, profile):
    found = page.validate_pdf_bytes(report(count), profile=profile)
    assert found.is_compliant, [(failure.rule_id, failure.message) for failure in found.failures]


def test_a_second_witness_sees_tags_language_title_and_alternative_texts(report):
    with pikepdf.open(io.BytesIO(report(9))) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.Root.Lang).startswith("fr")
        assert str(pdf.docinfo["/Title"]).startswith("Diagnostic territorial")
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["pdfaid:part"] == "3"
        kinds = [str(one.S) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/S" in one]
        figures = [
            one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"
        ]
        assert figures
        assert all(str(one.get("/Alt", "")) for one in figures)
        assert kinds.count("/TH") > 20


def test_chapters_are_bookmarks(report):
    titles = [
        entry.title for entry in pypdf.PdfReader(io.BytesIO(report(9))).outline if not isinstance(entry, list)
    ]
    assert titles[0] == "L’essentiel en une page"
    assert "De quelles ressources disposent les habitants\u202f?" in titles
    assert titles[-1] == "Mentions"


def test_the_banner_is_on_every_page_of_invented_data_only(report):
    assert all("Données fictives" in text for text in pages(report(9)))
    assert not any("Données fictives" in text for text in pages(report(9, fictional=False)))


def test_the_same_tables_give_the_same_bytes(public_tables, report):
    assert write_report(public_tables(9)) == report(9)


def strings(data):
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for key, value in data.items():
            if key not in {"file", "pad"}:
                yield from strings(value)
    elif isinstance(data, (list, tuple)):
        for value in data:
            yield from strings(value)


@pytest.mark.parametrize("count", [1, 9])
def test_no_break_spaces_are_where_they_are_due(public_tables, monkeypatch, count):
    seen = {}
    monkeypatch.setattr(edition, "typeset", lambda blocks, **rest: seen.update(blocks=blocks, **rest) or b"")
    write_report(public_tables(count))
    texts = list(strings([seen["blocks"], seen["meta"]]))
    for image in seen["files"].values():
        texts += re.findall(r">([^<>]+)</text>", image.decode())
    assert len(texts) > 500
    wrong = {text for text in texts if BAD_SPACES.search(re.sub(r"https?://\S+", "", text)) or "'" in text}
    assert not wrong


@pytest.mark.parametrize("count", [1, 9])
def test_the_typography_is_french_and_no_word_of_code_is_left(report, count):
    text = "\n".join(pages(report(count)))
    assert not re.findall(r"\S [;!?]", text)  # the other no-break space has the glyph of a plain one
    assert "'" not in text
    assert not ENGLISH.findall(text)
    for word in ("None", "NaN", "NaT", "{{", "}}", "employment_", "qpv_dep"):
        assert word not in text
    assert not re.search(r"\bnan\b", text)


def test_no_page_is_empty(report):
    for count in (1, 2, 9):
        assert all(len(text) > 150 for text in pages(report(count)))


def test_tables_and_charts_of_a_long_list_are_never_cut(report):
    once = ("La Roseraie", "Épinette", "Jean Macé", "Trois Ponts", "Vallon", "Pont de Bois", "Mont Liébaut")
    listed = 0
    for text in pages(report(26)):
        counts = [len(re.findall(rf"\b{name}\b", text)) for name in once]
        if sum(map(bool, counts)) > len(once) // 2:
            listed += 1
            assert len(set(counts)) == 1, text[:200]
    assert listed > 10


def test_words_of_ranking_and_proof_are_absent(report):
    text = flat(report(9)).lower()
    for word in ("prouve", "classement des", "palmarès", "victime", "à problème"):
        assert word not in text
    alone = flat(report(1))
    assert "selon les quartiers" not in alone
    assert "Le quartier en une page" in alone


def test_what_gaps_need_is_said(report):
    text = flat(report(9))
    assert text.count("n’est pas une discrimination") > 8
    assert "Pas de comparateur publié" in text
    assert "sommaire 2500477" in text
    assert "plus de cinq ans" in text


def test_sources_carry_their_fingerprint_and_hidden_values_their_count(report):
    text = flat(report(9))
    assert "a" * 32 in text
    assert re.search(r"\d+ sur 9", text)


def test_hidden_values_are_nowhere(public_tables):
    tables = public_tables(9)
    rows = tables.indicators.copy()
    secret = (rows["code"] == "QP099003") & rows["value"].notna()
    rows.loc[secret, ["value", "reliability"]] = [77.77, "suppress"]
    text = flat(write_report(replace(tables, indicators=rows)))
    assert "77,8" not in text
    assert "77,77" not in text


def test_markup_in_the_data_stays_inert(public_tables):
    evil = ['#eval("1+1") $x^2$ @ref <label> *a* _b_ `c` \\n <b>gras</b> {{territoire}}']
    tables = public_tables(2, names=evil)
    findings = tables.findings.assign(message="#panic() [x] $1 {{oups}}")
    pdf = write_report(replace(tables, findings=findings))
    text = flat(pdf)
    assert "#panic() [x] $1 {{oups}}" in text
    assert "<b>gras</b>" in text
    assert page.validate_pdf_bytes(pdf, profile="ua1").is_compliant


def test_empty_tables_make_a_short_report_that_says_what_to_ask(public_tables):
    tables = public_tables(2)
    empty = {
        name: pd.DataFrame({column: [] for column in getattr(tables, name)})
        for name in ("indicators", "gaps", "findings", "hidden", "sources")
    }
    pdf = write_report(replace(tables, **empty))
    assert "ajoutez la base « Revenus »" in flat(pdf)
    assert page.validate_pdf_bytes(pdf, profile="3a").is_compliant


def test_all_suppressed_shows_no_empty_chart(public_tables):
    tables = public_tables(9)
    rows = tables.indicators.assign(value=np.nan, status="suppressed", low=np.nan, high=np.nan)
    text = flat(write_report(replace(tables, indicators=rows)))
    assert "toutes sont masquées" in text
    assert "secret statistique" in text


def test_the_leads_text_takes_the_place_of_ours(public_tables):
    pdf = write_report(
        public_tables(2), texts={"fiches.md": "# Nos quartiers\n\nUn mot de **{{territoire}}** : bonjour !"}
    )
    assert "Un mot de CA des Trois Rivières : bonjour !" in flat(pdf)


def test_an_unknown_reference_lists_those_that_exist(public_tables):
    with pytest.raises(ConfigurationError, match=r"fiches\.md.*ligne 2.*territoire"):
        write_report(public_tables(2), texts={"fiches.md": "# Titre\n{{teritoire}}"})
    with pytest.raises(ConfigurationError, match="texte inconnu"):
        write_report(public_tables(2), texts={"fiche.md": "# Titre"})


def test_indicators_can_be_chosen(public_tables):
    text = flat(write_report(public_tables(2), indicators=["poverty_rate", "employment_rate"]))
    assert "Taux de pauvreté" in text
    assert "Indice de Gini" not in text


def test_a_neighbourhood_over_several_communes_counts_once(public_tables):
    tables = public_tables(2)
    rows = tables.gaps[(tables.gaps["comparator_kind"] == "commune") & (tables.gaps["code"] == "QP099001")]
    again = rows.assign(comparator_code="99012", comparator_label="Fontaine", comparator_value=99_999.0)
    both = replace(tables, gaps=pd.concat([tables.gaps, again]), findings=tables.findings.iloc[:0])
    text = flat(write_report(both))
    assert "sur 3" not in text
    assert "dans les 2 quartiers publiés" in text


def test_a_chart_says_what_the_finding_says(public_tables):
    tables = public_tables(9)
    message = "Taux d’emploi : constat unique de l’analyse."
    findings = tables.findings.assign(
        message=tables.findings["message"].where(tables.findings["variable"] != "employment_rate", message)
    )
    assert flat(write_report(replace(tables, findings=findings))).count("constat unique de l’analyse") == 3


def test_blind_spots_and_what_is_not_found_have_their_place(public_tables):
    tables = public_tables(2)
    findings = tables.findings.assign(kind=["gap", "not_found", "blind_spot", "decision", "gap"])
    text = flat(write_report(replace(tables, findings=findings)))
    for heading in ("Ce que les chiffres ne montrent pas", "à qui le demander", "Décisions demandées"):
        assert heading in text
