"""Bad input is refused in French, with a way out; nothing is missing without a reason."""

import numpy as np
import pandas as pd
import pytest

from diagnostic.analysis.survey import CalibrationError, SurveyDesign
from diagnostic.errors import DiagnosticError, InputError, RefusedError


@pytest.fixture
def frame():
    return pd.DataFrame(
        {
            "w": [1.0, 2.0, 1.0, 3.0, 2.0, 1.0, 1.0, 2.0],
            "stratum": list("AAAABBBB"),
            "psu": [1, 1, 2, 2, 3, 3, 4, 4],
            "yes": [1, 0, 1, 0, 0, 1, 1, 0],
            "motive": ["sexe", "âge", "sexe", None, "âge", "sexe", "âge", "sexe"],
            "score": [3.0, 5.0, 2.0, 8.0, 9.0, 1.0, 4.0, 4.0],
            "sex": list("fmfmfmfm"),
        }
    )


@pytest.fixture
def design(frame):
    return SurveyDesign(frame, "w", strata="stratum", clusters="psu")


@pytest.mark.parametrize(
    ("bad", "message"),
    [(-1.0, "poids négatif"), (0.0, "poids nul"), (np.nan, "poids manquant"), (np.inf, "infini")],
)
def test_bad_weights(bad, message, frame):
    frame.loc[2, "w"] = bad
    with pytest.raises(InputError, match=message) as caught:
        SurveyDesign(frame, "w")
    assert "ligne 3" in str(caught.value)
    assert "À faire" in str(caught.value)


def test_every_bad_weight_is_told_at_once(frame):
    frame.loc[:2, "w"] = [-1, 0, np.nan]
    with pytest.raises(InputError) as caught:
        SurveyDesign(frame, "w")
    assert len(caught.value.faults) == 3


def test_weights_as_text_with_a_decimal_comma(frame):
    with pytest.raises(InputError, match="ne sont pas des nombres"):
        SurveyDesign(frame.assign(w="0,98"), "w")


def test_an_empty_survey(frame):
    with pytest.raises(InputError, match="aucune réponse"):
        SurveyDesign(frame.iloc[:0])


def test_a_primary_unit_in_two_strata(frame):
    frame.loc[0, "psu"] = 4
    with pytest.raises(InputError, match="grappe 4 dans strate A et strate B"):
        SurveyDesign(frame, "w", strata="stratum", clusters="psu")


def test_a_single_unit_lists_its_strata_and_the_ways_out(frame):
    frame["stratum"] = list("AAAABBCC")
    with pytest.raises(InputError, match="strate B, strate C") as caught:
        SurveyDesign(frame, "w", strata="stratum", clusters="psu")
    assert all(way in str(caught.value) for way in ("certainty", "adjust", "average"))


def test_the_average_of_no_other_stratum(frame):
    with pytest.raises(InputError, match="une seule unité tirée"):
        SurveyDesign(frame.iloc[:2], clusters="psu", lonely_psu="average")


@pytest.mark.parametrize(
    ("fpc", "message"),
    [(2.0, "plus petite que l’échantillon"), (-5.0, "manquante ou nulle"), (None, "varie dans une même strate")],
)
def test_an_impossible_population(fpc, message, frame):
    frame["fpc"] = [40.0, 41.0] * 4 if fpc is None else fpc
    with pytest.raises(InputError, match=message):
        SurveyDesign(frame, strata="stratum", fpc="fpc")


def test_a_population_may_be_a_sampling_fraction(frame):
    counts, shares = (SurveyDesign(frame.assign(fpc=fpc), fpc="fpc").mean("score") for fpc in (80.0, 0.1))
    assert counts["se"][0] == pytest.approx(shares["se"][0], rel=1e-12)


def test_an_absent_stratum_a_short_array_an_unknown_rule(frame):
    with pytest.raises(InputError, match="strate manquante"):
        SurveyDesign(frame.assign(stratum=None), strata="stratum")
    with pytest.raises(InputError, match="longueur"):
        SurveyDesign(frame, np.ones(3))
    with pytest.raises(DiagnosticError, match="lonely_psu"):
        SurveyDesign(frame, lonely_psu="remove")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda d: d.mean("absent"), "colonne absente"),
        (lambda d: d.mean("motive"), "n’est pas numérique"),
        (lambda d: d.mean("score", where=d.frame["score"] > 99), "domaine est vide"),
        (lambda d: d.mean("score", where=[True]), "vrai ou faux pour chaque ligne"),
        (lambda d: d.mean("score", where=d.frame["yes"]), "vrai ou faux pour chaque ligne"),
        (lambda d: d.mean("score", where=(d.frame["score"] > 1).iloc[::-1]), "pas les mêmes lignes"),
        (lambda d: d.proportion("motive", level="religion"), "personne n’a choisi la modalité « religion »"),
        (lambda d: d.contrast("score", between="sex", groups=("f", "x")), "modalité « x »"),
        (lambda d: d.proportion("yes", interval="exact"), "intervalle inconnu"),
        (lambda d: d.mean("score", confidence=95), "confiance impossible"),
        (lambda d: d.assign(n=d.frame["sex"]).mean("score", by="n"), "nom d’une colonne de résultat"),
        (lambda d: d.assign(none=None).mean("score", by="none"), "domaine est vide"),
        (lambda d: d.assign(score=np.inf).mean("score"), "infinies"),
    ],
)
def test_bad_questions(call, message, design):
    with pytest.raises(DiagnosticError, match=message):
        call(design)


