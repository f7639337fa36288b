"""Readers of tables of which only a part is known: each layout, whole real files, and what is left aside."""

import re
import tomllib

import numpy as np
import open_tables as made
import pandas as pd
import pytest

from diagnostic.errors import InputError
from diagnostic.ingestion import intake
from diagnostic.ingestion.described import THEMES
from diagnostic.ingestion.dictionary import annotated, dictionary_beside
from diagnostic.ingestion.document import open_document
from diagnostic.ingestion.local_draft import draft
from diagnostic.ingestion.source import SOURCES
from diagnostic.ingestion.sources import caf_iris, insee_rpls
from diagnostic.ingestion.sources.insee_bpe import points
from diagnostic.ingestion.unproven import REMARK, UNPROVEN, is_proven
from diagnostic.schemas import LINK_COLUMNS, check_measures

OURS = sorted(
    {*(theme.name for theme in THEMES), *(one.source for one in made.TABLES), "insee_bpe", "anct_contrats"}
)
IDS = {"ids": lambda one: one.name}


def tables(path, edition=None):
    document = open_document(path, edition=edition)
    recognition = intake.recognise(document)
    return SOURCES[recognition.source].read(document, recognition)


def value(rows, code, variable, group="all", **wanted):
    found = rows[(rows["code"] == code) & (rows["variable"] == variable) & (rows["group"] == group)]
    for column, one in wanted.items():
        found = found[found[column] == one]
    return found.iloc[0]


@pytest.mark.parametrize("one", made.TABLES, **IDS)
def test_each_layout_is_known_and_read(tmp_path, one):
    path = one.write(tmp_path)
    recognition = intake.recognise(open_document(path))
    assert (recognition.source, recognition.edition) == (one.source, one.edition)
    rows = check_measures(tables(path).measures, where=one.name)
    assert len(rows) > 0


@pytest.mark.parametrize("one", [*made.QUARTERS_2024, *made.QUARTERS_2015], **IDS)
def test_every_cell_of_a_known_column_is_a_row(tmp_path, one):
    theme = THEMES[one.source]
    head, *body = one.rows
    rows = tables(one.write(tmp_path)).measures
    known = [place for place, name in enumerate(head) if theme.base(name) in theme.words()]
    assert known
    assert len(rows) == len(body) * len(known)
    filled = [row[place] for row in body for place in known if row[place] not in ("", "s", "ns")]
    expected = sorted(float(re.sub("[\u202f\u00a0 ]", "", cell).replace(",", ".")) for cell in filled)
    assert sorted(rows["value"].dropna()) == pytest.approx(expected)
    assert set(rows["vintage"]) == {theme.generation}


def test_a_theme_has_samples_of_each_of_its_layouts():
    assert {theme.name for theme in THEMES} <= {one.source for one in made.TABLES}


def test_no_theme_of_one_generation_claims_the_other(tmp_path):
    one = made.QUARTERS_2015[2]
    rows = [[re.sub(r"QP(\w{3})0(\d\d)", r"QN\1\2M", cell) for cell in row] for row in one.rows]
    found = intake.recognise(open_document(one.write(tmp_path, rows=rows)))
    assert found.source == "insee_qpv_2024_schooling"


def test_two_generations_in_one_table_are_refused(tmp_path):
    one = made.QUARTERS_2024[4]
    rows = [*one.rows, ["QP099001", *one.rows[1][1:]]]
    with pytest.raises(InputError, match="code de territoire inconnu") as caught:
        intake.recognise(open_document(one.write(tmp_path, rows=rows)))
    assert (caught.value.faults[0].line, caught.value.faults[0].column) == (5, "CODGEO")


def test_marks_and_notes_say_why_there_is_no_figure(tmp_path):
    rows = tables(made.QUARTERS_2024[4].write(tmp_path)).measures
    assert value(rows, "QN09902N", "job_seekers_abcde", "women")["status"] == "not_released"
    assert value(rows, "QN09902N", "job_seekers_abc", "foreign")["status"] == "suppressed"
    hidden = value(rows, "QN09903I", "job_seekers_abc")
    assert (hidden["status"], hidden["note"]) == ("suppressed", f"NOTE_DEFM=2 ; {REMARK}")


