"""The atlas: how heavy the file is, and how soon it can be used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.measure import Command, Row, child, lacks, paired, within

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.measure import Sample
    from benchmarks.subjects.setting import Setting

title = "Atlas"
what = (
    "One HTML file from public tables: the 26 neighbourhoods of Lille, then 1,584 (those of Lille repeated "
    "elsewhere under other codes), opened in Chromium with the network cut. The peer is folium: one layer, every "
    "figure in its tooltip, neither comparators, sheet, keyboard nor tables; its scripts come from the network, "
    "so that it shows nothing here."
)
COUNTS = (26, 1584)
HEAVIEST = {26: 400 * 1024, 1584: 2 * 1024**2}
SOONEST = {26: 0.3, 1584: None}


def rows(setting: Setting) -> tuple[list[Row], str]:
    scratch = setting.scratch / "atlas"
    scratch.mkdir(parents=True, exist_ok=True)
    missing = "the peer, `pip install folium`." if lacks("folium") else ""
    measured = [row for count in COUNTS for row in _rows(setting, scratch, count, peer=not missing)]
    return measured, missing


def _rows(setting: Setting, scratch: Path, count: int, *, peer: bool) -> list[Row]:
    folder, page, other = setting.lille(), scratch / f"ours-{count}.html", scratch / f"plain-{count}.html"
    public = folder / "data" / "processed" / "public"
    ours = Command([child("atlas_ours", folder, page, count)])
    theirs = Command([child("atlas_plain", public, other, count, peer=True)]) if peer else None
    mine, plain = paired(ours, theirs, runs=setting.few)
    opened, _ = paired(Command([child("atlas_open", page)]), runs=1, warm=False)
    label = "folium" if plain else ""
    return [
        Row(f"atlas of {count}, written", within(mine, "write"), label, within(plain, "write"),
            note=_weights(mine, plain, count)),
        Row(f"atlas of {count}, until it answers", within(opened, "ready"), aim_seconds=SOONEST[count]),
        Row(f"atlas of {count}, until it is drawn", within(opened, "drawn")),
    ]  # fmt: skip


def _weights(mine: list[Sample], plain: list[Sample], count: int) -> str:
    weight = mine[0].told["bytes"]
    met = "met" if weight <= HEAVIEST[count] else "**missed**"
    note = f"{weight / 1024:.0f} KiB, aim of {HEAVIEST[count] // 1024} KiB {met}"
    return note + (f"; the peer {plain[0].told['bytes'] / 1024:.0f} KiB." if plain else ".")
