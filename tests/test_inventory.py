"""All that a lead gathers, as the synthesis and the documents take it."""

import pandas as pd
import pytest

from diagnostic.analysis.crossing import ACCESS_COLUMNS, ACTION_COLUMNS, RECORDED_COLUMNS
from diagnostic.analysis.evidence import BLIND_COLUMNS, SIGNAL_COLUMNS, blind_spots
from diagnostic.config import TerritorySection, render_configuration
from diagnostic.demo import EPCI_CODE, EPCI_LABEL, write_actions, write_campaign, write_lead_tables
from diagnostic.demonstration import EDITION_DATE, QPV
from diagnostic.inventory import gather, inputs
from diagnostic.workspace import create


@pytest.fixture
def workspace(tmp_path):
    section = TerritorySection(nom=EPCI_LABEL, generation=2015, epci=[EPCI_CODE], qpv=QPV)
    return create(tmp_path / "dossier", configuration=render_configuration(section, EDITION_DATE))


def test_an_empty_folder_gives_tables_without_a_row(workspace):
    gathered = gather(workspace)
    assert inputs(workspace) == []
    assert set(gathered.material("contrat").values()) == {None}
    tables = gathered.tables(
        QPV, signals=pd.DataFrame(columns=SIGNAL_COLUMNS), blind=pd.DataFrame(columns=BLIND_COLUMNS)
    )
    assert all(table.empty for name, table in tables.items() if name.startswith("action"))
    assert tables["testing"].empty
    assert not tables["ptlcd"].empty  # what the package knows, with its sources


def test_everything_that_the_folder_holds(workspace):
    folder = workspace.root / "actions"
    write_actions(folder)
    write_campaign(folder)
    write_lead_tables(folder)
    (folder / "acces_droit.csv").write_text(
        "qpv;minutes;lieu;source\n" + "".join(f"{code};{rank};A;b\n" for rank, code in enumerate(QPV)),
        encoding="utf-8",
    )
    gathered = gather(workspace)
    assert len(inputs(workspace)) == 8
    assert "offres sans paire" in gathered.notes[0]
    given = gathered.material("departement")
    assert list(given["actions"]) == ACTION_COLUMNS
    assert list(given["recorded"]) == RECORDED_COLUMNS
    assert list(given["access"]) == ACCESS_COLUMNS
    assert given["others"]["kind"].eq("testing").all()
    tables = gathered.tables(
        QPV, signals=given["others"], blind=blind_spots(given["others"], actions=given["actions"])
    )
    assert len(tables["actions"]) == 40
    assert tables["action_figures"].set_index("id").loc["ACT02", "value"] == pytest.approx(8.24, abs=0.01)
    # Nothing of the files that could name an offer or an agency.
    assert not any("Agence fictive" in table.to_csv() for table in tables.values())


def test_a_campaign_of_few_offers_is_said_and_not_published(workspace):
    folder = workspace.root / "actions"
    write_campaign(folder)
    lines = (folder / "testing.csv").read_text(encoding="utf-8").splitlines()
    (folder / "testing.csv").write_text("\n".join(lines[:81]) + "\n", encoding="utf-8")  # twenty offers
    gathered = gather(workspace)
    assert "rien n’en est publié" in gathered.notes[-1]
    tables = gathered.tables(
        QPV, signals=pd.DataFrame(columns=SIGNAL_COLUMNS), blind=pd.DataFrame(columns=BLIND_COLUMNS)
    )
    assert all(tables[name].empty for name in ("testing", "testing_effects", "testing_card"))
    assert gathered.material("contrat")["others"].empty
