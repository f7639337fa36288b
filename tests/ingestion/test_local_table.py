"""Local tables: drafted from the file, declared by a person, read without anything taken in silence."""

import tomllib

import numpy as np
import pytest

from diagnostic.analysis.disclosure.registers import protect_register
from diagnostic.errors import ConfigurationError, InputError
from diagnostic.ingestion import local_table
from diagnostic.ingestion.document import open_document
from diagnostic.ingestion.local_declaration import parse
from diagnostic.schemas import check_measures

TABLE = {
    "nom": "mission_locale",
    "titre": "Jeunes suivis",
    "producteur": "Mission locale",
    "citation": "Mission locale, jeunes suivis en 2023",
    "adresse": "transmis le 3 mars 2024",
    "licence": "convention du 1er mars 2024",
    "publie": "2024-03-03",
    "edition": "2023",
    "niveau": "qpv",
    "cle": "code",
    "generation": 2015,
    "periode": 2023,
    "vide": "manquant",
    "diffusion": "publique",
}
COLUMNS = {"suivis": {"variable": "youth_followed", "unite": "persons"}}
COMPILATION = """
[table]
nom = "compilation_qpv2024"
titre = "Données sur les quartiers de 2024"
producteur = "Insee ; Cnaf"
citation = "Insee, population municipale, estimations démographiques 2020, Filosofi ; Cnaf, allocataires"
adresse = "https://www.insee.fr/fr/statistiques/8186144"
licence = "Licence Ouverte"
publie = "2024"
edition = "2024"
niveau = "qpv"
cle = "codeQPV"
generation = 2024
periode = 2020
vide = "inconnu"
repetition = "identique"
diffusion = "publique"
seuil = 0
"""
MAPPED = {
    "popMuniQPV": ("population", "persons"),
    "indiceJeunesse": ("youth_index", "index"),
    "partPopEt": ("foreign_share", "percent"),
    "partPopImmi": ("immigrant_share", "percent"),
    "partMenImmi": ("immigrant_households_share", "percent"),
    "partMenEt": ("foreign_households_share", "percent"),
    "partMen1p": ("one_person_households_share", "percent"),
    "partMen2p": ("two_person_households_share", "percent"),
    "partMen3p": ("three_person_households_share", "percent"),
    "partMen45p": ("four_or_five_person_households_share", "percent"),
    "partMen6pp": ("six_person_households_share", "percent"),
    "nombre_menages": ("households", "households"),
    "nombre_logements_sociaux": ("social_dwellings", "dwellings"),
    "taux_d_emploi": ("employment_rate", "percent"),
    "taux_pauvrete_60%": ("poverty_rate", "percent"),
    "personnes_couvertes_CAF": ("persons_covered_by_caf", "persons"),
    "allocataires_CAF": ("benefit_households", "beneficiaries"),
    "RSA_socle": ("rsa_households", "beneficiaries"),
}
BY_EDITION = (
    "taux_pauvrete_60%",
    "personnes_couvertes_CAF",
    "allocataires_CAF",
    "RSA_socle",
    "nombre_logements_sociaux",
)
LEFT_OUT = {
    "taux_logements_sociaux": "calculé par le compilateur, dépasse 100 par endroits",
    **dict.fromkeys(
        ["COG", "lib_com", "lib_qp", "insee_reg", "lib_reg", "insee_dep", "lib_dep", "siren_epci", "lib_epci"],
        "code ou nom de lieu",
    ),
}


def compilation():
    raw = tomllib.loads(COMPILATION)
    raw["colonnes"] = {
        title: {"variable": variable, "unite": unit}
        | ({"periode": 2024, "periode_connue": False} if title in BY_EDITION else {})
        for title, (variable, unit) in MAPPED.items()
    }
    raw["ignorer"] = LEFT_OUT
    return raw


def table(tmp_path, text, *, name="table.csv", columns=None, ignored=None, **changes):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    raw = {"table": TABLE | changes, "colonnes": columns or COLUMNS, "ignorer": ignored or {}}
    return open_document(path), parse(raw, name=f"{name}.toml")


