"""Real territories from real files: values read by hand in the published files are found again in the tables."""

import shutil

import pandas as pd
import pytest

import diagnostic as dg
from diagnostic.config import TerritorySection, render_configuration
from diagnostic.ingestion import intake
from diagnostic.pipeline import accept, run
from diagnostic.territory.places import resolve
from diagnostic.workspace import create

TODAY = pd.Timestamp("2026-01-31").date()
LILLE_2019 = "245900410"  # SIREN under which the 2019 figures were published


def made(root, shared, *, files=("real",), declared=(), generation=2015, **place):
    territory = resolve(generation=generation, **place)
    section = TerritorySection(
        nom=territory.name, generation=generation, epci=list(territory.epci), qpv=list(territory.qpv)
    )
    workspace = create(root, configuration=render_configuration(section, TODAY))
    for origin, declaration in declared:
        copy = root / "data" / "raw" / "tables_locales" / origin.name
        copy.parent.mkdir(parents=True)
        shutil.copyfile(origin, copy)
        copy.with_name(f"{copy.name}.toml").write_text(declaration, encoding="utf-8")
    verdicts = intake.add(workspace, [shared / one for one in files], accept=accept(workspace))
    result = run(workspace)
    return dg.load(root), verdicts, result


@pytest.fixture(scope="module")
def maubeuge(shared, tmp_path_factory):
    return made(tmp_path_factory.mktemp("reel") / "maubeuge", shared, epci="200043396")


@pytest.fixture(scope="module")
def across(shared, tmp_path_factory):
    """Two neighbourhoods of two départements, one of them over four communes."""
    return made(tmp_path_factory.mktemp("reel") / "deux", shared, qpv=["QP059074", "QP062032"])


def one(table, **wanted):
    """The headline row that has these values, the only one."""
    rows = table[table["headline"]]
    for column, expected in wanted.items():
        rows = rows[rows[column] == expected]
    return rows.iloc[0]


def value(tables, code, variable, group="all"):
    return one(tables.indicators, code=code, variable=variable, group=group)["value"]


def gap(tables, code, variable, kind):
    return one(tables.gaps, code=code, variable=variable, group="all", comparator_kind=kind)


def test_the_right_files_are_recognised_and_no_other(maubeuge):
    _, verdicts, _ = maubeuge
    outcomes = {verdict.path.name: verdict.outcome for verdict in verdicts}
    for name in ("DEMO_2022.csv", "IPRO_2022.csv", "REVN_2022.csv", "data_filo19_qp_revdis.csv",
                 "FILO2019_DISP_EPCI.csv", "qp-politiquedelaville-shp.zip", "communes-hauts-de-france.geojson",
                 "pop_qp_2013.xls", "demographie_2010_qpv.xls", "fr-en-ips_ecoles_2022.csv",
                 "donnee-reg-2023.csv", "zonages.csv"):  # fmt: skip
        assert outcomes[name] is intake.Outcome.ADDED, name
    for name in ("hackaviz2021_meta_qp.csv", "iris_2021.csv", "compilation_qpv2024.csv", "arn_plm.csv.gz"):
        assert outcomes[name] is intake.Outcome.NOT_NEEDED, name
    # Rows made up in the format of the producer, one of them of an offence that it does not publish.
    refused = {name for name, outcome in outcomes.items() if outcome is intake.Outcome.REFUSED}
    assert refused == {"delinquance_sample.csv.gz"}


# Ten values read by hand in the files of shared/real: the file, the row and the column are named beside each.


