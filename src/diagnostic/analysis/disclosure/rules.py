"""The rules of secrecy, one a kind of source, each with its reference.

They are floors: a territory may be stricter, never laxer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from diagnostic.analysis.disclosure.tables import TOTAL
from diagnostic.errors import Fault, InputError, RefusedError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import pandas as pd

PROJECT = "masqué pour protéger l'anonymat (règle du projet)"
PRODUCER = "secret statistique du producteur"


@dataclass(frozen=True, slots=True)
class Rule:
    """What may be published from one kind of source.

    Parameters
    ----------
    name
        The kind of source.
    minimum
        Least number of units behind a published figure.
    reference
        The text or the institution it comes from, in French.
    reason
        What the reader of a hidden cell is told, in French.
    floor
        Least numerator and least complement, when the base is known.
    dominance
        Largest share one unit may hold, when the largest contribution is known.
    homogeneity
        Whether "all of them" is hidden, when the base is known.

    Examples
    --------
    >>> RULES["survey"].minimum, RULES["survey"].floor
    (11, 5)
    """

    name: str
    minimum: int
    reference: str
    reason: str = PRODUCER
    floor: int | None = None
    dominance: float | None = None
    homogeneity: bool = False

    def stricter(self, threshold: int | None) -> int:
        """Give the threshold to apply: the rule's, or a higher one.

        Raises
        ------
        RefusedError
            If the threshold asked for is under the rule's.

        Examples
        --------
        >>> RULES["fiscal"].stricter(None), RULES["fiscal"].stricter(20)
        (11, 20)
        """
        if threshold is None:
            return self.minimum
        if threshold < self.minimum:
            raise RefusedError(
                Fault(
                    "le seuil demandé est inférieur à celui de la source "
                    f"«\u00a0{self.name}\u00a0» ({self.reference})",
                    expected=f"{self.minimum} ou plus",
                    found=str(threshold),
                    remedy="relevez le seuil\u00a0: un territoire peut être plus strict, jamais moins",
                )
            )
        return threshold


RULES = {
    rule.name: rule
    for rule in (
        Rule(
            "survey",
            11,
            "règle du projet\u00a0: onze répondants au moins, numérateur et complément d'au moins cinq",
            reason=PROJECT,
            floor=5,
            homogeneity=True,
        ),
        Rule(
            "fiscal",
            11,
            "données fiscales des personnes physiques (DGFiP, Insee)\u00a0: moins de onze unités non diffusées",
            dominance=0.85,
        ),
        Rule("jobseekers", 5, "demandeurs d'emploi (France Travail)\u00a0: aucun effectif inférieur à cinq"),
        Rule("benefits", 5, "allocataires (Cnaf)\u00a0: aucun effectif inférieur à cinq"),
        Rule(
            "firms",
            3,
            "entreprises (loi n° 51-711, Insee)\u00a0: moins de trois unités, ou une à plus de 85\u00a0%",
            dominance=0.85,
        ),
    )
}


def find_rule(rule: str | Rule) -> Rule:
    """Find a rule by its name, or check the rule itself.

    Raises
    ------
    InputError
        If no rule has that name.

    Examples
    --------
    >>> find_rule("firms").minimum
    3
    """
    if isinstance(rule, Rule):
        floor = RULES.get(rule.name)
        if floor is not None:
            floor.stricter(rule.minimum)
        return rule
    if rule not in RULES:
        raise InputError(
            Fault(
                "règle de secret inconnue",
                expected=", ".join(RULES),
                found=rule,
                remedy="choisissez une règle de la liste",
            )
        )
    return RULES[rule]


def sensitive_cells(
    cells: pd.DataFrame,
    rule: str | Rule,
    *,
    count: str = "n",
    threshold: int | None = None,
    base: str | None = None,
    amount: str | None = None,
    largest: str | None = None,
) -> pd.Series[bool]:
    """Say which cells a rule hides by themselves.

    Parameters
    ----------
    cells
        One row a cell.
    rule
        A rule or the name of one.
    count
        Number of units in the cell.
    threshold
        Stricter than the rule's, if given.
    base
        Column of the number of units asked: the minimum then bears on the base, the floor on the cell and its
        complement, and "all of them" is hidden. Without it the minimum bears on the cell.
    amount, largest
        Columns of a magnitude and of its largest contribution, for the dominance rule.

    Returns
    -------
    pandas.Series
        Booleans, same index. A cell without anyone is not hidden.

    Raises
    ------
    RefusedError
        If the threshold is under the rule's.

    Examples
    --------
    >>> import pandas as pd
    >>> cells = pd.DataFrame({"n": [0, 4, 30, 38, 40], "asked": [40, 40, 40, 40, 40]})
    >>> sensitive_cells(cells, "survey", base="asked").tolist()
    [False, True, False, True, True]
    >>> sensitive_cells(cells, "survey").tolist()
    [False, True, False, False, False]
    """
    rule = find_rule(rule)
    minimum = rule.stricter(threshold)
    number = cells[count]
    if base is None:
        hidden = (number > 0) & (number < minimum)
    else:
        asked, floor = cells[base], rule.floor or minimum
        rest = asked - number
        hidden = (asked > 0) & (asked < minimum)
        hidden |= ((number > 0) & (number < floor)) | ((rest > 0) & (rest < floor))
        hidden |= rule.homogeneity & (rest == 0) & (asked > 0)
    if rule.dominance is not None and amount is not None and largest is not None:
        hidden |= cells[largest] > rule.dominance * cells[amount]
    return hidden.fillna(value=False).astype(bool).rename("primary")


def refuse_crossing(
    cells: pd.DataFrame,
    dimensions: Sequence[str],
    *,
    sensitive: Collection[str],
    place: str,
    local: Collection[str],
) -> None:
    """Refuse a table that crosses two sensitive criteria within one neighbourhood.

    Parameters
    ----------
    cells
        One row a cell.
    dimensions
        Its coordinate columns.
    sensitive
        The columns that hold a sensitive criterion (origin, religion, health…).
    place
        The column of the territory.
    local
        The labels of that column that are neighbourhoods (QPV).

    Raises
    ------
    RefusedError
        If a cell of a neighbourhood is detailed by two sensitive criteria at once.

    Examples
    --------
    >>> import pandas as pd
    >>> cells = pd.DataFrame({"lieu": ["Contrat"], "origine": ["a"], "religion": ["b"], "n": [40]})
    >>> refuse_crossing(cells, ["lieu", "origine", "religion"], sensitive={"origine", "religion"},
    ...                 place="lieu", local={"QP1"})
    """
    crossed = [name for name in dimensions if name in sensitive]
    detailed = (cells[crossed] != TOTAL).sum(axis=1) > 1
    found = cells.loc[detailed & cells[place].isin(list(local)), place].unique()
    if len(found):
        raise RefusedError(
            Fault(
                "deux critères sensibles sont croisés dans un même quartier (règle du projet)",
                expected="un seul critère sensible à la fois par quartier",
                found=f"{' × '.join(crossed)} ({len(found)} quartiers)",
                remedy="publiez le croisement au niveau du contrat de ville, ou un critère à la fois",
            )
        )
