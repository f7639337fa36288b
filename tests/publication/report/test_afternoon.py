"""Chapters of the afternoon: actions, testing, the lead's part; typeset, read, and no name in them."""

import io
import math
import re
from dataclasses import replace

import pandas as pd
import pypdf
import pytest

from diagnostic.analysis.actions import action_tables, long_form
from diagnostic.analysis.evidence import SIGNAL_COLUMNS, blind_spots
from diagnostic.analysis.recourse import DISTANCE_COLUMNS, recourse_table
from diagnostic.analysis.testing import power_table, results, trait_effects
from diagnostic.demo import write_actions, write_campaign, write_lead_tables
from diagnostic.ingestion.actions import read_actions
from diagnostic.ingestion.lead_tables import PLANS, read_lead_table
from diagnostic.ingestion.testing import card, read_campaign
from diagnostic.publication.report.actions import FIGURE, action_list, actions_chapter, actions_rest
from diagnostic.publication.report.blocks import column, table, text_cell
from diagnostic.publication.report.edition import Edition
from diagnostic.publication.report.pages import essentials_of
from diagnostic.publication.report.roles import MISSIONS, appraisal_grid, issues_chapter
from diagnostic.publication.report.testing import testing_chapter as campaign_chapter
from diagnostic.publication.report.testing import testing_rest as campaign_rest

DEMO = [f"QP09900{rank}" for rank in range(1, 10)]
SIGNALS = pd.DataFrame(
    [
        ("employment", "sexe", "territoire", "gap", True, "", ""),
        ("goods", "origine", "territoire", "survey", True, "", ""),
    ],
    columns=SIGNAL_COLUMNS,
)


@pytest.fixture(scope="module")
def edition(public_tables):
    return Edition(public_tables(9))


@pytest.fixture(scope="module")
def actions(tmp_path_factory):
    paths = write_actions(tmp_path_factory.mktemp("actions"))
    return read_actions(paths, generation=2015, qpv=dict.fromkeys(DEMO, ""))


@pytest.fixture(scope="module")
def blind(actions):
    return blind_spots(SIGNALS, actions=long_form(actions))


@pytest.fixture(scope="module")
def found(actions, blind, edition):
    renamed = dict(zip(DEMO, edition.reader.codes, strict=True))
    here = actions.assign(qpv=actions["qpv"].replace(renamed, regex=True))
    return action_tables(here, territory=edition.reader.codes, signals=SIGNALS, blind=blind)


def words(edition, blocks):
    pdf = edition.page(blocks, title="Essai")()
    text = " ".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ").replace("\u202f", " "))


def test_the_chapter_on_actions(edition, found, blind):
    blocks = actions_chapter(found, blind, prose=edition.prose, album=edition.album)
    text = words(edition, blocks)
    assert "40 actions recensées" in text
    assert "2 abandonnées" in text
    assert "Biens et services, critère « origine » : signalé, et aucune action recensée." in text
    assert "485 500 € (34 sur 38)" in text
    assert "data" not in text.casefold()
    figure = next(block for block in blocks if block["kind"] == "figure")
    assert figure["file"] == f"{FIGURE}.svg" in edition.album.files
    assert "Matrice" in figure["alt"]


def test_amounts_that_nobody_knows_are_said_so(edition, found, blind):
    tables = [block for block in actions_chapter(found, blind, prose=edition.prose, album=edition.album)
              if block["kind"] == "table"]  # fmt: skip
    rows = [row for table in tables for row in table["rows"]]
    office = next(row for row in rows if row[1]["t"] == "L’emploi dans une administration")
    assert office[3]["t"] == "non connu"


def test_the_annex_lists_every_action_and_no_private_text(edition, found):
    (table,) = [block for block in action_list(found, edition.prose) if block["kind"] == "table"]
    assert len(table["rows"]) == 40


def test_without_inventory_there_is_no_chapter(edition, found, blind):
    none = replace(found, actions=found.actions.iloc[:0])
    assert actions_chapter(none, blind, prose=edition.prose, album=edition.album) == []
    assert action_list(none, edition.prose) == []


def test_the_chapter_on_testing_names_nobody(edition, tmp_path):
    campaign = read_campaign(write_campaign(tmp_path))
    reference = campaign.declaration.reference
    compared = results(campaign.applications, reference, criteria=campaign.declaration.criteres)
    blocks = campaign_chapter(
        compared, trait_effects(campaign.applications, reference), card=card(campaign), power=power_table(),
        prose=edition.prose, long=True,
    )  # fmt: skip
    text = words(edition, blocks)
    assert "Agence fictive" not in text
    assert "annonce" not in text.casefold()
    assert "au-delà du hasard, défavorable" in text
    assert "masqué" in text
    assert campaign_chapter(compared.iloc[:0], pd.DataFrame(), card=card(campaign), power=power_table(),
                            prose=edition.prose, long=True) == []  # fmt: skip


