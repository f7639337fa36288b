"""From findings to a plan: stakes, steps, where plans stand around, what a lead does, a grid for applications."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from diagnostic.action_model import fields, label_of
from diagnostic.formatting import NBSP, enumeration, number, plural
from diagnostic.publication.report.actions import UNACTED
from diagnostic.publication.report.blocks import Block, blanks, bullets, column, note, table, text_cell
from diagnostic.vocabulary import THEME_LABELS, Status, Theme

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    import pandas as pd

    from diagnostic.publication.report.pages import Essentials
    from diagnostic.publication.report.prose import Prose

    Row = dict[Hashable, Any]

MISSIONS: Final = ("role_habitants", "role_porteurs", "role_instruction", "role_partenaires", "role_droit_commun")
_UNMEASURED: Final = "signal_without_data"
_PRIORITIES: Final = 5
_NONE: Final = "rien à ce jour"
_VERDICT: Final = (
    ("Constat auquel l’action répond, critère, niveau", 38), ("À demander au porteur", 38),
    ("Avis et conditions", 38),
)  # fmt: skip
# Who decides, by theme: those that a finding makes the lead turn to first.
SERVICES: Final[Mapping[Theme, tuple[str, ...]]] = {
    Theme.RESOURCES: ("Caf", "CCAS"), Theme.EMPLOYMENT: ("France Travail", "mission locale", "employeurs publics"),
    Theme.EDUCATION: ("rectorat", "établissements scolaires"), Theme.HOUSING: ("bailleurs", "réservataires"),
    Theme.HEALTH: ("agence régionale de santé", "assurance maladie"),
    Theme.PUBLIC_SERVICES: ("communes", "France Services"), Theme.GOODS: ("autorité des transports",),
    Theme.JUSTICE: ("parquet", "police et gendarmerie"),
}  # fmt: skip
_BLANK: Final = "à compléter"
_ANSWERS: Final = ("Oui", "En partie", "Non")


def issues_chapter(
    said: Essentials, *, blind: pd.DataFrame, plans: pd.DataFrame, recourse: pd.DataFrame, prose: Prose,
    access: pd.DataFrame | None = None,
) -> list[Block]:  # fmt: skip
    """Make the chapter on stakes, the plan and the lead's part, fed with this territory's findings.

    Parameters
    ----------
    said
        What the findings say (:func:`~diagnostic.publication.report.pages.essentials_of`).
    blind
        Columns ``evidence.BLIND_COLUMNS``.
    plans
        The lead's table, or the package's: columns of ``action_model.fields("ptlcd")``.
    recourse
        Columns ``analysis.recourse.RECOURSE_COLUMNS``, possibly without a row.
    prose
        Texts: one a mission, each replaced by the lead's of the same name.
    access
        Columns ``analysis.recourse.DISTANCE_COLUMNS``: how far the places of access to the law are, where known.

    Returns
    -------
    list of dict
        Blocks of the chapter, its heading first.
    """
    words, lists = _words(said, blind), _lists(said, blind)
    return [
        *prose.blocks("enjeux", lists),
        *(block for name in MISSIONS for block in prose.blocks(name, words)),
        *(prose.blocks("recours", {"tableau": _recourse(recourse)}) if len(recourse) else []),
        *(_distances(access) if access is not None and len(access) else []),
        *prose.blocks("plan", {
            "tableau": _plans(plans), "compte": _count(plans), "absents": _fields_left(plans),
        }),
    ]  # fmt: skip


def _words(said: Essentials, blind: pd.DataFrame) -> dict[str, str]:
    """Name what each mission starts from: domains, services, empty places, what nothing measures."""
    themes = list(dict.fromkeys(Theme(row["theme"]) for row in said.rows if row["theme"]))
    services = dict.fromkeys(name for theme in themes for name in SERVICES.get(theme, ()))
    return {
        "domaines": enumeration(THEME_LABELS[theme].lower() for theme in themes) or _NONE,
        "services": enumeration(services) or _NONE,
        "places_vides": _pairs(blind[blind["spot"].isin(UNACTED)]),
        "sans_mesure": _pairs(blind[blind["spot"] == _UNMEASURED]),
    }


def _pairs(rows: pd.DataFrame) -> str:
    """Write domain and criterion of a few blind spots."""
    found = [
        f"{THEME_LABELS[Theme(row['theme'])].lower()} ({label_of('criteres', row['criterion']).lower()})"
        for row in rows.head(_PRIORITIES).to_dict("records")
    ]
    return enumeration(dict.fromkeys(found)) or _NONE


def _lists(said: Essentials, blind: pd.DataFrame) -> dict[str, list[Block]]:
    return {
        "constats": _listed(said.findings[:_PRIORITIES]),
        "angles_morts": _listed(blind.loc[blind["spot"].isin(UNACTED), "message"][:_PRIORITIES]),
        "sans_donnee": _listed(blind.loc[blind["spot"] == _UNMEASURED, "message"][:_PRIORITIES]),
    }


def _listed(sentences: Iterable[str]) -> list[Block]:
    items = list(sentences)
    return [bullets(items)] if items else []


def _count(plans: pd.DataFrame) -> str:
    known = plans["plan"].value_counts()
    parts = [
        f"{label_of('plan', one).lower()} : {plural(int(known[one]), 'territoire')}"
        for one in ("oui", "en_cours", "non", "inconnu") if one in known
    ]  # fmt: skip
    return enumeration(parts)


def _plans(plans: pd.DataFrame) -> list[Block]:
    rows = [
        [
            text_cell(str(row["territoire"]), strong=True), text_cell(label_of("plan", str(row["plan"]))),
            text_cell(_said(row, ("date", "pilotage"))), text_cell(_said(row, ("axes", "evaluation"))),
            text_cell(f"{row['source']}{' (à vérifier)' if row['a_verifier'] == 'oui' else ''}", faint=True),
        ]
        for row in plans.to_dict("records")
    ]  # fmt: skip
    columns = [
        column("Territoire", width=36), column("Plan", width=17), column("Date et pilotage", width=0),
        column("Axes et évaluation", width=0), column("Source", width=38),
    ]  # fmt: skip
    return [table(columns, rows)] if rows else []


def _said(row: Row, names: Sequence[str]) -> str:
    return " ; ".join(str(row[name]) for name in names if row[name]) or _BLANK


def _fields_left(plans: pd.DataFrame) -> list[Block]:
    """Name the columns that nobody filled for some territory."""
    known = fields("ptlcd")
    left = [known[name].label.lower() for name in ("pilotage", "axes", "evaluation") if plans[name].eq("").any()]
    return [note(f"Reste à compléter auprès des territoires : {enumeration(left)}.")] if left else []


def _recourse(recourse: pd.DataFrame) -> list[Block]:
    rows = [
        [
            text_cell(f"{row['kind_label']}\n{row['perimeter_label']}, {row['period']}"),
            text_cell("masqué", faint=True) if row["status"] == Status.MASKED
            else text_cell(number(row["count"]), strong=True),
            text_cell(str(row["reading"])),
            text_cell(str(row["source"]), faint=True),
        ]
        for row in recourse.to_dict("records")
    ]  # fmt: skip
    columns = [
        column("Ce qui est compté", width=0), column("Nombre", align="number", width=17),
        column("Comment le lire", width=64), column("Source", width=36),
    ]  # fmt: skip
    masked = recourse["status"].eq(Status.MASKED).any()
    foot = "Masqué pour protéger l’anonymat : de un à dix faits dans le contrat." if masked else ""
    return [table(columns, rows, foot=foot)]


def _distances(access: pd.DataFrame) -> list[Block]:
    """Lay out how far the nearest places are, and from where it was measured."""
    rows = [
        [
            text_cell(str(row["label"])),
            *(cell for start in ("inside", "edge")
              for cell in (_metres(row[start]), text_cell(str(row[f"{start}_place"])))),
        ]
        for row in access.to_dict("records")
    ]  # fmt: skip
    columns = [
        column("Quartier", width=0),
        column("Depuis un point à l’intérieur", align="number", width=25), column("Lieu", width=36),
        column("Depuis le bord le plus proche", align="number", width=25), column("Lieu", width=36),
    ]  # fmt: skip
    first = access.iloc[0]
    count = plural(int(first["places"]), "lieu situé", "lieux situés")
    foot = (
        f"À vol d’oiseau, d’après {count}, hors du territoire compris ; contours de la génération "
        f"{first['vintage']}. 0 m : le lieu est dans le quartier. Ne dit ni les horaires, ni les transports, "
        f"ni les escaliers, ni l’accueil. Source des positions : {first['source']}."
    )
    return [table(columns, rows, title="Distance au lieu d’accès au droit le plus proche", foot=foot)]


def _metres(distance: float) -> Block:
    """Write a distance to ten metres, nearer than which a position says nothing; 0 is inside."""
    if math.isnan(distance):
        return text_cell("contour absent", faint=True)
    shown = max(round(distance, -1), 10) if distance else 0
    return text_cell(f"{number(shown)}{NBSP}m", strong=True)


def appraisal_grid(said: Essentials, *, blind: pd.DataFrame, prose: Prose) -> list[Block]:
    """Make the grid that is filled in for each application; its questions are a text that a lead may replace.

    Parameters
    ----------
    said, blind, prose
        As :func:`issues_chapter` takes them.

    Returns
    -------
    list of dict
        A page to fill in, then what the diagnostic says.
    """
    columns = [
        column("L’action", width=0), *(column(word, width=15) for word in _ANSWERS), column("Note", width=40),
    ]  # fmt: skip
    listed = [item for block in prose.blocks("grille_questions") for item in block["items"]]
    questions = ["".join(run["t"] for run in item) for item in listed]
    rows = [[text_cell(question), *(text_cell("☐") for _ in _ANSWERS), text_cell("")] for question in questions]
    return prose.blocks("grille_instruction", {
        **_lists(said, blind), "demande": [blanks([("Porteur, intitulé, montant demandé", 14)])],
        "questions": [table(columns, rows)], "avis": [blanks(_VERDICT)],
    })  # fmt: skip
