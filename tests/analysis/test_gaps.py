"""Gaps: oriented, sized in advance, never against a comparator that does not exist."""

import numpy as np
import pandas as pd
import pytest

from diagnostic.analysis.findings import findings
from diagnostic.analysis.gaps import gaps
from diagnostic.analysis.hidden import hidden_values
from diagnostic.analysis.similar import neighbours
from diagnostic.schemas import INDICATOR_COLUMNS


def figure(code, value, *, variable="poverty_rate", level="qpv", width=0.0, **other):
    row = {
        "level": level, "code": code, "vintage": 2015 if level == "qpv" else 2020, "period": 2019,
        "variable": variable, "group": "all", "source": "insee_filosofi", "edition": "2019", "value": value,
        "unit": "percent", "status": "observed" if value is not None else "suppressed", "note": "",
        "period_basis": "stated", "low": None if value is None else value - width,
        "high": None if value is None else value + width, "reliability": "publish", "headline": True,
    }  # fmt: skip
    return {**row, **other}


def table(*rows):
    return pd.DataFrame(list(rows), columns=INDICATOR_COLUMNS).astype(
        dict.fromkeys(("value", "low", "high"), float)
    )


def pairs(*rows):
    columns = ["code", "comparator_kind", "comparator_code", "comparator_label", "rank"]
    return pd.DataFrame(list(rows), columns=columns).assign(level="qpv", vintage=2015, note="")


EPCI = ("QP099001", "epci", "990000011", "CA d’essai", 0)
MEDIAN = ("QP099001", "qpv_departement_median", "99", "médiane des quartiers du département", 0)


def one_gap(value, reference, **options):
    return gaps(
        table(figure("QP099001", value, **options), figure("990000011", reference, level="epci")), pairs(EPCI)
    ).iloc[0]


def test_difference_and_ratio_of_a_published_comparator():
    row = one_gap(42.0, 14.0)
    assert (row["difference"], row["ratio"], row["comparator_period"]) == (28.0, 3.0, 2019)
    assert row["worse"]
    assert row["notable"]


@pytest.mark.parametrize(
    ("variable", "value", "reference", "worse"),
    [("poverty_rate", 42.0, 14.0, True), ("poverty_rate", 10.0, 14.0, False),
     ("employment_rate", 42.0, 60.0, True), ("employment_rate", 61.0, 60.0, False),
     ("foreign_share", 30.0, 10.0, False)],
)  # fmt: skip
def test_a_difference_is_oriented_by_direction(variable, value, reference, worse):
    frame = table(
        figure("QP099001", value, variable=variable),
        figure("990000011", reference, variable=variable, level="epci"),
    )
    assert gaps(frame, pairs(EPCI))["worse"].tolist() == [worse]


@pytest.mark.parametrize(
    ("value", "reference", "width", "notable"),
    [(25.0, 20.0, 0.0, True), (24.9, 20.0, 0.0, False), (65.0, 60.0, 0.0, False), (42.0, 20.0, 30.0, False),
     (42.0, 20.0, np.nan, False)],
    ids=["five points, ten percent", "under five points", "under ten percent", "within the interval", "unknown"],
)  # fmt: skip
def test_notable_is_sized_in_advance_and_beyond_uncertainty(value, reference, width, notable):
    assert one_gap(value, reference, width=width)["notable"] == notable


def test_a_neutral_indicator_is_never_notable():
    frame = table(
        figure("QP099001", 60.0, variable="foreign_share"),
        figure("990000011", 10.0, variable="foreign_share", level="epci"),
    )
    assert not gaps(frame, pairs(EPCI))["notable"].any()


@pytest.mark.parametrize("other", [{"period": 2018}, {"period_basis": "edition"}, {"unit": "ratio"}])
def test_another_year_or_unit_is_no_comparator(other):
    frame = table(figure("QP099001", 42.0), figure("990000011", 14.0, level="epci", **other))
    assert gaps(frame, pairs(EPCI)).empty


def test_a_hidden_value_has_a_row_and_no_difference():
    row = one_gap(None, 14.0)
    assert pd.isna(row["difference"])
    assert row["status"] == "suppressed"
    assert not row["notable"]


def test_the_median_leaves_the_neighbourhood_out_and_counts_what_is_published():
    frame = table(
        figure("QP099001", 50.0), figure("QP099002", 10.0), figure("QP099003", 20.0), figure("QP099004", 60.0),
        figure("QP099005", None), figure("QP099006", 15.0), figure("QP099007", 25.0), figure("QP059001", 99.0),
    )  # fmt: skip
    row = gaps(frame, pairs(MEDIAN)).iloc[0]
    assert row["comparator_value"] == 20.0
    assert row["comparator_label"] == "médiane des quartiers du département (5 sur 6 publiés)"


