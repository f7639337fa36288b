"""Draw twenty figures of a working folder as SVG, cold then warm, and the 1,584 neighbourhoods of the country."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pandas as pd
from clock import clocks, since
from country import country

import diagnostic as dg
from diagnostic.publication.figures import FIGURES, SLIDE, Basemap, Caption, svg

AGAIN = 3
MAPPED = ("poverty_rate", "rsa_share", "c2s_share", "employment_rate")


def calls(tables: dg.Diagnostic) -> list[tuple[str, str, tuple, dict]]:
    """List the figures: what each is of, its kind and its arguments."""
    places = tables.territories
    base = Basemap(places)
    values = tables.indicators
    values = values[(values["level"] == "qpv") & values["headline"]]
    caption = Caption("Une figure", subtitle="Mesure, année", source="Insee", generation=2015)
    on = {"caption": caption, "basemap": base}

    def rows(variable: str, group: str = "all") -> pd.DataFrame:
        return values[(values["variable"] == variable) & (values["group"] == group)]

    gaps = tables.gaps[tables.gaps["headline"]]
    groups = pd.concat([rows("employment_rate", one).assign(panel=one) for one in ("all", "women", "foreign")])
    sides = [
        rows(one).set_index("code")["value"].rename(axis) for axis, one in zip("xy", MAPPED[::3], strict=True)
    ]
    years = tables.indicators[tables.indicators["variable"] == "median_living_standard"].rename(
        columns={"code": "series"}
    )
    found: list[tuple[str, str, tuple, dict]] = [("places", "situation", (places,), on)]
    for variable in MAPPED:
        mapped = {**on, "unit": "percent"}
        found.append((variable, "circles_map", (rows(variable), places), mapped))
        found.append((variable, "choropleth", (rows(variable), places), mapped))
    slide = {"caption": Caption("Une figure", paper=SLIDE), "basemap": base, "unit": "percent"}
    found.append(("slide", "circles_map", (rows(MAPPED[0]), places), slide))
    found.append(("groups", "small_multiples", (groups, places), {**on, "unit": "percent"}))
    both = pd.concat(sides, axis=1).reset_index()
    names = {"labels": ("pauvreté", "emploi"), "units": ("percent", "percent")}
    found.append(("two", "bivariate", (both, places), on | names))
    for variable, unit in (("median_living_standard", "euros"), ("employment_rate", "percent"),
                           ("poverty_rate", "percent"), ("rsa_share", "percent")):  # fmt: skip
        compared = gaps[(gaps["variable"] == variable) & (gaps["group"] == "all")]
        found.append((variable, "gap_chart", (rows(variable), compared),
                      {"territories": places, "unit": unit, "caption": caption}))  # fmt: skip
    for group, variable in (("women", "employment_gap_women_men"), ("foreign", "employment_gap_foreign_french")):
        found.append((variable, "group_gap_chart", (rows(variable),),
                      {"territories": places, "group": group, "caption": caption}))  # fmt: skip
    found.append(
        ("years", "time_series", (years[years["level"] == "qpv"],), {"unit": "euros", "caption": caption})
    )
    found.append(("contour", "locator", (places, base.places[0].code), {"basemap": base}))
    return found


def draw(kind: str, given: tuple, options: dict) -> int:
    return len(svg(FIGURES[kind].draw(*given, **options)))


def main(folder: Path, real: Path) -> None:
    listed = calls(dg.load(folder))
    start = clocks()
    for _, kind, given, options in listed:
        draw(kind, given, options)
    told: dict[str, object] = {"count": len(listed), "cold": since(start)}
    each = {}
    start = clocks()
    for name, kind, given, options in listed:
        one = clocks()
        draw(kind, given, options)
        each[f"{kind} {name}"] = since(one)[0]
    told |= {"warm": since(start), "each": each}
    chosen = next(one for one in listed if one[1] == "choropleth")
    start = clocks()
    for _ in range(AGAIN):
        draw(chosen[1], chosen[2], {**chosen[3], "enlarged": False})
    told["choropleth"] = [one / AGAIN for one in since(start)]
    if real.is_dir():
        values, places = country(real)
        options = {"unit": "percent", "caption": Caption("Une figure", source="Insee", generation=2024)}
        start = clocks()
        draw("national_map", (values, places), options)
        told |= {"national": since(start), "neighbourhoods": len(places)}
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
