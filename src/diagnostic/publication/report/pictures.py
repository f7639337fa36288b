"""Figures of the report: drawn once, kept as bytes, each with its alternative text."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from diagnostic.analysis.gaps import NOTABLE_POINTS
from diagnostic.formatting import NBSP, enumeration, plural
from diagnostic.publication.figures import (
    A4,
    NO_COMPARISON,
    NOT_A_DISCRIMINATION,
    Caption,
    Comparator,
    circles_map,
    coverage,
    describe_circles_map,
    describe_coverage,
    describe_gap_chart,
    describe_group_gap_chart,
    describe_interval_bars,
    describe_ladder,
    describe_locator,
    describe_quadrant,
    describe_situation,
    describe_time_series,
    describe_two_generations,
    gap_chart,
    group_gap_chart,
    interval_bars,
    ladder,
    locator,
    quadrant,
    situation,
    svg,
    time_series,
    two_generations,
)
from diagnostic.publication.figures.answers import groups
from diagnostic.publication.kept import Kept
from diagnostic.publication.report.blocks import Block, after_colon, figure, note
from diagnostic.publication.report.messages import (
    COMPARATORS,
    declared_title,
    gap_title,
    map_title,
    measure_line,
    pair_title,
    series_title,
)
from diagnostic.publication.report.survey import several
from diagnostic.vocabulary import NEVER_MAPPED, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from diagnostic.publication.figures import Figure, Paper
    from diagnostic.publication.report.panels import Panel
    from diagnostic.publication.report.reading import Reader
    from diagnostic.publication.report.survey import Survey

_MEDIAN: Final = "qpv_departement_median"
_CHARTED: Final = ("commune", "epci", "region")
_INCH: Final = 25.4  # millimetres
_LINES: Final = (NOTABLE_POINTS, NOTABLE_POINTS)  # declared in advance, on both axes
_SEVERAL: Final = "Plusieurs réponses possibles : la somme dépasse 100 %."


class Album:
    """Draws the figures of one territory and keeps their bytes in ``files``, by file name.

    Parameters
    ----------
    reader
        Where the numbers come from.
    paper
        What the figures are laid out for.
    write
        ``svg`` or ``png``: what a document takes.
    kept
        Figures already drawn from the same tables.
    """

    def __init__(
        self,
        reader: Reader,
        *,
        paper: Paper = A4,
        write: Callable[[Figure], bytes] = svg,
        kept: Kept | None = None,
    ) -> None:
        self.reader = reader
        self.paper = paper
        self.files: dict[str, bytes] = {}
        self._write = write
        self._kept = kept or Kept()

    def draw(
        self,
        name: str,
        draw: Callable[..., Figure],
        describe: Callable[..., str],
        *args: Any,  # noqa: ANN401 - passed on as they come
        **options: Any,  # noqa: ANN401 - idem
    ) -> Block:
        """Give the block of a figure; a chapter, its annex and a sheet for partners show the same one."""
        file = f"{name}.{self._write.__name__}"

        def make() -> dict[str, bytes]:
            drawn = draw(*args, **options)
            wide, high = (round(float(inches) * _INCH, 2) for inches in drawn.get_size_inches())
            block = figure(file, alt=describe(*args, **options), width=wide, height=high)
            return {"figure": self._write(drawn), "block": json.dumps(block).encode()}

        found = self._kept.once(file, make)
        self.files[file] = found["figure"]
        block: Block = json.loads(found["block"])
        return block

    def _caption(self, title: str, *, subtitle: str = "", source: str = "", caveat: str = "") -> Caption:
        identity = self.reader.identity
        return Caption(
            title, subtitle=subtitle, source=source, generation=identity.generation, caveat=caveat,
            fictional=identity.fictional, paper=self.paper,
        )  # fmt: skip

    def _limits(self, variable: str) -> str:
        unsaid = after_colon(self.reader.word(variable, "does_not_say"))
        return f"{NOT_A_DISCRIMINATION} Ne dit pas : {unsaid}" if unsaid else NOT_A_DISCRIMINATION

    def situation(self) -> Block:
        """Draw the situation map; drawn once, shown as often as wanted."""
        reader = self.reader
        caption = self._caption(f"{reader.identity.name}{NBSP}: les quartiers prioritaires"
                                if not reader.alone else f"{reader.identity.name}{NBSP}: le quartier prioritaire",
                                source=reader.contours())  # fmt: skip
        return self.draw(
            "situation", situation, describe_situation, reader.tables.territories, caption=caption,
            basemap=reader.basemap,
        )  # fmt: skip

    def generations(self, codes: Sequence[str], *, rank: int) -> Block:
        """Draw the outlines of both generations, some neighbourhoods at a time."""
        tables = self.reader.tables
        caption = self._caption(
            "Ce que chaque quartier est devenu", source=self.reader.contours(),
            caveat="Une figure ou un tableau des autres chapitres ne porte que sur une génération.",
        )  # fmt: skip
        return self.draw(
            f"generations-{rank}", two_generations, describe_two_generations, tables.counterparts, tables.outlines,
            tables.territories, codes=list(codes), caption=caption, basemap=self.reader.basemap,
        )  # fmt: skip

    def locator(self, code: str) -> list[Block]:
        """Draw one neighbourhood seen close; nothing where its contour is unknown."""
        reader = self.reader
        if code not in reader.basemap.contours:
            return []
        return [self.draw(
            f"contour-{code}", locator, describe_locator, reader.tables.territories, code, basemap=reader.basemap,
            fictional=reader.fictional,
        )]  # fmt: skip

    def circles(self, variable: str) -> list[Block]:
        """Draw a thematic map, where it teaches more than a number."""
        reader = self.reader
        if reader.alone or variable in NEVER_MAPPED or not reader.written(variable):
            return []
        caption = self._caption(
            map_title(reader, variable), subtitle=measure_line(reader, variable), source=reader.source(variable),
            caveat=NOT_A_DISCRIMINATION,
        )  # fmt: skip
        return [self.draw(
            f"carte-{variable}", circles_map, describe_circles_map, reader.rows(variable),
            reader.tables.territories, unit=reader.unit(variable), caption=caption, variable=variable,
            comparators=self._ticks(variable), basemap=reader.basemap,
        )]  # fmt: skip

    def _ticks(self, variable: str) -> list[Comparator]:
        """Give the comparators that are the same for every neighbourhood: they fit on a legend."""
        rows = self.reader.gaps(variable).dropna(subset=["comparator_value"])
        found = []
        for kind in ("epci", "unite_urbaine", "region", "departement", _MEDIAN):
            one = rows[rows["comparator_kind"] == kind]
            if one.empty or (kind != _MEDIAN and len(set(one["comparator_label"])) > 1):
                continue  # the neighbourhoods lie in several of them: the chart shows which
            label = str(one["comparator_label"].iloc[0])
            label = COMPARATORS[kind].removeprefix("la ") if kind == _MEDIAN else label
            low, high = float(one["comparator_value"].min()), float(one["comparator_value"].max())
            found.append(Comparator(label, low, high if high > low else None))
        return found[:2]

    def gaps(self, variable: str) -> list[Block]:
        """Draw neighbourhoods beside their comparators; nothing without comparator or value."""
        reader = self.reader
        kinds = reader.kinds(variable)
        if reader.alone or not kinds or not reader.written(variable):
            return []
        compared = reader.gaps(variable)
        if set(kinds) & set(_CHARTED):
            compared = compared[compared["comparator_kind"].isin(_CHARTED)]
        caption = self._caption(
            reader.finding(variable) or gap_title(reader, variable, kinds[0]),
            subtitle=measure_line(reader, variable),
            source=reader.source(variable),
            caveat=self._limits(variable),
        )  # fmt: skip
        return [self.draw(
            f"ecarts-{variable}", gap_chart, describe_gap_chart, reader.rows(variable), compared,
            territories=reader.tables.territories, unit=reader.unit(variable), caption=caption,
            listed=reader.places, by_value=variable not in NEVER_MAPPED,
        )]  # fmt: skip

    def pair(self, variable: str) -> list[Block]:
        """Draw the difference between two groups; nothing without value or for one neighbourhood."""
        reader = self.reader
        group = reader.pair(variable)
        if reader.alone or group is None or not reader.written(variable):
            return []
        caption = self._caption(
            reader.finding(variable) or pair_title(reader, variable, group),
            subtitle=measure_line(reader, variable),
            source=reader.source(variable),
            caveat=self._limits(variable),
        )  # fmt: skip
        return [self.draw(
            f"groupes-{variable}", group_gap_chart, describe_group_gap_chart, reader.rows(variable),
            territories=reader.tables.territories, group=group, caption=caption, listed=reader.places,
        )]  # fmt: skip

    def declared(self, survey: Survey, panel: Panel) -> list[Block]:
        """Draw what residents declare; say it in words where no number may be written."""
        found = groups(survey.values(panel.sections))
        if not any(group.shown() for group in found):
            return [note(f"{group.title}. {' '.join(group.hidden())}") for group in found]
        limits = [f"Déclarations, {survey.interval}.", _SEVERAL if several(panel) else "", NO_COMPARISON]
        caption = replace(
            self._caption(
                declared_title(survey, panel, found), subtitle=panel.subtitle, source=survey.source,
                caveat=" ".join(limit for limit in limits if limit),
            ), count=survey.count,
        )  # fmt: skip
        return [self.draw(
            f"ressenti-{panel.name}", interval_bars, describe_interval_bars, survey.rows, caption=caption,
            read=found,
        )]  # fmt: skip

    def series(self, variable: str) -> list[Block]:
        """Draw the values of an indicator over the years, its breaks marked; nothing without two years."""
        reader = self.reader
        rows = reader.series(variable)
        if rows["period"].nunique() < 2:  # noqa: PLR2004 - a line has two ends
            return []
        names = {place.code: place.name for place in reader.places}
        values = rows.assign(series=rows["code"].map(names), break_before=rows["break_label"])
        values["rank"] = values["code"].map({code: rank for rank, code in enumerate(reader.codes)})
        caption = self._caption(
            series_title(reader, variable), subtitle=measure_line(reader, variable, years=rows),
            source=reader.source(variable), caveat=self._limits(variable),
        )  # fmt: skip
        return [self.draw(
            f"serie-{variable}", time_series, describe_time_series, values.sort_values(["rank", "period"]),
            unit=reader.unit(variable), caption=caption,
        )]  # fmt: skip

    def ladder(self, values: pd.DataFrame) -> list[Block]:
        """Draw the convergence of sources of each finding, as :func:`ladder` takes them."""
        most = int(values["evidence"].max())
        title = f"Aucun constat ne va au-delà de {plural(most, 'sorte')} de sources concordantes sur{NBSP}cinq"
        caption = self._caption(title)
        return [self.draw("convergence", ladder, describe_ladder, values, caption=caption)]

    def quadrant(self, rows: pd.DataFrame) -> list[Block]:
        """Draw the measured gap beside the share that cites each domain: rows of a crossing."""
        known = [
            {f"{axis}_status": str(Status.OBSERVED if found else Status.MISSING)
             for axis, found in (("x", row["x"] == row["x"]), ("y", row["y"] == row["y"]))}
            for row in rows.to_dict("records")
        ]  # fmt: skip
        values = rows.assign(label=rows["domain_label"], number=range(1, len(rows) + 1))
        for name in ("x_status", "y_status"):
            values[name] = [one[name] for one in known]
        joined = [f"«{NBSP}{name}{NBSP}»" for name in rows.loc[rows["cell"] == "convergence", "domain_label"]]
        title = (
            f"L’écart mesuré et ce que les habitants déclarent se rejoignent{NBSP}: {enumeration(joined)}"
            if joined else "Aucun domaine où l’écart mesuré et ce que les habitants déclarent se rejoignent"
        )  # fmt: skip
        caption = self._caption(
            title, subtitle="Écart défavorable médian des quartiers, et part des personnes qui citent le domaine",
            source="statistiques publiques et enquête citées dans les chapitres", caveat=NOT_A_DISCRIMINATION,
        )  # fmt: skip
        return [self.draw(
            "quadrant", quadrant, describe_quadrant, values, lines=_LINES, caption=caption,
            labels=("écart défavorable mesuré", "part qui cite le domaine"),
        )]  # fmt: skip

    def coverage(self, values: pd.DataFrame) -> list[Block]:
        """Draw which domains and criteria have signals, data and actions."""
        caption = self._caption(
            "Ce qui éclaire chaque domaine et chaque critère",
            caveat="Une case vide ne dit pas qu’il n’y a rien : aucune source reçue n’en parle.",
        )  # fmt: skip
        return [self.draw("couverture", coverage, describe_coverage, values, caption=caption)]
