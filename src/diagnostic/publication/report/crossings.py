"""The chapter that sets sources side by side: convergence, gap and perception, what is covered, what cannot be."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from diagnostic.action_model import label_of
from diagnostic.analysis.evidence import KIND_LABELS, TERRITORY, Kind
from diagnostic.formatting import NBSP, enumeration, plural, quantity
from diagnostic.publication.report.actions import UNACTED
from diagnostic.publication.report.blocks import (
    Block,
    after_colon,
    bullets,
    column,
    note,
    paragraph,
    table,
    text_cell,
)
from diagnostic.publication.report.findings import rows_of
from diagnostic.publication.report.reading import text_of
from diagnostic.vocabulary import THEME_LABELS, Theme

if TYPE_CHECKING:
    from diagnostic.publication.report.pictures import Album
    from diagnostic.publication.report.prose import Prose
    from diagnostic.publication.report.reading import Reader

QUADRANT: Final = "CRO01"
_DRAWN: Final = (QUADRANT, "CRO07")  # a figure shows them
_MEASURED: Final = (Kind.GAP, Kind.TESTING)


def crossings(reader: Reader, album: Album, prose: Prose, *, long: bool = True) -> list[Block]:
    """Make the chapter; nothing where nothing was crossed.

    Parameters
    ----------
    reader, album, prose
        Numbers, figures, texts.
    long
        Whether it shows everything; else :func:`crossings_rest` shows the other crossings in the annexes.
    """
    tables = reader.tables
    if tables.crossings.empty and tables.evidence.empty:
        return []
    return prose.blocks("croisements", {
        "echelle": _rung(reader) if _level(reader) and not long else _ladder(reader, album),
        "quadrant": _quadrant(reader, album, _said(reader)),
        "couverture": _coverage(reader, album),
        "angles_morts": _spots(reader),
        "croises": _crossed(reader) if long else [],
        "manquants": _lacking(_rows(reader)) if long else [],
    })  # fmt: skip


def _rows(reader: Reader) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in reader.tables.crossings.to_dict("records")]


def _said(reader: Reader) -> dict[str, dict[Any, Any]]:
    return {str(row["id"]): row for row in reader.tables.crossing_catalogue.to_dict("records")}


def _spots(reader: Reader) -> list[Block]:
    """List the blind spots; those on actions stand beside the inventory when there is one."""
    spots = reader.tables.blind_spots
    if spots.empty:
        return []
    if len(reader.tables.actions):
        spots = spots[~spots["spot"].isin(UNACTED)]
    return [bullets(text_of(message) for message in spots["message"])] if len(spots) else []


def crossings_rest(reader: Reader, album: Album) -> list[Block]:
    """Give what the short chapter leaves out: the ladder it says in words, the other crossings, what lacks.

    Parameters
    ----------
    reader, album
        Numbers, figures. What lacks and stands in the annex of what is not known is not said twice.
    """
    told = {text_of(what).rstrip(".") for what in reader.tables.unknowns.get("what", ())}
    left = [row for row in _rows(reader) if str(row["label"]) not in told]
    return [*(_ladder(reader, album) if _level(reader) else []), *_crossed(reader), *_lacking(left)]


def _level(reader: Reader) -> bool:
    """Say whether every finding stands on the same rung, for the same reason: a sentence says it."""
    return len({(row["degree"], text_of(row["sources"])) for row in rows_of(reader) if row["evidence"]}) == 1


def _rung(reader: Reader) -> list[Block]:
    row = next(row for row in rows_of(reader) if row["evidence"])
    kinds, sources = f"{plural(int(row['degree']), 'sorte')} de sources sur{NBSP}cinq", text_of(row["sources"])
    return [paragraph(f"Chaque constat repose sur {kinds}" + (f" ({sources})." if sources else "."))]


def _ladder(reader: Reader, album: Album) -> list[Block]:
    rows = [row for row in rows_of(reader) if row["evidence"]]
    if not rows:
        return []
    return album.ladder(pd.DataFrame({
        "finding": [row["message"] for row in rows], "evidence": [row["degree"] for row in rows],
        "sources": [row["sources"] for row in rows],
    }))  # fmt: skip


def _quadrant(reader: Reader, album: Album, said: dict[str, dict[Any, Any]]) -> list[Block]:
    rows = reader.tables.crossings
    if rows.empty:
        return []
    rows = rows[rows["id"].eq(QUADRANT) & rows["domain_label"].astype(str).ne("")]
    known = rows["x"].notna()
    if not (known & rows["y"].notna()).any():
        return []
    bare = rows.loc[~known, "domain_label"]
    return [
        *album.quadrant(rows[known].reset_index(drop=True)),
        *([note(f"Sans statistique publique comparée : {enumeration(bare)}.")] if len(bare) else []),
        *_bounds(said.get(QUADRANT)),
    ]


def _bounds(one: dict[Any, Any] | None) -> list[Block]:
    """Say under a figure what it says and what it does not."""
    if one is None:
        return []
    return [note(f"Ce que ça dit : {one['says']} Ce que ça ne dit pas : {one['does_not_say']} {one['ask']}")]


def _coverage(reader: Reader, album: Album) -> list[Block]:
    """Draw which domains and criteria have signals and data; an inventory draws them beside its actions."""
    rows = reader.tables.evidence
    if rows.empty or len(reader.tables.action_spots):
        return []
    rows = rows[rows["perimeter"].eq(TERRITORY)]
    if rows.empty:
        return []
    order = [str(theme) for theme in Theme]
    rows = rows.sort_values("theme", key=lambda names: names.map(order.index), kind="stable")
    return album.coverage(pd.DataFrame({
        "domain": [THEME_LABELS[Theme(theme)] for theme in rows["theme"]],
        "criterion": [label_of("criteres", one) for one in rows["criterion"]],
        "signals": [int(_others(row)) for row in rows.to_dict("records")],
        "data": [int(_holds(row, _MEASURED, ("sources", "against"))) for row in rows.to_dict("records")],
        "actions": None,
    }))  # fmt: skip


def _others(row: dict[Any, Any]) -> bool:
    """Say whether a source other than a measured gap concurs."""
    return _holds(row, (Kind.SURVEY, Kind.PRACTICE, Kind.DECISION), ("sources",))


def _holds(row: dict[Any, Any], kinds: tuple[Kind, ...], fields: tuple[str, ...]) -> bool:
    said = " ".join(text_of(row[name]) for name in fields)
    return any(KIND_LABELS[kind] in said for kind in kinds)


def _crossed(reader: Reader) -> list[Block]:
    """Lay out the crossings that no figure shows: a table each, what it does not say under it."""
    said = _said(reader)
    found: dict[str, list[dict[str, Any]]] = {}
    for row in _rows(reader):
        if not text_of(row["missing"]) and row["id"] not in _DRAWN:
            found.setdefault(str(row["id"]), []).append(row)
    return [_crossing(rows, said.get(name, rows[0])) for name, rows in found.items()]


def _crossing(rows: list[dict[str, Any]], said: dict[Any, Any]) -> Block:
    cells = [
        [
            text_cell(text_of(row["domain_label"]) or "Tout le territoire", strong=True),
            text_cell("\n".join(_side(row, axis) for axis in "xy").strip()),
            text_cell(_told(row)),
        ]
        for row in rows
    ]  # fmt: skip
    columns = [
        column("Domaine", width=46), column("Côte à côte", width=0), column("Ce que ça dit", width=52),
    ]  # fmt: skip
    unsaid = text_of(said.get("does_not_say")) or text_of(rows[0]["caveat"])
    return table(columns, cells, title=str(rows[0]["label"]), foot=f"Ne dit pas : {after_colon(unsaid)}")


def _told(row: dict[str, Any]) -> str:
    """Name the cell and say its reading, which may name it already."""
    named, reading = text_of(row["cell_label"]), text_of(row["reading"])
    return reading if reading.startswith(named) else f"{named}. {reading}".removesuffix(". ")


def _side(row: dict[str, Any], axis: str) -> str:
    """Write one measure with its interval, nothing where there is none."""
    value, low, high = (float(row[f"{axis}{part}"]) for part in ("", "_low", "_high"))
    if math.isnan(value):
        return ""
    unit = text_of(row[f"{axis}_unit"])
    around = ""
    if low < high:
        around = f" (de {quantity(low, unit)} à {quantity(high, unit)})"
    return f"{text_of(row[f'{axis}_label'])} : {quantity(value, unit)}{around}"


def _lacking(rows: list[dict[str, Any]]) -> list[Block]:
    """Name what could not be crossed, and the source that lacks."""
    found = dict.fromkeys(
        f"{row['label']} (il manque : {text_of(row['missing'])})."
        for row in rows
        if text_of(row["missing"]) and not _elsewhere(row, rows)
    )
    return [note(" ".join(found))] if found else []


def _elsewhere(row: dict[str, Any], rows: list[dict[str, Any]]) -> bool:
    """Say whether the same crossing is computed for another domain: its figure says what lacks for this one."""
    return row["id"] in _DRAWN and any(one["id"] == row["id"] and not text_of(one["missing"]) for one in rows)
