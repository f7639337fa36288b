"""The chapter on what residents declare is compiled, validated, and read back."""

import io
import re
from dataclasses import replace
from functools import cache

import numpy as np
import page
import pandas as pd
import pypdf
import pytest

from diagnostic.publication.report import edition, write_report

QUESTION = "Que déclarent vivre les habitants ?"
BAD_SPACES = re.compile(r"[^\s\u00a0\u202f»][;!?](?:\s|$)|\S [;!?%»€]|« |\w :(?=\s|$)|\d \d{3}(?!\d)")


@pytest.fixture(scope="module")
def report(public_tables, declared_tables):
    @cache
    def build(count=2, **options):
        return write_report(declared_tables(public_tables(count), **options))

    return build


@cache
def sheets(pdf):
    return [sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def flat(pdf):
    return re.sub(r"\s+", " ", " ".join(sheets(pdf)).replace("\u00a0", " ").replace("\u202f", " "))


def chapters(pdf):
    outline = pypdf.PdfReader(io.BytesIO(pdf)).outline
    return [entry.title.replace("\u202f", " ") for entry in outline if not isinstance(entry, list)]


def blocks_of(tables, monkeypatch):
    seen = {}
    monkeypatch.setattr(edition, "typeset", lambda blocks, **rest: seen.update(blocks=blocks, **rest) or b"")
    write_report(tables)
    return seen


@pytest.mark.parametrize("profile", ["ua1", "3a"])
@pytest.mark.parametrize("options", [{"count": 1}, {"count": 9, "drawn": True}, {"count": 26, "size": 60}])
def test_it_is_accessible_and_archivable(report, options, profile):
    found = page.validate_pdf_bytes(report(**options), profile=profile)
    assert found.is_compliant, [(failure.rule_id, failure.message) for failure in found.failures]


def test_the_chapter_opens_with_a_question_between_the_domains_and_what_to_follow(report):
    titles = chapters(report())
    place = titles.index(QUESTION)
    assert titles.index("Quel accès aux soins ?") < place
    assert titles[place + 1 : place + 3] == ["Que suivre, et quand ?", "Comment lire ce document"]
    assert titles.index("Annexe\u00a0: ce que déclarent les habitants, suite") > place
    assert "Annexe\u00a0: réponses à l’enquête" in titles


def test_without_a_survey_nothing_is_said_of_it(public_tables):
    pdf = write_report(public_tables(2))
    assert QUESTION not in chapters(pdf)
    assert "enquête du 3 mars" not in flat(pdf)
    assert "masqué pour protéger" not in flat(pdf)


def test_the_identity_card_comes_before_any_figure(public_tables, declared_tables, monkeypatch):
    blocks = blocks_of(declared_tables(public_tables(2)), monkeypatch)["blocks"]
    titles = [block.get("text", "") for block in blocks]
    start = titles.index(QUESTION.replace(" ?", "\u202f?"))
    kinds = [block["kind"] for block in blocks[start:]]
    assert kinds.index("table") < kinds.index("figure")


def test_respondents_who_came_by_themselves_speak_for_themselves(report):
    alone, drawn = flat(report()), flat(report(2, drawn=True))
    assert "Les personnes ont répondu d’elles-mêmes." in alone
    assert "Parmi les répondants, " in alone
    assert "intervalle indicatif : de " in alone
    assert "On estime que" not in alone
    assert "On estime que de " in drawn
    assert "indicatif" not in drawn


def test_words_are_sober(report):
    text = flat(report(9)).lower()
    for word in ("victime", "prouve", "palmarès", "classement des", "à problème"):
        assert word not in text
    assert "ni une preuve ni une rumeur" in text
    assert "le protocole fait le chiffre" in text


def test_every_figure_carries_base_period_count_and_limit(public_tables, declared_tables, monkeypatch):
    seen = blocks_of(declared_tables(public_tables(2)), monkeypatch)
    drawn = {name: image.decode() for name, image in seen["files"].items() if name.startswith("ressenti-")}
    assert len(drawn) == 10  # one of them in brief, and whole in the annexes
    for image in drawn.values():
        words = " ".join(re.findall(r">([^<>]+)</text>", image)).replace("\u00a0", " ")
        assert "Ne permet pas de comparer les quartiers." in words
        assert "période de référence : 5 ans" in words
        assert "n = 850." in words
        assert "parmi l" in words.lower()


def test_typography_and_alternative_texts(public_tables, declared_tables, monkeypatch):
    seen = blocks_of(declared_tables(public_tables(9)), monkeypatch)
    figures = [block for block in seen["blocks"] if block["kind"] == "figure" and "ressenti" in block["file"]]
    texts = [block["alt"] for block in figures]
    for name, image in seen["files"].items():
        if name.startswith("ressenti-"):
            texts += re.findall(r">([^<>]+)</text>", image.decode())
    assert not {text for text in texts if BAD_SPACES.search(text) or "'" in text or "nan" in text.lower().split()}
    motives = next(block["alt"] for block in figures if "motifs" in block["file"])
    assert motives.count("Votre âge\u00a0:") == 2
    assert "Masqué pour protéger l’anonymat\u00a0: Votre situation de famille ou une grossesse" in motives
    assert "Précision insuffisante, pas de pourcentage\u00a0: Votre situation économique" in motives


def test_the_base_is_stated_twice_for_motives(report):
    text = flat(report())
    assert "parmi les répondants déclarant une discrimination (n = 85)" in text
    assert "parmi l’ensemble des répondants (n = 850)" in text


def test_under_thirty_no_percentage_is_written(report):
    text = flat(report(2, size=60))  # those concerned are 6, the others 60
    few = "Moins de 30 personnes, pas de pourcentage"
    assert f"{few} (parmi les répondants déclarant une discrimination) : toutes les réponses." in text
    assert f"{few} : Citent au moins une conséquence ; Sur ma santé" in text
    assert "(n = 6)" not in text
    assert "(n = 60)" in text


def test_answers_keep_the_order_of_the_questionnaire(public_tables, declared_tables, monkeypatch):
    tables = declared_tables(public_tables(2), shuffled=True)
    seen = blocks_of(tables, monkeypatch)
    alt = next(block["alt"] for block in seen["blocks"] if "ressenti-motifs" in block.get("file", ""))
    named = ["Votre origine", "Votre couleur", "Votre religion", "Votre âge", "Le quartier", "Ne savent pas"]
    places = [alt.index(name, alt.index("(n")) for name in named]
    assert places == sorted(places)


def test_a_neighbourhood_gives_its_count_or_a_mask_and_no_share(public_tables, declared_tables, monkeypatch):
    blocks = blocks_of(declared_tables(public_tables(9)), monkeypatch)["blocks"]
    counts = next(block for block in blocks if block.get("title") == "Répondants par quartier")
    brief, card = [block for block in blocks if block.get("title", "").startswith("Carte d’identité")]
    assert 0 < len(brief["rows"]) < len(card["rows"])
    entries = [row[0]["t"] for row in card["rows"]]
    assert "Répondants\u00a0: quartier inconnu" in entries
    assert not any("QP099" in entry for entry in entries)
    assert [row[2]["t"] for row in counts["rows"]] == ["41", "42", "masqué", *map(str, range(44, 50))]
    assert "ne permettent pas de comparer les quartiers" in counts["foot"].replace("\u00a0", " ")


def test_a_hidden_number_left_in_the_table_is_not_printed(public_tables, declared_tables):
    tables = declared_tables(public_tables(2))
    rows = tables.estimates.copy()
    hidden = rows["answer"].eq("famille")
    rows.loc[hidden, ["estimate", "ci_low", "ci_high", "n"]] = [77.0, 71.0, 83.0, 777.0]
    vague = rows["answer"].eq("age")
    rows.loc[vague, ["estimate", "reliability"]] = [77.0, "suppress"]
    text = flat(write_report(replace(tables, estimates=rows)))
    assert "77 %" not in text
    assert "777" not in text


def test_a_survey_without_a_publishable_figure_says_so_in_words(public_tables, declared_tables):
    tables = declared_tables(public_tables(2))
    rows = tables.estimates.copy()
    rows[["estimate", "se", "ci_low", "ci_high", "n", "count"]] = np.nan
    rows = rows.assign(status="suppressed", note="masqué pour protéger l’anonymat (règle du projet)")
    pdf = write_report(replace(tables, estimates=rows))
    assert "Motifs cités. Masqué pour protéger l’anonymat" in flat(pdf)
    assert page.validate_pdf_bytes(pdf, profile="ua1").is_compliant


def test_a_card_without_estimates_is_a_short_chapter(public_tables, declared_tables):
    tables = declared_tables(public_tables(2))
    pdf = write_report(replace(tables, estimates=tables.estimates.iloc[:0]))
    assert QUESTION in chapters(pdf)
    assert "Ce que ça ne dit pas" in flat(pdf)


def test_the_same_tables_give_the_same_bytes(public_tables, declared_tables, report):
    assert write_report(declared_tables(public_tables(2))) == report()


def test_editions_of_one_source_share_a_row(public_tables, monkeypatch):
    tables = public_tables(2)
    years = range(2010, 2022)
    again = [tables.sources.assign(edition=str(one), file=f"{one}.csv", sha256=f"{one:064x}") for one in years]
    many = replace(tables, sources=pd.concat([tables.sources, *again]))
    blocks = blocks_of(many, monkeypatch)["blocks"]
    listed = next(
        block for block in blocks if block["kind"] == "table" and "empreintes" in block["columns"][-1]["title"]
    )
    assert len(listed["rows"]) == 4  # two sources of thirteen files, ten a row
    text = "\n".join(row[1]["t"] for row in listed["rows"])
    assert all(text.count(f"{year:064x}") == 2 for year in years)