def test_an_unknown_column_is_left_aside_and_said_with_its_label(tmp_path):
    one = made.QUARTERS_2024[4]
    basis = intake.recognise(open_document(one.write(tmp_path))).basis
    assert "laissées de côté (1)\u00a0: ABC_NOUV (Nouveaux inscrits de catégorie A, B ou C)" in basis


def test_the_year_is_that_of_the_columns_the_name_or_the_dictionary(tmp_path):
    income, people = made.QUARTERS_2024[2], made.QUARTERS_2024[0]
    assert intake.recognise(open_document(income.write(tmp_path, name="sans_annee.csv"))).edition == "2021"
    path = people.write(tmp_path)
    assert intake.recognise(open_document(path)).edition == "2020"
    (tmp_path / "meta_pop_QPV24.csv").unlink()
    with pytest.raises(InputError, match="édition impossible à établir"):
        intake.recognise(open_document(path))
    found = tables(path, edition="2021").measures
    assert set(found["period_basis"]) == {"edition"}


def test_years_of_the_school_and_housing_editions_are_stated(tmp_path):
    school = tables(made.QUARTERS_2015[2].write(tmp_path)).measures
    assert value(school, "QP099001", "late_pupils_grade6")["period"] == 2020
    homes = tables(made.QUARTERS_2015[4].write(tmp_path)).measures
    assert value(homes, "QP099001", "social_dwellings")["period"] == 2021
    assert value(homes, "QP099001", "vacant_dwellings_share")["period"] == 2019


def test_the_whole_of_the_quarters_is_france(tmp_path):
    row = value(tables(made.QUARTERS_2024[3].write(tmp_path)).measures, "QPV2024", "poverty_rate")
    assert (row["level"], row["value"], row["vintage"]) == ("france", 44.3, 2024)


def test_a_mix_of_themes_is_no_table_of_the_producer(tmp_path):
    one, other = made.QUARTERS_2024[4], made.QUARTERS_2024[5]
    rows = [[*left, *right[1:]] for left, right in zip(one.rows, other.rows, strict=True)]
    assert intake.recognise(open_document(one.write(tmp_path, rows=rows))) is None


def test_a_compilation_of_a_third_party_is_not_the_producer_s(shared):
    assert intake.recognise(open_document(shared / "real/insee_qpv2024/compilation_qpv2024.csv")) is None


@pytest.mark.parametrize("name", OURS)
def test_what_no_real_file_has_tried_says_so(name, tmp_path):
    assert SOURCES[name].label.endswith(f"({UNPROVEN})") == (not is_proven(name) and name != "anct_contrats")
    for one in made.TABLES:
        if one.source == name and one.name != made.RPLS.name:
            notes = tables(one.write(tmp_path)).measures["note"]
            assert notes.str.contains(REMARK).all() == (not is_proven(name))


def test_proven_readers():
    assert [name for name in OURS if is_proven(name)] == ["caf_iris", "insee_rpls"]


def test_the_draft_of_an_unknown_table_carries_the_labels_of_its_dictionary(tmp_path):
    one = made.sample(
        "DNB_2025_QP24.csv", "", "", "CODGEO;NB_INS;TX_RECUS\nQN09901M;41;80,2\nQN09902N;52;77,0",
        ("meta_DNB_2025_QP24.csv", f"{made.META}NB_INS;Nombre d’inscrits;;\nTX_RECUS;Taux de réussite;;\n"),
    )  # fmt: skip
    document = open_document(one.write(tmp_path))
    assert intake.recognise(document) is None
    text = annotated(draft(document), dictionary_beside(document))
    assert '# dictionnaire de l’Insee\u00a0: Nombre d’inscrits\n[colonnes."NB_INS"]' in text
    assert set(tomllib.loads(text)["colonnes"]) == {"NB_INS", "TX_RECUS"}


