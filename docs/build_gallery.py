# ruff: noqa: INP001 - a script beside the pages it writes
"""Draw every kind of figure from the demonstration territory, and write the page that shows them.

``python docs/build_gallery.py [FOLDER]`` reads a working folder already run (by default it makes the demonstration
in a scratch folder) and writes ``docs/gallery.md`` and ``docs/gallery/*.png``, the same bytes each time. What no
public table of the demonstration holds yet is drawn from the small invented tables below.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
from PIL import Image

import diagnostic as dg
from diagnostic.publication.figures import FIGURES, NOT_A_DISCRIMINATION, SLIDE, Caption, Comparator, png

HERE = Path(__file__).resolve().parent
DPI = 96
COLOURS = 128
INVENTED = "table d’exemple, inventée"

HEAT: dict[str, list[int | str]] = {
    "emploi": [23, 14, 9, "masked"], "logement": [18, 6, "suppressed", 5], "éducation": [7, 4, 3, 8],
    "santé": ["masked", 6, 4, 11], "services publics": [12, 5, 3, "masked"],
    "police": [21, "suppressed", 8, "masked"],
}  # fmt: skip
CRITERIA = ("origine", "sexe", "âge", "handicap ou état de santé")
CROSSED = [
    ("emploi", 12, 34, "convergence"), ("logement", 9, 28, "convergence"), ("éducation", 2, 12, "undetermined"),
    ("santé", -3, 8, "neither"), ("services publics", -4, 26, "felt_only"),
    ("banque et assurance", 11, 7, "gap_only"),
]  # fmt: skip
COMBINED = [
    ("origine", 120), ("origine|quartier", 88), ("sexe", 61), ("origine|sexe", 40), ("quartier", 33),
    ("origine|quartier|religion", 27), ("âge", 22), ("sexe|situation de famille", 18), ("handicap|âge", None),
]  # fmt: skip
CONVERGING = [
    ("Emploi : les femmes sont moins souvent en emploi et le déclarent.", 3,
     "ressenti mesuré, écart statistique et réclamations"),
    ("Logement : des refus sont déclarés ; aucune statistique locale ne les mesure.", 1, "ressenti mesuré"),
    ("Revenus : le niveau de vie est inférieur à celui de l’agglomération.", 1, "écart statistique"),
    ("Espace public : une parole recueillie en entretien.", 0, ""),
]  # fmt: skip
RECOURSE = [
    ("N’ont rien engagé", "pensent que cela ne servirait à rien", 38),
    ("N’ont rien engagé", "ne savaient pas à qui s’adresser", 22), ("N’ont rien engagé", "autre raison", 15),
    ("En ont parlé à un service ou une association", "ont été orientées", 14),
    ("En ont parlé à un service ou une association", "sans suite", 8),
    ("Ont saisi une institution", "suite donnée", None),
]  # fmt: skip
COVERED = [
    ("emploi", "origine", 2, 1, 1), ("emploi", "sexe", 1, 3, 1), ("emploi", "quartier", 2, 0, 0),
    ("logement", "origine", 2, 0, 1), ("logement", "sexe", 0, 0, 0), ("logement", "quartier", 1, 1, 0),
    ("santé", "origine", 1, 0, 0), ("santé", "sexe", 0, 2, 0), ("santé", "quartier", None, 1, 1),
]  # fmt: skip


HEAD = """# Gallery

Every kind of figure, drawn from the invented territory of `diagnostic demo` by `python docs/build_gallery.py`.
Under each, the words that a screen reader says, made from the numbers.

```python
import diagnostic as dg
from diagnostic.publication.figures import Caption, choropleth, svg

tables = dg.load("demonstration")
rows = tables.indicators.query("variable == 'poverty_rate' and level == 'qpv'")
caption = Caption("Le taux de pauvreté", source="Insee, Filosofi", generation=2015)
figure = choropleth(rows, tables.territories, unit="percent", caption=caption)
```