def test_compilation_of_2024_is_read_whole(shared):
    document = open_document(shared / "real" / "insee_qpv2024" / "compilation_qpv2024.csv")
    declaration = parse(compilation(), name="compilation_qpv2024.csv.toml")
    measures = check_measures(local_table.read(document, declaration).measures, where="compilation")
    assert measures["code"].nunique() == 1518
    assert len(measures) == 1518 * len(MAPPED)
    north = measures[measures["code"].str[2:5].isin(["002", "059", "060", "062", "080"])]
    population = north[north["variable"] == "population"]
    assert (len(population), population["value"].sum()) == (204, 753_115)
    absent = north[north["status"] == "not_released"].groupby("variable").size()
    known = ["foreign_share", "immigrant_share", "youth_index", "poverty_rate"]
    assert absent[known].tolist() == [37, 25, 8, 7]
    assert "employment_rate" not in absent
    row = measures[(measures["code"] == "QN00101M") & (measures["variable"] == "foreign_share")].iloc[0]
    assert (row["value"], row["period"], row["period_basis"]) == (27.8, 2020, "stated")
    caf = measures[measures["variable"] == "rsa_households"]
    assert set(caf["period_basis"]) == {"edition"}


def test_compilation_account(shared):
    document = open_document(shared / "real" / "insee_qpv2024" / "compilation_qpv2024.csv")
    account = local_table.account(document, parse(compilation(), name="x.toml"))
    assert (account.rows, account.places, account.repeated, account.hidden) == (1713, 1518, 152, 0)
    # Mayotte alone: the compilation has codes that the outlines of January 2026 no longer hold.
    assert (len(account.unknown), {code[:5] for code in account.unknown}) == (42, {"QN976"})


def test_compilation_column_out_of_bounds_is_refused(shared):
    document = open_document(shared / "real" / "insee_qpv2024" / "compilation_qpv2024.csv")
    raw = compilation()
    del raw["ignorer"]["taux_logements_sociaux"]
    raw["colonnes"]["taux_logements_sociaux"] = {"variable": "social_share", "unite": "percent"}
    with pytest.raises(InputError, match="hors des bornes"):
        local_table.read(document, parse(raw, name="x.toml"))


def test_draft_of_compilation_asks_for_what_it_cannot_guess(shared):
    document = open_document(shared / "real" / "insee_qpv2024" / "compilation_qpv2024.csv")
    raw = tomllib.loads(local_table.draft(document))
    assert (raw["table"]["cle"], raw["table"]["niveau"], raw["table"]["generation"]) == ("codeQPV", "qpv", 2024)
    assert raw["colonnes"]["partPopEt"]["variable"] == "foreign_share"
    assert {"COG", "siren_epci", "insee_dep"} <= set(raw["ignorer"])
    columns = {"codeQPV", *raw["colonnes"], *raw["ignorer"]}
    assert columns == set(document.columns(["codeQPV"]))
    with pytest.raises(ConfigurationError, match="À COMPLÉTER"):
        parse(raw, name="x.toml")


@pytest.mark.parametrize(
    ("codes", "level"),
    [
        (["QP099001", "QP099002"], ("qpv", 2015)),
        (["QN09901M"], ("qpv", 2024)),
        (["59350", "1053"], ("commune", None)),
        (["200093201", "245900410"], ("epci", None)),
        (["593500101"], ("iris", None)),
    ],
)
def test_draft_finds_the_key(tmp_path, codes, level):
    path = tmp_path / "t.csv"
    path.write_text("nom;zone;effectif\n" + "".join(f"a;{code};12\n" for code in codes), encoding="utf-8")
    raw = tomllib.loads(local_table.draft(open_document(path)))
    assert (raw["table"]["cle"], raw["table"]["niveau"]) == ("zone", level[0])
    assert raw["table"].get("generation") == level[1]
    assert list(raw["colonnes"]) == ["effectif"]
    assert raw["ignorer"] == {"nom": "texte ou code, sans chiffre"}


