"""Two other explanations of each gap, so that nobody takes a figure for a treatment."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from diagnostic.formatting import typographic
from diagnostic.vocabulary import Theme

if TYPE_CHECKING:
    from collections.abc import Mapping

    from diagnostic.analysis.indicator import Indicator

_ANY: Final = (
    "Les habitants diffèrent par l’âge, le diplôme ou la famille : cela peut expliquer une part de l’écart.",
    "L’offre est plus loin ou moins dense : l’écart peut tenir à la distance plutôt qu’à un refus.",
)
THEME_RIVALS: Final[Mapping[Theme, tuple[str, str]]] = MappingProxyType({
    Theme.RESOURCES: (
        "Le quartier a été retenu pour ses bas revenus : l’écart existerait sans aucun traitement inégal.",
        "Ceux dont les revenus montent déménagent : l’écart peut tenir à qui part et à qui arrive.",
    ),
    Theme.EMPLOYMENT: (
        "Les habitants sont plus jeunes ou moins diplômés : cela peut expliquer une part de l’écart.",
        "Les emplois sont loin, ou à des heures sans transport : l’écart peut tenir à la distance.",
    ),
    Theme.EDUCATION: (
        "Une part des adultes a été scolarisée ailleurs ou autrefois : l’écart peut tenir à leur histoire.",
        "Les familles qui le peuvent changent d’école ou de quartier : l’écart peut tenir à leurs choix.",
    ),
    Theme.HOUSING: (
        "La taille et l’âge des logements diffèrent : l’écart peut tenir au parc plutôt qu’aux attributions.",
        "Les demandes diffèrent par la taille, les ressources, le secteur souhaité : l’écart peut en venir.",
    ),
    Theme.HEALTH: (
        "Les ressources sont plus basses : un droit sous condition de revenu y est plus fréquent sans refus.",
        "Les droits y sont peut-être mieux ouverts : plus de bénéficiaires peut dire moins de non-recours.",
    ),
})  # fmt: skip


def rivals(one: Indicator) -> tuple[str, str]:
    """Give the two rival explanations of an indicator's gap: its own, else those of its theme.

    Parameters
    ----------
    one
        The indicator.

    Returns
    -------
    tuple of str
        Two French sentences.
    """
    first, second = one.rivals or THEME_RIVALS.get(one.theme, _ANY)
    return typographic(first), typographic(second)
