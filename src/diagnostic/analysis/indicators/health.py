"""Health coverage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diagnostic.analysis.indicator import indicator
from diagnostic.vocabulary import Direction, Scale, Theme

if TYPE_CHECKING:
    import pandas as pd


@indicator(
    id="SAN01", label="Part des assurés couverts par la complémentaire santé solidaire",
    short_label="Assurés à la C2S", theme=Theme.HEALTH, unit="percent", direction=Direction.MORE_IS_WORSE,
    scale=Scale.MACRO, criteria=("vulnerabilite_economique",), reference="Cnam, diffusée par l’Insee",
    formula="bénéficiaires de la C2S, avec et sans participation ÷ assurés du régime général × 100",
    says="Le public exposé au refus de soins opposé aux bénéficiaires de la C2S.",
    does_not_say="Le non-recours à la C2S, ni les refus eux-mêmes.",
    ask="À la CPAM et aux médiateurs santé : quels refus sont signalés, chez quels professionnels ?",
)  # fmt: skip
def c2s_share(
    c2s_beneficiaries__without_contribution: pd.Series[float],
    c2s_beneficiaries__with_contribution: pd.Series[float],
    health_insurance_beneficiaries: pd.Series[float],
) -> pd.Series[float]:
    """Share of the general scheme's insured persons covered by the complementary solidarity scheme, percent.

    ``100 * (without contribution + with contribution) / insured persons``. Says who is exposed to refusals of
    care; leaves out those who do not claim. Source: Cnam through Insee.

    Examples
    --------
    >>> import pandas as pd
    >>> c2s_share(pd.Series([174.0]), pd.Series([45.0]), pd.Series([846.0])).round(1).tolist()
    [25.9]
    """
    covered = c2s_beneficiaries__without_contribution + c2s_beneficiaries__with_contribution
    return 100 * covered / health_insurance_beneficiaries