def test_values_read_by_hand(maubeuge, across):
    tables, _, _ = maubeuge
    # 1. DEMO_2022.csv, QP059014, POP_MUN.
    assert value(tables, "QP059014", "population") == 2769
    # 2. DEMO_2022.csv, QP059011, TX_TOT_ET.
    assert value(tables, "QP059011", "foreign_share") == 8.9
    # 3. DEMO_2022.csv, QP059012, AM ÷ A.
    assert value(tables, "QP059012", "lone_parent_share") == pytest.approx(100 * 74 / 343)
    # 4. IPRO_2022.csv, QP059014, TX_F_EMPL.
    assert value(tables, "QP059014", "employment_rate", "women") == 30.1
    # 5. IPRO_2022.csv, QP059013, ABC_25 ÷ ABC.
    assert value(tables, "QP059013", "youth_among_job_seekers") == pytest.approx(100 * 46 / 255)
    # 6. REVN_2022.csv, QP059013, (C_C2SNP + C_C2SP) ÷ C.
    assert value(tables, "QP059013", "c2s_share") == pytest.approx(100 * (495 + 106) / 1300)
    # 7. data_filo19_qp_revdis.csv, QP059014, DISP_TP60_A19.
    assert value(tables, "QP059014", "poverty_rate") == 51.2
    # 8. data_filo19_qp_revdis.csv, QP059012, DISP_MED_A19 against FILO2019_DISP_EPCI.csv, 200043396, Q219.
    row = gap(tables, "QP059012", "median_living_standard", "epci")
    assert (row["value"], row["comparator_value"], row["difference"]) == (14_900, 17_510, -2_610)
    # 9. IPRO_2022.csv, QP059074, ABC_E ÷ ABC over DEMO_2022.csv, QP059074, TX_TOT_ET.
    found = value(across[0], "QP059074", "foreign_overrepresentation")
    assert found == pytest.approx(2457 / 7484 / 0.218)
    # 10. data_filo19_qp_revdis.csv, QP059074, DISP_GINI_A19.
    assert value(across[0], "QP059074", "gini_index") == 0.272


def test_a_rate_over_one_or_two_persons_is_hidden(across):
    """IPRO_2022.csv gives QP062032 100.0 % of foreigners in employment: 0.1 % of 1,529 inhabitants."""
    rows = across[0].indicators.query(
        "code == 'QP062032' and variable == 'employment_rate' and group == 'foreign'"
    )
    newest = rows[rows["edition"] == "2022"].iloc[0]
    assert (newest["status"], pd.isna(newest["value"])) == ("masked", True)
    assert newest["note"] == "moins de 11 personnes concernées"
    assert across[0].measures.query(
        "code == 'QP062032' and variable == 'employment_rate' and group == 'foreign' and edition == '2022'"
    )["value"].tolist() == [100.0]


def test_not_released_stays_apart_from_secret(maubeuge):
    rows = maubeuge[0].measures.query("level == 'qpv' and variable == 'foreign_share' and edition == '2022'")
    absent = rows[rows["value"].isna()]
    assert set(absent["status"]) == {"not_released"}
    assert set(absent["note"]) == {"NOTE_RP=0"}


def test_a_comparator_that_does_not_exist_has_no_row(maubeuge):
    kinds = set(maubeuge[0].gaps.query("variable == 'poverty_rate'")["comparator_kind"])
    assert kinds == {"qpv_departement_median"}


def test_the_quarters_of_a_contract_are_a_comparator_where_all_are_published(maubeuge):
    # REVN_2022.csv, (C_C2SNP + C_C2SP) and C summed over QP059011 to QP059019; Caf figures of two are secret.
    row = gap(maubeuge[0], "QP059014", "c2s_share", "contrat")
    assert row["comparator_value"] == pytest.approx(100 * 8686 / 19_266)
    assert row["comparator_label"] == "ensemble des QPV du contrat (9\u00a0quartiers)"
    absent = gap(maubeuge[0], "QP059014", "rsa_share", "contrat")
    assert pd.isna(absent["comparator_value"])
    assert absent["note"].endswith("chiffre non publié dans 2\u00a0quartiers sur\u00a09 (QP059016 et QP059017)")
    # The csv files of Insee count nobody in the EPCI: nothing stands for it.
    assert "epci_hors_qpv" not in set(maubeuge[0].gaps["comparator_kind"])


def test_every_commune_of_a_neighbourhood_is_a_comparator(across):
    rows = across[0].gaps.query("code == 'QP059074' and variable == 'median_living_standard' and headline")
    communes = rows[rows["comparator_kind"] == "commune"]
    assert set(communes["comparator_code"]) == {"59350", "59220", "59360", "59346"}


def test_an_older_siren_stands_for_the_metropole_and_says_so(across):
    row = gap(across[0], "QP059074", "median_living_standard", "epci")
    assert (row["comparator_code"], row["comparator_value"]) == (LILLE_2019, 20_940)
    assert "90 communes" in row["note"]


