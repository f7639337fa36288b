"""The measured gap of each domain beside the share that cites it, as the analysis placed them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from diagnostic.analysis.gaps import NOTABLE_POINTS
from diagnostic.formatting import typographic
from diagnostic.publication.atlas.series import scaled
from diagnostic.publication.report.reading import text_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import pandas as pd

_CROSSING: Final = "CRO01"
_UNSURE: Final = "undetermined"
_UNIT: Final = "points"


def quadrant(crossings: pd.DataFrame | None) -> dict[str, Any] | None:
    """Give the quadrant view, ``None`` where nothing was crossed.

    Parameters
    ----------
    crossings
        Columns of ``analysis.crossing.CROSSING_COLUMNS``, made of released figures only.

    Returns
    -------
    dict or None
        One entry a domain: its two values with their intervals, its cell and its reading, or what is missing.
    """
    rows = [] if crossings is None else crossings[crossings["id"].eq(_CROSSING)].to_dict("records")
    if not any(text_of(row["domain_label"]) for row in rows):
        return None
    named = next((row for row in rows if text_of(row["x_label"])), rows[0])
    return {
        "title": typographic(text_of(rows[0]["label"])), "caveat": typographic(text_of(rows[0]["caveat"])),
        "line": scaled(NOTABLE_POINTS, _UNIT), "across": typographic(text_of(named["x_label"])),
        "items": [_item(row) for row in rows if text_of(row["domain_label"])],
    }  # fmt: skip


def _item(row: Mapping[Hashable, Any]) -> dict[str, Any]:
    missing = typographic(text_of(row["missing"]))
    return {
        "name": typographic(text_of(row["domain_label"])), "cell": typographic(text_of(row["cell_label"])),
        "sure": row["cell"] != _UNSURE, "missing": missing, "reading": typographic(text_of(row["reading"])),
        "x": _side(row, "x"), "y": _side(row, "y"),
    }  # fmt: skip


def _side(row: Mapping[Hashable, Any], axis: str) -> list[int | None] | None:
    """Give a value and its bounds; nothing where it is not there."""
    numbers = [float(row[f"{axis}{part}"]) for part in ("", "_low", "_high")]
    if not math.isfinite(numbers[0]):
        return None
    return [scaled(one if math.isfinite(one) else None, _UNIT) for one in numbers]