def test_a_declared_level_nobody_chose_is_a_zero_with_an_interval(design, frame):
    declared = pd.Categorical(frame["motive"], categories=["sexe", "âge", "religion"])
    table = design.assign(motive=declared).proportion("motive", level="religion")
    assert table["estimate"][0] == 0
    assert 0 == table["ci_low"][0] < table["ci_high"][0] < 1
    assert table["n"][0] == 7
    every = design.assign(motive=declared).proportion("motive")
    assert every["level"].tolist() == ["sexe", "âge", "religion"]
    assert every["estimate"].sum() == pytest.approx(1)


def test_what_is_missing_says_why(design):
    changed = design.assign(alone=[1.0] + [np.nan] * 7, constant=1 / 3)
    assert changed.mean("alone")["note"].tolist() == ["moins d’un degré de liberté : pas d’intervalle"]
    assert changed.mean("constant")["note"].tolist() == ["variance nulle : pas d’intervalle"]
    by_sex = changed.mean("alone", by="sex")
    assert by_sex["note"].tolist()[1] == "aucune réponse"
    assert by_sex["n"].tolist() == [1, 0]


def test_a_design_does_not_change(design, frame):
    with pytest.raises(AttributeError, match="immutable"):
        design.weights = np.ones(8)
    before = design.mean("score")
    frame["score"] = 0.0
    pd.testing.assert_frame_equal(before, design.mean("score"))
    assert repr(design) == "SurveyDesign(n=8, basis='random', weights 1 to 3, Kish 1.183)"


def test_margins_all_faults_at_once(design):
    with pytest.raises(InputError) as caught:
        design.rake({"sex": {"f": 10, "x": 5}, "motive": {"sexe": 15, "âge": -1}})
    text = str(caught.value)
    for said in ("absente de la marge", "que personne n’a", "manquante sur une variable de calage", "négatif"):
        assert said in text


def test_contradictory_margins(design):
    with pytest.raises(InputError, match="se contredisent"):
        design.rake({"sex": {"f": 10, "m": 10}, "stratum": {"A": 30, "B": 10}})
    twice = design.assign(again=design.frame["score"] * 2)
    with pytest.raises(InputError, match="se contredisent"):
        twice.calibrate({"score": 80, "again": 90})
    with pytest.raises(InputError, match="aucune marge"):
        design.rake({})
    with pytest.raises(InputError, match="une seule marge"):
        design.poststratify({"sex": {"f": 10, "m": 10}, "stratum": {"A": 10, "B": 10}})


def test_raking_that_cannot_converge_is_a_value_or_an_error(design):
    """Women all live in A: 15 women and 5 persons in A cannot both hold."""
    stuck = design.assign(sex=list("ffffmmmm"))
    margins = {"sex": {"f": 15, "m": 5}, "stratum": {"A": 5, "B": 15}}
    report = stuck.rake(margins).adjustments[-1]
    assert (report.converged, report.method) == (False, "rake")
    assert report.gap > 0.1
    with pytest.raises(CalibrationError, match="n’a pas convergé"):
        stuck.rake(margins, strict=True)


def test_negative_calibrated_weights_ask_for_bounds(design):
    with pytest.raises(CalibrationError, match="bounds"):
        design.calibrate({"sex": {"f": 7, "m": 8}, "score": 200})
    bounded = design.calibrate({"sex": {"f": 7, "m": 8}, "score": 60}, bounds=(0.2, 4))
    assert bounded.adjustments[-1].converged
    assert bounded.adjustments[-1].ratio_low >= 0.2 - 1e-9
    assert not design.calibrate({"score": 4000}, bounds=(0.2, 4)).adjustments[-1].converged
    with pytest.raises(InputError, match="bornes impossibles"):
        design.calibrate({"score": 60}, method="logit")
    with pytest.raises(InputError, match="réponse manquante"):
        design.assign(score=np.nan).calibrate({"score": 60})


