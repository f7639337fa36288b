"""Housing: who is housed by social landlords, how it turns over, who lacks room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diagnostic.analysis.indicator import indicator
from diagnostic.vocabulary import Direction, Scale, Theme

if TYPE_CHECKING:
    import pandas as pd

_CENSUS = "Insee, recensement de la population"
_RPLS = "SDES, répertoire des logements locatifs des bailleurs sociaux (RPLS), diffusé par l’Insee"
_ASK_VACANT = "Aux bailleurs : quels logements restent vides, depuis quand, proposés à qui ?"
_ASK_LANDLORDS = "Aux bailleurs : mutations demandées et obtenues, dans le quartier et hors du quartier ?"


@indicator(
    id="LOG01", label="Part de logements sociaux parmi les résidences principales",
    short_label="Logements sociaux", theme=Theme.HOUSING, unit="percent", direction=Direction.NEUTRAL,
    scale=Scale.MACRO, reference=f"{_RPLS} ; {_CENSUS}", criteria=("lieu_residence", "vulnerabilite_economique"),
    formula="logements sociaux loués (RPLS) ÷ résidences principales (recensement) × 100",
    says="La place des bailleurs sociaux : combien de ménages dépendent de leurs attributions.",
    does_not_say="Qui demande et qui obtient ; les deux sources peuvent dépasser 100 ensemble.",
    ask="Aux bailleurs et à la commune : où les logements sociaux sont-ils construits, et où manquent-ils ?",
)  # fmt: skip
def social_housing_share(social_dwellings_among_main_homes_share: pd.Series[float]) -> pd.Series[float]:
    """Social dwellings for 100 main homes, percent, as published; two sources, so that it may exceed 100.

    Says how much housing depends on social landlords; says nothing of who gets a dwelling.
    Source: SDES (RPLS) and census, through Insee.

    Examples
    --------
    >>> import pandas as pd
    >>> social_housing_share(pd.Series([62.0])).tolist()
    [62.0]
    """
    return social_dwellings_among_main_homes_share


@indicator(
    id="LOG02", label="Taux de rotation dans le parc social", short_label="Rotation du parc social",
    theme=Theme.HOUSING, unit="percent", direction=Direction.NEUTRAL, scale=Scale.MESO, reference=_RPLS,
    formula="emménagements de l’année ÷ logements sociaux loués ou à louer depuis plus d’un an × 100",
    says="La fluidité : une rotation basse peut dire que les ménages ne peuvent pas partir.",
    does_not_say="Pourquoi l’on reste : par attachement, faute d’offre ailleurs, ou par refus.",
    ask=_ASK_LANDLORDS,
)  # fmt: skip
def social_turnover(social_turnover_rate: pd.Series[float]) -> pd.Series[float]:
    """Turnover of the social dwellings, percent a year, as published.

    Low turnover may mean that households are kept in place, or that they want to stay: no direction.
    Source: SDES (RPLS) through Insee.

    Examples
    --------
    >>> import pandas as pd
    >>> social_turnover(pd.Series([8.2])).tolist()
    [8.2]
    """
    return social_turnover_rate


@indicator(
    id="LOG02-VAC", label="Part de logements sociaux vacants", short_label="Vacance du parc social",
    theme=Theme.HOUSING, unit="percent", direction=Direction.NEUTRAL, scale=Scale.MESO, reference=_RPLS,
    formula="logements sociaux proposés à la location et vacants ÷ logements sociaux proposés × 100",
    says="Des logements qui attendent un locataire, à mettre en regard des demandes sans réponse.",
    does_not_say="Les refus des candidats, les travaux, les démolitions prévues.",
    ask=_ASK_VACANT,
)  # fmt: skip
def social_vacancy(social_vacancy_rate__all: pd.Series[float]) -> pd.Series[float]:
    """Vacancy of the social dwellings, percent, as published.

    Says how many dwellings wait for a tenant; says nothing of refusals or works. Source: SDES through Insee.

    Examples
    --------
    >>> import pandas as pd
    >>> social_vacancy(pd.Series([3.1])).tolist()
    [3.1]
    """
    return social_vacancy_rate__all


@indicator(
    id="LOG02-VAC3", label="Part de logements sociaux vacants depuis plus de trois mois",
    short_label="Vacance de plus de 3 mois", theme=Theme.HOUSING, unit="percent", direction=Direction.NEUTRAL,
    scale=Scale.MESO, reference=_RPLS,
    formula="logements sociaux proposés à la location, vacants depuis plus de 3 mois ÷ proposés × 100",
    says="La vacance qui n’est pas celle d’un simple changement de locataire.",
    does_not_say="Les refus des candidats, les travaux, les démolitions prévues.", ask=_ASK_VACANT,
)  # fmt: skip
def long_social_vacancy(social_vacancy_rate__over_3_months: pd.Series[float]) -> pd.Series[float]:
    """Share of the social dwellings vacant for more than three months, percent, as published.

    See :func:`social_vacancy`. Source: SDES (RPLS) through Insee.

    Examples
    --------
    >>> import pandas as pd
    >>> long_social_vacancy(pd.Series([1.4])).tolist()
    [1.4]
    """
    return social_vacancy_rate__over_3_months


# The precision of the census knows no households: there are about as many as inhabitants aged 25 to 59.
@indicator(
    id="LOG03", label="Part de résidences principales sur-occupées", short_label="Logements sur-occupés",
    theme=Theme.HOUSING, unit="percent", direction=Direction.MORE_IS_WORSE, scale=Scale.MACRO, reference=_CENSUS,
    criteria=("lieu_residence", "situation_famille"), base="working_age",
    formula="résidences principales où il manque au moins une pièce ÷ résidences principales × 100",
    says="Les ménages à l’étroit, premiers concernés par le délai et la taille des logements attribués.",
    does_not_say="Les demandes de mutation, leur ancienneté et les réponses reçues.",
    ask="Aux bailleurs et à la commission d’attribution : quels délais pour les grands logements ?",
    rivals=(
        "Les ménages y sont plus grands : ils manqueraient de place dans un parc semblable, où qu’il soit.",
        "Le parc y a peu de grands logements : l’écart peut tenir à sa construction, pas aux attributions.",
    ),
)  # fmt: skip
def overcrowded_share(overcrowded_homes_share: pd.Series[float]) -> pd.Series[float]:
    """Share of main homes that lack at least one room for their household, percent, as published.

    Says who lacks room; says nothing of transfers asked for and obtained. Source: Insee, census.

    Examples
    --------
    >>> import pandas as pd
    >>> overcrowded_share(pd.Series([9.0])).tolist()
    [9.0]
    """
    return overcrowded_homes_share
