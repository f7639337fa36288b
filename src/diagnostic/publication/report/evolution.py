"""What changed from one year to another, only where the producer's years may be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from diagnostic.formatting import enumeration, quantity
from diagnostic.publication.report.blocks import Block, bullets, note
from diagnostic.publication.report.messages import COMPARATORS
from diagnostic.publication.report.reading import KINDS, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from diagnostic.publication.report.pictures import Album
    from diagnostic.publication.report.prose import Prose
    from diagnostic.publication.report.reading import Reader


def evolution(reader: Reader, album: Album, prose: Prose, *, variables: Sequence[str], drawn: bool) -> list[Block]:
    """Say which gaps are unfavourable and wider than before; nothing where no two years may be compared.

    Parameters
    ----------
    reader, album, prose
        Numbers, figures, texts.
    variables
        Indicators of the chapter, main ones first.
    drawn
        Whether the series stands here, rather than in the annexes.
    """
    worse = _worsened(reader, variables)
    figures = over_time(reader, album, variables) if drawn else []
    if not worse and not figures:
        return []
    broken = _broken(reader, variables)
    return prose.blocks("evolution", {
        "creuse": [bullets(worse)] if worse else [], "figures": figures,
        "ruptures": [note(broken)] if broken else [],
    })  # fmt: skip


def over_time(reader: Reader, album: Album, variables: Sequence[str]) -> list[Block]:
    """Draw the first indicator that may be read from one year to another."""
    readable = (one for one in variables if reader.series(one)["change"].notna().any())
    first = next(readable, None)
    return album.series(first) if first else []


def _worsened(reader: Reader, variables: Sequence[str]) -> list[str]:
    """Write each gap that widened, beside the nearest comparator where it did."""
    rows = reader.tables.worsening
    if rows.empty:
        return []
    names = {place.code: place.name for place in reader.places}
    kept = rows[rows["code"].isin(names) & rows["variable"].isin(variables) & (rows["group"] == "all")]
    kept = kept[kept["comparator_kind"].isin(KINDS)]
    near = kept.assign(rank=kept["comparator_kind"].map(KINDS.index)).sort_values("rank", kind="stable")
    first = near.drop_duplicates(["code", "variable"]).sort_values(["variable", "code"], kind="stable")
    return [_widened(reader, row, names[str(row["code"])]) for row in first.to_dict("records")]


def _widened(reader: Reader, row: dict[Any, Any], name: str) -> str:
    variable = str(row["variable"])
    unit = "points" if reader.unit(variable) == "percent" else reader.unit(variable)
    before, after = (quantity(float(row[one]), unit, signed=True) for one in ("earlier_difference", "difference"))
    where = "" if reader.alone else f"{name}, "
    return (
        f"{where}{reader.short(variable)} : l’écart défavorable avec {COMPARATORS[row['comparator_kind']]} s’est "
        f"creusé, de {before} ({row['earlier_period']}) à {after} ({row['period']})."
    )


def _broken(reader: Reader, variables: Sequence[str]) -> str:
    """Say which figures of the chapter cannot be followed, and why."""
    reasons: dict[str, list[str]] = {}
    for one in variables:
        rows = reader.series(one)
        labels = dict.fromkeys(text_of(label) for label in rows["break_label"] if text_of(label))
        for label in labels if not rows["change"].notna().any() else ():
            reasons.setdefault(label, []).append(reader.short(one))
    said = " ; ".join(f"{enumeration(names)} ({reason})" for reason, names in reasons.items())
    return f"Ne se comparent pas d’une année à l’autre : {said}." if said else ""