def test_draft_without_codes_is_refused(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("nom;effectif\nici;12\nla;13\n", encoding="utf-8")
    with pytest.raises(InputError, match="territoire"):
        local_table.draft(open_document(path))


def test_marks_empty_cells_and_threshold_are_four_things(tmp_path):
    text = "code;suivis\nQP059001;45\nQP059002;ns\nQP059003;\nQP059004;10\nQP059005;11\n"
    measures = local_table.read(*table(tmp_path, text)).measures
    assert measures["status"].tolist() == ["observed", "suppressed", "missing", "observed", "observed"]
    check_measures(measures, where="table")
    shown, _ = protect_register(measures, threshold=11)
    assert shown["status"].tolist() == ["observed", "suppressed", "missing", "masked", "observed"]
    check_measures(shown, where="table")


@pytest.mark.parametrize(
    ("empty", "status"), [("secret", "suppressed"), ("manquant", "missing"), ("inconnu", "not_released")]
)
def test_empty_cells_mean_what_is_declared(tmp_path, empty, status):
    measures = local_table.read(*table(tmp_path, "code;suivis\nQP059001;\n", vide=empty)).measures
    assert measures["status"].tolist() == [status]
    assert bool(measures["note"].iloc[0]) == (empty == "inconnu")


def test_restricted_table_keeps_small_counts(tmp_path):
    measures = local_table.read(*table(tmp_path, "code;suivis\nQP059001;3\n", diffusion="restreinte")).measures
    assert measures["value"].tolist() == [3.0]


def test_rows_of_persons_are_refused(tmp_path):
    text = "code;suivis\nQP059001;1\nQP059001;0\n"
    with pytest.raises(InputError, match="personnes ou de ménages"):
        local_table.read(*table(tmp_path, text, repetition="identique"))


def test_equal_rows_need_the_declaration(tmp_path):
    text = "code;suivis\nQP059001;45\nQP059001;45\n"
    with pytest.raises(InputError, match="identique"):
        local_table.read(*table(tmp_path, text))
    document, declaration = table(tmp_path, text, repetition="identique")
    assert len(local_table.read(document, declaration).measures) == 1
    assert local_table.account(document, declaration).repeated == 1


def test_codes_of_the_other_generation_are_refused(tmp_path):
    with pytest.raises(InputError, match="autre génération"):
        local_table.read(*table(tmp_path, "code;suivis\nQP059001;45\nQN05901M;12\n"))


def test_unknown_codes_are_counted(tmp_path):
    document, declaration = table(tmp_path, "code;suivis\nQP059999;45\nQP059001;12\n")
    assert local_table.account(document, declaration).unknown == ("QP059999",)


def test_forgotten_columns_are_all_listed(tmp_path):
    text = "code;suivis;sexe;age\nQP059001;45;a;b\n"
    with pytest.raises(InputError, match="sexe et age"):
        local_table.read(*table(tmp_path, text))
    assert len(local_table.read(*table(tmp_path, text, ignored={"sexe": "vide", "age": "vide"})).measures) == 1


def test_declared_faults_come_together():
    raw = {
        "table": {key: value for key, value in TABLE.items() if key != "licence"} | {"difusion": "publique"},
        "colonnes": {"suivis": {"variable": "Suivis", "unite": "person"}},
        "ignore": {},
    }
    with pytest.raises(ConfigurationError) as caught:
        parse(raw, name="t.toml")
    text = str(caught.value)
    assert len(caught.value.faults) == 5
    assert "« diffusion »" in text
    assert "« persons »" in text
    assert "« ignorer »" in text
    assert "licence" in text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"generation": None}, "génération"),
        ({"niveau": "commune"}, "millesime"),
        ({"periode": None}, "période"),
    ],
)
def test_incoherent_declarations(changes, words):
    raw = {
        "table": {key: value for key, value in (TABLE | changes).items() if value is not None},
        "colonnes": COLUMNS,
    }
    with pytest.raises(ConfigurationError, match=words):
        parse(raw, name="t.toml")


def test_recognised_by_its_declaration(tmp_path):
    path = tmp_path / "ml.csv"
    path.write_text("code;suivis\nQP099001;45\n", encoding="utf-8")
    assert not local_table.is_declared(path)
    lines = [f"{name} = {value!r}".replace("'", '"') for name, value in TABLE.items()]
    column = '[colonnes.suivis]\nvariable = "youth_followed"\nunite = "persons"\n'
    local_table.declaration_of(path).write_text("[table]\n" + "\n".join(lines) + "\n" + column, encoding="utf-8")
    assert local_table.is_declared(path)
    recognition = local_table.recognise(open_document(path), local_table.declaration_of(path))
    assert (recognition.source, recognition.edition, recognition.fictional) == (
        "local_mission_locale",
        "2023",
        True,
    )
    provenance = local_table.load(local_table.declaration_of(path)).provenance
    assert provenance.producer == "Mission locale"


@pytest.mark.parametrize(("content", "words"), [(b"[table\n", "syntaxe"), (b"\xff\xfe\x00", "UTF-8")])
def test_broken_declaration(tmp_path, content, words):
    path = tmp_path / "t.csv.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=words):
        local_table.load(path)


def test_absent_declaration(tmp_path):
    with pytest.raises(ConfigurationError, match="introuvable"):
        local_table.load(tmp_path / "t.csv.toml")


def test_lost_zeros_of_communes_come_back(tmp_path):
    text = "code;suivis\n1053;45\n59350;12\n"
    measures = local_table.read(*table(tmp_path, text, niveau="commune", generation=None, millesime=2021)).measures
    assert measures["code"].tolist() == ["01053", "59350"]
    assert set(measures["vintage"]) == {2021}


def drafted(tmp_path, text):
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    return local_table.draft(open_document(path))


