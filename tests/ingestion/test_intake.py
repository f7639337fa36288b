"""Files offered to the folder: what is not used is said with what was seen, what was damaged is refused."""

import json
import zipfile
from datetime import date
from pathlib import Path

import pytest

from diagnostic.config import TerritorySection, render_configuration
from diagnostic.ingestion import intake
from diagnostic.ingestion.intake import Outcome
from diagnostic.workspace import create

SAMPLES = Path(__file__).parent / "sources" / "samples"


@pytest.fixture
def workspace(tmp_path):
    section = TerritorySection(nom="Fiction", generation=2015, epci=["990000001"], qpv=["QP099001"])
    return create(tmp_path / "dossier", configuration=render_configuration(section, date(2026, 1, 31)))


def offered(workspace, path, **options):
    return intake.add(workspace, [path], accept=lambda _entry, _path: None, **options)[0]


def written(tmp_path, text, name="table.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_of_no_use_is_said_with_what_was_seen(workspace, tmp_path):
    found = offered(workspace, written(tmp_path, "etablissement;ips\nici;102\nla;98\n"))
    assert found.outcome is Outcome.NOT_NEEDED
    assert found.message == (
        "l’outil n’utilise pas ce fichier : tableau de texte, premières colonnes : etablissement, ips"
    )


def test_values_without_titles_are_not_repeated(workspace, tmp_path):
    found = offered(workspace, written(tmp_path, "Dupont;12\nDurand;13\n"))
    assert "Dupont" not in found.message


def test_a_table_of_places_may_come_in_as_a_local_one(workspace, tmp_path):
    found = offered(workspace, written(tmp_path, "insee;logements\n59350;12\n59392;13\n"))
    assert found.outcome is Outcome.NOT_NEEDED
    assert "--table-locale » le prendrait : sa colonne « insee » porte des codes (communes)" in found.message
    several = offered(workspace, written(tmp_path, "insee;ecole\n59350;a\n59350;b\n", name="b.csv"))
    assert "--table-locale" not in several.message
    persons = offered(workspace, written(tmp_path, "insee;prenom\n59350;a\n59392;b\n", name="c.csv"))
    assert "--table-locale" not in persons.message


def stripped(tmp_path, name, *columns, share=1.0):
    rows = [line.split(";") for line in (SAMPLES / name).read_text(encoding="utf-8-sig").splitlines()]
    kept = [place for place, title in enumerate(rows[0]) if title.strip() not in columns]
    kept = kept[: int(len(kept) * share)]
    return written(tmp_path, "\n".join(";".join(row[place] for place in kept) for row in rows) + "\n")


@pytest.mark.parametrize(
    ("name", "columns", "words"),
    [
        ("insee_qpv_demo_2022.csv", ("PERCOU", "TX_F"), "(DEMO) », édition 2022, mais il lui manque des colonnes"),
        ("insee_qpv_revn_2022.csv", ("DISP_Q2",), "(REVN) », édition 2022"),
        ("insee_filosofi_supra_2019_com.csv", ("Q219",), "Filosofi par commune"),
    ],
)
def test_a_known_table_that_lost_its_marks_is_refused(workspace, tmp_path, name, columns, words):
    found = offered(workspace, stripped(tmp_path, name, *columns))
    assert found.outcome is Outcome.REFUSED
    assert words in found.message
    assert columns[0].removesuffix("19") in found.message


def test_few_columns_under_codes_of_quarters_are_enough_to_know_a_table(workspace, tmp_path):
    found = offered(workspace, stripped(tmp_path, "insee_qpv_demo_2022.csv", "PERCOU", share=0.5))
    assert found.outcome is Outcome.REFUSED
    assert "PERCOU" in found.message


def test_the_same_columns_for_other_places_are_not_a_damage(workspace, tmp_path):
    text = (SAMPLES / "insee_qpv_demo_2022.csv").read_text(encoding="utf-8-sig")
    rows = [line.split(";", 1) for line in text.splitlines()]
    lines = [";".join(rows[0]), *(f"QN0590{k}M;{row[1]}" for k, row in enumerate(rows[1:10], start=1))]
    found = offered(workspace, written(tmp_path, "\n".join(lines) + "\n"))
    assert found.outcome is Outcome.NOT_NEEDED
    assert "--table-locale" in found.message


@pytest.mark.parametrize("lost", [".shp", ".dbf", ".shx"])
def test_an_archive_of_outlines_that_lost_a_member_is_refused(workspace, tmp_path, lost):
    path = tmp_path / "contours.zip"
    with zipfile.ZipFile(SAMPLES / "anct_qpv_2015.zip") as whole, zipfile.ZipFile(path, "w") as archive:
        for member in whole.namelist():
            if not member.endswith(lost):
                archive.writestr(member, whole.read(member))
    found = offered(workspace, path)
    assert found.outcome is Outcome.REFUSED
    assert f"pas de membre {lost}" in found.message


@pytest.mark.parametrize("name", ["anct_qpv_2024.geojson", "ign_communes.geojson", "ign_iris.geojson"])
@pytest.mark.parametrize("share", [0.3, 0.5, 0.99])
def test_outlines_cut_by_a_transfer_are_refused(workspace, tmp_path, name, share):
    text = (SAMPLES / name).read_text(encoding="utf-8")
    found = offered(workspace, written(tmp_path, text[: int(share * len(text))], name=name))
    assert found.outcome is Outcome.REFUSED
    assert "tronqué" in found.message


def test_outlines_of_something_else_are_said_with_their_properties(workspace, tmp_path):
    features = [{"type": "Feature", "properties": {"gare": "Lille"}, "geometry": None}]
    text = json.dumps({"type": "FeatureCollection", "features": features})
    found = offered(workspace, written(tmp_path, text, name="gares.geojson"))
    assert found.outcome is Outcome.NOT_NEEDED
    assert "premières colonnes : gare" in found.message


def test_a_list_of_persons_is_not_copied(workspace, tmp_path):
    path = written(tmp_path, "insee;nom;prenom\n59350;x;y\n59392;z;t\n")
    assert offered(workspace, path, local=True).outcome is Outcome.REFUSED
    assert not any(one.is_file() and one.name.startswith("table") for one in workspace.raw.rglob("*"))


@pytest.mark.parametrize("name", ["table.csv", "tables_locales/table.csv"])
def test_a_table_that_waits_for_its_declaration_can_be_taken_out(workspace, tmp_path, name):
    assert offered(workspace, written(tmp_path, "insee;n\n59350;12\n"), local=True).outcome is Outcome.DRAFTED
    folder = workspace.raw / "tables_locales"
    assert sorted(path.name for path in folder.iterdir()) == ["table.csv", "table.csv.toml"]
    assert intake.remove(workspace, name).file == "tables_locales/table.csv"
    assert list(folder.iterdir()) == []


DECLARED = """
[table]
nom = "ml"
titre = "t"
producteur = "p"
citation = "c"
adresse = "a"
licence = "l"
publie = "2024"
edition = "2023"
niveau = "qpv"
cle = "code"
generation = 2015
periode = 2023
vide = "manquant"
diffusion = "publique"
[colonnes.suivis]
variable = "youth_followed"
unite = "personnes"
groupe = "Femmes"
"""


def test_codes_that_no_list_knows_are_said(workspace, tmp_path):
    path = written(tmp_path, "code;suivis\nQP059001;45\nQP059999;12\n")
    written(tmp_path, DECLARED, name="table.csv.toml")
    found = offered(workspace, path)
    assert found.outcome is Outcome.ADDED
    assert "codes absents de la liste livrée (1)" in found.message
    assert found.message.endswith(": QP059999")


def local(name):
    return f"code;effectif\nQP099001;{name}12\nQP099002;{name}15\n"


def test_a_declaration_that_a_lead_worked_in_is_never_written_over(workspace, tmp_path):
    first = written(tmp_path, local(1), name="extraction.csv")
    assert offered(workspace, first, local=True).outcome is Outcome.DRAFTED
    declared = workspace.raw / intake.LOCAL_FOLDER / "extraction.csv.toml"
    declared.write_text("# complété par la pilote\n", encoding="utf-8")
    again = offered(workspace, first, local=True)
    assert declared.read_text(encoding="utf-8") == "# complété par la pilote\n"
    assert "extraction.csv.toml" in again.message


def test_two_partners_may_give_their_tables_one_name(workspace, tmp_path):
    (tmp_path / "caf").mkdir()
    first = written(tmp_path, local(1), name="extraction.csv")
    second = written(tmp_path / "caf", local(2), name="extraction.csv")
    found = [offered(workspace, path, local=True) for path in (first, second, second)]
    folder = workspace.raw / intake.LOCAL_FOLDER
    kept = [path for path in folder.iterdir() if path.suffix == ".csv"]
    assert {path.read_bytes() for path in kept} == {first.read_bytes(), second.read_bytes()}
    assert len(kept) == 2
    assert all(path.with_name(f"{path.name}.toml").is_file() for path in kept)
    assert found[1].message == found[2].message != found[0].message


def test_names_that_differ_by_their_capitals_stay_two_files_on_windows(workspace, tmp_path):
    (tmp_path / "autre").mkdir()
    name = "data_ANCT_demo.csv"
    text = (SAMPLES / "insee_qpv_demo_2022.csv").read_text(encoding="utf-8-sig")
    one = written(tmp_path, text, name=name)
    two = written(tmp_path / "autre", text.rstrip("\n") + "\r\n", name=name.upper())
    kept = [offered(workspace, path).entry for path in (one, two)]
    assert None not in kept
    assert len({entry.file.casefold() for entry in kept}) == 2


def test_what_a_system_or_an_office_suite_leaves_is_passed_over(workspace, tmp_path):
    folder = tmp_path / "recu"
    folder.mkdir()
    for name in ("~$inventaire.xlsx", "Thumbs.db", "desktop.ini", ".DS_Store", "table.csv"):
        written(folder, local(1), name=name)
    verdicts = intake.add(workspace, [folder], accept=lambda _entry, _path: None)
    assert [verdict.path.name for verdict in verdicts] == ["table.csv"]
