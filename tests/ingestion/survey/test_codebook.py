"""The codebook: checked whole, every fault with a way out, nothing guessed in silence."""

import datetime as dt
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from survey_builder import EXPERIENCE, IDENTITY, YES_NO, build, codebook, multiple, single

from diagnostic.errors import ConfigurationError
from diagnostic.ingestion.survey.canonical import canonical
from diagnostic.ingestion.survey.codebook import (
    TO_COMPLETE,
    check,
    declared_form,
    draft,
    load_codebook,
    match,
    parse_codebook,
)
from diagnostic.ingestion.survey.export import QuestionKind
from diagnostic.ingestion.survey.reader import read_export
from diagnostic.survey_model import Kind, concept_keys, concepts
from diagnostic.territory.places import Territory

TEXT = """\
commanditaire = "Ville fictive"
debut = 2025-03-01
fin = 2025-04-15
population = "habitants de 18 ans et plus"
base = "volontaires"
mode = ["en_ligne", "papier"]
regime = "anonyme"
date_suppression = 2027-12-31
modalites_csv = "modalites.csv"

[questions.motifs]
question = "motifs"
"""


def faults_of(raw):
    with pytest.raises(ConfigurationError) as caught:
        parse_codebook(raw)
    return [str(fault).replace("\u00a0", " ") for fault in caught.value.faults]


def test_a_codebook_and_its_csv(tmp_path):
    (tmp_path / "enquete.toml").write_text(TEXT, encoding="utf-8")
    (tmp_path / "modalites.csv").write_text(
        "\ufeffcle;code;modalite\nmotifs;SQ001;origine\nmotifs;SQ002;couleur_peau\n", encoding="utf-8"
    )
    read = load_codebook(tmp_path / "enquete.toml")
    assert read.questions["motifs"].modalites == {"SQ001": "origine", "SQ002": "couleur_peau"}
    assert read.date_suppression == dt.date(2027, 12, 31)


def test_every_fault_at_once(tmp_path):
    (tmp_path / "enquete.toml").write_text(
        TEXT.replace("date_suppression = 2027-12-31\n", "")
        .replace('base = "volontaires"', 'base = "volontaire"')
        .replace("commanditaire", "comanditaire")
        + 'modalite = {}\n[questions.motif]\nquestion = "m"\n',
        encoding="utf-8",
    )
    (tmp_path / "modalites.csv").write_text("cle;code;modalite\nmotfis;SQ001;origine\n", encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_codebook(tmp_path / "enquete.toml")
    said = str(caught.value).replace("\u00a0", " ")
    assert len(caught.value.faults) >= 7
    for part in (
        "date_suppression", "jour d’effacement", "comanditaire", "vouliez-vous écrire « commanditaire »",
        "volontaire", "vouliez-vous écrire « modalites »", "vouliez-vous écrire « motifs »", "ligne 2",
    ):  # fmt: skip
        assert part in said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"regime": "consentement"}, "sans elles, rien n’est lu"),
        ({"regime": "consentement", "consentement": {"date": dt.date(2025, 2, 1)}}, "reference_dpo"),
        ({"consentement": {"date": dt.date(2025, 2, 1), "reference_dpo": "x"}}, "aucune trace de consentement"),
        ({"date_suppression": dt.date(2025, 4, 1)}, "précède la fin de la collecte"),
        ({"fin": dt.date(2025, 2, 1)}, "la fin précède le début"),
        ({"questions": {"nationalite": {"question": "nat"}}}, "donnée sensible sans décision écrite"),
        ({"questions": {"sexe": {}}}, "question mal désignée"),
        ({"questions": {"sexe": {"question": "s", "modalites": {"1": "femmes"}}}}, "« femme »"),
        ({"questions": {"quartier": {"question": "q"}}}, "[quartier]"),
        ({"quartier": {"par": "coordonnees", "generation": 2015}}, "latitude"),
        ({"quartier": {"par": "code", "generation": 2020, "question": "q"}}, "2015 ou 2024"),
        ({"questions": {"motifs": {"question": "m", "filtre": {"cle": "temoin", "valeurs": ["oui"]}}}}, "filtre"),
        ({"commanditaire": f"{TO_COMPLETE} (nom)"}, "à compléter"),
        ({"taux_reponse": 130}, "trop grand"),
    ],
)
def test_faults(change, said):
    assert any(said in fault for fault in faults_of({**IDENTITY, **change}))


