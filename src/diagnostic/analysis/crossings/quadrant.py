"""Objective gaps against perceived shares, by domain, and what is done there."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from diagnostic.action_model import ALL_CRITERIA
from diagnostic.analysis.crossing import (
    LINE,
    NO_ACTIONS,
    NO_SURVEY,
    Material,
    Side,
    bounded,
    crossing,
    lacking,
    median_gap,
    objective,
    perceived,
    row,
)
from diagnostic.analysis.domains import DOMAIN_THEMES, domain_label
from diagnostic.analysis.gaps import main_gaps
from diagnostic.analysis.indicator import INDICATORS
from diagnostic.formatting import number, plural, quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

CELLS: Final = {
    (True, True): ("convergence", "écart et ressenti", "Les deux se rejoignent : un domaine où agir d’abord."),
    (False, True): ("felt_only", "ressenti sans écart mesuré",
                    "À écouter : le chiffre public disponible ne montre pas cet écart, ou n’est pas le bon."),
    (True, False): ("gap_only", "écart sans ressenti",
                    "À interroger : l’écart peut être devenu ordinaire, ou tenir à autre chose."),
    (False, False): ("neither", "ni l’un ni l’autre", "Rien de net des deux côtés."),
}  # fmt: skip
ORDER: Final = ("convergence", "felt_only", "gap_only", "undetermined", "neither")
OPEN: Final = "Un des deux intervalles traverse la ligne, ou n’est pas connu : on ne peut pas trancher."


def cell(x: Side, y: Side, *, line: float = LINE) -> tuple[str, str, str]:
    """Find the cell of a quadrant: only where both intervals clear the line.

    Parameters
    ----------
    x, y
        Gap in points and share in percent.
    line
        The same on both axes.

    Returns
    -------
    tuple of str
        Its name, its French label and its reading.

    Examples
    --------
    >>> cell(Side(9, 7, 11, ""), Side(8, 6, 10, ""))[0]
    'convergence'
    >>> cell(Side(9, 4, 14, ""), Side(8, 6, 10, ""))[0]
    'undetermined'
    """
    sides = (x.above(line), y.above(line))
    if None in sides:
        return "undetermined", "indéterminé", OPEN
    return CELLS[bool(sides[0]), bool(sides[1])]


def share_of_domain(material: Material, domain: str) -> Side | None:
    """Read the share of all who cite a domain: of discrimination, else of a concrete situation."""
    found = perceived(material, "domains", domain)
    return found if found is not None else perceived(material, "situations", domain)


@crossing(
    id="CRO01", label="Écart mesuré et ressenti, par domaine",
    formula="écart défavorable médian des quartiers (points) × part des personnes interrogées qui citent le "
    "domaine (%) ; une case seulement si les deux intervalles sont du même côté de la ligne des 5 points",
    says="Où le chiffre public et le vécu déclaré se rejoignent, et où l’un manque à l’autre.",
    does_not_say="Un lien entre les deux : ils ne parlent ni des mêmes personnes, ni des mêmes faits.",
    ask="Aux acteurs du domaine : qu’est-ce qui, dans leurs pratiques, éclaire cette case ?",
)  # fmt: skip
def gap_and_perception(material: Material) -> Iterator[dict[str, object]]:
    """Cross the objective gap of each domain's theme with the share that cites the domain (CRO01)."""
    if material.estimates is None:
        yield lacking(NO_SURVEY)
        return
    for domain, theme in DOMAIN_THEMES.items():
        y = share_of_domain(material, domain)
        x = objective(material.gaps, theme)
        if y is None or x is None:
            sources = [] if y is not None else [f"part publiable du ressenti, domaine « {domain_label(domain)} »"]
            sources += [] if x is not None else ["statistique publique comparée, pour ce domaine"]
            yield {**row(x, y, domain=domain), "cell": "undetermined", "cell_label": "indéterminé",
                   "missing": " ; ".join(sources)}  # fmt: skip
            continue
        name, label, reading = cell(x, y)
        told = bounded(material, f"{_told(x, y)} {reading}")
        yield row(x, y, domain=domain, cell=name, cell_label=label, reading=told)


def _told(x: Side, y: Side) -> str:
    """Write both measures with their intervals, shares rounded outwards."""
    share = (
        f"Domaine cité par {number(math.floor(y.low))} à {number(math.ceil(y.high))} % des personnes interrogées"
    )
    gap = f"écart médian d’environ {quantity(x.value, 'points')}"
    if not math.isnan(x.low) and x.low < x.high:
        gap += f" (de {number(x.low, 1)} à {number(x.high, 1)})"
    return f"{share} ; {gap}."


@crossing(
    id="CRO04", label="Couverture des domaines par les actions",
    formula="case de CRO01 × nombre d’actions recensées dans le domaine",
    says="Les domaines signalés où rien n’est recensé.",
    does_not_say="L’intensité ni l’effet des actions ; une action généraliste ne couvre aucun domaine.",
    ask="Aux porteurs : que fait-on déjà ici qui n’est pas dans l’inventaire ?",
)  # fmt: skip
def action_coverage(material: Material) -> Iterator[dict[str, object]]:
    """Count the actions of each domain, those of the first cells of CRO01 first (CRO04)."""
    absent = [NO_SURVEY] * (material.estimates is None) + [NO_ACTIONS] * (material.actions is None)
    if absent or material.actions is None:
        yield lacking(*absent)
        return
    aimed = material.actions[material.actions["criterion"] != ALL_CRITERIA]
    counts = aimed.drop_duplicates(["action", "domain"])["domain"].value_counts()
    crossed = sorted(gap_and_perception(material), key=lambda one: ORDER.index(str(one["cell"])))
    for one in crossed:
        number = int(counts.get(str(one["domain"]), 0))
        x = Side(number, number, number, "actions recensées dans le domaine", "actions")
        told = "aucune action recensée" if number == 0 else plural(number, "action recensée", "actions recensées")
        yield row(x, None, domain=str(one["domain"]), cell=one["cell"], cell_label=one["cell_label"],
                  reading=f"{one['cell_label']} : {told}.")  # fmt: skip


@crossing(
    id="CRO06", label="Motif « quartier » et distance au reste de la ville",
    formula="part des personnes concernées qui citent leur quartier (%) × écart de taux de pauvreté (points)",
    says="Le poids du lieu de résidence dans ce que les personnes déclarent, en regard de l’écart de revenus.",
    does_not_say="Que la pauvreté du quartier cause le stigmate : un seul territoire ne permet pas de le voir.",
    ask="Aux habitants et aux employeurs : où l’adresse se voit-elle, et que provoque-t-elle ?",
)  # fmt: skip
def stigma_and_distance(material: Material) -> Iterator[dict[str, object]]:
    """Put the motive "the neighbourhood" beside the gap of poverty or of standard of living (CRO06)."""
    y = perceived(material, "motives", "quartier", base="concerned")
    rows = main_gaps(material.gaps, "poverty_rate")
    absent = [f"{NO_SURVEY}, motif « quartier »"] * (y is None) + ["taux de pauvreté comparé"] * rows.empty
    if absent or y is None:
        yield lacking(*absent)
        return
    x = median_gap(rows, INDICATORS["poverty_rate"])
    yield row(x, y, reading=bounded(material, "Deux mesures côte à côte ; leur lien n’est pas mesuré."))