def test_years_never_mix(maubeuge):
    gaps = maubeuge[0].gaps
    assert (gaps["period"] == gaps["comparator_period"]).all()


def test_every_figure_shown_has_its_source(maubeuge):
    tables, _, _ = maubeuge
    named = {name for names in tables.indicators["source"] for name in names.split(" + ")}
    assert named <= set(tables.sources["source"])
    assert tables.sources[["producer", "citation", "url", "licence", "sha256"]].ne("").all(axis=None)


# The 2024 generation, from a local table on derived outlines.

COLUMNS = {
    "popMuniQPV": ("population", "persons", 2020), "indiceJeunesse": ("youth_index", "index", 2020),
    "partPopEt": ("foreign_share", "percent", 2020), "partPopImmi": ("immigrant_share", "percent", 2020),
    "taux_d_emploi": ("employment_rate", "percent", 2020), "taux_pauvrete_60%": ("poverty_rate", "percent", 2021),
    "allocataires_CAF": ("benefit_households", "beneficiaries", 2022),
    "RSA_socle": ("rsa_households", "beneficiaries", 2022),
    "personnes_couvertes_CAF": ("persons_covered_by_caf", "persons", 2022),
}  # fmt: skip
LEFT = (
    "COG", "lib_com", "lib_qp", "insee_reg", "lib_reg", "insee_dep", "lib_dep", "siren_epci", "lib_epci",
    "partMenImmi", "partMenEt", "partMen1p", "partMen2p", "partMen3p", "partMen45p", "partMen6pp",
    "nombre_menages", "nombre_logements_sociaux", "taux_logements_sociaux",
)  # fmt: skip
DECLARATION = (
    """\
[table]
nom = "compilation_qpv2024"
titre = "Compilation sur les quartiers de 2024"
producteur = "Insee ; Cnaf"
citation = "Insee, estimations démographiques et Filosofi ; Cnaf, allocataires"
adresse = "https://www.insee.fr/fr/statistiques/8186144"
licence = "Licence Ouverte"
publie = "2024"
edition = "2024"
niveau = "qpv"
cle = "codeQPV"
generation = 2024
periode_connue = false
vide = "inconnu"
repetition = "identique"
diffusion = "publique"
seuil = 0
"""
    + "".join(
        f'\n[colonnes."{title}"]\nvariable = "{variable}"\nunite = "{unit}"\nperiode = {year}\n'
        for title, (variable, unit, year) in COLUMNS.items()
    )
    + "\n[ignorer]\n"
    + "".join(f'"{title}" = "non utilisé ici"\n' for title in LEFT)
)


@pytest.fixture(scope="module")
def lille_2024(shared, tmp_path_factory):
    return made(
        tmp_path_factory.mktemp("reel") / "lille 2024", shared, files=("real/boundaries", "real/geography"),
        declared=[(shared / "real" / "insee_qpv2024" / "compilation_qpv2024.csv", DECLARATION)],
        generation=2024, epci="Métropole européenne de Lille",
    )  # fmt: skip


def test_the_2024_generation_from_a_local_table(lille_2024):
    tables, _, result = lille_2024
    quarters = tables.territories.query("level == 'qpv'")
    assert len(quarters) == 26
    assert quarters["code"].str.startswith("QN").all()
    # compilation_qpv2024.csv, QN05972M: popMuniQPV, taux_d_emploi, partPopImmi, RSA_socle ÷ allocataires_CAF.
    assert value(tables, "QN05972M", "population") == 53_291
    assert value(tables, "QN05972M", "employment_rate") == 45.9
    assert value(tables, "QN05972M", "immigrant_share") == 23.8
    assert value(tables, "QN05972M", "rsa_share") == pytest.approx(100 * 3901 / 21_681)
    assert quarters.set_index("code")["population"]["QN05972M"] == 53_291
    assert set(tables.indicators.query("level == 'qpv'")["vintage"]) == {2024}
    assert {"immigrant_share", "rsa_share", "poverty_rate", "employment_rate"} <= set(
        tables.indicators["variable"]
    )
    assert result.documents[0].stat().st_size > 100_000


def test_the_2015_outlines_are_not_cited_for_2024(lille_2024):
    assert "anct_qpv_2015" not in set(lille_2024[0].sources["source"])
