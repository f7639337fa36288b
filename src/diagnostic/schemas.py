"""The tables that meet: columns, types, keys, and the promises between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from diagnostic.errors import DiagnosticError, Fault
from diagnostic.vocabulary import KNOWN, Direction, Level, PeriodBasis, Status

if TYPE_CHECKING:
    import pandas as pd
    import pandera.pandas as pa

LEVELS: Final = [str(level) for level in Level]
STATUSES: Final = [str(status) for status in Status]
BASES: Final = [str(basis) for basis in PeriodBasis]
DIRECTIONS: Final = [str(direction) for direction in Direction]

PLACE: Final = ["level", "code", "vintage"]
MEASURE_KEY: Final = [*PLACE, "period", "variable", "group", "source", "edition"]
MEASURE_COLUMNS: Final = [*MEASURE_KEY, "value", "unit", "status", "note", "period_basis"]
INDICATOR_COLUMNS: Final = [*MEASURE_COLUMNS, "low", "high", "reliability", "headline"]
GAP_COLUMNS: Final = [
    *PLACE, "variable", "group", "period", "period_basis", "edition", "unit", "value",
    "comparator_kind", "comparator_code", "comparator_label", "comparator_period", "comparator_value",
    "difference", "ratio", "half_width", "direction", "worse", "notable", "status", "note", "headline",
]  # fmt: skip
TERRITORY_COLUMNS: Final = [
    *PLACE, "label", "short_label", "number", "communes", "commune_labels", "epci", "departement", "region",
    "population", "area", "geometry",
]  # fmt: skip
SOURCE_COLUMNS: Final = [
    "source", "edition", "label", "producer", "title", "citation", "url", "licence", "published", "file",
    "sha256", "rows", "basis",
]  # fmt: skip
CATALOGUE_COLUMNS: Final = [
    "variable", "id", "label", "short_label", "theme", "unit", "direction", "criteria", "scale", "formula",
    "says", "does_not_say", "ask", "reference",
]  # fmt: skip
HIDDEN_COLUMNS: Final = [
    "source",
    "edition",
    "variable",
    "group",
    "label",
    "status",
    "reason",
    "cells",
    "total",
]
FINDING_COLUMNS: Final = [
    "rank", "theme", "variable", "group", "kind", "message", "detail", "caveat", "question", "codes",
]  # fmt: skip
ESTIMATE_COLUMNS: Final = [
    *PLACE, "indicator", "concept", "answer", "label", "by", "group", "base", "estimate", "se", "ci_low",
    "ci_high", "n", "count", "n_eff", "df", "deff", "method", "reliability", "status", "note",
]  # fmt: skip
CARD_COLUMNS: Final = ["rank", "entry", "text"]
BOUNDARY_COLUMNS: Final = [*PLACE, "label", "note", "geometry"]
LINK_COLUMNS: Final = [*PLACE, "parent_level", "parent_code", "parent_vintage", "rank", "label", "source"]


class SchemaError(DiagnosticError, ValueError):
    """A table breaks a promise that other floors rely on."""


def _columns(kinds: dict[str, object]) -> dict[str, pa.Column]:
    import pandera.pandas as pa  # noqa: PLC0415 - half a second that `--help` must not pay

    return {
        name: kind if isinstance(kind, pa.Column) else pa.Column(kind, nullable=False)
        for name, kind in kinds.items()
    }


def _measure_checks() -> list[pa.Check]:
    import pandera.pandas as pa  # noqa: PLC0415 - idem

    return [
        pa.Check(
            lambda table: table["value"].notna() == table["status"].isin(KNOWN),
            error="une valeur est vide exactement quand son statut dit pourquoi",
        ),
    ]


def measure_schema() -> pa.DataFrameSchema:
    """Give the schema of ``measures``: one row a figure, null exactly when the status says why."""
    import pandera.pandas as pa  # noqa: PLC0415 - idem

    return pa.DataFrameSchema(
        _columns({
            "level": pa.Column(str, pa.Check.isin(LEVELS)),
            "code": pa.Column(str, pa.Check.str_length(min_value=1)),
            "vintage": "int64", "period": "int64", "variable": str, "group": str, "source": str,
            "edition": str, "value": pa.Column("float64", nullable=True), "unit": str,
            "status": pa.Column(str, pa.Check.isin(STATUSES)), "note": str,
            "period_basis": pa.Column(str, pa.Check.isin(BASES)),
        }),
        checks=_measure_checks(), unique=MEASURE_KEY, strict=False,
    )  # fmt: skip


def check_measures(table: pd.DataFrame, *, where: str) -> pd.DataFrame:
    """Hold a table to the schema of ``measures``, all faults at once.

    Parameters
    ----------
    table
        Columns ``MEASURE_COLUMNS``, one row a figure.
    where
        What the table is, for the message.

    Returns
    -------
    pandas.DataFrame
        The same rows, columns in order.

    Raises
    ------
    SchemaError
        When a column is absent, a type is wrong, a key is repeated or a status contradicts its value.
    """
    return _check(measure_schema(), table, where=where, columns=MEASURE_COLUMNS)


def _check(schema: pa.DataFrameSchema, table: pd.DataFrame, *, where: str, columns: list[str]) -> pd.DataFrame:
    import pandera.errors as pe  # noqa: PLC0415 - idem

    try:
        checked: pd.DataFrame = schema.validate(table, lazy=True)
    except pe.SchemaErrors as problem:
        cases = problem.failure_cases.groupby(["column", "check"], dropna=False, sort=True)
        raise SchemaError(
            [
                Fault(
                    f"table «\u00a0{where}\u00a0» non conforme, règle «\u00a0{check}\u00a0»",
                    column=None if column is None else str(column),
                    found=f"{len(rows)} cas, par exemple {rows['failure_case'].iloc[0]!r}",
                    remedy="signalez ce fichier : la lecture a mal compris son contenu",
                )
                for (column, check), rows in cases
            ]
        ) from problem
    return checked[columns]
