"""Other references: weights, R survey 4.1-1, files built so that rival formulas differ, the DREES barometer."""

import json

import numpy as np
import pandas as pd
import pytest

from diagnostic.analysis.survey import SurveyDesign

INTERVALS = {"logit": "logit", "xlogit": "xlogit", "beta": "beta", "mean": "wald"}
NAMES_OF_41 = {"apisrs": "dsrs", "apistrat": "dstrat", "apiclus1": "dclus1"}
NOT_COVERED = {"asin": "arcsine interval not offered", "likelihood": "likelihood interval not offered"}


@pytest.mark.parametrize(
    ("design", "column", "rtol"),
    [
        ("dclus1.poststrat", "w_poststrat", 1e-10),  # postStratify(dclus1, ~stype)
        ("dclus1.rake", "w_rake", 1e-6),  # rake(dclus1, list(~stype, ~sch.wide))
        ("dclus1.greg", "w_greg", 1e-8),  # calibrate(dclus1, ~stype + api99)
        ("dclus1.calrake", "w_calrake", 1e-6),  # calfun="raking"
        ("dclus1.callogit", "w_callogit", 1e-6),  # calfun="logit", bounds=c(.5, 2)
        ("dstrat.rake", "w_rake", 1e-6),
    ],
)
def test_weights_equal_r(design, column, rtol, designs, r_survey):
    expected = pd.read_csv(r_survey / f"expected_weights_api{design.split('.')[0][1:]}.csv")[column]
    np.testing.assert_allclose(designs[design].weights, expected, rtol=rtol)


def _rows_of_41(r_survey):
    table = pd.read_csv(r_survey / "expected_survey_41.csv")
    return table[~table["method"].isin(NOT_COVERED)]


def _call_of_41(design, row):
    where = None if row.domain == "all" else design.frame["stype"] == row.domain[-1]
    if row.stat == "chisq_RaoScott_F_stype_awards":
        return design.crosstab("stype", "awards").test.rename(columns={"statistic": "estimate"})
    if row.stat == "prop_awards_yes":
        return design.proportion("awards", level="Yes", where=where, interval=INTERVALS[row.method])
    if row.stat == "total_enroll":
        return design.total("enroll", where=where)
    if row.stat == "ratio_api00_api99":
        return design.ratio("api00", "api99", where=where)
    return design.mean("api00", where=where)


def test_equals_r_survey_41(designs, r_survey):
    """134 rows of R survey 4.1-1, minus the 12 of intervals not offered."""
    rows = _rows_of_41(r_survey)
    assert len(rows) == 134 - 12
    for row in rows.itertuples():
        data, _, variant = row.design.partition("_")
        table = _call_of_41(designs[NAMES_OF_41[data] + (variant and f"_{variant}")], row)
        loose = "rake" in row.design
        what = f"{row.design} {row.stat} {row.domain} {row.method}"
        np.testing.assert_allclose(table["estimate"], row.est, rtol=1e-7 if loose else 1e-8, err_msg=what)
        if row.method == "F":  # columns se, low, up hold the p-value and the two degrees of freedom
            np.testing.assert_allclose(
                table[["p_value", "df1", "df2"]].iloc[0], [row.se, row.low, row.up], rtol=1e-8
            )
            continue
        rtol = 1e-3 if loose else 1e-8
        np.testing.assert_allclose(table["se"], row.se, rtol=rtol, err_msg=what)
        np.testing.assert_allclose(
            table[["ci_low", "ci_high"]].iloc[0], [row.low, row.up], rtol=rtol, err_msg=what
        )
        assert (table["df"][0], table["n"][0]) == (row.df, row.n), what


def test_missing_incomes_are_a_domain(r_survey):
    """R 4.2.2, survey 4.1-1 on a file where employment, income and missing income differ by stratum."""
    frame = pd.read_csv(next(r_survey.glob("domain_nulls_*.csv")))
    design = SurveyDesign(frame, "wgt", strata="stratum", clusters="cluster")
    mean = design.mean("income")  # svymean(~income, ds, na.rm=TRUE)
    assert mean["estimate"][0] == pytest.approx(42949.3221906951, rel=1e-10)
    assert mean["se"][0] == pytest.approx(1715.36393099045, rel=1e-10)
    assert mean["df"][0] == 5
    assert mean["deff"][0] == pytest.approx(0.778421820858366, rel=1e-10)  # deff="replace"
    total = design.total("income")  # svytotal(~income, ds, na.rm=TRUE)
    assert total["estimate"][0] == pytest.approx(114554002.6538, rel=1e-10)
    assert total["se"][0] == pytest.approx(18830996.1797964, rel=1e-10)
    strata = design.mean("income", by="stratum")  # svyby(~income, ~stratum, subset(ds, !is.na(income)), svymean)
    np.testing.assert_allclose(strata["estimate"], [37126.1943347756, 48400.840181409], rtol=1e-10)
    np.testing.assert_allclose(strata["se"], [1918.28005228556, 2161.10028916013], rtol=1e-10)
    employed = design.proportion("employed", interval="wald")  # svymean(~employed, ds)
    assert employed["se"][0] == pytest.approx(0.106582207774529, rel=1e-10)


@pytest.mark.parametrize(
    ("rule", "mean_se", "total_se"),
    [
        # options(survey.lonely.psu=...); SE(svymean(~y)), SE(svytotal(~y)); R 4.2.2, survey 4.1-1
        ("certainty", 0.0524100262401806, 10.482005248036),
        ("adjust", 3.93156714238204, 1104.20926715293),
        ("average", 0.0741189699131932, 14.8237939826385),
    ],
)
def test_two_strata_with_one_unit(rule, mean_se, total_se, r_survey):
    frame = pd.read_csv(next(r_survey.glob("singleton_test_*.csv")))
    design = SurveyDesign(frame, "weight", strata="stratum", clusters="psu", lonely_psu=rule)
    assert design.mean("y")["estimate"][0] == pytest.approx(24.8641707872214, rel=1e-12)
    assert design.mean("y")["se"][0] == pytest.approx(mean_se, rel=1e-9)
    assert design.total("y")["se"][0] == pytest.approx(total_se, rel=1e-9)


