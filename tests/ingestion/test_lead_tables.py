"""Small tables that a lead fills in: recourse, credits, plans."""

import pytest

from diagnostic.analysis.recourse import access
from diagnostic.demo import write_lead_tables
from diagnostic.errors import InputError
from diagnostic.ingestion.actions.cells import Places
from diagnostic.ingestion.lead_tables import PLANS, blank, columns, read_lead_table


def written(folder, text, name="recours.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def faults(path, name="recours"):
    with pytest.raises(InputError) as caught:
        read_lead_table(path, name)
    return caught.value.faults


def test_the_tables_of_the_demonstration_read(tmp_path):
    recourse, credit, access = write_lead_tables(tmp_path)
    assert len(read_lead_table(recourse, "recours")) == 7
    assert read_lead_table(credit, "credits_p147")[["annee", "montant"]].to_numpy().tolist() == [[2025, 1_860_000]]
    assert read_lead_table(access, "acces_droit")[["latitude", "longitude"]].notna().to_numpy().all()


@pytest.mark.parametrize("name", ["recours", "credits_p147", "acces_droit", "ptlcd"])
def test_the_titles_to_fill_in_are_those_read(name, tmp_path):
    assert blank(name).strip().split(";") == list(columns(name))
    found = faults(written(tmp_path, blank(name)), name)
    assert "aucune ligne" in found[0].what


def test_labels_and_codes_both_name_a_kind_and_columns_may_move(tmp_path):
    text = "Source;Nombre;Année;Périmètre;Nature\nA;3;2024;Région;plainte\nB;4;2024;region;Affaires poursuivies\n"
    assert read_lead_table(written(tmp_path, text), "recours")["nature"].tolist() == ["plainte", "poursuite"]


def test_every_fault_is_said_at_once(tmp_path):
    text = blank("recours") + "plaintes;Département;24;beaucoup;A\nplainte;Département;2024;3;\n"
    found = faults(written(tmp_path, text))
    assert [(fault.line, fault.column) for fault in found] == [
        (2, "nature"), (2, "annee"), (2, "nombre"), (3, "source"),
    ]  # fmt: skip
    assert "Plaintes" in found[0].remedy
    assert "Plaintes" in found[0].expected


def test_nobody_is_sent_to_a_sheet_that_a_csv_has_not(tmp_path):
    text = blank("recours") + "plainte pénale;Région;2024;3;A\nrien;Région;2024;3;A\n"
    told = faults(written(tmp_path, text))
    path = written(tmp_path, blank("acces_droit") + "QP099999;15;A;b;;\nQN09901M;15;A;b;;\n")
    told += faults(path, "acces_droit")
    assert len(told) == 4
    assert not any("feuille" in str(fault) for fault in told)
    assert "diagnostic.toml" in str(told[-1])


def test_two_figures_for_one_thing_are_refused_and_a_copy_is_not(tmp_path):
    line = "plainte;Département;2024;3;A\n"
    assert len(read_lead_table(written(tmp_path, blank("recours") + line * 2), "recours")) == 1
    found = faults(written(tmp_path, blank("recours") + line + line.replace("3;A", "4;B")))
    assert "plainte" in found[0].found


def test_what_the_package_says_of_plans_has_its_source_and_is_to_be_checked():
    table = read_lead_table(PLANS, "ptlcd")
    assert table["source"].ne("").all()
    assert table["a_verifier"].eq("oui").all()
    assert table["territoire"].is_unique


def test_a_territory_said_twice_is_refused(tmp_path):
    text = blank("ptlcd") + "Lens;oui;2024;;;;A;\nLens;non;2025;;;;B;\n"
    assert faults(written(tmp_path, text), "ptlcd")[0].found == "Lens"


def test_time_to_the_law_is_of_this_territory_only(tmp_path):
    home = Places(2015, {"QP099001": "A", "QP099002": "B"})
    line = "QP099001;15;Point-justice;calculateur;;\n"
    path = written(tmp_path, blank("acces_droit") + line + "QP099001;12;Délégué;calculateur;;\n")
    assert access(read_lead_table(path, "acces_droit", places=home))["minutes"].tolist() == [12]
    wrong = written(tmp_path, blank("acces_droit") + line.replace("QP099001", "QN05901M"))
    with pytest.raises(InputError) as caught:
        read_lead_table(wrong, "acces_droit", places=home)
    assert "autre génération" in caught.value.faults[0].what


@pytest.mark.parametrize("personal", ["a.b@ville.fr", "06 12 34 56 78", "06/12/34/56/78", "0033 612345678"])
@pytest.mark.parametrize("column", ["nature", "annee", "nombre", "source"])
def test_the_address_of_a_person_is_refused_in_any_column_and_not_copied(tmp_path, personal, column):
    cells = {"nature": "plainte", "perimetre": "contrat", "annee": "2024", "nombre": "12", "source": "A"}
    line = ";".join((cells | {column: f"voir {personal}"}).values())
    (fault,) = faults(written(tmp_path, blank("recours") + line + "\n"))
    assert fault.what == "coordonnées d’une personne"
    assert personal not in str(fault)


# Where a place lies.

HOME = Places(2015, {"QP099001": "A", "QP099002": "B"})


def located(tmp_path, *lines):
    path = written(tmp_path, blank("acces_droit") + "".join(f"{line}\n" for line in lines), "acces_droit.csv")
    return read_lead_table(path, "acces_droit", places=HOME)


def test_a_line_gives_a_travel_time_or_a_position_or_both(tmp_path):
    table = located(
        tmp_path, ";;Maison du droit;carte;50,3629;3.5187", "QP099001;15;Délégué;trajet;;",
        "QP099002;0;Mairie;trajet;50.361;3,51",
    )  # fmt: skip
    assert table[["latitude", "longitude"]].dropna().to_numpy().tolist() == [[50.3629, 3.5187], [50.361, 3.51]]
    assert table["qpv"].tolist() == ["", "QP099001", "QP099002"]
    assert access(table)["minutes"].tolist() == [15, 0]


def test_a_table_without_the_columns_of_a_position_still_reads(tmp_path):
    path = written(tmp_path, "qpv;minutes;lieu;source\nQP099001;15;A;b\n", "acces_droit.csv")
    table = read_lead_table(path, "acces_droit", places=HOME)
    assert table["latitude"].isna().all()
    assert table["latitude"].dtype == table["minutes"].dtype == "float64"


@pytest.mark.parametrize(
    ("position", "what"),
    [
        ("3,5187;50,3629", "échangées"),
        ("55.4504;-20.8823", "échangées"),
        ("503629;35187", "virgule des coordonnées est perdue"),
        ("50.36;3.52", "décimales des coordonnées sont perdues"),
        ("50;3", "décimales des coordonnées sont perdues"),
        ("0,0;0,0", "pas en France"),
        ("48.2082;16.3738", "pas en France"),
        ("50°21'46\"N;3°31'07\"E", "illisibles"),
        ("50,3629;", "l’un sans l’autre"),
    ],
)
def test_coordinates_that_cannot_be_right_are_told(tmp_path, position, what):
    with pytest.raises(InputError) as caught:
        located(tmp_path, ";;Maison du droit;carte;50,3629;3.5187", f";;Mairie;carte;{position}")
    (fault,) = caught.value.faults
    assert what in fault.what
    assert fault.line == 3
    assert fault.remedy


@pytest.mark.parametrize(
    "position", ["-20.8823;55.4504", "16,2650;-61,5510", "50.7452;3.2063", "50.0612345678;3.1"]
)
def test_overseas_a_neighbouring_country_and_long_decimals_are_read(tmp_path, position):
    assert located(tmp_path, f";;Mairie;carte;{position}")["latitude"].notna().all()


def test_a_line_that_says_nothing_or_half_a_thing_is_told(tmp_path):
    with pytest.raises(InputError) as caught:
        located(tmp_path, ";;Mairie;carte;;", "QP099001;;Délégué;carte;;", ";12;Point;carte;50.361;3.511")
    assert [fault.line for fault in caught.value.faults] == [2, 3, 4]
    assert "latitude et longitude" in caught.value.faults[0].expected
    assert [fault.column for fault in caught.value.faults[1:]] == ["minutes", "qpv"]


def test_one_place_lies_in_one_spot(tmp_path):
    with pytest.raises(InputError) as caught:
        located(tmp_path, "QP099001;5;Point;c;50.361;3.511", "QP099002;9;Point;c;50.371;3.511")
    assert caught.value.faults[0].found == "Point"
    kept = located(tmp_path, "QP099001;5;Point;c;50.361;3.511", "QP099002;9;Point;c;50.361;3.511")
    assert len(kept) == 2