def test_an_archive_of_insee_is_taken_with_its_dictionary(tmp_path):
    from diagnostic.workspace import Workspace  # noqa: PLC0415 - the only test that needs a folder

    path = made.archive(tmp_path / "DEFM2024_QP24_csv.zip", made.QUARTERS_2024[4])
    workspace = Workspace(tmp_path / "dossier")
    verdicts = intake.add(workspace, [path], accept=intake.read, simulate=True)
    outcomes = {verdict.path.name: verdict.outcome for verdict in verdicts}
    assert outcomes["data_DEFM2024_QP24.csv"] is intake.Outcome.ADDED
    assert outcomes["meta_DEFM2024_QP24.csv"] is intake.Outcome.NOT_NEEDED
    assert "Nouveaux inscrits" in next(one.message for one in verdicts if one.outcome is intake.Outcome.ADDED)


# The long format.


def test_confidential_figures_are_suppressed_even_when_a_value_stands_there(tmp_path):
    rows = tables(made.FILOSOFI_2023.write(tmp_path)).measures
    row = value(rows, "01004", "poverty_rate")
    assert (row["status"], pd.isna(row["value"])) == ("suppressed", True)
    assert row["note"].startswith("CONF_STATUS=N")


def test_the_status_of_an_observation_says_why_it_is_absent_or_how_it_was_made(tmp_path):
    rows = tables(made.FILOSOFI_2023.write(tmp_path)).measures
    median = rows[rows["variable"] == "disposable_income_median"].set_index("code")
    assert median["status"].to_dict() == {
        "01004": "observed", "01005": "suppressed", "01006": "missing", "01007": "observed",
    }  # fmt: skip
    assert median["note"]["01007"].startswith("OBS_STATUS=P")
    older = tables(made.FILOSOFI_2021.write(tmp_path)).measures
    assert value(older, "200042935", "disposable_income_median")["status"] == "estimated"


def test_the_power_of_ten_is_applied(tmp_path):
    rows = tables(made.FILOSOFI_2021.write(tmp_path)).measures
    assert value(rows, "200042935", "disposable_income_median")["value"] == 21_900
    assert value(rows, "METROPOLE", "disposable_income_median")["value"] == 23_080


def test_zonings_that_the_tool_does_not_know_are_said(tmp_path):
    found = intake.recognise(open_document(made.FILOSOFI_2021.write(tmp_path)))
    assert "mailles laissées de côté\u00a0: ZE2020" in found.basis
    assert set(tables(made.FILOSOFI_2021.write(tmp_path)).measures["level"]) == {
        "commune", "epci", "departement", "region", "france",
    }  # fmt: skip


def test_the_same_income_has_the_same_name_and_unit_as_in_older_files(tmp_path, shared):
    new = tables(made.FILOSOFI_2021.write(tmp_path)).measures
    old = tables(shared / "real/filosofi/FILO2019_DISP_COM.csv").measures
    units = [dict(zip(rows["variable"], rows["unit"], strict=True)) for rows in (new, old)]
    common = units[0].keys() & units[1].keys()
    assert len(common) == 3
    assert all(units[0][name] == units[1][name] for name in common)


def test_two_values_for_one_figure_are_refused_with_their_line(tmp_path):
    one = made.FILOSOFI_2021
    rows = [*one.rows, [*one.rows[1][:-1], "99"]]
    with pytest.raises(InputError, match="deux valeurs différentes") as caught:
        tables(one.write(tmp_path, rows=rows))
    assert (caught.value.faults[0].line, caught.value.faults[0].column) == (11, "OBS_VALUE")


def test_an_impossible_figure_names_its_line(tmp_path):
    rows = [[cell.replace("15.2", "152") for cell in row] for row in made.FILOSOFI_2021.rows]
    with pytest.raises(InputError, match="valeur impossible") as caught:
        tables(made.FILOSOFI_2021.write(tmp_path, rows=rows))
    assert (caught.value.faults[0].line, caught.value.faults[0].column) == (3, "OBS_VALUE")


# Facilities.


