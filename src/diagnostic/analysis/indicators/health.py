"""Health coverage, and where doctors are."""

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
    additive=True,
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


# Fewer is worse, but one practitioner decides in a small place: without a direction chance is no notable gap.
@indicator(
    id="SAN02", label="Médecins généralistes pour 1 000 habitants", short_label="Généralistes pour 1 000 hab.",
    theme=Theme.HEALTH, unit="per_1000_inhabitants", direction=Direction.NEUTRAL, scale=Scale.MACRO,
    reference="Insee, base permanente des équipements (BPE) ; recensement de la population",
    formula="médecins généralistes libéraux ÷ population × 1 000, dans les limites du quartier ; dernière"
    " population publiée",
    says="L’offre de soins de premier recours sur place.",
    does_not_say="Les délais, les refus de patients, le cabinet juste au-delà de la limite ; un seul médecin"
    " change le chiffre d’un petit quartier.",
    ask="À la CPTS et à la CPAM : qui n’a pas de médecin traitant, quels cabinets refusent de nouveaux patients ?",
    additive=True,
)  # fmt: skip
def general_practitioner_density(
    facilities__d265: pd.Series[float], population_served__all: pd.Series[float]
) -> pd.Series[float]:
    """General practitioners (D265) for 1,000 inhabitants, ratio: ``1000 * practitioners / inhabitants``.

    Says the offer of primary care on the spot; says nothing of who is accepted. Source: Insee, BPE; newest
    published population.

    Examples
    --------
    >>> import pandas as pd
    >>> general_practitioner_density(pd.Series([2.0]), pd.Series([4000.0])).tolist()
    [0.5]
    """
    return 1000 * facilities__d265 / population_served__all