def test_a_median_of_fewer_than_five_is_not_given():
    frame = table(figure("QP099001", 50.0), figure("QP099002", 10.0), figure("QP099003", 20.0))
    assert gaps(frame, pairs(MEDIAN))["comparator_value"].isna().all()


# Findings.


def found(frame, comparisons, codes=("QP099001", "QP099002")):
    return findings(frame, gaps(frame, comparisons), territory=codes, survey=False)


def both(first, second, variable="poverty_rate"):
    return table(
        figure("QP099001", first, variable=variable), figure("QP099002", second, variable=variable),
        figure("990000011", 14.0, variable=variable, level="epci"),
    ), pairs(EPCI, ("QP099002", *EPCI[1:]))  # fmt: skip


def test_a_finding_names_size_place_and_comparator():
    frame, comparisons = both(42.0, 15.0)
    row = found(frame, comparisons).iloc[0]
    assert row["kind"] == "gap"
    assert row["codes"] == "QP099001"
    assert "dans 1\u00a0quartier sur\u00a02, valeur plus élevée que pour l’intercommunalité (CA" in row["message"]
    assert "mécanique" in row["caveat"]


def test_what_is_not_found_is_said():
    frame, comparisons = both(15.0, 16.0)
    assert found(frame, comparisons)["kind"].tolist() == ["not_found", "blind_spot"]


def test_one_neighbourhood_reads_well():
    frame = table(figure("QP099001", 42.0), figure("990000011", 14.0, level="epci"))
    row = found(frame, pairs(EPCI), codes=("QP099001",)).iloc[0]
    assert "dans le quartier, valeur plus élevée" in row["message"]
    assert (
        "42,0\u00a0% dans le quartier, 14,0\u00a0% pour l’intercommunalité (CA d’essai)\u00a0: +28,0\u00a0pts"
        in row["detail"]
    )


def test_a_large_gap_within_its_uncertainty_is_not_called_absent():
    frame = table(figure("QP099001", 42.0, width=40.0), figure("990000011", 14.0, level="epci"))
    row = found(frame, pairs(EPCI), codes=("QP099001",)).iloc[0]
    assert row["kind"] == "not_found"
    assert "on ne peut pas conclure" in row["message"]


def test_neighbourhoods_of_several_communes_are_compared_with_their_own():
    frame = table(
        figure("QP099001", 42.0), figure("QP099002", 44.0),
        figure("99001", 14.0, level="commune"), figure("99002", 15.0, level="commune"),
    )  # fmt: skip
    comparisons = pairs(
        ("QP099001", "commune", "99001", "Ici", 0), ("QP099002", "commune", "99002", "Là", 0),
    )  # fmt: skip
    assert "que pour leur commune" in found(frame, comparisons)["message"].iloc[0]


def test_no_finding_speaks_of_a_share_of_foreigners():
    frame, comparisons = both(60.0, 60.0, variable="foreign_share")
    assert set(found(frame, comparisons)["variable"]) == {""}


def test_words_stay_within_bounds():
    frame, comparisons = both(42.0, None)
    text = " ".join(found(frame, comparisons)[["message", "detail", "question"]].to_numpy().ravel())
    for word in ("prouve", "victime", "à problème", "nan", "None"):
        assert word not in text


# Hidden values.


def test_hidden_values_are_counted_by_reason_and_never_given():
    frame = table(figure("QP099001", None, note="NOTE_FILO=2"), figure("QP099002", 31.4))
    row = hidden_values(frame, territory=["QP099001", "QP099002"]).iloc[0]
    assert (row["cells"], row["total"], row["reason"]) == (1, 2, "secret statistique\u00a0: NOTE_FILO=2")
    assert "31" not in str(row.to_dict())


def test_without_neighbourhoods_alike_the_other_comparators_stand():
    """Amiens, by its own files alone, has nothing like it: an empty table of neighbours is not a fault."""
    rows = table(figure("QP099001", 42.0), figure("990000011", 14.0, level="epci"))
    alone = neighbours(rows, territory=["QP099001"])
    assert alone.empty
    found = gaps(rows, pairs(EPCI), neighbours=alone)
    assert found["comparator_kind"].tolist() == ["epci"]


def test_the_urban_unit_is_a_comparator():
    unit = ("QP099001", "unite_urbaine", "99701", "Valbrecques", 0)
    found = gaps(table(figure("QP099001", 42.0), figure("99701", 20.0, level="unite_urbaine")), pairs(unit))
    assert found[["comparator_kind", "difference"]].to_numpy().tolist() == [["unite_urbaine", 22.0]]