def test_facilities_are_counted_by_type_sub_domain_and_domain(tmp_path):
    rows = check_measures(tables(made.facilities(tmp_path / "BPE24.parquet")).measures, where="bpe")
    for group in ("d", "d2", "d265"):
        assert value(rows, "59350", "facilities", group)["value"] == 2
    assert value(rows, "593500101", "facilities", "d265")["value"] == 1
    quarter = value(rows, "QP059074", "facilities", "d265")
    assert (quarter["vintage"], quarter["period"]) == (2015, 2024)
    counts = tables(made.BPE_COUNTS.write(tmp_path)).measures
    assert value(counts, "01004", "facilities", "d2")["value"] == 41
    assert value(counts, "01004", "facilities")["value"] == 480


def test_names_of_facilities_are_never_read(tmp_path):
    path = made.facilities(tmp_path / "BPE24.parquet")
    assert "MARTIN" not in tables(path).measures.to_csv() + points(open_document(path)).to_csv()


def test_located_facilities_are_points_in_degrees(tmp_path):
    found = points(open_document(made.facilities(tmp_path / "BPE24.parquet")))
    assert found["type"].tolist() == ["D265"]
    assert found.crs.to_epsg() == 4326
    assert (found.geometry.x.iloc[0], found.geometry.y.iloc[0]) == pytest.approx((3.0564, 50.6280), abs=1e-3)


def test_codes_of_communes_turned_into_numbers_are_refused_in_the_list(tmp_path):
    path = made.facilities(tmp_path / "BPE24.parquet", DEPCOM=["1004", "59350", "2A004"])
    with pytest.raises(InputError, match="codes devenus des nombres") as caught:
        tables(path)
    assert (caught.value.faults[0].line, caught.value.faults[0].column) == (1, "DEPCOM")


def test_the_sample_of_the_long_counts_is_read(shared, tmp_path):
    import zipfile  # noqa: PLC0415 - one test

    with zipfile.ZipFile(shared / "real/bpe/bpe_sample.zip") as packed:
        packed.extract("DS_BPE_2024_data.csv", tmp_path)
    rows = tables(tmp_path / "DS_BPE_2024_data.csv").measures
    assert len(rows) == 18
    assert value(rows, "10002", "facilities", "d281")["value"] == 9
    assert value(rows, "10", "facilities", "d265")["level"] == "departement"


# Caf.


def test_households_that_the_caf_could_not_place_are_left_aside_and_said(tmp_path):
    path = made.CAF_COMMUNES.write(tmp_path)
    assert "1 lignes d’allocataires non localisés" in intake.recognise(open_document(path)).basis
    rows = tables(path).measures
    assert set(rows["code"]) == {"01004", "2A004"}
    assert value(rows, "01004", "rsa_households", period=2023)["value"] == 290
    amount = value(rows, "01004", "rsa_amount", period=2024)
    assert (amount["value"], amount["unit"]) == (149_700, "euros_per_month")
    assert value(rows, "01004", "persons_covered_by_caf", period=2024)["value"] == 7455
    assert value(rows, "01004", "housing_benefit_households", "apl", period=2024)["value"] == 935


def test_another_month_than_december_is_refused(tmp_path):
    rows = [[cell.replace("2023-12", "2023-06") for cell in row] for row in made.CAF_COMMUNES.rows]
    with pytest.raises(InputError, match="mois autre que décembre") as caught:
        tables(made.CAF_COMMUNES.write(tmp_path, rows=rows))
    assert (caught.value.faults[0].line, caught.value.faults[0].column) == (2, "dtreffre")


