"""Every Insee file is read without loss, judged against a plain reading that shares no code with ours."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import python_calamine as calamine

from diagnostic.errors import InputError
from diagnostic.ingestion.document import open_document
from diagnostic.ingestion.source import SOURCES
from diagnostic.ingestion.sources import (
    insee_demographie_2010,
    insee_filosofi_qpv,
    insee_filosofi_supra,
    insee_qpv_demo,
    insee_qpv_ipro,
    insee_qpv_revn,
)
from diagnostic.schemas import LINK_COLUMNS, check_measures

SAMPLES = Path(__file__).parent / "samples"
LAYOUTS = {
    "insee_qpv_demo": insee_qpv_demo.TABLE.layout,
    "insee_qpv_ipro": insee_qpv_ipro.TABLE.layout,
    "insee_qpv_revn": insee_qpv_revn.TABLE.layout,
    "insee_filosofi_qpv": insee_filosofi_qpv.LAYOUT,
    "insee_filosofi_supra": insee_filosofi_supra.LAYOUT,
}
OURS = [*LAYOUTS, "insee_demographie_2010", "insee_population_qpv_2013"]
REAL = {
    "insee_qpv/DEMO_2017.csv": ("insee_qpv_demo", "2017"),
    "insee_qpv/DEMO_2019.csv": ("insee_qpv_demo", "2019"),
    "insee_qpv/DEMO_2021.csv": ("insee_qpv_demo", "2021"),
    "insee_qpv/DEMO_2022.csv": ("insee_qpv_demo", "2022"),
    "insee_qpv/data_DEMO_2020_V1_QP.csv": ("insee_qpv_demo", "2020"),
    "insee_qpv/data_DEMO_2021_V1_QP.csv": ("insee_qpv_demo", "2021"),
    "insee_qpv/IPRO_2017.csv": ("insee_qpv_ipro", "2017"),
    "insee_qpv/IPRO_2019.csv": ("insee_qpv_ipro", "2019"),
    "insee_qpv/IPRO_2021.csv": ("insee_qpv_ipro", "2021"),
    "insee_qpv/IPRO_2022.csv": ("insee_qpv_ipro", "2022"),
    "insee_qpv/REVN_2017.csv": ("insee_qpv_revn", "2017"),
    "insee_qpv/REVN_2019.csv": ("insee_qpv_revn", "2019"),
    "insee_qpv/REVN_2021.csv": ("insee_qpv_revn", "2021"),
    "insee_qpv/REVN_2022.csv": ("insee_qpv_revn", "2022"),
    "insee_qpv/data_filo16_qp_revdis.csv": ("insee_filosofi_qpv", "2016"),
    "insee_qpv/data_filo18_qp_revdis.csv": ("insee_filosofi_qpv", "2018"),
    "insee_qpv/data_filo19_qp_revdis.csv": ("insee_filosofi_qpv", "2019"),
    **{
        f"filosofi/FILO{year}_DISP_{level}.csv": ("insee_filosofi_supra", year)
        for year in ("2018", "2019")
        for level in ("COM", "EPCI", "DEP", "REG", "METROPOLE")
    },
}
WORKBOOKS = {
    "insee_qpv/demographie_2010_qpv.xls": ("insee_demographie_2010", "2010"),
    "insee_qpv/pop_qp_2013.xls": ("insee_population_qpv_2013", "2013"),
}
TEXT = {"CODGEO", "LIBGEO", "LIB_COM"}


def recognised(path):
    document = open_document(path)
    found = [(SOURCES[name], SOURCES[name].recognise(document)) for name in OURS]
    return document, [(source, recognition) for source, recognition in found if recognition]


def tables(path):
    document, ((source, recognition),) = recognised(path)
    return source.read(document, recognition)


def plain(path):
    frame = pd.read_csv(path, sep=";", dtype=str, encoding="utf-8-sig", keep_default_na=False)
    frame = frame.loc[:, [name for name in frame if not name.startswith("Unnamed")]]
    return frame.set_axis([name.strip() for name in frame], axis=1)


def value(text):
    return float(re.sub("[\u202f\u00a0 ]", "", text).replace(",", "."))


@pytest.mark.parametrize("name", REAL)
def test_no_value_is_lost_and_none_is_changed(shared, name):
    path = shared / "real" / name
    raw = plain(path)
    source, _ = REAL[name]
    layout = LAYOUTS[source]
    rows = check_measures(tables(path).measures, where=name)
    rows = rows.assign(code=rows["code"].replace({"QPV2015": "Ensemble", "METROPOLE": "1"}))
    figures = [column for column in raw if column.upper() not in TEXT and "NOTE" not in column.upper()]
    assert len(rows) == len(raw) * len(figures)
    by_figure = {key: part.set_index("code")["value"] for key, part in rows.groupby(["variable", "group"])}
    assert len(by_figure) == len(figures)
    chosen = np.random.default_rng(59)
    for column in figures:
        meaning = layout.columns[layout.base(column)]
        ours = by_figure[meaning.variable, meaning.group]
        filled = raw.loc[raw[column] != "", ["CODGEO" if "CODGEO" in raw else "codgeo", column]]
        assert int(ours.notna().sum()) == len(filled), column
        for code, text in filled.sample(min(40, len(filled)), random_state=chosen).itertuples(index=False):
            assert ours[code] == pytest.approx(value(text), rel=1e-12), (column, code)


@pytest.mark.parametrize("name", [*REAL, *WORKBOOKS])
def test_each_file_has_one_source_and_its_edition(shared, name):
    _, found = recognised(shared / "real" / name)
    expected = {**REAL, **WORKBOOKS}[name]
    assert [(source.name, recognition.edition) for source, recognition in found] == [expected]
    assert found[0][1].basis == "empreinte connue"
    assert not found[0][1].fictional


def test_no_other_file_is_claimed(shared):
    known = {*REAL, *WORKBOOKS}
    for path in sorted((shared / "real").rglob("*")):
        if path.is_file() and path.relative_to(shared / "real").as_posix() not in known:
            assert recognised(path)[1] == [], path.name


@pytest.mark.parametrize("name", ["insee_qpv/DEMO_2022.csv", "insee_qpv/demographie_2010_qpv.xls"])
def test_reading_twice_gives_the_same(shared, name):
    first, second = (tables(shared / "real" / name).measures for _ in range(2))
    pd.testing.assert_frame_equal(first, second, check_exact=True)


def of(rows, variable, group="all", *, prefix=("QP",)):
    return rows[(rows["variable"] == variable) & (rows["group"] == group) & rows["code"].str.startswith(prefix)]


HDF = ("QP002", "QP059", "QP060", "QP062", "QP080")


@pytest.mark.parametrize(
    ("table", "variable", "group", "empty"),
    [
        ("DEMO", "foreign_share", "all", 42),
        ("DEMO", "six_person_households_share", "all", 89),
        ("DEMO", "benefit_households", "all", 5),
        ("IPRO", "employment_rate", "foreign", 55),
        ("IPRO", "fixed_term_share", "foreign", 70),
        ("IPRO", "job_seekers_abc", "women", 13),
        ("IPRO", "job_seekers_abc", "foreign", 29),
        ("REVN", "taxed_households_share", "all", 56),
        ("REVN", "disposable_income_median", "all", 0),
    ],
)
def test_empty_cells_of_hauts_de_france_in_2022(shared, table, variable, group, empty):
    rows = of(tables(shared / "real" / f"insee_qpv/{table}_2022.csv").measures, variable, group, prefix=HDF)
    assert len(rows) == 199
    assert int(rows["value"].isna().sum()) == empty


def test_foreign_shares_not_released_are_not_called_secret(shared):
    rows = of(tables(shared / "real" / "insee_qpv/DEMO_2022.csv").measures, "foreign_share")
    hidden = rows[rows["value"].isna()]
    assert len(hidden) == 183
    assert set(hidden["status"]) == {"not_released"}
    assert set(hidden["note"]) == {"NOTE_RP=0"}


def test_caf_counts_of_small_quarters_are_secret(shared):
    rows = of(tables(shared / "real" / "insee_qpv/DEMO_2022.csv").measures, "benefit_households")
    hidden = rows[rows["value"].isna()]
    assert hidden.groupby(["status", "note"]).size().to_dict() == {
        ("suppressed", "NOTE_CNAF=3"): 3,
        ("suppressed", "NOTE_CNAF=5"): 24,
    }


@pytest.mark.parametrize("name", ["DEMO_2017.csv", "DEMO_2021.csv", "data_DEMO_2020_V1_QP.csv"])
def test_census_of_la_reunion_is_missing_as_a_whole(shared, name):
    rows = of(tables(shared / "real" / "insee_qpv" / name).measures, "women_share", prefix=("QP974",))
    assert set(rows["status"]) == {"missing"}


def test_the_official_csv_and_the_saved_workbook_of_2021_agree(shared):
    keys = ["code", "variable", "group", "value", "status", "note"]
    first, second = (
        tables(shared / "real" / "insee_qpv" / name).measures[keys].sort_values(keys[:3], ignore_index=True)
        for name in ("DEMO_2021.csv", "data_DEMO_2021_V1_QP.csv")
    )
    pd.testing.assert_frame_equal(first, second)


def joined(shared, first, second):
    keys = ["level", "code", "variable", "group", "period", "period_basis"]
    left, right = (tables(shared / "real" / name).measures.dropna(subset="value") for name in (first, second))
    return left.merge(right, on=keys)


@pytest.mark.parametrize(
    ("first", "second", "least"),
    [
        ("insee_qpv/REVN_2022.csv", "insee_qpv/data_filo18_qp_revdis.csv", 16_000),
        ("insee_qpv/DEMO_2017.csv", "insee_qpv/demographie_2010_qpv.xls", 6_500),
        ("insee_qpv/IPRO_2017.csv", "insee_qpv/demographie_2010_qpv.xls", 6_000),
        ("insee_qpv/DEMO_2017.csv", "insee_qpv/pop_qp_2013.xls", 1_345),
        ("insee_qpv/data_DEMO_2020_V1_QP.csv", "insee_qpv/pop_qp_2013.xls", 1_400),
    ],
)
def test_declared_data_years_hold(shared, first, second, least):
    both = joined(shared, first, second)
    assert len(both) >= least
    assert (both["value_x"] == both["value_y"]).all()


def test_incomes_carry_their_data_year(shared):
    rows = tables(shared / "real" / "insee_qpv/REVN_2022.csv").measures
    poverty = of(rows, "poverty_rate").iloc[0]
    assert (poverty["period"], poverty["period_basis"], poverty["edition"]) == (2018, "stated", "2022")
    caf = of(rows, "rsa_households").iloc[0]
    assert (caf["period"], caf["period_basis"]) == (2022, "edition")


def test_the_same_income_has_the_same_name_at_every_level(shared):
    quarter = tables(shared / "real" / "insee_qpv/data_filo18_qp_revdis.csv").measures
    commune = tables(shared / "real" / "filosofi/FILO2018_DISP_COM.csv").measures
    thematic = tables(shared / "real" / "insee_qpv/REVN_2022.csv").measures
    units = [dict(zip(rows["variable"], rows["unit"], strict=True)) for rows in (quarter, commune, thematic)]
    common = units[0].keys() & units[1].keys()
    assert len(common) == 23
    assert all(units[0][name] == units[1][name] for name in common)
    assert len(units[0].keys() & units[2].keys()) == 12
    assert all(units[0][name] == units[2][name] for name in units[0].keys() & units[2].keys())


@pytest.mark.parametrize(
    ("part", "level", "code", "median"),
    [
        ("COM", "commune", "59350", 19_580),
        ("EPCI", "epci", "200043396", None),
        ("DEP", "departement", "02", 19_880),
        ("REG", "region", "02", 18_570),
        ("METROPOLE", "france", "METROPOLE", 21_930),
    ],
)
def test_levels_of_filosofi_come_from_content(shared, part, level, code, median):
    rows = tables(shared / "real" / f"filosofi/FILO2019_DISP_{part}.csv").measures
    assert set(rows["level"]) == {level}
    assert set(rows["vintage"]) == {2020}
    found = rows[(rows["code"] == code) & (rows["variable"] == "disposable_income_median")]["value"].item()
    assert median is None or found == median


@pytest.mark.parametrize("sheet", ["Quartiers", "Regions"])
def test_estimates_of_2010_lose_nothing(shared, sheet):
    path = shared / "real" / "insee_qpv/demographie_2010_qpv.xls"
    raw = calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet).to_python()
    names, body = raw[5], pd.DataFrame(raw[7:], columns=[name or "nom" for name in raw[5]])
    layout = insee_demographie_2010.LAYOUT
    rows = tables(path).measures
    rows = rows[(rows["level"] == "qpv") == (sheet == "Quartiers")]
    figures = [name for name in names if name.upper() in layout.columns]
    assert len(rows) == len(body) * len(figures) == len(body) * 60
    codes = body["qp"] if sheet == "Quartiers" else ("QPV2015-" + body["reg"]).replace("QPV2015-", "QPV2015")
    for name in figures:
        meaning = layout.columns[name.upper()]
        ours = rows[(rows["variable"] == meaning.variable) & (rows["group"] == meaning.group)]
        ours = ours.set_index("code")["value"].reindex(codes)
        theirs = pd.to_numeric(body[name].where(body[name] != "", None))
        np.testing.assert_array_equal(ours.to_numpy(), theirs.to_numpy(dtype="float64"))


def test_figures_of_regions_of_quarters_do_not_pass_for_regions(shared):
    rows = tables(shared / "real" / "insee_qpv/demographie_2010_qpv.xls").measures
    assert rows[rows["level"] == "region"]["code"].str.startswith("QPV2015-").all()


def test_populations_and_links_of_2013(shared):
    found = tables(shared / "real" / "insee_qpv/pop_qp_2013.xls")
    assert len(found.measures) == 1514
    links = found.links
    assert list(links.columns) == LINK_COLUMNS
    lille = links[links["code"] == "QP059074"]
    communes = lille[lille["parent_level"] == "commune"]
    assert communes["label"].tolist()[:2] == ["Lille", "Faches-Thumesnil"]
    assert communes["rank"].tolist() == list(range(len(communes)))
    assert communes["parent_code"].str.startswith("nom:").all()
    assert lille[lille["parent_level"] == "epci"]["parent_code"].tolist() == ["245900410"]
    assert not links.duplicated(["code", "parent_level", "parent_code"]).any()
    assert not links.isna().any(axis=None)


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("insee_*.[cx]*")), ids=lambda path: path.name)
def test_every_sample_is_read(path):
    document, found = recognised(path)
    ((source, recognition),) = found
    assert path.name.startswith(source.name)
    assert recognition.edition in path.name
    check_measures(source.read(document, recognition).measures, where=path.name)


def test_every_source_has_a_sample():
    names = {path.name for path in SAMPLES.iterdir()}
    assert all(any(name.startswith(source) for name in names) for source in OURS)


def test_the_official_workbook_gives_quarters_and_their_comparators():
    rows = tables(SAMPLES / "insee_qpv_demo_2022_fictif.xlsx").measures
    places = rows.groupby("level")["code"].unique().map(sorted).to_dict()
    assert places == {
        "commune": ["99001", "99002"],
        "epci": ["990000001"],
        "qpv": ["QP099001", "QP099002", "QP099003"],
    }
    assert rows.groupby("level")["vintage"].first().to_dict() == {"commune": 2022, "epci": 2022, "qpv": 2015}
    hidden = of(rows, "foreign_share").set_index("code")["status"]
    assert hidden["QP099002"] == "not_released"
    assert of(rows, "benefit_households").set_index("code")["status"]["QP099003"] == "suppressed"


def sample(tmp_path, name, change):
    path = tmp_path / name
    path.write_text(change((SAMPLES / name).read_text(encoding="utf-8-sig")), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "before", "after", "found"),
    [
        ("insee_filosofi_supra_2019_com.csv", "01001;", "1001;", "'1001'"),
        ("insee_filosofi_supra_2019_epci.csv", "200043396;", "2,00E+08;", "'2,00E+08'"),
        ("insee_filosofi_supra_2019_dep.csv", "02;", "2;", "'1'"),
    ],
)
def test_codes_damaged_by_a_spreadsheet_are_refused(tmp_path, name, before, after, found):
    path = sample(tmp_path, name, lambda text: text.replace(before, after).replace("\n01;", "\n1;"))
    with pytest.raises(InputError, match="codes devenus des nombres") as caught:
        recognised(path)
    assert caught.value.faults[0].found.startswith(found)


def test_the_table_of_2024_quarters_is_not_claimed(tmp_path):
    path = sample(tmp_path, "insee_qpv_demo_2022.csv", lambda text: re.sub(r"QP(\w{3})0(\d\d)", r"QN\1\2M", text))
    assert recognised(path)[1] == []


def test_declared_incomes_do_not_pass_for_disposable_ones(tmp_path):
    path = sample(
        tmp_path, "insee_filosofi_supra_2019_com.csv",
        lambda text: "\n".join(";".join(row.split(";")[:25]) for row in text.splitlines()),
    )  # fmt: skip
    assert recognised(path)[1] == []


def test_two_generations_in_one_table_are_refused(tmp_path):
    path = sample(tmp_path, "insee_qpv_demo_2022.csv", lambda text: text.replace("QP059009", "QN05909M"))
    with pytest.raises(InputError, match="code de territoire inconnu"):
        recognised(path)


def test_a_letter_among_figures_is_an_error_with_its_place(tmp_path):
    path = sample(tmp_path, "insee_qpv_demo_2022.csv", lambda text: text.replace(";1\u202f035;", ";secret;", 1))
    with pytest.raises(InputError) as caught:
        tables(path)
    (fault,) = caught.value.faults
    assert (fault.file, fault.line, fault.column) == ("insee_qpv_demo_2022.csv", 4, "POP_MUN")


def mutated(data, chance):
    """Cut, flip, insert or delete bytes, as transfers and editors do."""
    place = int(chance.integers(1, len(data)))
    noise = bytes(chance.integers(0, 256, size=8, dtype="uint8"))
    return {
        0: data[:place],
        1: data[:place] + noise + data[place + 8 :],
        2: data[:place] + noise + data[place:],
        3: data[:place] + data[place + 40 :],
    }[int(chance.integers(4))]


def refusal(path):
    try:
        document, found = recognised(path)
        for source, recognition in found:
            source.read(document, recognition)
    except InputError as refused:
        return refused.faults
    return ()


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("insee_*.[cx]*")), ids=lambda path: path.name)
def test_altered_files_are_read_or_refused_never_broken(tmp_path, path):
    chance = np.random.default_rng(len(path.name))
    data = path.read_bytes()
    altered = tmp_path / path.name
    for _ in range(12):
        altered.write_bytes(mutated(data, chance))
        assert all(fault.remedy or fault.what.startswith("et ") for fault in refusal(altered))