def tables_of(blocks):
    return [block["title"] for block in blocks if block["kind"] == "table"]


def test_a_short_chapter_on_actions_leaves_its_long_tables_to_an_annex(edition, found, blind):
    given = {"prose": edition.prose, "album": edition.album}
    long, short = (tables_of(actions_chapter(found, blind, long=whole, **given)) for whole in (True, False))
    assert len(short) == 1 < len(long)
    assert short + tables_of(actions_rest(found, **given)) == long
    assert "en annexe" in words(edition, actions_chapter(found, blind, long=False, **given))
    assert actions_rest(replace(found, actions=found.actions.iloc[:0]), **given) == []


def test_a_short_chapter_on_testing_keeps_what_the_answers_show(edition, tmp_path):
    campaign = read_campaign(write_campaign(tmp_path))
    reference = campaign.declaration.reference
    compared = results(campaign.applications, reference, criteria=campaign.declaration.criteres)
    given = {"card": card(campaign), "power": power_table(), "prose": edition.prose}
    effects = trait_effects(campaign.applications, reference)
    long, short = (tables_of(campaign_chapter(compared, effects, long=whole, **given)) for whole in (True, False))
    assert set(long) - set(short) == set(tables_of(campaign_rest(compared, **given))) - {""}
    assert "Ce que chaque trait change" in short
    assert campaign_rest(compared.iloc[:0], **given) == []


def test_a_table_of_tall_rows_goes_on_over_the_page(edition):
    tall = "\n".join(f"ligne {rank}" for rank in range(12))
    rows = [[text_cell(f"rang {rank}\n{tall}"), text_cell(f"fin {rank}")] for rank in range(10)]
    pdf = edition.page([table([column("A", width=40), column("B", width=0)], rows)], title="Essai")()
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    assert len(pages) > 1
    assert all(sum(f"fin {rank}" in page for page in pages) == 1 for rank in range(10))
    assert not any("fin 0" in page and "fin 9" in page for page in pages)


def test_the_chapter_on_the_plan_starts_from_the_findings(edition, blind, tmp_path):
    said = essentials_of(edition.reader)
    recourse = recourse_table(read_lead_table(write_lead_tables(tmp_path)[0], "recours"))
    plans = read_lead_table(PLANS, "ptlcd")
    text = words(edition, issues_chapter(said, blind=blind, plans=plans, recourse=recourse, prose=edition.prose))
    for mission in ("Mobiliser les habitants", "Accompagner les porteurs", "Instruire les dossiers",
                    "Coordonner les partenaires", "Mobiliser les services de droit commun"):  # fmt: skip
        assert mission in text
    assert len(MISSIONS) == 5
    assert "places vides à proposer, domaine et critère : biens et services (origine)" in text
    assert text.count("(à vérifier)") == len(plans)
    assert "oui : 2 territoires et inconnu : 4 territoires" in text


def test_the_distances_say_from_where_and_what_they_do_not_say(edition, blind):
    access = pd.DataFrame(
        [
            ("QP099001", 2015, "Le Faubourg", 1234.4, "Maison du droit", 0.0, "Maison du droit", 2, "carte"),
            ("QP099002", 2015, "Les Hauts", 812.0, "Mairie", 3.2, "Mairie de Tournai", 2, "carte"),
            ("QP099003", 2015, "La Râperie", math.nan, "", math.nan, "", 2, "carte"),
        ],
        columns=DISTANCE_COLUMNS,
    )
    said, plans = essentials_of(edition.reader), read_lead_table(PLANS, "ptlcd")
    given = {"blind": blind, "plans": plans, "recourse": pd.DataFrame(), "prose": edition.prose}
    text = words(edition, issues_chapter(said, access=access, **given))
    for told in ("1 230 m", "0 m", "10 m", "contour absent", "Mairie de Tournai", "vol d’oiseau", "2 lieux situés",
                 "contours de la génération 2015", "Ne dit ni les horaires"):  # fmt: skip
        assert told in text
    without = words(edition, issues_chapter(said, access=access.iloc[:0], **given))
    assert "vol d’oiseau" not in without
    assert without == words(edition, issues_chapter(said, **given))


def test_the_grid_is_one_page_to_fill_in_then_what_the_diagnostic_says(edition, blind):
    blocks = appraisal_grid(essentials_of(edition.reader), blind=blind, prose=edition.prose)
    pages = pypdf.PdfReader(io.BytesIO(edition.page(blocks, title="Grille")())).pages
    assert len(pages) == 2
    assert "Avis et conditions" in pages[0].extract_text()
    assert "Constats" in pages[1].extract_text()