# Contrats de ville.


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("geom_cv_ctr.json", made.contract_points()),
        ("cv.topojson", made.contract_outlines()),
        ("zonages.csv", made.CONTRACT_LIST),
    ],
)
def test_each_file_of_contracts_gives_its_holders(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert intake.recognise(open_document(path)).fictional
    links = tables(path).links
    assert list(links.columns) == LINK_COLUMNS
    held = dict(zip(links["parent_code"], links["code"], strict=True))
    assert held == {"CV998": "990000001", "CV999": "990000002"}
    assert set(links["parent_vintage"]) == {2015}


def test_a_contract_of_two_departements_is_one(tmp_path):
    path = tmp_path / "geom_cv_ctr.json"
    path.write_text(made.contract_points(), encoding="utf-8")
    rows = check_measures(tables(path).measures, where="contrats")
    assert value(rows, "CV999", "population_in_qpv")["value"] == 1100


def test_a_cut_file_of_contracts_is_refused(tmp_path):
    path = tmp_path / "geom_cv_ctr.json"
    path.write_text(made.contract_points()[:-40], encoding="utf-8")
    with pytest.raises(InputError, match="tronquée ou abîmée"):
        tables(path)


# Real files, read whole.


def plain(path, delimiter):
    return pd.read_csv(path, sep=delimiter, dtype=str, keep_default_na=False)


@pytest.mark.parametrize(
    ("name", "delimiter", "code", "words"),
    [
        ("insee_qpv/rpls_qpv.csv", ",", "CodGeo", {**insee_rpls.STOCK, **insee_rpls.RENTS}),
        ("caf/data_CAF_2020_IRIS.csv", ";", "CODGEO", None),
    ],
)
def test_no_value_is_lost_and_none_is_changed(shared, name, delimiter, code, words):
    raw = plain(shared / "real" / name, delimiter)
    rows = check_measures(tables(shared / "real" / name).measures, where=name)
    meanings = words or caf_iris._layout().columns
    figures = [column for column in raw if column.upper() in meanings]
    assert len(figures) == len(raw.columns) - 2
    assert len(rows) == len(raw) * len(figures)
    for column in figures:
        meaning = meanings[column.upper()]
        ours = rows[(rows["variable"] == meaning.variable) & (rows["group"] == meaning.group)]
        theirs = pd.to_numeric(raw[column].str.replace(",", ".").replace("", None))
        ours = ours.set_index("code")["value"].reindex(raw[code])
        np.testing.assert_array_equal(ours.to_numpy(), theirs.to_numpy("float64"))


def test_values_read_by_hand(shared):
    # rpls_qpv.csv, QP002001: nbLsPls, txVac, medLoy, txLsPlusAv77; QP001001: txLs3p.
    homes = tables(shared / "real/insee_qpv/rpls_qpv.csv").measures
    assert value(homes, "QP002001", "social_dwellings")["value"] == 2360
    assert value(homes, "QP002001", "social_vacancy_rate")["value"] == 2
    assert value(homes, "QP002001", "social_rent_median")["value"] == 4.99
    assert value(homes, "QP002001", "social_dwellings_share", "plus_before_1977")["value"] == 92.8
    assert value(homes, "QP001001", "social_dwellings_share", "rooms_3")["value"] == 33.3
    # data_CAF_2020_IRIS.csv, 593500104: PERCOU, AM, ARSAS; 593500101 is under secrecy (NOTE 3).
    caf = tables(shared / "real/caf/data_CAF_2020_IRIS.csv").measures
    assert value(caf, "593500104", "persons_covered_by_caf")["value"] == 1543
    assert value(caf, "593500104", "benefit_households", "lone_parents")["value"] == 55
    assert value(caf, "593500104", "rsa_households")["value"] == 102
    assert value(caf, "593500101", "rsa_households")[["status", "note"]].tolist() == ["suppressed", "NOTE=3"]
    # geom_cv_ctr.json, CV192 (MEL) and CV043, published in two parts: 21,147 + 1,916.
    contracts = tables(shared / "real/contrats_ville/geom_cv_ctr.json")
    assert value(contracts.measures, "CV192", "population_in_qpv")["value"] == 207_382
    assert value(contracts.measures, "CV043", "population_in_qpv")["value"] == 23_063


def test_the_files_of_contracts_agree(shared):
    links = [
        tables(shared / "real/contrats_ville" / name).links
        for name in ("geom_cv_ctr.json", "cv.topojson", "zonages.csv")
    ]
    held = [
        one[one["level"] == "epci"].drop_duplicates("parent_code").set_index("parent_code")["code"]
        for one in links
    ]
    assert [len(one) for one in held] == [369, 431, 394]
    for other in held[1:]:
        both = held[0].to_frame("first").join(other.rename("second"), how="inner")
        assert (both["first"] == both["second"]).mean() > 0.99
    quarters = links[0][links[0]["level"] == "qpv"]
    assert set(quarters.loc[quarters["code"] == "QP059074", "parent_code"]) == {"CV192"}
    assert set(quarters["vintage"]) == {2015}