def test_answers_of_a_question_that_wait_for_their_word_are_one_fault():
    questions = {
        "sexe": {"question": "s", "modalites": {"H": TO_COMPLETE, "F": TO_COMPLETE, "N": "refus"}},
        "age": {"question": "a", "modalites": {"1": TO_COMPLETE}},
    }
    said = faults_of({**IDENTITY, "questions": questions})
    assert len(said) == 2
    assert "2 réponses à compléter" in said[0]
    assert "questions > sexe > modalites" in said[0]
    assert "Trouvé : H, F." in said[0]


def test_filter_values_are_ours():
    questions = {
        "temoin": {"question": "t"},
        "temoin_motifs": {"question": "m", "filtre": {"cle": "temoin", "valeurs": ["Y"]}},
    }
    assert any("valeur de filtre inconnue" in fault for fault in faults_of({**IDENTITY, "questions": questions}))


def test_files_that_cannot_be_read(tmp_path):
    path = tmp_path / "enquete.toml"
    with pytest.raises(ConfigurationError, match="absente"):
        load_codebook(path)
    path.write_bytes("commanditaire = 'é'".encode("cp1252"))
    with pytest.raises(ConfigurationError, match="UTF-8"):
        load_codebook(path)
    path.write_text("commanditaire = ", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="syntaxe"):
        load_codebook(path)
    path.write_text(TEXT, encoding="utf-8")
    with pytest.raises(ConfigurationError, match="annexe"):
        load_codebook(path)
    (tmp_path / "modalites.csv").write_text("cle,code\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="modalite"):
        load_codebook(path)


def survey():
    return build(
        [
            single("disc5", concepts()["experience_5y"].wording, EXPERIENCE),
            multiple("motifs", "Selon vous, pour quels motifs ?", {
                "SQ001": "L'origine, la nationalité ou la couleur de peau", "SQ002": "La religion",
                "SQ098": "Ne sait pas",
            }),
            single("age", "Votre âge", kind=QuestionKind.NUMBER),
            single("qpv", "Votre quartier", {"QN09901M": "Les Prés", "HORS": "Hors quartier prioritaire"}),
            single("poids", "Poids", kind=QuestionKind.NUMBER),
            single("avis", "Un commentaire ?", kind=QuestionKind.TEXT),
        ],
        {
            "disc5": ["A1", "A3"], "motifs[SQ001]": ["Y", ""], "motifs[SQ002]": ["", ""],
            "motifs[SQ098]": ["", ""], "age": ["24", "61"], "qpv": ["QN09901M", "HORS"], "poids": ["1,2", "0,8"],
            "avis": ["", ""],
        },
    )  # fmt: skip


def test_a_draft_marks_its_guesses_and_asks_the_rest():
    text = draft(survey())
    raw = tomllib.loads(text)
    assert raw["questions"]["experience_5_ans"]["question"] == "disc5"
    assert raw["questions"]["age"]["tranches"] is True
    assert raw["questions"]["motifs"]["modalites"] == {"SQ001": TO_COMPLETE, "SQ002": "religion"}
    assert '"SQ002" = "religion"  # La religion ; supposé : à vérifier' in text
    assert raw["poids"] == "poids"
    assert raw["quartier"] == {"question": "qpv", "par": "code", "generation": 2024, "hors": [], "inconnu": []}
    assert 'filtre = { cle = "experience_5_ans", valeurs = ["souvent", "parfois"] }  # supposé' in text
    assert "#   avis : Un commentaire ?" in text
    asked = faults_of(raw)
    assert all(any(name in fault for fault in asked) for name in ("commanditaire", "regime", "date_suppression"))


def test_a_completed_draft_is_read():
    raw = tomllib.loads(draft(survey()))
    raw |= IDENTITY
    raw["questions"]["motifs"]["modalites"]["SQ001"] = "origine"
    found = {one.concept.code: one for one in match(survey(), parse_codebook(raw))}
    assert found["experience_5y"].targets["A1"] == "souvent"
    assert found["experience_5y"].targets["A4"] == "refus"
    assert found["motives"].targets == {"SQ001": "origine", "SQ002": "religion", "SQ098": "nsp", "-oth-": "autre"}


def test_check_says_what_would_be_read():
    book = codebook(
        poids="poids",
        quartier={"question": "qpv", "par": "code", "generation": 2024},
        questions={
            "experience_5_ans": {"question": "disc5"},
            "motifs": {"question": "motifs", "filtre": {"cle": "experience_5_ans", "valeurs": ["souvent"]}},
        },
    )
    report = check(survey(), book)
    said = str(report).replace("\u00a0", " ").replace("\u202f", " ")
    assert "Souvent → souvent" in said
    assert "posée si experience_5_ans = souvent" in said
    assert "Régime anonyme" in said
    assert "Laissé de côté : 2 questions (age, avis)." in said
    assert "PER13" in said
    assert len(report.faults) == 1
    assert "réponses sans correspondance" in said
    assert "L’origine, la nationalité ou la couleur de peau" in said


def test_an_absent_question_is_said_with_the_nearest():
    book = codebook(questions={"sexe": {"question": "sex"}, "age": {"question": "agee"}}, poids="pois")
    with pytest.raises(ConfigurationError) as caught:
        match(survey(), book)
    said = str(caught.value).replace("\u00a0", " ")
    assert len(caught.value.faults) == 3
    assert "« age »" in said
    assert "« poids »" in said


def test_a_multiple_choice_is_no_single_concept():
    with pytest.raises(ConfigurationError, match="plusieurs réponses"):
        match(survey(), codebook(questions={"sexe": {"question": "motifs"}}))


def test_a_battery_needs_a_yes():
    export = build([single("w1", "Témoin : sexe", {"1": "Vrai", "2": "Faux"})], {"w1": ["1", "2"]})
    book = {"temoin_motifs": {"colonnes": {"w1": "sexe"}}}
    with pytest.raises(ConfigurationError, match="veut dire oui"):
        match(export, codebook(questions=book))
    book["temoin_motifs"]["oui"] = ["1"]
    (found,) = match(export, codebook(questions=book))
    assert found.items[0].yes == {"1"}
    with pytest.raises(ConfigurationError, match="qu’une réponse"):
        match(export, codebook(questions={"sexe": {"colonnes": {"w1": "femme"}}}))


def test_what_looks_typed_is_never_repeated():
    export = build([single("q", "Sexe", {"1": "Femme", "moi@exemple.fr": ""})], {"q": ["1", "moi@exemple.fr"]})
    report = check(export, codebook(questions={"sexe": {"question": "q"}}))
    assert "exemple.fr" not in str(report)
    assert "réponse libre" in str(report)
    assert "exemple.fr" not in draft(export)


def test_a_plain_yes_no_matches_by_itself():
    export = build([single("t", "Témoin ?", YES_NO, kind=QuestionKind.YES_NO)], {"t": ["Y", "N"]})
    (found,) = match(export, codebook(questions={"temoin": {"question": "Témoin ?"}}))
    assert (found.targets["Y"], found.targets["N"]) == ("oui", "non")


KEYS = [key for key, concept in concept_keys().items() if concept.kind is not Kind.PLACE]


@given(
    st.dictionaries(
        st.one_of(st.sampled_from(KEYS), st.text(max_size=8)),
        st.one_of(st.text(max_size=5), st.dictionaries(st.text(max_size=9), st.text(max_size=9), max_size=3)),
        max_size=4,
    )
)
def test_any_codebook_is_read_or_refused_in_french(questions):
    try:
        read = set(parse_codebook({**IDENTITY, "questions": questions}).questions)
        faults = ()
    except ConfigurationError as problem:
        read, faults = set(), problem.faults
    assert read <= set(KEYS)
    assert all(fault.remedy for fault in faults)


GOOGLE = """\
"Horodateur","Votre quartier","Selon vous, pour quels motifs ?","Avez-vous entrepris une démarche ?"
"2025/03/11 2:05:00 PM UTC+1","Les Prés","L'origine, la couleur de peau;Mon accent","Non"
"2025/03/12 2:05:00 PM UTC+1","Les Prés","La religion","Oui"
"""


def test_boxes_listed_in_the_codebook_are_told_apart(tmp_path):
    path = tmp_path / "google.csv"
    path.write_text(GOOGLE, encoding="utf-8")
    text = draft(read_export(path))
    assert "Recopiez ici les cases" in text
    raw = tomllib.loads(text)
    assert raw["questions"]["demarches"]["modalites"] == {"Non": "aucune", "Oui": "autre"}
    book = codebook(
        questions={
            "motifs": {
                "question": "Selon vous, pour quels motifs ?",
                "modalites": {"L'origine, la couleur de peau": "origine", "La religion": "religion"},
            },
            "demarches": raw["questions"]["demarches"],
        }
    )
    export = read_export(path, form=declared_form(book))
    assert not check(export, book).faults
    home = Territory("Fictif", 2024, ("QN09901M",), (), (), ("99",), ("99",), None)
    tables = canonical(export, book, territory=home)
    assert tables.choices[["respondent", "option"]].astype(str).to_numpy().tolist() == [
        ["1", "origine"], ["1", "autre"], ["1", "aucune"], ["2", "religion"], ["2", "autre"],
    ]  # fmt: skip
    assert "accent" not in tables.choices.to_csv()


def test_what_was_set_aside_is_not_read():
    decision = {"decision": "retirer", "motif": "inutile", "date": dt.date(2025, 1, 1), "par": "DPO"}
    book = codebook(questions={"nationalite": {"question": "absente"}}, decisions={"nationalite": decision})
    assert match(survey(), book) == ()
    assert "Écarté par décision écrite" in str(check(survey(), book))


def test_a_filter_on_what_was_set_aside_is_a_fault():
    decision = {"decision": "retirer", "motif": "inutile", "date": dt.date(2025, 1, 1), "par": "DPO"}
    questions = {
        "temoin": {"question": "t"},
        "temoin_motifs": {"question": "m", "filtre": {"cle": "temoin", "valeurs": ["oui"]}},
    }
    raw = {**IDENTITY, "questions": questions, "decisions": {"temoin": decision}}
    assert any("ne lit pas" in fault for fault in faults_of(raw))


def test_check_of_a_battery_with_weights_and_coordinates():
    options = {"1": "Oui", "2": "Non"}
    export = build(
        [
            single("w1", "Témoin : sexe", options), single("w2", "Témoin : âge", options),
            single("p", "Poids", kind=QuestionKind.NUMBER), single("la", "Latitude", kind=QuestionKind.NUMBER),
            single("lo", "Longitude", kind=QuestionKind.NUMBER),
        ],
        {"w1": ["1"], "w2": ["2"], "p": ["1"], "la": ["50"], "lo": ["3"]},
    )  # fmt: skip
    book = codebook(
        questions={"temoin_motifs": {"colonnes": {"w1": "sexe", "w2": "age"}}}, poids="p",
        quartier={"par": "coordonnees", "generation": 2015, "latitude": "la", "longitude": "lo"},
    )  # fmt: skip
    said = str(check(export, book)).replace("\u00a0", " ")
    assert "temoin_motifs ← w1 → sexe et w2 → age" in said
    assert "oubliées aussitôt lues" in said
    assert "Poids : colonne « p »" in said


def test_without_a_quarter_nothing_is_said_by_quarter():
    assert "rien ne sera dit par quartier" in str(check(survey(), codebook())).replace("\u00a0", " ")


def test_a_sensitive_question_is_drafted_as_set_aside():
    export = build([single("n", "Quelle est votre nationalité ?", {"1": "Française de naissance"})], {"n": ["1"]})
    raw = tomllib.loads(draft(export))
    assert raw["decisions"]["nationalite"]["decision"] == "retirer"
    assert any(
        "motif" in fault for fault in faults_of({**IDENTITY, **{k: raw[k] for k in ("questions", "decisions")}})
    )


def test_a_question_is_found_by_its_name_in_a_group():
    export = build([single("profil/sexe", "Sexe", {"1": "Femme"})], {"profil/sexe": ["1"]})
    (found,) = match(export, codebook(questions={"sexe": {"question": "sexe"}}))
    assert found.question.code == "profil/sexe"


def test_an_absent_column_of_a_battery_and_of_consent():
    consent = {"date": dt.date(2025, 2, 1), "reference_dpo": "x", "question": "accord"}
    book = codebook(
        questions={"temoin_motifs": {"colonnes": {"w9": "sexe"}}}, regime="consentement", consentement=consent
    )
    with pytest.raises(ConfigurationError) as caught:
        match(survey(), book)
    assert {fault.column for fault in caught.value.faults} == {
        "questions > temoin_motifs > colonnes", "consentement",
    }  # fmt: skip
