"""The synthesis of a batch as files: tables, a map, an index page that leads to each set of documents."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from importlib import resources
from string import Template
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import geopandas as gpd
import pandas as pd

from diagnostic.action_model import fields
from diagnostic.formatting import NBSP, long_date, number, plural, typographic
from diagnostic.publication.figures import FIGURES, NOT_A_DISCRIMINATION, Caption, png
from diagnostic.publication.figures.kinds.plan_map import STATES, UNKNOWN, describe_plan_map, plan_map
from diagnostic.publication.opendata import sheet_csv
from diagnostic.publication.workbook import write_workbook
from diagnostic.publication.workbook.columns import Column, Sheet
from diagnostic.vocabulary import FICTIONAL_BANNER, GROUP_LABELS, UNIT_LABELS, Level, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from diagnostic.analysis.disclosure.public import Identity
    from diagnostic.batch.synthesis import Synthesis

MAPPED: Final = "poverty_rate"
NUMBERED: Final = 60  # territories that a numbered list beside a map can hold
DPI: Final = 144
DOCUMENTS: Final = {
    "diagnostic.pdf": "diagnostic", "note_prefet.pdf": "note", "habitants.pdf": "habitants",
    "atlas.html": "atlas", "indicateurs.xlsx": "classeur", "seance.pptx": "séance",
}  # fmt: skip
FAILURES: Final = "echecs.csv"

_TERRITORY: Final = (
    Column("territory", "Territoire", "dossier du territoire"),
    Column("territory_label", "Nom", "nom du territoire"),
)
_FIGURE: Final = (
    Column("id", "Repère", "numéro dans la liste de référence"), Column("variable", "Variable", "identifiant"),
    Column("label", "Indicateur", "libellé"), Column("group", "Groupe", "personnes concernées", GROUP_LABELS),
    Column("period", "Année", "année dont parlent les données, ou édition"),
    Column("period_basis", "Base de l’année", "stated : dite par le producteur ; edition : seule connue"),
    Column("unit", "Unité", "unité de la valeur", UNIT_LABELS),
)  # fmt: skip
QUARTERS: Final = Sheet("Quartiers", "synthese_quartiers", lambda tables: tables.indicators, (
    *_TERRITORY, Column("code", "Code", "code du quartier"), Column("place", "Quartier", "nom"), *_FIGURE,
    Column("value", "Valeur", "vide quand elle n’est pas publiée : voir le statut"),
    Column("status", "Statut", "pourquoi la valeur est là ou absente"),
    Column("note", "Remarque", "du producteur"),
    Column("source", "Source", "identifiant"), Column("edition", "Édition", "du producteur"),
))  # fmt: skip
MEDIANS: Final = Sheet("Médianes", "synthese_territoires", lambda tables: tables.indicators, (
    *_TERRITORY, Column("quarters", "Quartiers", "nombre de quartiers du territoire"), *_FIGURE,
    Column("published", "Publiés", "quartiers dont la valeur est publiée"),
    Column("median", "Médiane", "médiane des valeurs publiées ; ce n’est pas le taux du territoire"),
    Column("least", "Minimum", "plus petite valeur publiée"),
    Column("greatest", "Maximum", "plus grande valeur publiée"),
    Column("unlike", "Autre année", "quartiers qui n’ont ce chiffre que d’une autre année ou d’une autre source"),
))  # fmt: skip
PLANS_STATE: Final = {**STATES, "": "plan ou trace d’une commune"}
PLANS: Final = Sheet("Plans", "plans", lambda tables: tables.ptlcd, (
    *_TERRITORY, Column("state", "État", "du plan de lutte contre les discriminations", PLANS_STATE),
    *(Column(field.code, field.label, field.help) for field in fields("ptlcd").values()),
))  # fmt: skip
FAILED: Final = Sheet("Échecs", "echecs", lambda tables: tables.indicators, (
    *_TERRITORY, Column("problem", "Message", "pourquoi ce territoire n’est pas fait, et quoi faire"),
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A territory as the index shows it.

    Parameters
    ----------
    name
        Its folder under ``territoires``.
    label
        As printed.
    quarters
        How many QPV it holds.
    departements
        Codes.
    documents
        Names of the files of its ``reports`` that exist.
    problem
        Why it could not be made; empty when it was.
    """

    name: str
    label: str
    quarters: int
    departements: tuple[str, ...]
    documents: tuple[str, ...]
    problem: str = ""


