"""R's data and results, and the designs they were computed on."""

import json

import numpy as np
import pandas as pd
import pytest

from diagnostic.analysis.survey import SurveyDesign

STYPE = {"stype": {"E": 4421, "H": 755, "M": 1018}}
SCHOOL_WIDE = {"sch.wide": {"No": 1072, "Yes": 5122}}


@pytest.fixture(scope="session")
def r_survey(shared):
    return shared / "reference" / "r_survey"


@pytest.fixture(scope="session")
def expected(r_survey):
    """187 results of R 4.2.2, survey 4.5, by identifier; each row holds its R call."""
    rows = json.loads((r_survey / "survey_expected.json").read_text())["results"]
    return {row["id"]: row for row in rows}


@pytest.fixture(scope="session")
def schools(r_survey):
    return {name: pd.read_csv(r_survey / f"{name}.csv") for name in ("apisrs", "apistrat", "apiclus1", "apiclus2")}


@pytest.fixture(scope="session")
def designs(schools):
    """The designs of R's own help pages (``example(api)``)."""
    srs, strat, clus1, clus2 = schools.values()
    lonely = strat[(strat["stype"] != "H") | ~strat["stype"].duplicated()]
    found = {
        "dsrs": SurveyDesign(srs, "pw", fpc="fpc"),
        "dsrs_nofpc": SurveyDesign(srs, "pw"),
        "dstrat": SurveyDesign(strat, "pw", strata="stype", fpc="fpc"),
        "dstrat_nofpc": SurveyDesign(strat, "pw", strata="stype"),
        "dclus1": SurveyDesign(clus1, "pw", clusters="dnum", fpc="fpc"),
        "dclus1_nofpc": SurveyDesign(clus1, "pw", clusters="dnum"),
        "dclus2": SurveyDesign(clus2, clusters=["dnum", "snum"], fpc=["fpc1", "fpc2"]),
    }
    found["dclus2wr"] = SurveyDesign(clus2, found["dclus2"].weights, clusters="dnum")
    for rule in ("certainty", "adjust", "average"):
        found[f"lonely_{rule}"] = SurveyDesign(lonely, "pw", strata="stype", lonely_psu=rule)
    return found | _calibrated(found) | _replicated(clus1, strat)


def _calibrated(found):
    both, greg = STYPE | SCHOOL_WIDE, STYPE | {"api99": 3914069}
    return {
        "dclus1.poststrat": found["dclus1"].poststratify(STYPE),
        "dclus1.rake": found["dclus1"].rake(both),
        "dclus1.greg": found["dclus1"].calibrate(greg),
        "dclus1.calrake": found["dclus1"].calibrate(greg, method="raking"),
        "dclus1.callogit": found["dclus1"].calibrate(greg, method="logit", bounds=(0.5, 2)),
        "dstrat.rake": found["dstrat"].rake(both),
        "dsrs.rake": found["dsrs"].rake(both),
        "dsrs_nofpc_rake": found["dsrs_nofpc"].rake(both),
        "dsrs_nofpc_poststrat": found["dsrs_nofpc"].poststratify(STYPE),
    }


def _replicated(clus1, strat):
    """``as.svrepdesign``: leave out one primary unit at a time, with R's finite population factors."""
    districts, size = clus1["dnum"].unique(), 15
    jack1 = np.column_stack([
        np.where(clus1["dnum"] == left, 0, clus1["pw"] * size / (size - 1)) for left in districts
    ])  # fmt: skip
    drawn = strat.groupby("stype")["pw"].transform("size").to_numpy()
    jackn = np.column_stack([
        np.where(strat["stype"] == strat["stype"][left], strat["pw"] * drawn / (drawn - 1), strat["pw"])
        * (np.arange(len(strat)) != left)
        for left in range(len(strat))
    ])  # fmt: skip
    factors = (drawn - 1) / drawn * (1 - drawn / strat["fpc"])
    return {
        "rclus1": SurveyDesign.from_replicates(
            clus1, "pw", replicates=jack1, method="JK1", factors=np.full(15, 14 / 15 * (1 - 15 / 757))
        ),
        "rstrat": SurveyDesign.from_replicates(strat, "pw", replicates=jackn, method="JKn", factors=factors),
    }
