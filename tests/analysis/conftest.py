"""Small tables that tests of the analysis write row by row."""

import pandas as pd
import pytest

from diagnostic.schemas import ESTIMATE_COLUMNS, GAP_COLUMNS, INDICATOR_COLUMNS

NUMBERS = ("value", "low", "high")


def _figure(code, value, *, variable="poverty_rate", level="qpv", width=0.0, **other):
    known = value is not None
    row = {
        "level": level, "code": code, "vintage": 2015 if level == "qpv" else 2020, "period": 2019,
        "variable": variable, "group": "all", "source": "insee_filosofi", "edition": "2019", "value": value,
        "unit": "percent", "status": "observed" if known else "suppressed", "note": "", "period_basis": "stated",
        "low": value - width if known else None, "high": value + width if known else None,
        "reliability": "publish", "headline": True,
    }  # fmt: skip
    return {**row, **other}


def _gap(code, difference, *, variable="poverty_rate", kind="epci", width=0.0, **other):
    row = {
        "level": "qpv", "code": code, "vintage": 2015, "variable": variable, "group": "all", "period": 2019,
        "period_basis": "stated", "edition": "2019", "unit": "percent", "value": 20.0 + difference,
        "comparator_kind": kind, "comparator_code": "990000011", "comparator_label": "CA d’essai",
        "comparator_period": 2019, "comparator_value": 20.0, "difference": difference,
        "ratio": (20.0 + difference) / 20.0, "half_width": width, "direction": "more_is_worse",
        "worse": difference > 0, "notable": abs(difference) > max(width, 5.0), "status": "estimated", "note": "",
        "headline": True,
    }  # fmt: skip
    return {**row, **other}


def _estimate(concept, answer, share, *, half=2.0, base="all", indicator="PER08", **other):
    row = dict.fromkeys(ESTIMATE_COLUMNS) | {
        "level": "territoire", "code": "", "vintage": 2015, "indicator": indicator, "concept": concept,
        "answer": answer, "label": f"citent « {answer} »", "by": "", "group": "all", "base": base,
        "estimate": share, "ci_low": share - half, "ci_high": share + half, "n": 400.0, "reliability": "publish",
        "status": "estimated", "note": "",
    }  # fmt: skip
    return {**row, **other}


@pytest.fixture(scope="session")
def figures():
    """Make a table of indicators: ``figures((code, value), (code, value, {"variable": ...}))``."""
    return lambda *rows: _made(_figure, rows, INDICATOR_COLUMNS).astype(dict.fromkeys(NUMBERS, float))


@pytest.fixture(scope="session")
def gap_rows():
    """Make a table of gaps, likewise: code and difference."""
    return lambda *rows: _made(_gap, rows, GAP_COLUMNS)


@pytest.fixture(scope="session")
def estimate_rows():
    """Make released estimates, likewise: concept, answer and share."""
    return lambda *rows: _made(_estimate, rows, ESTIMATE_COLUMNS)


def _made(make, rows, columns):
    made = [make(*row[:-1], **row[-1]) if isinstance(row[-1], dict) else make(*row) for row in rows]
    return pd.DataFrame(made, columns=columns)