def write_synthesis(synthesis: Synthesis | None, places: Sequence[Place], *, title: str) -> dict[str, bytes]:
    """Make the files of a batch.

    Parameters
    ----------
    synthesis
        Figures of the territories that were made; ``None`` when none was.
    places
        Every territory of the batch, in the order in which it is shown.
    title
        Name of the whole.

    Returns
    -------
    dict of str to bytes
        Content by file name, the same for the same tables. ``echecs.csv`` only when a territory failed.
    """
    files: dict[str, bytes] = {}
    shown: list[str] = []
    if synthesis is not None:
        for sheet, table in (
            (QUARTERS, synthesis.quarters),
            (MEDIANS, synthesis.medians),
            (PLANS, synthesis.plans),
        ):
            files[f"{sheet.file}.csv"] = sheet_csv(sheet, table)
        files["synthese.xlsx"] = write_workbook(synthesis.tables)
        for name, drawn in (("carte.png", _map(synthesis, places)), ("plans.png", _plans(synthesis, places))):
            if drawn is not None:
                files[name] = drawn[0]
                shown.append(f'<figure><img src="{name}" alt="{escape(drawn[1])}"></figure>')
        shown.append(_plan_table(synthesis.plans))
    missed = [place for place in places if place.problem]
    if missed:
        rows = [(place.name, place.label, " ".join(place.problem.split())) for place in missed]
        table = pd.DataFrame(rows, columns=["territory", "territory_label", "problem"])
        files[FAILURES] = sheet_csv(FAILED, table)
    identity = None if synthesis is None else synthesis.tables.identity
    files["index.html"] = _index(places, title=title, identity=identity, files=tuple(files), shown=shown)
    return files


def _map(synthesis: Synthesis, places: Sequence[Place]) -> tuple[bytes, str] | None:
    """Draw the territories as numbered circles, or every neighbourhood where they are too many."""
    rows = synthesis.medians[
        (synthesis.medians["variable"] == MAPPED) & (synthesis.medians["group"] == "all")
        & (synthesis.medians["published"] > 0)
    ]  # fmt: skip
    if rows.empty:
        return None
    first = rows.iloc[0]
    words = synthesis.tables.catalogue.set_index("variable").loc[MAPPED]
    sources = synthesis.tables.sources
    used = set(synthesis.quarters.loc[synthesis.quarters["variable"] == MAPPED, "source"])
    year = f"édition {first['period']}" if first["period_basis"] == "edition" else f"{first['period']}"
    many = len(places) > NUMBERED
    caption = Caption(
        f"{words['label']}, quartier par quartier" if many
        else f"{words['label']}{NBSP}: le quartier médian de chaque territoire",
        subtitle=year if many else f"Médiane des valeurs publiées des quartiers, {year}",
        source=", ".join(dict.fromkeys(sources.loc[sources["source"].isin(used), "label"])),
        generation=synthesis.tables.identity.generation,
        caveat=f"{NOT_A_DISCRIMINATION} La médiane des quartiers n’est pas le taux du territoire." if not many
        else NOT_A_DISCRIMINATION,
        fictional=synthesis.tables.identity.fictional,
    )  # fmt: skip
    ground: gpd.GeoDataFrame
    if many:
        figures = synthesis.tables.indicators
        values = figures[(figures["variable"] == MAPPED) & (figures["group"] == "all")]
        ground = synthesis.tables.territories
    else:
        ground = _centres(synthesis, places)
        values = _medians_of(rows, ground)
    kind = FIGURES["national_map" if many else "circles_map"]
    options = {"unit": str(first["unit"]), "caption": caption, "variable": MAPPED}
    return png(kind.draw(values, ground, **options), dpi=DPI), kind.describe(values, ground, **options)


def _centres(synthesis: Synthesis, places: Sequence[Place]) -> gpd.GeoDataFrame:
    """Give each territory as one place, its outline made of those of its neighbourhoods, over the communes."""
    every = synthesis.tables.territories
    held = synthesis.quarters.drop_duplicates(["territory", "code"])[["territory", "code"]]
    located = held.merge(every[every["level"] == Level.QPV], on="code")
    shapes = gpd.GeoDataFrame(located, geometry="geometry", crs=every.crs).dissolve("territory", sort=False)
    people = located.groupby("territory")["population"].sum(min_count=1)
    made = [place for place in places if place.name in shapes.index]
    table = gpd.GeoDataFrame(
        {
            "level": str(Level.QPV), "code": [place.name for place in made],
            "label": [place.label for place in made], "number": range(1, len(made) + 1),
            "population": [people[place.name] for place in made],
        },
        geometry=[shapes.geometry[place.name] for place in made], crs=every.crs,
    )  # fmt: skip
    communes = every[every["level"] == Level.COMMUNE][["level", "code", "label", "geometry"]]
    return gpd.GeoDataFrame(pd.concat([table, communes], ignore_index=True), crs=every.crs)


