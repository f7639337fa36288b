"""What stands in the neighbourhood: public services, banks, shops, leisure.

Fewer is worse, but one shop more or less, or on the other side of a border, changes the figure of a small place
and no sampling law says by how much: these figures have no direction, so that chance is no notable gap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from diagnostic.analysis.indicator import indicator
from diagnostic.vocabulary import Direction, Scale, Theme

if TYPE_CHECKING:
    import pandas as pd

_BPE = "Insee, base permanente des équipements (BPE) ; recensement de la population"


def per_thousand(facilities: pd.Series[float], inhabitants: pd.Series[float]) -> pd.Series[float]:
    """Facilities for 1,000 inhabitants.

    Parameters
    ----------
    facilities, inhabitants
        Counts, same index.

    Returns
    -------
    pandas.Series
        ``1000 * facilities / inhabitants``.

    Examples
    --------
    >>> import pandas as pd
    >>> per_thousand(pd.Series([3.0]), pd.Series([2000.0])).tolist()
    [1.5]
    """
    return 1000 * facilities / inhabitants


@indicator(
    id="SER01-QPV", label="Services publics dans le quartier pour 1 000 habitants",
    short_label="Services publics pour 1 000 hab.", theme=Theme.PUBLIC_SERVICES, unit="per_1000_inhabitants",
    direction=Direction.NEUTRAL, scale=Scale.MACRO, reference=_BPE,
    formula="(mairies + France services + bureaux de poste) ÷ population × 1 000, dans les limites du"
    " quartier ; dernière population publiée",
    says="Les guichets où l’on peut entrer sans quitter le quartier.",
    does_not_say="Le trajet, les guichets juste au-delà de la limite, la Caf, France Travail, l’accueil ; un seul"
    " guichet change le chiffre d’un petit quartier.",
    ask="À la commune et aux opérateurs : quels guichets ont fermé ou ouvert, quelles permanences à la place ?",
    additive=True,
)  # fmt: skip
def public_service_density(
    facilities__a128: pd.Series[float],
    facilities__a129: pd.Series[float],
    facilities__a206: pd.Series[float],
    population_served__all: pd.Series[float],
) -> pd.Series[float]:
    """Town halls, France services and post offices (A129, A128, A206) for 1,000 inhabitants, ratio.

    Says which counters stand within the limits of the place; says nothing of travel time or of welcome.
    Source: Insee, BPE; population: the newest published.

    Examples
    --------
    >>> import pandas as pd
    >>> one = [pd.Series([value]) for value in (1.0, 0.0, 1.0, 4000.0)]
    >>> public_service_density(*one).tolist()
    [0.5]
    """
    return per_thousand(facilities__a128 + facilities__a129 + facilities__a206, population_served__all)


@indicator(
    id="BIE01", label="Banques, commerces et loisirs pour 1 000 habitants",
    short_label="Banques, commerces, loisirs pour 1 000 hab.", theme=Theme.GOODS, unit="per_1000_inhabitants",
    direction=Direction.NEUTRAL, scale=Scale.MACRO, reference=_BPE,
    formula="(banques + commerces + sports, loisirs et culture) ÷ population × 1 000, dans les limites du"
    " quartier ; dernière population publiée",
    says="L’offre de proximité : où acheter, ouvrir un compte, faire du sport, sortir.",
    does_not_say="Ce qui est juste au-delà de la limite, les prix, les refus d’entrée ou de compte, l’accueil.",
    ask="Aux banques, aux commerces, aux clubs : qui du quartier y vient, qui n’y est pas reçu ?",
    additive=True,
)  # fmt: skip
def goods_density(
    facilities__a203: pd.Series[float],
    facilities__b: pd.Series[float],
    facilities__f: pd.Series[float],
    population_served__all: pd.Series[float],
) -> pd.Series[float]:
    """Banks (A203), shops (domain B), sport, leisure and culture (domain F) for 1,000 inhabitants, ratio.

    Says what is on offer nearby; says nothing of prices, refusals and welcome. Source: Insee, BPE; population: the
    newest published.

    Examples
    --------
    >>> import pandas as pd
    >>> one = [pd.Series([value]) for value in (1.0, 12.0, 3.0, 4000.0)]
    >>> goods_density(*one).tolist()
    [4.0]
    """
    return per_thousand(facilities__a203 + facilities__b + facilities__f, population_served__all)


@indicator(
    id="BIE01-BQ", label="Banques pour 1 000 habitants", short_label="Banques pour 1 000 hab.",
    theme=Theme.GOODS, unit="per_1000_inhabitants",
    direction=Direction.NEUTRAL, scale=Scale.MACRO, reference=_BPE,
    criteria=("lieu_residence", "domiciliation_bancaire"),
    formula="banques et caisses d’épargne ÷ population × 1 000, dans les limites du quartier ; dernière"
    " population publiée",
    says="Où ouvrir un compte ou retirer de l’argent sans quitter le quartier.",
    does_not_say="Les refus de compte ou de crédit, la banque en ligne ; une seule agence change le chiffre.",
    ask="Aux banques et à la Banque de France : combien de droits au compte pour des habitants du quartier ?",
    additive=True,
)  # fmt: skip
def bank_density(facilities__a203: pd.Series[float], population_served__all: pd.Series[float]) -> pd.Series[float]:
    """Banks (A203) for 1,000 inhabitants, ratio; see :func:`per_thousand`.

    Says where an account can be opened; says nothing of refusals. Source: Insee, BPE; population: the newest
    published.

    Examples
    --------
    >>> import pandas as pd
    >>> bank_density(pd.Series([1.0]), pd.Series([4000.0])).tolist()
    [0.25]
    """
    return per_thousand(facilities__a203, population_served__all)


@indicator(
    id="BIE01-SIR", label="Établissements de services aux particuliers pour 1 000 habitants",
    short_label="Services aux particuliers pour 1 000 hab.", theme=Theme.GOODS, unit="per_1000_inhabitants",
    direction=Direction.NEUTRAL, scale=Scale.MACRO,
    reference="Insee, répertoire des entreprises et des établissements (Sirene)",
    formula="établissements de services aux particuliers ÷ population × 1 000, même édition",
    says="La vie économique tournée vers les habitants.",
    does_not_say="La taille des établissements, leur clientèle, l’accueil.",
    ask="À la chambre de commerce : qui s’installe, qui part, quels locaux sont refusés ou vides ?",
    additive=True,
)  # fmt: skip
def personal_service_density(
    establishments__services_to_persons: pd.Series[float], population__all: pd.Series[float]
) -> pd.Series[float]:
    """Sirene establishments of services to persons for 1,000 inhabitants, ratio; see :func:`per_thousand`.

    Says how lively local services are; says nothing of their size. Source: Insee, Sirene and census.

    Examples
    --------
    >>> import pandas as pd
    >>> personal_service_density(pd.Series([50.0]), pd.Series([2500.0])).tolist()
    [20.0]
    """
    return per_thousand(establishments__services_to_persons, population__all)
