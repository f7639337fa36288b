"""Census, incomes, grid, schools and offences: each published layout is read, and damage is read or refused."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from statistics_builder import CENSUS, COMMUNES, IRIS, SAMPLES, write_text, write_workbook

from diagnostic.errors import DiagnosticError, InputError
from diagnostic.ingestion.document import open_document
from diagnostic.ingestion.source import SOURCES
from diagnostic.schemas import BOUNDARY_COLUMNS, LINK_COLUMNS, MEASURE_KEY, check_measures
from diagnostic.vocabulary import UNIT_LABELS

TEXT = [sample for sample in SAMPLES if sample.delimited]
BOOKS = [sample for sample in SAMPLES if sample.sheet]
PAGES = [sample for sample in TEXT if sample.name.startswith("rp2022_td")]
TABLES = [sample for sample in TEXT if sample not in PAGES]


def named(samples):
    return pytest.mark.parametrize("sample", samples, ids=lambda sample: sample.name)


def claims(document):
    return [found for source in SOURCES if (found := source.recognise(document)) is not None]


def read(path, *, edition=None):
    document = open_document(path, edition=edition)
    (recognition,) = claims(document)
    return recognition, SOURCES[recognition.source].read(document, recognition)


def frame_of(tables):
    """Give what a file says whatever the order of its columns."""
    if tables.cells is not None:
        return tables.cells[sorted(tables.cells)].sort_values("cell_id", ignore_index=True)
    if tables.measures is not None:
        return tables.measures.sort_values(MEASURE_KEY, ignore_index=True)
    return tables.boundaries.to_wkt()


@named(SAMPLES)
def test_each_layout_is_known_by_one_source_and_read_whole(tmp_path, sample):
    path = sample.write(tmp_path)
    recognition, tables = read(path)
    assert (recognition.source, recognition.edition) == (sample.source, sample.edition)
    if tables.cells is None:
        assert recognition.fictional
    if tables.measures is not None:
        rows = check_measures(tables.measures, where=sample.name)
        assert set(rows["level"]) == {sample.level}
        assert set(rows["unit"]) <= set(UNIT_LABELS)
        assert set(rows["source"]) == {sample.source}
    for table, columns in ((tables.links, LINK_COLUMNS), (tables.boundaries, BOUNDARY_COLUMNS)):
        assert table is None or (list(table.columns) == columns and len(table))
    again = read(path)[1]
    pd.testing.assert_frame_equal(frame_of(tables), frame_of(again))


def of(rows, variable, group="all"):
    found = rows[(rows["variable"] == variable) & (rows["group"] == group)].set_index("code")["value"]
    assert len(found), f"no row of {variable} ({group})"
    return found


def by_name(name):
    return next(sample for sample in SAMPLES if sample.name == name)


def cell(sample, code, column):
    header = next(row for row in sample.rows if column in row)
    row = next(row for row in sample.rows if code in row[:3])
    return float(row[header.index(column)].replace(",", "."))


@pytest.mark.parametrize(
    ("file", "column", "variable", "group"),
    [
        ("evol-struct-pop", "POP", "residents", "all"),
        ("evol-struct-pop", "POPF", "residents", "women"),
        ("evol-struct-pop", "POP_IMM", "residents", "immigrant"),
        ("evol-struct-pop", "POP_ETR", "residents", "foreign"),
        ("evol-struct-pop", "F1529", "residents_15_29", "women"),
        ("evol-struct-pop", "H75P", "residents_75_over", "men"),
        ("diplomes-formation", "FNSCOL15P_DIPLMIN", "without_diploma", "women"),
        ("diplomes-formation", "NSCOL15P", "out_of_school", "all"),
        ("activite-residents", "FACTOCC1524", "employed_15_24", "women"),
        ("activite-residents", "H1564", "residents_15_64", "men"),
        ("activite-residents", "HCHOM1564", "unemployed_15_64", "men"),
        ("logement", "RP_LOCHLMV", "social_rented_residences", "all"),
        ("logement", "RP_VOIT1P", "residences_with_car", "all"),
    ],
)
@pytest.mark.parametrize("year", ["2017", "2021"])
def test_census_columns_mean_what_insee_says(tmp_path, *, file, column, variable, group, year):
    sample = by_name(f"base-ic-{file}-{year}.CSV")
    rows = read(sample.write(tmp_path))[1].measures
    assert of(rows, variable, group)[IRIS[1]] == cell(sample, IRIS[1], f"P{year[2:]}_{column}")
    assert set(rows["period"]) == {int(year)}
    assert set(rows["vintage"]) == {int(year) + 2}


def test_overcrowding_of_both_definitions_keeps_two_names(tmp_path):
    before, since = (read(by_name(f"base-ic-logement-{year}.CSV").write(tmp_path))[1] for year in ("2021", "2022"))
    names = [set(tables.measures["variable"]) for tables in (before, since)]
    assert "overcrowded_residences_but_one_person_studios" in names[0] - names[1]
    assert {"moderately_overcrowded_residences", "severely_overcrowded_residences"} <= names[1] - names[0]


def test_no_two_census_files_publish_one_figure(tmp_path):
    rows = [read(by_name(f"base-ic-{file}-2021.CSV").write(tmp_path))[1].measures for file in CENSUS]
    assert not pd.concat(rows).duplicated(MEASURE_KEY).any()


def test_the_geography_that_a_workbook_states_is_taken(tmp_path):
    sample = by_name("base-ic-evol-struct-pop-2020.xlsx")
    assert set(read(sample.write(tmp_path))[1].measures["vintage"]) == {2022}
    path = tmp_path / "other.xlsx"
    write_workbook(path, sample.rows, sheet="IRIS", titles=("", "Géographie au 01/01/2023"))
    assert set(read(path)[1].measures["vintage"]) == {2023}


CODING = {
    ("IMMI1", "SEXE1"): "immigrant_men", ("IMMI1", "SEXE2"): "immigrant_women",
    ("IMMI2", "SEXE1"): "non_immigrant_men", ("IMMI2", "SEXE2"): "non_immigrant_women",
    ("INATC1", "SEXE1"): "french_men", ("INATC1", "SEXE2"): "french_women",
    ("INATC2", "SEXE1"): "foreign_men", ("INATC2", "SEXE2"): "foreign_women",
}  # fmt: skip


@pytest.mark.parametrize(("parts", "group"), CODING.items(), ids=str)
def test_the_coding_of_origin_and_nationality_is_the_official_one(tmp_path, parts, group):
    table, subject = ("IMG1A", "IMMI") if parts[0].startswith("IMMI") else ("NAT1", "INATC")
    sample = by_name(f"TD_{table}_2020.xlsx")
    wide = read(sample.write(tmp_path))[1].measures
    assert of(wide, "residents_15_24", group)["99001"] == cell(sample, "99001", f"AGE415_{parts[0]}_{parts[1]}")
    sample = by_name(f"TD_{table}_2022.csv")
    key = ("99002", "25", parts[0].removeprefix(subject), parts[1].removeprefix("SEXE"))
    (expected,) = (row[-1] for row in sample.rows if (row[1], *row[3:6]) == key)
    assert of(read(sample.write(tmp_path))[1].measures, "residents_25_54", group)["99002"] == float(expected)


@pytest.mark.parametrize(
    ("table", "label", "men", "women"),
    [
        ("img1A", "Immigrés", "immigrant_men", "immigrant_women"),
        ("nat1", "Étrangers", "foreign_men", "foreign_women"),
    ],
)
def test_a_page_of_one_place_gives_men_and_women(tmp_path, table, label, men, women):
    sample = by_name(f"rp2022_td_{table}.csv")
    rows = read(sample.write(tmp_path))[1].measures
    everyone, ours, theirs = (row for row in sample.rows if row[0] == label)
    assert of(rows, "residents_0_14", men).to_dict() == {"99001": float(ours[1])}
    assert of(rows, "residents_55_over", women).to_dict() == {"99001": float(theirs[4])}
    assert everyone[1] != ours[1]


def test_a_page_without_its_blocks_is_refused(tmp_path):
    sample = by_name("rp2022_td_nat1.csv")
    rows = [row for row in sample.rows if row[0] != "Femmes"]
    write_text(tmp_path / sample.name, rows)
    with pytest.raises(InputError, match="page incomplète"):
        read(tmp_path / sample.name)
    write_text(tmp_path / sample.name, [row for row in sample.rows if not row[0].startswith("Commune")])
    with pytest.raises(InputError, match="lieu introuvable"):
        read(tmp_path / sample.name)


@pytest.mark.parametrize(
    ("at", "value", "status"),
    [
        (("AGE4", "99"), "code inconnu", "AGE4"),
        (("IMMI", "3"), "code inconnu", "IMMI"),
        (None, "croisement répété", "CODGEO"),
    ],
)
def test_a_long_table_with_an_unknown_or_repeated_crossing_is_refused(tmp_path, at, value, status):
    header, *rows = by_name("TD_IMG1A_2022.csv").rows
    if at:
        place = header.index(at[0])
        rows[3] = (*rows[3][:place], at[1], *rows[3][place + 1 :])
    else:
        rows[3] = (*rows[2][:-1], "99")
    write_text(tmp_path / "TD_IMG1A_2022.csv", [header, *rows])
    with pytest.raises(InputError, match=value) as caught:
        read(tmp_path / "TD_IMG1A_2022.csv")
    assert (caught.value.faults[0].line, caught.value.faults[0].column) == (5, status)


def test_words_in_place_of_incomes_have_each_their_status(tmp_path):
    rows = read(by_name("BASE_TD_FILO_IRIS_2021_DISP.csv").write(tmp_path))[1].measures
    keyed = rows.set_index(["code", "variable"])
    states = {word: keyed.loc[place, "status"] for word, place in {
        "ns": (IRIS[0], "poverty_rate"), "s": (IRIS[1], "poverty_rate"),
        "nd": (IRIS[1], "disposable_income_q1"), "so": (IRIS[1], "disposable_income_median"),
    }.items()}  # fmt: skip
    assert states == {"ns": "not_released", "s": "suppressed", "nd": "not_released", "so": "not_applicable"}
    assert "ns" in keyed.loc[(IRIS[0], "poverty_rate"), "note"]
    assert "nd" in keyed.loc[(IRIS[1], "disposable_income_q1"), "note"]
    assert keyed.loc[(IRIS[0], "disposable_income_q1"), "value"] == 10_950
    assert rows["value"].isna().sum() == len(states)


def test_declared_incomes_by_iris_do_not_pass_for_disposable_ones(tmp_path):
    disposable, declared = (
        set(read(by_name(f"BASE_TD_FILO_{kind}_IRIS_2019.csv").write(tmp_path))[1].measures["variable"])
        for kind in ("DISP", "DEC")
    )
    assert not disposable & declared
    assert {"declared_income_median", "declared_poverty_rate"} <= declared


@named([sample for sample in SAMPLES if sample.source == "insee_filosofi_grid"])
def test_squares_carry_their_corner_and_their_imputation(tmp_path, sample):
    table = read(sample.write(tmp_path))[1].cells
    assert table[["x", "y"]].to_numpy().tolist() == [[3817600, 3068000], [3817800, 3068000], [3817600, 3068200]]
    assert table["imputed"].tolist() == [False, True, False]
    assert set(table["epsg"]) == {3035}
    header, first, *_ = sample.rows
    count = next(name for name in header if name.casefold() in {"ind", "num_people"})
    assert table["persons"].iloc[0] == float(first[header.index(count)])


def test_the_year_of_squares_is_asked_where_nothing_tells_it(tmp_path):
    sample = by_name("Filosofi2019_carreaux_200m.csv")
    path = sample.write(tmp_path).rename(tmp_path / "carreaux_200m_met.csv")
    with pytest.raises(InputError, match="--edition"):
        read(path)
    recognition, tables = read(path, edition="2019")
    assert recognition.edition == "2019"
    assert set(tables.cells["vintage"]) == {2019}


@pytest.mark.parametrize(
    ("column", "value", "what"),
    [
        (0, "CRS3035RES1000mN3068000E3817000", "identifiant de carreau inconnu"),
        (0, "CRS3035RES200mN3068000E3817600", "carreau répété"),
        (1, "2", "marque d’imputation inconnue"),
        (3, "-1", "effectif absent ou négatif"),
    ],
)
def test_impossible_squares_are_refused(tmp_path, column, value, what):
    sample = by_name("Filosofi2019_carreaux_200m.csv")
    rows = [list(row) for row in sample.rows]
    rows[3][column] = value
    write_text(tmp_path / sample.name, rows)
    with pytest.raises(InputError, match=what) as caught:
        read(tmp_path / sample.name)
    assert caught.value.faults[0].line == 4


def test_schools_bear_their_name_their_commune_and_their_sector(tmp_path):
    tables = read(by_name("fr-en-ips-ecoles-ap2022.csv").write(tmp_path))[1]
    rows = tables.measures
    index = rows[rows["variable"] == "school_social_position_index"]
    index = index.assign(value=index["value"].fillna(-1))
    assert index[["code", "period", "value", "status"]].to_numpy().tolist() == [
        ["0990001A", 2022, 80.4, "observed"], ["0990002B", 2022, -1.0, "not_released"],
        ["0990001A", 2023, 81.4, "observed"], ["0990002B", 2023, -1.0, "not_released"],
    ]  # fmt: skip
    assert index["note"].str.startswith("secteur privé sous contrat").all()
    assert set(rows["variable"]) == {
        "school_social_position_index", "school_social_position_deviation", "school_pupils",
    }  # fmt: skip
    first = tables.links[(tables.links["code"] == "0990001A") & (tables.links["vintage"] == 2023)]
    assert first[["parent_level", "parent_code", "label"]].to_numpy().tolist() == [
        ["etablissement", "0990001A", "Ecole primaire 0"], ["commune", "99001", "Ville fictive"],
    ]  # fmt: skip


def test_a_school_without_coordinates_has_a_commune_and_no_point(tmp_path):
    tables = read(by_name("fr-en-adresse-et-geolocalisation-2025.csv").write(tmp_path))[1]
    (point,) = tables.boundaries.itertuples()
    assert (point.code, point.geometry.x, point.geometry.y) == ("0990001A", 3.06, 50.63)
    assert point.note == "Numéro de rue"
    assert tables.boundaries.crs.to_epsg() == 4326
    assert set(tables.links["code"]) == {"0990001A", "0990002B"}
    assert "a@b.fr" not in tables.links.to_csv()


def test_schools_of_no_known_kind_are_refused(tmp_path):
    sample = by_name("fr-en-ips_ecoles_2022.csv")
    write_text(tmp_path / sample.name, [[cell.replace("ECOLE", "SITE") for cell in row] for row in sample.rows])
    with pytest.raises(InputError, match="écoles ou collèges"):
        read(tmp_path / sample.name)


def test_offences_that_are_not_released_are_neither_zero_nor_missing(tmp_path):
    rows = read(by_name("donnee-data.gouv-2025-geographie2025.csv").write(tmp_path))[1].measures
    hidden = rows[rows["variable"].str.startswith("recorded_drug_trafficking")]
    assert hidden["status"].tolist() == ["suppressed", "suppressed"]
    assert hidden["note"].str.contains("ndiff").all()
    assert of(rows, "recorded_sexual_violence").to_dict() == {"99002": 0.0}
    assert of(rows, "recorded_sexual_violence_rate").to_dict() == {"99002": 1.2e-05}
    assert set(rows["vintage"]) == {2025}


def test_offences_of_two_digit_years(tmp_path):
    rows = read(by_name("donnee-dep-2023.csv").write(tmp_path))[1].measures
    assert set(rows["period"]) == {2016, 2023}
    assert set(of(rows, "recorded_homicides_rate")) == {0.00783}


def test_an_unknown_offence_and_a_repeated_row_are_refused(tmp_path):
    sample = by_name("donnee-dep-2024.csv")
    write_text(
        tmp_path / "a.csv",
        [[cell.replace("Tentatives d'homicide", "Fraude-typo") for cell in row] for row in sample.rows],
    )
    with pytest.raises(InputError, match="indicateur inconnu") as caught:
        read(tmp_path / "a.csv")
    assert (caught.value.faults[0].line, caught.value.faults[0].column) == (2, "indicateur")
    write_text(tmp_path / "b.csv", [*sample.rows, sample.rows[-1]])
    with pytest.raises(InputError, match="deux lignes pour un même lieu"):
        read(tmp_path / "b.csv")


# Damage: the same table, or a refusal that says where.


def outcome(path, *, edition=None):
    """Give the table of a damaged file, or its faults, or neither when no source claims it any more."""
    document = open_document(path, edition=edition)
    try:
        found = claims(document)
        if not found:
            return None, ()
        (recognition,) = found
        return frame_of(SOURCES[recognition.source].read(document, recognition)), ()
    except DiagnosticError as refused:
        return None, refused.faults


def shuffled(values, seed):
    return [values[place] for place in np.random.default_rng(seed).permutation(len(values))]


def check_same(path, whole):
    found, faults = outcome(path)
    assert not faults
    assert found is not None
    kept = [name for name in found if name not in {"edition", "note"}]
    pd.testing.assert_frame_equal(found[kept], whole[kept])


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sample=st.sampled_from(TABLES), encoding=st.sampled_from(["utf-8-sig", "cp1252", "utf-16"]),
    delimiter=st.sampled_from(";,\t"), seed=st.integers(0, 1000), titles=st.integers(0, 4),
)  # fmt: skip
def test_another_way_to_write_a_table_gives_the_same(
    tmp_path_factory, *, sample, encoding, delimiter, seed, titles
):
    folder = tmp_path_factory.mktemp("written")
    whole = frame_of(read(sample.write(folder))[1])
    order = shuffled(range(len(sample.rows[0])), seed)
    rows = [[row[place] for place in order] for row in sample.rows]
    # A title above a table is a row of empty cells but the first, as a spreadsheet saves it.
    above = [["Titre ajouté", *[""] * (len(order) - 1)] for _ in range(titles)]
    path = folder / sample.name
    write_text(path, [*above, *rows], delimiter=delimiter, encoding=encoding)
    check_same(path, whole)


@named(BOOKS)
@pytest.mark.parametrize("moved", [0, 3])
def test_extra_sheets_and_a_moved_header_change_nothing(tmp_path, sample, moved):
    whole = frame_of(read(sample.write(tmp_path))[1])
    path = tmp_path / sample.name
    titles = (*sample.titles, *[""] * moved)
    write_workbook(path, sample.rows, sheet=sample.sheet, titles=titles, extra=("Lisez-moi", "Documentation"))
    check_same(path, whole)


CODES = {*IRIS, *COMMUNES, "0990001A", "0990002B"}


def as_number(code):
    return f"{float(code.rstrip('AB')):.2E}".replace(".", ",")


@named([sample for sample in TABLES if sample.level in {"iris", "commune", "etablissement"}])
def test_codes_that_became_numbers_are_refused_with_their_place(tmp_path, sample):
    path = tmp_path / sample.name
    write_text(path, [[as_number(cell) if cell in CODES else cell for cell in row] for row in sample.rows])
    _, faults = outcome(path)
    assert faults
    assert faults[0].file == path.name
    assert (faults[0].line, bool(faults[0].column)) == (2, True)
    assert "nombre" in faults[0].what or "inconnu" in faults[0].what


# A column of figures that is read, in every layout of a source.
FIGURES = {
    "insee_rp_iris": r"[PC]\d\d_(POP|LOG|FAM|NSCOL15P|ACT1564)",
    "insee_rp_origin": r"NB",
    "insee_filosofi_iris": r"(DISP|DEC)_Q1\d\d",
    "insee_filosofi_grid": r"ind",
    "depp_ips": r"(?i)ips",
    "depp_directory": r"latitude",
    "ssmsi_crime": r"nombre|faits",
}


@named(TABLES)
def test_a_letter_in_a_figure_is_refused_with_its_place(tmp_path, sample):
    path = tmp_path / sample.name
    header, first, *rows = sample.rows
    place = next(at for at, name in enumerate(header) if re.fullmatch(FIGURES[sample.source], name))
    write_text(path, [header, [*first[:place], "x?x", *first[place + 1 :]], *rows])
    _, faults = outcome(path)
    assert [fault.found for fault in faults] == ["'x?x'"]
    if sample.source != "insee_rp_origin":  # there a crossing names the column
        assert (faults[0].file, faults[0].line, faults[0].column) == (path.name, 2, header[place])


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sample=st.sampled_from(TABLES), seed=st.integers(0, 1000), cut=st.booleans())
def test_a_table_that_lost_a_column_or_its_end_never_gives_another_figure(tmp_path_factory, *, sample, seed, cut):
    folder, chance = tmp_path_factory.mktemp("damaged"), np.random.default_rng(seed)
    path = sample.write(folder)
    whole = frame_of(read(path)[1])
    if cut:
        data = path.read_bytes()
        # Cut in the last cell of a row, a file ends with a whole row, and nothing tells.
        first = data.index(b";", data.index(b"\n")) + 1
        path.write_bytes(data[: data.rindex(b";", 0, int(chance.integers(first, len(data))))])
    else:
        lost = int(chance.integers(len(sample.rows[0])))
        write_text(path, [[*row[:lost], *row[lost + 1 :]] for row in sample.rows])
    found, faults = outcome(path)
    assert all(fault.file == path.name for fault in faults if not fault.what.startswith("et "))
    assert all(fault.remedy for fault in faults if not fault.what.startswith("et "))
    if found is not None:
        # A file cut between two rows may have lost its latest year, which names its edition.
        figure = ["code", "period", "variable", "group"]
        keys = next(keys for keys in (figure, ["cell_id"], ["code"]) if set(keys) <= set(found))
        both = found.merge(whole, on=keys, suffixes=("", "_whole"))
        assert len(both) == len(found)
        if "value" in both:
            assert ((both["value"] == both["value_whole"]) | both["value"].isna()).all()


@named(SAMPLES)
def test_altered_bytes_are_read_or_refused_never_broken(tmp_path, sample):
    chance = np.random.default_rng(len(sample.name))
    path = sample.write(tmp_path)
    data = path.read_bytes()
    least = data.index(b"\n") + 2 if sample.delimited else 1
    for _ in range(6):
        place = int(chance.integers(least, len(data)))
        noise = bytes(chance.integers(0, 256, size=8, dtype="uint8"))
        path.write_bytes(data[:place] + (noise + data[place + 8 :] if chance.random() < 0.6 else b""))
        try:
            _, faults = outcome(path, edition=sample.edition)
        except DiagnosticError as refused:  # not even a document any more
            faults = refused.faults
        assert [fault for fault in faults if not fault.remedy and not fault.what.startswith("et ")] == []
