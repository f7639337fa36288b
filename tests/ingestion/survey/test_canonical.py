"""Canonical tables: what is said is kept, what is blank has a reason, and nobody can be recognised."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from survey_builder import EXPERIENCE, YES_NO, build, codebook, multiple, single

from diagnostic.errors import InputError
from diagnostic.ingestion.survey.canonical import STATE_SUFFIX, canonical, stack
from diagnostic.ingestion.survey.export import QuestionKind
from diagnostic.survey_model import concepts, motive_criteria
from diagnostic.territory.places import Territory

HOME = Territory("Territoire fictif", 2024, ("QN09901M", "QN09902M"), ("990000001",), (), ("99",), ("99",), None)
FILTER = {"cle": "experience_5_ans", "valeurs": ["souvent", "parfois"]}
MOTIVES = {"SQ001": "Votre origine ou votre nationalité", "SQ002": "Votre âge", "SQ098": "Je ne sais pas"}


def experience(cells, **more):
    return build([single("disc5", "Discriminations ?", EXPERIENCE)], {"disc5": cells}, **more)


def read(export, *, home=HOME, **more):
    return canonical(export, codebook(**more), territory=home)


def test_a_single_answer_and_its_states():
    tables = read(experience(["A1", "A3", "A4", "A5", ""]), questions={"experience_5_ans": {"question": "disc5"}})
    rows = tables.responses
    assert rows["experience_5y"].astype(object).where(rows["experience_5y"].notna(), None).tolist() == [
        "souvent", "jamais", None, None, None,
    ]  # fmt: skip
    assert rows[f"experience_5y{STATE_SUFFIX}"].tolist() == [
        "answered", "answered", "refused", "dont_know", "ambiguous",
    ]  # fmt: skip
    assert rows["weight"].tolist() == [1.0] * 5
    assert rows["mode"].tolist() == ["en_ligne"] * 5
    assert tables.identity.kept == 5
    assert "souvent" not in repr(tables)


def filtered(**more):
    export = build(
        [single("disc5", "Discriminations ?", EXPERIENCE), multiple("motifs", "Motifs ?", MOTIVES)],
        {
            "disc5": ["A1", "A2", "A3", "A1", "A3"], "motifs[SQ001]": ["Y", "", "", "", "Y"],
            "motifs[SQ002]": ["Y", "", "", "", ""], "motifs[SQ098]": ["", "Y", "", "", ""],
        },
    )  # fmt: skip
    return read(
        export,
        questions={
            "experience_5_ans": {"question": "disc5"},
            "motifs": {"question": "motifs", "filtre": FILTER},
        },
        **more,
    )


def test_a_list_of_answers_is_long_and_the_filter_settles_its_blanks():
    tables = filtered()
    assert tables.responses["motives__state"].tolist() == [
        "answered", "dont_know", "not_asked", "empty", "answered",
    ]  # fmt: skip
    found = tables.choices[["respondent", "concept", "option"]].astype({"concept": str, "option": str})
    assert found.to_numpy().tolist() == [
        [1, "motives", "origine"],
        [1, "motives", "age"],
        [5, "motives", "origine"],
    ]
    notes = " ".join(tables.notes).replace("\u00a0", " ")
    assert "1 cellules vides lues « non posée »" in notes
    assert "1 réponses données alors que la question n’était pas à poser" in notes
    assert "motives" not in tables.responses
    assert tables.identity.offered["motives"] == ("origine", "age", "nsp")
    assert len(tables.experiences) == 0


def test_experiences_come_from_the_most_recent_event_only():
    export = build(
        [
            multiple("motifs", "Motifs ?", MOTIVES),
            multiple("lieux", "Lieux ?", {"A": "La santé", "B": "La justice"}),
            single("ou", "Où ?", {"1": "La santé", "2": "En ligne", "3": "Je ne sais pas"}),
            multiple("cause", "Cause ?", MOTIVES),
        ],
        {
            "motifs[SQ001]": ["Y", "Y", "Y"], "motifs[SQ002]": ["", "", ""], "motifs[SQ098]": ["", "", ""],
            "lieux[A]": ["Y", "Y", ""], "lieux[B]": ["Y", "Y", ""], "ou": ["1", "3", ""],
            "cause[SQ001]": ["Y", "Y", "Y"], "cause[SQ002]": ["Y", "", ""], "cause[SQ098]": ["", "", ""],
        },
    )  # fmt: skip
    tables = read(export, questions={
        "motifs": {"question": "motifs"}, "domaines": {"question": "lieux"},
        "evenement_domaine": {"question": "ou"}, "evenement_motifs": {"question": "cause"},
    })  # fmt: skip
    rows = tables.experiences[["respondent", "domain", "motive", "criteria"]].astype({"domain": str})
    assert rows.to_numpy().tolist() == [
        [1, "sante", "origine", " ".join(motive_criteria("origine"))], [1, "sante", "age", "age"],
    ]  # fmt: skip


def test_minors_are_refused_and_the_unfinished_left_out():
    export = build(
        [
            single("maj", "18 ans ou plus ?", YES_NO, kind=QuestionKind.YES_NO),
            single("age", "Âge", kind=QuestionKind.NUMBER),
        ],
        {"maj": ["Y", "N", "Y", "Y", "Y"], "age": ["40", "", "17", "60", "25"]},
        completed=[True, True, True, True, False],
    )
    questions = {"majeur": {"question": "maj"}, "age": {"question": "age", "tranches": True}}
    tables = read(export, questions=questions)
    assert tables.responses["age_group"].tolist() == ["40_59", "60_plus"]
    identity = tables.identity
    assert (identity.rows, identity.kept, identity.minors, identity.incomplete) == (5, 2, 2, 1)
    assert any("moins de 18" in note for note in tables.notes)
    kept = canonical(export, codebook(questions=questions), territory=HOME, keep_incomplete=True)
    assert len(kept.responses) == 3
    consent = codebook(
        questions=questions,
        regime="consentement",
        consentement={"date": pd.Timestamp("2025-02-01").date(), "reference_dpo": "AV-12"},
    )
    assert len(canonical(export, consent, territory=HOME, keep_incomplete=True).responses) == 2


def test_nobody_left_is_an_error():
    export = build([single("age", "Âge", kind=QuestionKind.NUMBER)], {"age": ["15", "16"]})
    with pytest.raises(InputError, match="aucune réponse utilisable"):
        read(export, questions={"age": {"question": "age", "tranches": True}})


def test_a_battery_keeps_the_state_of_each_question():
    options = {"1": "Oui", "2": "Non", "3": "(NSP)"}
    export = build(
        [single("w1", "Témoin : sexe", options), single("w2", "Témoin : âge", options)],
        {"w1": ["1", "2", "3", "2"], "w2": ["3", "2", "3", ""]},
    )
    tables = read(export, questions={"temoin_motifs": {"colonnes": {"w1": "sexe", "w2": "age"}}})
    assert tables.responses["witness_motives__state"].tolist() == ["answered", "answered", "dont_know", "answered"]
    found = tables.choices[["respondent", "option", "state"]].astype(str).to_numpy().tolist()
    assert found == [
        ["1", "sexe", "answered"], ["1", "age", "dont_know"], ["3", "sexe", "dont_know"],
        ["3", "age", "dont_know"], ["4", "age", "ambiguous"],
    ]  # fmt: skip


def test_none_with_another_answer_is_a_contradiction_that_is_said():
    export = build(
        [multiple("r", "Démarches ?", {"1": "Syndicat", "0": "Je n’ai rien fait"})],
        {"r[1]": ["Y", ""], "r[0]": ["Y", "Y"]},
    )  # fmt: skip
    tables = read(export, questions={"demarches": {"question": "r"}})
    assert tables.choices["option"].tolist() == ["syndicat", "aucune"]
    assert any("cochées avec une autre" in note for note in tables.notes)


def test_one_motive_only_is_read_as_a_list():
    export = build([single("m", "Motif principal ?", MOTIVES)], {"m": ["SQ001", "SQ098", ""]})
    tables = read(export, questions={"motifs": {"question": "m"}})
    assert tables.choices["option"].tolist() == ["origine"]
    assert tables.responses["motives__state"].tolist() == ["answered", "dont_know", "ambiguous"]


def weighted(cells):
    export = build(
        [single("disc5", "Discriminations ?", EXPERIENCE), single("p", "Poids", kind=QuestionKind.NUMBER)],
        {"disc5": ["A1"] * len(cells), "p": cells},
    )
    return read(export, questions={"experience_5_ans": {"question": "disc5"}}, poids="p")


def test_a_weight_with_a_decimal_comma():
    assert weighted(["0,9639464198", "1,5"]).responses["weight"].tolist() == [0.9639464198, 1.5]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (["1", "-2"], "poids négatif .*ligne 3"), (["", "1"], "poids manquant .*ligne 2"),
        (["1", "x"], "nombre"), (["0", "0"], "tous les poids sont nuls"), ([""] * 12, "2 autres lignes"),
    ],
)  # fmt: skip
def test_a_wrong_weight_is_an_error_with_its_line(cells, said):
    with pytest.raises(InputError, match=said):
        weighted(cells)


def test_answers_off_the_list_have_no_value_and_are_counted():
    export = build([single("s", "Sexe", {"1": "Femme"})], {"s": ["1", "parole de quelqu’un", "-oth-"]})
    tables = read(export, questions={"sexe": {"question": "s"}})
    assert tables.responses["sex"].isna().tolist() == [False, True, False]
    assert tables.responses["sex__state"].tolist() == ["answered"] * 3
    assert not any("quelqu" in note for note in tables.notes)
    assert any("1 réponses hors de la liste" in note for note in tables.notes)


def test_design_columns():
    export = build(
        [
            single("disc5", "Discriminations ?", EXPERIENCE), single("s", "Strate", kind=QuestionKind.TEXT),
            single("g", "Grappe", kind=QuestionKind.TEXT),
        ],
        {"disc5": ["A1", "A2"], "s": ["a", "b"], "g": ["1", "2"]},
    )  # fmt: skip
    rows = read(
        export, questions={"experience_5_ans": {"question": "disc5"}}, strate="s", grappe="g",
        mode=["papier", "en_ligne"],
    ).responses  # fmt: skip
    assert rows["stratum"].tolist() == ["1", "2"]
    assert rows["cluster"].tolist() == ["1", "2"]
    assert rows["mode"].isna().all()


def test_two_exports_are_stacked_when_their_questions_agree():
    one, two = experience(["A1", "A2"]), experience(["A3"], file="vague2.csv")
    both = stack(one, two)
    assert both.answers["disc5"].tolist() == ["A1", "A2", "A3"]
    assert both.answers.index.is_unique
    assert both.file == "enquete.csv + vague2.csv"
    assert read(both, questions={"experience_5_ans": {"question": "disc5"}}).identity.kept == 3


def test_two_versions_are_refused_with_every_difference():
    one = experience(["A1"])
    two = build(
        [
            single("disc5", "Autre intitulé", {"A1": "Souvent"}),
            single("sexe", "Sexe", {"1": "Femme"}),
        ],
        {"disc5": ["A1"], "sexe": ["1"]},
        file="vague2.csv",
    )
    with pytest.raises(InputError) as caught:
        stack(one, two)
    said = str(caught.value)
    for part in ("l’intitulé", "les réponses proposées", "vague2.csv", "« sexe »".replace(" ", "\u00a0")):
        assert part in said
    with pytest.raises(InputError, match="plateformes"):
        stack(one, experience(["A1"], platform="kobo"))


@given(st.lists(st.sampled_from(["A1", "A2", "A3", "A4", "A5", "", "typed"]), min_size=1, max_size=30))
def test_every_row_has_a_value_or_a_reason(cells):
    rows = read(experience(cells), questions={"experience_5_ans": {"question": "disc5"}}).responses
    states = rows["experience_5y__state"]
    assert len(rows) == len(cells)
    assert states.notna().all()
    valued = rows["experience_5y"].notna()
    assert (states[valued] == "answered").all()
    assert (valued.to_numpy() == np.isin(cells, ["A1", "A2", "A3"])).all()


DREES = """\
commanditaire = "DREES"
debut = 2019-09-30
fin = 2020-12-31
population = "personnes de 18 ans et plus vivant en France métropolitaine"
base = "quotas"
mode = ["face_a_face", "telephone"]
regime = "anonyme"
date_suppression = 2030-12-31
poids = "poids"
questions.temoin_motifs = { colonnes = { cs9 = "sexe", cs16_ac_1 = "origine", cs16_ac_2 = "orientation_genre", cs16_ac_3 = "age", cs16_ac_4 = "religion", cs16_ac_5 = "sante_handicap" } }
"""  # noqa: E501 - ten lines, as a lead would write them


DREES_ITEMS = {
    "sexe": "cs9_oui", "origine": "cs16_ac_1_oui", "orientation_genre": "cs16_ac_2_oui", "age": "cs16_ac_3_oui",
    "religion": "cs16_ac_4_oui", "sante_handicap": "cs16_ac_5_oui",
}  # fmt: skip


def test_the_drees_file_is_read_with_ten_lines(shared, tmp_path):
    """Weighted shares are those computed with R survey and kept beside the file."""
    from diagnostic.ingestion.survey.codebook import load_codebook  # noqa: PLC0415 - this test only
    from diagnostic.ingestion.survey.reader import read_export  # noqa: PLC0415 - idem

    (tmp_path / "enquete.toml").write_text(DREES, encoding="utf-8")
    assert len(DREES.splitlines()) == 10
    export = read_export(shared / "survey" / "microdata" / "drees_barometre_opinion_2020__data_acmR.dta")
    tables = canonical(export, load_codebook(tmp_path / "enquete.toml"), territory=HOME)
    weight = tables.responses.set_index("respondent")["weight"]
    assert len(weight) == 4024
    assert weight.iloc[:1].gt(0).all()
    ticked = tables.choices[tables.choices["state"] == "answered"]
    expected = json.loads((shared / "reference" / "r_survey" / "drees_expected.json").read_text(encoding="utf-8"))
    for option, name in DREES_ITEMS.items():
        rows = tables.choices[tables.choices["option"] == option]
        unknown = rows.loc[rows["state"] != "answered", "respondent"]
        base = weight.drop(unknown)
        share = weight[rows.loc[rows["state"] == "answered", "respondent"]].sum() / base.sum()
        assert len(base) == expected[name]["n"]
        assert share == pytest.approx(expected[name]["p"], abs=1e-7)
    anyone = weight[ticked["respondent"].unique()].sum() / weight.sum()
    assert anyone == pytest.approx(0.3745, abs=5e-5)


def test_concepts_of_the_model_are_the_columns():
    tables = read(experience(["A1"]), questions={"experience_5_ans": {"question": "disc5"}})
    named = {name.removesuffix(STATE_SUFFIX) for name in tables.responses}
    assert named <= {"respondent", "qpv", "qpv_status", "mode", "weight", *concepts()}


def test_without_an_explicit_yes_nothing_is_read():
    export = build(
        [single("ok", "D’accord ?", {"O": "Oui", "N": "Non"}), single("disc5", "Discriminations ?", EXPERIENCE)],
        {"ok": ["O", "N", ""], "disc5": ["A1", "A1", "A1"]},
    )
    consent = {"date": pd.Timestamp("2025-02-01").date(), "reference_dpo": "AV-12", "question": "ok"}
    questions = {"experience_5_ans": {"question": "disc5"}}
    tables = read(export, questions=questions, regime="consentement", consentement=consent)
    assert len(tables.responses) == 1
    assert tables.identity.without_consent == 2
    assert any("sans accord explicite" in note for note in tables.notes)


def test_adults_of_the_dwelling_are_capped():
    export = build([single("n", "Adultes", kind=QuestionKind.NUMBER)], {"n": ["1", "3", "4", "7", "0"]})
    rows = read(export, questions={"adultes_logement": {"question": "n", "tranches": True}}).responses
    assert rows["household_adults"].astype(object).fillna("").tolist() == ["1", "3", "4_plus", "4_plus", ""]


def test_nothing_typed_by_anyone_reaches_a_table():
    words = ["Jean Dupont", "06 12 34 56 78", "jean@exemple.fr", "12 rue des Lilas"]
    motives = multiple("m", "Motifs ?", MOTIVES)
    export = build(
        [
            single("s", "Sexe", {"1": "Femme"}), single("age", "Âge", kind=QuestionKind.NUMBER),
            replace(motives, columns=(*motives.columns, "m[other]"), other_column="m[other]"),
            single("strate", "Strate", kind=QuestionKind.TEXT), single("nom", "Votre nom", kind=QuestionKind.TEXT),
        ],
        {
            "s": words, "age": words, "m[SQ001]": ["Y", "", "", ""], "m[SQ002]": [""] * 4, "m[SQ098]": [""] * 4,
            "m[other]": words, "strate": words, "nom": words,
        },
        {"m[other]": ["answered"] * 4},
    )  # fmt: skip
    tables = read(
        export, strate="strate",
        questions={
            "sexe": {"question": "s"}, "age": {"question": "age", "tranches": True}, "motifs": {"question": "m"},
        },
    )  # fmt: skip
    said = " ".join([
        tables.responses.to_csv(), tables.choices.to_csv(), tables.experiences.to_csv(), str(tables.identity),
        *tables.notes,
    ])  # fmt: skip
    for word in ("Dupont", "06 12", "exemple.fr", "Lilas"):
        assert word not in said
    assert tables.choices["option"].tolist() == ["origine", "autre", "autre", "autre", "autre"]
    assert tables.responses["stratum"].nunique() == 4