@pytest.mark.parametrize(
    "title",
    ["Prénom", "NOM_PRENOM", "Date de naissance", "NIR", "Mél", "E-mail", "Téléphone", "tel_portable", "Adresse",
     "Nom de famille", "date_naissance", "Naissance", "Année de naissance"],
)  # fmt: skip
def test_a_list_of_persons_is_refused_at_the_draft(tmp_path, title):
    with pytest.raises(InputError, match="cette table nomme des personnes") as caught:
        drafted(tmp_path, f"code;{title};suivis\nQP059001;x;1\nQP059002;y;2\n")
    (fault,) = caught.value.faults
    assert fault.found == f"les colonnes {title}"


@pytest.mark.parametrize(
    "rows",
    [
        "code;age\n" + "".join(f"QP0590{k:02};{k}\n" for k in range(1, 60)) + "QP059001;77\n",
        "code;sexe\nQP059001;F\nQP059001;H\n",
    ],
)
def test_codes_repeated_with_other_values_are_refused_at_the_draft(tmp_path, rows):
    with pytest.raises(InputError, match="codes sur plusieurs lignes aux valeurs différentes"):
        drafted(tmp_path, rows)


def test_names_of_places_and_figures_repeated_by_commune_are_drafted(tmp_path):
    text = drafted(tmp_path, "code;nom;commune;suivis\nQP059001;a;b;45\nQP059001;a;c;45\nQP059002;d;e;3\n")
    assert tomllib.loads(text)["table"]["cle"] == "code"


@pytest.mark.parametrize(
    ("written", "unit"),
    [("pourcentage", "percent"), ("Personnes", "persons"), ("ménages", "households"), ("logements", "dwellings"),
     ("allocataires", "beneficiaries"), ("euros", "euros"), ("%", "percent"),
     ("unités de consommation", "consumption_units"), ("persons", "persons")],
)  # fmt: skip
def test_units_may_be_said_in_french(written, unit):
    columns = {"suivis": {"variable": "v", "unite": written}}
    assert parse({"table": TABLE, "colonnes": columns}, name="t.toml").colonnes["suivis"].unite == unit


@pytest.mark.parametrize(
    ("written", "group"),
    [("ensemble", "all"), ("Femmes", "women"), ("hommes", "men"), ("étrangers", "foreign"), ("français", "french"),
     ("under_25", "under_25")],
)  # fmt: skip
def test_groups_may_be_said_in_french(written, group):
    columns = {"suivis": {"variable": "v", "unite": "persons", "groupe": written}}
    assert parse({"table": TABLE, "colonnes": columns}, name="t.toml").colonnes["suivis"].groupe == group


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('adresse = "C:\\Users\\moi"', "écrivez / à la place de \\"),
        ('titre = "sans fin', "vérifiez les guillemets"),
        ('nom = "b"', "déjà"),
    ],
)
def test_a_fault_of_syntax_is_said_in_french_with_its_line(tmp_path, line, words):
    path = tmp_path / "t.csv.toml"
    path.write_text(f'[table]\nnom = "a"\n{line}\n', encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        local_table.load(path)
    (fault,) = caught.value.faults
    assert fault.line == 3
    assert words in fault.remedy
    assert "at line" not in str(fault)


def test_a_hidden_group_is_not_the_total_less_the_others(tmp_path):
    path = tmp_path / "suivis.csv"
    path.write_text("code;total;femmes;hommes\nQP099001;50;42;8\nQP099002;60;30;30\n", encoding="utf-8")
    columns = "".join(
        f'[colonnes."{title}"]\nvariable = "suivis"\ngroupe = "{group}"\nunite = "persons"\n'
        for title, group in (("total", "all"), ("femmes", "women"), ("hommes", "men"))
    )
    head = COMPILATION.replace('"codeQPV"', '"code"').replace("generation = 2024", "generation = 2015")
    head = head.replace("seuil = 0", "seuil = 11").replace('"identique"', '"refusee"')
    local_table.declaration_of(path).write_text(head + columns, encoding="utf-8")
    declared = local_table.load(local_table.declaration_of(path))
    shown, cells = protect_register(local_table.read(open_document(path), declared).measures, threshold=11)
    assert set(shown["note"]) == {"", "masqué pour protéger l’anonymat (règle du projet)"}
    assert cells["n"].isna().sum() == 2
    found = shown.set_index(["code", "group"])["value"]
    assert found["QP099001"].to_dict() == pytest.approx({"all": 50, "men": np.nan, "women": np.nan}, nan_ok=True)
    assert found["QP099002"].notna().all()