`Caption(…, paper=SLIDE)` or `paper=POSTER` lays the same figure out for a 16:9 slide or an A3 sheet; `svg`, `png`
and `pdf` give the same bytes each time."""


@dataclass
class Picture:
    """One figure of the page: its kind, its arguments, its file."""

    kind: str
    given: tuple[Any, ...]
    options: dict[str, Any] = field(default_factory=dict)
    suffix: str = ""

    @property
    def file(self) -> str:
        """Name of the image."""
        return f"{self.kind}{self.suffix}.png"


class Pictures:
    """Arguments of each kind, from the tables of a working folder."""

    def __init__(self, tables: dg.Diagnostic) -> None:
        self.tables = tables
        values = tables.indicators
        self.values = values[(values["level"] == "qpv") & values["headline"]]
        self.places = tables.territories

    def rows(self, variable: str, group: str = "all") -> pd.DataFrame:
        """Give the rows of an indicator."""
        rows: pd.DataFrame = self.values[(self.values["variable"] == variable) & (self.values["group"] == group)]
        return rows

    def caption(self, title: str, source: str = "Insee", **more: Any) -> Caption:  # noqa: ANN401 - passed on
        """Write the words around a figure."""
        identity = self.tables.identity
        more = {"caveat": NOT_A_DISCRIMINATION} | more
        return Caption(title, source=source, generation=identity.generation, fictional=identity.fictional, **more)

    def maps(self) -> list[Picture]:
        """List the maps."""
        rates = self.rows("poverty_rate")
        reference = Comparator("médiane des QPV du département", 42.0)
        mapped = {"unit": "percent", "comparators": [reference]}
        groups = {"all": "Ensemble", "women": "Femmes", "foreign": "Étrangers"}
        employed = [self.rows("employment_rate", one).assign(panel=name) for one, name in groups.items()]
        sides = [
            self.rows(variable).set_index("code")[["value", "status"]].set_axis([axis, f"{axis}_status"], axis=1)
            for axis, variable in (("x", "poverty_rate"), ("y", "employment_rate"))
        ]
        both = pd.concat(sides, axis=1).reset_index()
        poverty, source = "Le taux de pauvreté des quartiers", "Insee, Filosofi"
        return [
            Picture("situation", (self.places,), {"caption": self.caption("Les quartiers prioritaires", "ANCT")}),
            Picture("circles_map", (rates, self.places), mapped | {"caption": self.caption(poverty, source)}),
            Picture("circles_map", (rates, self.places),
                    mapped | {"caption": self.caption(poverty, source, paper=SLIDE)}, "_slide"),
            Picture("choropleth", (rates, self.places), mapped | {"caption": self.caption(poverty, source)}),
            Picture("national_map", (rates, self.places), mapped | {"caption": self.caption(poverty, source)}),
            Picture("small_multiples", (pd.concat(employed), self.places),
                    {"unit": "percent", "caption": self.caption("Le taux d’emploi de trois groupes")}),
            Picture("bivariate", (both, self.places),
                    {"labels": ("Taux de pauvreté", "Taux d’emploi"), "units": ("percent", "percent"),
                     "caption": self.caption("Pauvreté et emploi")}),
            Picture("two_generations", (self.tables.public.counterparts, self.tables.public.outlines, self.places),
                    {"caption": self.caption("Ce que chaque quartier est devenu", "ANCT", caveat="")}),
            Picture("locator", (self.places, str(rates["code"].iloc[0])), {"source": "ANCT", "fictional": True}),
        ]  # fmt: skip

    def charts(self) -> list[Picture]:
        """List the charts of gaps, years and answers."""
        gaps = self.tables.gaps
        gaps = gaps[(gaps["variable"] == "median_living_standard") & gaps["headline"]]
        gaps = gaps[gaps["comparator_kind"].isin(["commune", "epci", "region"])]
        median = "median_living_standard"
        named = {"territories": self.places}
        pairs = self.rows("employment_gap_women_men")
        answers = self.tables.estimates
        answers = answers[
            (answers["indicator"] == "PER01") & (answers["level"] == "territoire") & (answers["by"] == "")
        ]
        return [
            Picture("gap_chart", (self.rows(median), gaps), named | {
                "unit": "euros", "caption": self.caption("Le niveau de vie est inférieur à celui des communes")}),
            Picture("group_gap_chart", (pairs,), named | {
                "group": "women", "caption": self.caption("L’emploi des femmes et celui des hommes")}),
            Picture("time_series", (self._years(median),), {
                "unit": "euros", "caption": self.caption("Le niveau de vie médian d’une année à l’autre")}),
            Picture("interval_bars", (answers,), {
                "caption": self.caption("Ce que les personnes interrogées déclarent", "Enquête de démonstration",
                                        caveat="")}),
            Picture("forest", (self._by_place(),), named | {"caption": self._example("Une part par quartier")}),
        ]  # fmt: skip

    def crossings(self) -> list[Picture]:
        """List what crosses statistics, answers and actions."""
        cells = [
            (criterion, domain, *((None, one) if isinstance(one, str) else (one, "observed")))
            for domain, column in HEAT.items()
            for criterion, one in zip(CRITERIA, column, strict=True)
        ]
        heat = pd.DataFrame(cells, columns=["criterion", "domain", "value", "status"]).sort_values(
            "criterion", key=lambda names: names.map(CRITERIA.index), kind="stable"
        )
        crossed = pd.DataFrame([
            {"label": label, "number": rank, "x": x, "x_low": x - 3, "x_high": x + 3, "y": y, "y_low": y - 4,
             "y_high": y + 4, "cell": cell} for rank, (label, x, y, cell) in enumerate(CROSSED, start=1)
        ])  # fmt: skip
        combined = _hidden(pd.DataFrame(COMBINED, columns=["criteria", "value"]))
        recourse = _hidden(pd.DataFrame(RECOURSE, columns=["step", "outcome", "value"]))
        covered = pd.DataFrame(COVERED, columns=["domain", "criterion", "signals", "data", "actions"])
        converging = pd.DataFrame(CONVERGING, columns=["finding", "evidence", "sources"])
        return [
            Picture("heat_table", (heat,), {"unit": "percent", "caption": self._example("Critères par domaine")}),
            Picture("quadrant", (crossed,), {"lines": (5.0, 20.0), "caption": self._example("Écart et ressenti")}),
            Picture("upset", (combined,), {"unit": "persons", "caption": self._example("Des critères cumulés")}),
            Picture("ladder", (converging,), {"caption": self._example("La convergence des sources")}),
            Picture("flow", (recourse,), {"unit": "percent", "caption": self._example("Ce qui suit")}),
            Picture("coverage", (covered,), {"caption": self._example("Signaux, données, actions")}),
        ]  # fmt: skip

    def _example(self, title: str) -> Caption:
        return self.caption(title, INVENTED, caveat="")

    def _years(self, variable: str) -> pd.DataFrame:
        rows = self.tables.indicators
        rows = rows[(rows["variable"] == variable) & (rows["level"] == "qpv") & (rows["group"] == "all")]
        names = self.places.set_index("code")["short_label"]
        series: pd.DataFrame = rows.assign(series=rows["code"].map(names))
        return series

    def _by_place(self) -> pd.DataFrame:
        codes = list(self.places.loc[self.places["level"] == "qpv", "code"])
        shares = [30.0] + [22.0 + 5 * (rank % 5) for rank in range(len(codes))]
        table = pd.DataFrame({"code": ["", *codes], "estimate": shares, "n": [853, *[90 + rank for rank in
                              range(len(codes))]], "status": "estimated", "reliability": "publish"})  # fmt: skip
        half = [3.0, *[8.0 + rank % 3 for rank in range(len(codes))]]
        table.loc[3, "reliability"] = "caution"
        table.loc[5, ["status", "estimate"]] = ["masked", None]
        return table.assign(ci_low=table["estimate"] - half, ci_high=table["estimate"] + half)


def _hidden(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(status=table["value"].notna().map({True: "observed", False: "masked"}))


def light(image: bytes) -> bytes:
    """Keep few colours: a third of the bytes, nothing that the eye misses."""
    stream = io.BytesIO()
    Image.open(io.BytesIO(image)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(
        stream, "PNG", optimize=True
    )
    return stream.getvalue()


def build(folder: Path, target: Path) -> None:
    """Write the page and its images."""
    pictures = Pictures(dg.load(folder))
    parts = [HEAD]
    images = target / "gallery"
    images.mkdir(exist_ok=True)
    chapters = {"Maps": pictures.maps(), "Charts": pictures.charts(), "Crossings": pictures.crossings()}
    for title, found in chapters.items():
        parts.append(f"## {title}")
        for one in found:
            kind = FIGURES[one.kind]
            dpi = DPI // 2 if one.suffix else DPI
            (images / one.file).write_bytes(light(png(kind.draw(*one.given, **one.options), dpi=dpi)))
            said = kind.describe(*one.given, **one.options)
            parts.append(f"### `{one.kind}{one.suffix}`: {kind.label}")
            parts.append(f"![{kind.label}](gallery/{one.file})\n\n> {said}")
    (target / "gallery.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def main() -> None:
    """Build from the folder given, or from a demonstration made for it."""
    if len(sys.argv) > 1:
        build(Path(sys.argv[1]), HERE)
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "demonstration"
        command = [sys.executable, "-c", "from diagnostic.cli import main; main()", "demo", str(folder)]
        subprocess.run(command, check=True)  # noqa: S603 - our own command
        build(folder, HERE)


if __name__ == "__main__":
    main()