def _medians_of(rows: pd.DataFrame, ground: gpd.GeoDataFrame) -> pd.DataFrame:
    """Give the median of each territory of a map, absences said."""
    values = rows.set_index("territory").reindex(ground.loc[ground["level"] == Level.QPV, "code"])
    status = values["median"].map(lambda value: str(Status.MISSING if pd.isna(value) else Status.ESTIMATED))
    return pd.DataFrame({
        "code": values.index, "value": values["median"].to_numpy(), "status": status.to_numpy()
    })  # fmt: skip


def _plans(synthesis: Synthesis, places: Sequence[Place]) -> tuple[bytes, str] | None:
    """Draw where the plans stand; nothing where no source speaks of any, or where the list would not fit."""
    known = synthesis.plans[synthesis.plans["state"] != ""]
    if len(places) > NUMBERED or known["state"].eq(UNKNOWN).all():
        return None
    identity = synthesis.tables.identity
    caption = Caption(
        "Plans territoriaux de lutte contre les discriminations",
        subtitle="Ce qu’une source en dit, à la date de cette source",
        source=f"{' ; '.join(dict.fromkeys(known.loc[known['source'] != '', 'source']))} (table plans.csv)",
        generation=identity.generation, fictional=identity.fictional,
        caveat="Un plan non documenté peut exister ; un plan daté peut ne plus être suivi. "
        "La place d’un rond est celle des quartiers, sa taille ne dit rien.",
    )  # fmt: skip
    states = known.drop_duplicates("territory").rename(columns={"territory": "code"})
    ground = _centres(synthesis, places)
    return (
        png(plan_map(states, ground, caption=caption), dpi=DPI),
        describe_plan_map(states, ground, caption=caption),
    )


def _plan_table(plans: pd.DataFrame) -> str:
    """Write the lines that have a source as a table of the page."""
    sourced = plans[plans["source"] != ""].drop_duplicates(["territoire", "source"])
    if sourced.empty:
        return ""
    heads = ("Territoire", "État", "Date", "Pilotage et axes", "Source")
    rows = [
        (
            row["territoire"], PLANS_STATE[row["state"]], row["date"],
            " ; ".join(filter(None, (row["pilotage"], row["axes"], row["evaluation"]))),
            f"{row['source']}{' (à vérifier)' if row['a_verifier'] == 'oui' else ''}",
        )
        for row in sourced.to_dict("records")
    ]  # fmt: skip
    head = "".join(f'<th scope="col">{word}</th>' for word in heads)
    body = "\n".join(
        "<tr>" + f'<th scope="row">{escape(str(first))}</th>'
        + "".join(f"<td>{escape(typographic(str(cell)))}</td>" for cell in others) + "</tr>"
        for first, *others in rows
    )  # fmt: skip
    return (
        '<div class="scroll" tabindex="0" role="region" aria-label="Plans et leurs sources"><table>'
        "<caption>Ce que disent les sources des plans ; les autres territoires ne sont pas documentés.</caption>"
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>"
    )


def _index(
    places: Sequence[Place], *, title: str, identity: Identity | None, files: Sequence[str], shown: Sequence[str]
) -> bytes:
    template = Template((resources.files("diagnostic.batch") / "index.html").read_text(encoding="utf-8"))
    made = [place for place in places if not place.problem]
    said = f"{plural(len(made), 'territoire fait', 'territoires faits')} sur {number(len(places))}"
    held = plural(sum(place.quarters for place in made), "quartier prioritaire", "quartiers prioritaires")
    about = [f"{said}, {held}"]
    if identity is not None:
        about.append(f"génération {identity.generation}, au {long_date(identity.edition_date)}")
    banner = FICTIONAL_BANNER if identity is not None and identity.fictional else ""
    links = [f'<li><a href="{name}">{name}</a></li>' for name in files]
    text = template.substitute(
        title=escape(title), about=escape(typographic(" ; ".join(about) + ".")),
        figure="\n".join(filter(None, shown)),
        banner=f'<p class="banner">{escape(banner)}</p>' if banner else "",
        files="\n".join(links), rows="\n".join(map(_row, range(1, len(places) + 1), places)),
    )  # fmt: skip
    return text.replace("\r\n", "\n").encode("utf-8")


def _row(rank: int, place: Place) -> str:
    where = f"../territoires/{quote(place.name)}/reports"
    linked = [
        f'<a href="{where}/{name}">{word}<span class="unseen"> de {escape(place.label)}</span></a>'
        for name, word in DOCUMENTS.items()
        if name in place.documents
    ]
    told = f'<span class="missed">non fait{NBSP}: {escape(typographic(place.problem))}</span>'
    return (
        f'<tr><td class="n">{rank}</td><th scope="row">{escape(place.label)}</th>'
        f'<td>{escape(", ".join(place.departements))}</td><td class="n">{number(place.quarters)}</td>'
        f"<td>{told if place.problem else ' · '.join(linked)}</td></tr>"
    )
