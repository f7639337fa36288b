"""Diplomas and schooling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diagnostic.analysis.indicator import indicator
from diagnostic.vocabulary import Direction, Scale, Theme

if TYPE_CHECKING:
    import pandas as pd


@indicator(
    id="EDU03-BAC", label="Part des adultes sortis de l’école avec un diplôme inférieur au bac, ou sans diplôme",
    short_label="Diplôme inférieur au bac", theme=Theme.EDUCATION, unit="percent",
    direction=Direction.MORE_IS_WORSE, scale=Scale.MACRO, reference="Insee, recensement de la population",
    criteria=("lieu_residence", "sexe", "nation"), groups=("all", "women", "foreign"), base="working_age",
    formula="habitants non scolarisés dont le diplôme est inférieur au bac ÷ habitants non scolarisés × 100",
    says="Le niveau de diplôme des adultes, un stock constitué sur plusieurs décennies.",
    does_not_say="Où et quand les études ont été faites ; rien sur l’école d’aujourd’hui.",
    ask="Aux centres de formation : qui du quartier y entre, et qui n’y entre pas ?",
)  # fmt: skip
def below_bac_share(below_bac_share: pd.Series[float]) -> pd.Series[float]:
    """Share of adults out of school whose diploma is below the baccalauréat, percent, as published.

    Says the stock of diplomas; says nothing of today's school. Source: Insee, census.

    Examples
    --------
    >>> import pandas as pd
    >>> below_bac_share(pd.Series([71.2])).tolist()
    [71.2]
    """
    return below_bac_share
