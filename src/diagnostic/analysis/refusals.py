"""What the tool refuses, and why: by law, or by its own choice; the two are never confused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NoReturn

from diagnostic.analysis.indicator import INDICATORS
from diagnostic.errors import Fault, RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

ORIGIN_CRITERIA: Final = frozenset({"nation", "origine", "ethnie", "pretendue_race", "religion", "patronyme"})
ORIGIN_GROUPS: Final = frozenset({"foreign", "french", "immigrant", "non_immigrant"})
_ORIGIN_NAMES: Final = re.compile(
    r"foreign|immigr|migrant|national(?!e_)|citizen|etrang|ethni|religi|surname|first_name|patronym|prenom"
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A request that the tool does not serve.

    Parameters
    ----------
    what
        The request, in French.
    basis
        ``interdit par …`` with the text, or ``refusé par choix de l’outil``.
    why
        The reason, one French sentence.
    instead
        What can be done instead.
    """

    what: str
    basis: str
    why: str
    instead: str

    def error(self, found: str = "") -> RefusedError:
        """Give the error that says it."""
        what = f"{self.what} : {self.basis}. {self.why}"
        return RefusedError(Fault(what, found=found or None, remedy=self.instead))


_CHOICE: Final = "refusé par choix de l’outil"

REFUSALS: Final[Mapping[str, Refusal]] = MappingProxyType({
    "score": Refusal(
        "note composite d’une population", _CHOICE,
        "Une note unique additionne des choses qui ne s’additionnent pas et désigne des habitants, pas des "
        "traitements",
        "lisez les indicateurs un par un, chacun avec ce qu’il ne dit pas",
    ),
    "rank_by_origin": Refusal(
        "classement de quartiers selon la nationalité ou l’origine des habitants", _CHOICE,
        "Un rang par part d’étrangers ou d’immigrés mesure qui habite là, jamais comment on y est traité",
        "gardez l’ordre de la liste des quartiers",
    ),
    "similar_by_origin": Refusal(
        "ressemblance de quartiers fondée sur la nationalité ou l’origine", _CHOICE,
        "Comparer à origine égale ferait disparaître l’écart que le diagnostic doit montrer",
        "comparez par la taille, l’âge et les revenus",
    ),
    "guess_from_name": Refusal(
        "origine ou religion devinée d’après un nom ou un prénom", _CHOICE,
        "Un nom ne dit ni une origine ni une religion ; conserver ce qui les révèle, même indirectement, sans "
        "consentement exprès, est en outre puni par l’article 226-19 du Code pénal",
        "demandez le motif ressenti, par enquête anonyme, ou faites tester des pratiques",
    ),
    "ethnic_nomenclature": Refusal(
        "nomenclature ethno-raciale", "interdit par la décision n° 2007-557 DC du Conseil constitutionnel",
        "Une étude peut porter sur des données objectives ou sur le ressenti, pas sur l’origine ethnique ou la "
        "race",
        "utilisez le motif ressenti d’une discrimination",
    ),
})  # fmt: skip


def about_origin(variable: str, *, group: str = "all") -> bool:
    """Say whether a figure describes people by nationality or origin.

    Parameters
    ----------
    variable, group
        A registered indicator or any other name.

    Examples
    --------
    >>> about_origin("foreign_share"), about_origin("poverty_rate"), about_origin("poverty_rate", group="foreign")
    (True, False, True)
    """
    if group in ORIGIN_GROUPS or _ORIGIN_NAMES.search(variable):
        return True
    return variable in INDICATORS and set(INDICATORS[variable].criteria) <= ORIGIN_CRITERIA


def check_context(variables: Iterable[str]) -> None:
    """Refuse a comparison of neighbourhoods that would rest on nationality or origin.

    Raises
    ------
    RefusedError
        With the variables that cause it.
    """
    wrong = sorted(name for name in variables if about_origin(name))
    if wrong:
        raise REFUSALS["similar_by_origin"].error(", ".join(wrong))


def rank(table: pd.DataFrame, *, variable: str, group: str = "all") -> pd.Series[float]:
    """Rank neighbourhoods by one figure, the least favourable first.

    Parameters
    ----------
    table
        Columns ``schemas.INDICATOR_COLUMNS``: one period of one indicator, one row a neighbourhood.
    variable, group
        The figure.

    Returns
    -------
    pandas.Series
        Ranks from 1, ties sharing the lowest; missing where the value is. Same index as the rows of the figure.

    Raises
    ------
    RefusedError
        When the figure describes people by nationality or origin, is a survey's, or has no unfavourable side.
    """
    if about_origin(variable, group=group):
        raise REFUSALS["rank_by_origin"].error(variable if group == "all" else f"{variable} ({group})")
    if variable not in INDICATORS or INDICATORS[variable].direction == "neutral":
        raise RefusedError(
            Fault(
                f"classement par « {variable} » : {_CHOICE}. Ce chiffre n’a pas de côté défavorable, ou vient "
                "d’une enquête qui ne permet pas de comparer les quartiers",
                remedy="gardez l’ordre de la liste des quartiers",
            )
        )
    rows = table[(table["variable"] == variable) & (table["group"] == group)]
    ascending = INDICATORS[variable].direction == "less_is_worse"
    return rows["value"].rank(method="min", ascending=ascending)


def score(*_variables: str) -> NoReturn:
    """Refuse a composite score of a population, whatever it is made of.

    Raises
    ------
    RefusedError
        Always, with the reason.
    """
    raise REFUSALS["score"].error()


def guess_from_name(*_names: str) -> NoReturn:
    """Refuse to guess anything from a name; the names are not repeated in the message.

    Raises
    ------
    RefusedError
        Always, with the reason.
    """
    raise REFUSALS["guess_from_name"].error()