def test_calibrations_that_follow_each_other_equal_r(designs):
    """R 4.2.2, survey 4.1-1: ``g <- calibrate(postStratify(dclus1, ~stype, ...), ~api99 - 1, ...)``."""
    both = designs["dclus1.poststrat"].calibrate({"api99": 3914069})
    assert [report.method for report in both.adjustments] == ["poststratify", "calibrate"]
    mean, total = both.mean("api00"), both.total("enroll")  # svymean(~api00, g), svytotal(~enroll, g)
    np.testing.assert_allclose(mean[["estimate", "se"]].iloc[0], [643.04132523815, 24.723975860131], rtol=1e-10)
    np.testing.assert_allclose(total[["estimate", "se"]].iloc[0], [3828099.95780818, 423372.670881082], rtol=1e-10)
    groups = both.mean("api00", by="stype")["se"]  # svyby(~api00, ~stype, g, svymean)
    np.testing.assert_allclose(groups, [23.2707468405389, 38.5248409265676, 32.0424867391174], rtol=1e-10)
    test = both.crosstab("sch.wide", "stype").test  # svychisq(~sch.wide + stype, g)
    np.testing.assert_allclose(
        test[["statistic", "df1", "df2", "p_value"]].iloc[0],
        [4.69889871715715, 1.61648091040832, 22.6307327457165, 0.0256180887542659], rtol=1e-9,
    )  # fmt: skip


@pytest.fixture(scope="module")
def barometer(shared):
    """The DREES opinion barometer 2019 and 2020, 4,024 respondents."""
    path = shared / "survey" / "microdata" / "drees_barometre_opinion_2020__data_acmR.dta"
    items = ["cs9", *(f"cs16_ac_{number}" for number in range(1, 6))]
    profile = ["sdsexe", "sdagetr", "habitat", "sdnat", "annee"]
    frame = pd.read_stata(path, convert_categoricals=False, columns=[*items, *profile, "npoids"])
    yes = pd.DataFrame({f"{item}_oui": (frame[item] == 1).where(frame[item] != 3) for item in items}, dtype=float)
    frame = pd.concat([frame, yes], axis=1)
    frame["any"] = (yes == 1).any(axis=1).astype(float)
    return SurveyDesign(frame, "npoids")


@pytest.fixture(scope="module")
def drees(r_survey):
    """Results of R survey 4.5 on the same file, weights only."""
    return json.loads((r_survey / "drees_expected.json").read_text())


GROUPS = {"by_sexe": "sdsexe", "by_age": "sdagetr", "by_hab": "habitat", "by_nat": "sdnat", "by_an": "annee"}


def test_barometer_equals_r(barometer, drees):
    items = [item for item, found in drees.items() if isinstance(found, dict) and "var" in found]
    assert len(items) == 7
    for interval in ("xlogit", "beta", "wilson"):
        table = barometer.proportion(items, interval=interval).set_index("y")
        for item in items:
            row = drees[item]
            found = table.loc[item]
            np.testing.assert_allclose(
                found[["estimate", "se", "ci_low", "ci_high"]].astype(float),
                [row["p"], row["se"], *row[interval]], rtol=1e-8,
            )  # fmt: skip
            assert (found["n"], found["df"]) == (row["n"], row["df"])


@pytest.mark.parametrize("group", sorted(GROUPS))
def test_barometer_groups_equal_r(group, barometer, drees):
    """Levels are matched by size: the Stata codes have no labels here."""
    items = [item for item, found in drees.items() if isinstance(found, dict) and "var" in found]
    table = barometer.proportion(items, by=GROUPS[group])
    for item in items:
        found = (
            table[table["y"] == item][["n", "estimate", "se"]].sort_values(["n", "estimate"]).to_numpy(dtype=float)
        )
        wanted = sorted((row["n"], row["p"], row["se"]) for row in drees[item][group])
        np.testing.assert_allclose(found, wanted, rtol=1e-8, atol=1e-12)


def test_barometer_contrast_and_test_equal_r(barometer, drees):
    table = barometer.contrast("any", between="sdsexe", groups=(1, 2))  # svycontrast, men minus women
    np.testing.assert_allclose(
        table[["estimate", "se"]].iloc[0], [drees["diff_any_sexe"]["est"], drees["diff_any_sexe"]["se"]], rtol=1e-8
    )
    test = barometer.crosstab("any", "sdsexe").test  # svychisq(~any + sexe)
    chisq = drees["chisq_any_sexe"]
    np.testing.assert_allclose(
        test[["statistic", "df1", "df2", "p_value"]].iloc[0],
        [chisq[k] for k in ("F", "ndf", "ddf", "p")],
        rtol=1e-7,
    )


def test_barometer_reasons_among_witnesses_equal_r(barometer, drees):
    """svymean over witnesses; R's na.rm drops the rows with any missing answer."""
    row = drees["motifs_parmi_temoins"]
    complete = barometer.frame[row["names"]].notna().all(axis=1) & (barometer.frame["any"] == 1)
    table = barometer.mean(row["names"], where=complete)
    np.testing.assert_allclose(table["estimate"], row["p"], rtol=1e-8)
    np.testing.assert_allclose(table["se"], row["se"], rtol=1e-8)
    assert (table["n"] <= row["n"]).all()