def test_trimming_then_raking_again_holds_both(design):
    margins = {"sex": {"f": 90, "m": 10}}
    free, cut = design.rake(margins), design.rake(margins, trim=(0.2, 1.9))
    assert free.weights.max() > 1.9 * free.weights.mean()
    assert cut.weights.max() <= 1.9 * cut.weights.mean() * (1 + 1e-5)
    assert cut.adjustments[-1].trimmed > 0
    assert cut.weights[design.frame["sex"] == "f"].sum() == pytest.approx(90)
    assert not design.rake(margins, trim=(0.9, 1.1), sweeps=20).adjustments[-1].converged
    with pytest.raises(CalibrationError, match="trim"):
        design.trim(high=0.5)


def test_a_sample_that_is_not_random_keeps_its_distance(frame):
    quota = SurveyDesign(frame, "w", basis="quota")
    with pytest.raises(RefusedError, match="effectif de population"):
        quota.total("yes")
    assert quota.crosstab("yes", "sex").test["note"].tolist() == ["échantillon non aléatoire : pas de test"]
    deff = quota.mean("score")["deff"][0]
    assert deff >= quota.kish - 1e-12
    raked = quota.rake({"sex": {"f": 60, "m": 40}})
    assert raked.sampling.projections == ()
    assert raked.mean("score")["deff"][0] >= raked.kish - 1e-12
    alone = quota.mean("score", where=frame["score"] == 9)
    assert alone["note"].tolist() == ["moins d’un degré de liberté : pas d’intervalle"]
    gap = quota.contrast("score", between="sex", groups=("f", "m"))
    groups = quota.mean("score", by="sex")
    assert gap["se"][0] ** 2 >= (groups["se"] ** 2).sum() - 1e-12


def test_replicates_are_checked(frame):
    weights = np.ones((8, 4))
    with pytest.raises(InputError, match="facteurs"):
        SurveyDesign.from_replicates(frame, "w", replicates=weights, method="JKn")
    with pytest.raises(InputError, match="un facteur par"):
        SurveyDesign.from_replicates(frame, "w", replicates=weights, method="JKn", factors=[1.0])
    with pytest.raises(InputError, match="poids répliqués"):
        SurveyDesign.from_replicates(frame, "w", replicates=-weights, method="JK1")
    with pytest.raises(DiagnosticError, match="method"):
        SurveyDesign.from_replicates(frame, "w", replicates=weights, method="BRR")


def test_bootstrap_replicates_calibrate_and_answer(frame):
    rng = np.random.default_rng(0)
    columns = {f"r{k}": rng.multinomial(8, np.full(8, 1 / 8)) * 1.0 for k in range(200)}
    frame = pd.concat([frame, pd.DataFrame(columns)], axis=1)
    design = SurveyDesign.from_replicates(frame, np.ones(8), replicates=list(columns), method="bootstrap")
    plain = SurveyDesign(frame[["score", "yes", "sex", "motive"]]).mean("score")["se"][0]
    assert design.mean("score")["se"][0] == pytest.approx(plain, rel=0.25)
    fitted = design.calibrate({"score": 40.0}, bounds=(0.2, 5))
    assert fitted.total("score")["estimate"][0] == pytest.approx(40.0)
    assert design.proportion("yes", interval="guarded")["note"][0] == ""
    assert design.crosstab("yes", "sex").test["p_value"].between(0, 1).all()
    sparse = design.mean("score", where=np.arange(8) == 0)
    assert sparse["note"][0] == "un jeu de poids répliqués ne contient personne de ce domaine"


def test_quantiles_say_when_they_have_no_interval(design):
    table = design.quantile(["score", "yes"], [0.01, 0.5])
    assert table["q"].tolist() == [0.01, 0.5, 0.01, 0.5]
    assert table["note"][0] != ""
    assert table.loc[table["note"] != "", ["ci_low", "ci_high"]].isna().any(axis=1).all()
    few = design.quantile("score", by=["stratum", "sex"])
    assert few[["stratum", "sex"]].drop_duplicates().shape == (4, 2)


def test_one_unit_gives_no_test(frame):
    lonely = SurveyDesign(frame, clusters="stratum").crosstab("yes", "sex", by="stratum")
    assert set(lonely.test["note"]) == {"moins d’un degré de liberté : pas de test"}


def test_one_level_gives_no_test(design):
    table = design.crosstab("yes", "sex", where=design.frame["sex"] == "f", by="stratum")
    assert set(table.test["note"]) == {"une seule modalité observée : pas de test"}
    assert table.shares["estimate"].eq(1).all()


def test_a_contrast_with_an_empty_group_says_so(design):
    table = design.contrast("score", between="sex", groups=("f", "m"), where=design.frame["sex"] == "f")
    assert table["note"].tolist() == ["dénominateur nul ou groupe vide : pas d’estimation"]
    assert table[["estimate", "ci_low"]].isna().all(axis=None)
