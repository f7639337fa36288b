"""How incomes are spread and made up: published at the neighbourhood and at every comparator alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diagnostic.analysis.indicator import indicator
from diagnostic.vocabulary import Direction, Scale, Theme

if TYPE_CHECKING:
    import pandas as pd

_FILOSOFI = "Insee-DGFiP-Cnaf-Cnav-CCMSA, Fichier localisé social et fiscal (Filosofi)"
_ASK = "Au CCAS et à la Caf : quels droits ouverts ne sont pas demandés, et pourquoi ?"
_POVERTY = ("vulnerabilite_economique", "lieu_residence")


@indicator(
    id="RES05-GINI", label="Indice de Gini du niveau de vie",
    short_label="Indice de Gini", theme=Theme.RESOURCES, unit="ratio", direction=Direction.MORE_IS_WORSE,
    scale=Scale.MACRO, criteria=_POVERTY, reference=_FILOSOFI, ask=_ASK,
    formula="indice de Gini du revenu disponible par unité de consommation",
    says="L’inégalité des niveaux de vie à l’intérieur du quartier (0 : tous égaux ; 1 : un seul a tout).",
    does_not_say="Un indice bas dans un quartier pauvre dit surtout que presque tous y sont pauvres.",
)  # fmt: skip
def gini_index(gini_index: pd.Series[float]) -> pd.Series[float]:
    """Gini index of disposable income per consumption unit, 0 to 1, as published.

    It can be neither added nor averaged. Source: Insee, Filosofi.

    Examples
    --------
    >>> import pandas as pd
    >>> gini_index(pd.Series([0.24])).tolist()
    [0.24]
    """
    return gini_index


@indicator(
    id="RES05-S80", label="Rapport S80/S20",
    short_label="Rapport S80/S20", theme=Theme.RESOURCES, unit="ratio", direction=Direction.NEUTRAL,
    scale=Scale.MACRO, criteria=_POVERTY, reference=_FILOSOFI, ask=_ASK,
    formula="masse des revenus des 20 % les plus aisés ÷ masse des 20 % les moins aisés",
    says="Combien de fois les plus aisés ont plus que les moins aisés.",
    does_not_say="Rien sur le niveau de ces revenus.",
)  # fmt: skip
def s80_s20_ratio(s80_s20_ratio: pd.Series[float]) -> pd.Series[float]:
    """Ratio of the income of the top fifth to that of the bottom fifth, as published.

    It can be neither added nor averaged. Source: Insee, Filosofi.

    Examples
    --------
    >>> import pandas as pd
    >>> s80_s20_ratio(pd.Series([3.4])).tolist()
    [3.4]
    """
    return s80_s20_ratio


@indicator(
    id="RES05-D9D1", label="Rapport interdécile",
    short_label="Rapport interdécile", theme=Theme.RESOURCES, unit="ratio", direction=Direction.NEUTRAL,
    scale=Scale.MACRO, criteria=_POVERTY, reference=_FILOSOFI, ask=_ASK,
    formula="neuvième décile ÷ premier décile du niveau de vie",
    says="L’écart entre les niveaux de vie hauts et bas.",
    does_not_say="Rien sur le niveau de ces revenus.",
)  # fmt: skip
def interdecile_ratio(interdecile_ratio: pd.Series[float]) -> pd.Series[float]:
    """Ratio of the ninth to the first decile of the standard of living, as published.

    It can be neither added nor averaged. Source: Insee, Filosofi.

    Examples
    --------
    >>> import pandas as pd
    >>> interdecile_ratio(pd.Series([2.8])).tolist()
    [2.8]
    """
    return interdecile_ratio


@indicator(
    id="RES06-ACT", label="Part des revenus d’activité dans le revenu disponible",
    short_label="Revenus d’activité", theme=Theme.RESOURCES, unit="percent", direction=Direction.LESS_IS_WORSE,
    scale=Scale.MACRO, criteria=_POVERTY, reference=_FILOSOFI, ask=_ASK,
    formula="revenus d’activité ÷ revenu disponible × 100",
    says="Le poids du travail et du chômage indemnisé dans les revenus.",
    does_not_say="Ni la qualité des emplois, ni le nombre de personnes en emploi.",
)  # fmt: skip
def activity_income_share(activity_income_share: pd.Series[float]) -> pd.Series[float]:
    """Share of activity income in disposable income, percent, as published.

    It can be neither added nor averaged. Source: Insee, Filosofi.

    Examples
    --------
    >>> import pandas as pd
    >>> activity_income_share(pd.Series([55.7])).tolist()
    [55.7]
    """
    return activity_income_share


@indicator(
    id="RES06-CHO", label="Part des indemnités de chômage dans le revenu disponible",
    short_label="Indemnités de chômage", theme=Theme.RESOURCES, unit="percent", direction=Direction.NEUTRAL,
    scale=Scale.MACRO, criteria=_POVERTY, reference=_FILOSOFI, ask=_ASK,
    formula="indemnités de chômage ÷ revenu disponible × 100",
    says="Le poids du chômage indemnisé.",
    does_not_say="Les chômeurs sans indemnité n’y sont pas.",
)  # fmt: skip
def unemployment_benefits_share(unemployment_benefits_share: pd.Series[float]) -> pd.Series[float]:
    """Share of unemployment benefits in disposable income, percent, as published.

    It can be neither added nor averaged. Source: Insee, Filosofi.

    Examples
    --------
    >>> import pandas as pd
    >>> unemployment_benefits_share(pd.Series([5.2])).tolist()
    [5.2]
    """
    return unemployment_benefits_share


@indicator(
    id="RES06-PEN", label="Part des pensions, retraites et rentes dans le revenu disponible",
    short_label="Pensions et retraites", theme=Theme.RESOURCES, unit="percent", direction=Direction.NEUTRAL,
    scale=Scale.MACRO, criteria=_POVERTY, reference=_FILOSOFI, ask=_ASK,
    formula="pensions, retraites et rentes ÷ revenu disponible × 100",
    says="Le poids des retraités parmi les revenus.",
    does_not_say="Rien sur le montant des retraites.",
)  # fmt: skip
def pensions_share(pensions_share: pd.Series[float]) -> pd.Series[float]:
    """Share of pensions in disposable income, percent, as published.

    It can be neither added nor averaged. Source: Insee, Filosofi.

    Examples
    --------
    >>> import pandas as pd
    >>> pensions_share(pd.Series([31.2])).tolist()
    [31.2]
    """
    return pensions_share


@indicator(
    id="RES06-PAT", label="Part des revenus du patrimoine dans le revenu disponible",
    short_label="Revenus du patrimoine", theme=Theme.RESOURCES, unit="percent", direction=Direction.NEUTRAL,
    scale=Scale.MACRO, criteria=_POVERTY, reference=_FILOSOFI, ask=_ASK,
    formula="revenus du patrimoine et autres ÷ revenu disponible × 100",
    says="Le poids du patrimoine dans les revenus.",
    does_not_say="Ni qui le détient, ni sa valeur.",
)  # fmt: skip
def property_income_share(property_income_share: pd.Series[float]) -> pd.Series[float]:
    """Share of property and other income in disposable income, percent, as published.

    It can be neither added nor averaged. Source: Insee, Filosofi.

    Examples
    --------
    >>> import pandas as pd
    >>> property_income_share(pd.Series([4.0])).tolist()
    [4.0]
    """
    return property_income_share


@indicator(
    id="RES06-SOC", label="Part des prestations sociales dans le revenu disponible",
    short_label="Prestations sociales", theme=Theme.RESOURCES, unit="percent", direction=Direction.MORE_IS_WORSE,
    scale=Scale.MACRO, criteria=_POVERTY, reference=_FILOSOFI, ask=_ASK,
    formula="prestations sociales ÷ revenu disponible × 100",
    says="La dépendance des ressources aux prestations.",
    does_not_say="Le non-recours : les droits non demandés n’y sont pas.",
)  # fmt: skip
def social_benefits_share(social_benefits_share: pd.Series[float]) -> pd.Series[float]:
    """Share of social benefits in disposable income, percent, as published.

    It can be neither added nor averaged. Source: Insee, Filosofi.

    Examples
    --------
    >>> import pandas as pd
    >>> social_benefits_share(pd.Series([19.1])).tolist()
    [19.1]
    """
    return social_benefits_share


@indicator(
    id="RES06-FAM", label="Part des prestations familiales dans le revenu disponible",
    short_label="Prestations familiales", theme=Theme.RESOURCES, unit="percent", direction=Direction.NEUTRAL,
    scale=Scale.MACRO, criteria=_POVERTY, reference=_FILOSOFI, ask=_ASK,
    formula="prestations familiales ÷ revenu disponible × 100",
    says="Le poids des familles parmi les ressources.",
    does_not_say="Rien sur leurs conditions de vie.",
)  # fmt: skip
def family_benefits_share(family_benefits_share: pd.Series[float]) -> pd.Series[float]:
    """Share of family benefits in disposable income, percent, as published.

    It can be neither added nor averaged. Source: Insee, Filosofi.

    Examples
    --------
    >>> import pandas as pd
    >>> family_benefits_share(pd.Series([6.0])).tolist()
    [6.0]
    """
    return family_benefits_share


@indicator(
    id="RES06-MIN", label="Part des minima sociaux dans le revenu disponible",
    short_label="Minima sociaux", theme=Theme.RESOURCES, unit="percent", direction=Direction.MORE_IS_WORSE,
    scale=Scale.MACRO, criteria=_POVERTY, reference=_FILOSOFI, ask=_ASK,
    formula="minima sociaux ÷ revenu disponible × 100",
    says="Le poids des revenus minimums.",
    does_not_say="Le non-recours : les droits non demandés n’y sont pas.",
)  # fmt: skip
def minimum_benefits_share(minimum_benefits_share: pd.Series[float]) -> pd.Series[float]:
    """Share of minimum benefits in disposable income, percent, as published.

    It can be neither added nor averaged. Source: Insee, Filosofi.

    Examples
    --------
    >>> import pandas as pd
    >>> minimum_benefits_share(pd.Series([7.9])).tolist()
    [7.9]
    """
    return minimum_benefits_share


@indicator(
    id="RES06-LOG", label="Part des prestations logement dans le revenu disponible",
    short_label="Prestations logement", theme=Theme.RESOURCES, unit="percent", direction=Direction.NEUTRAL,
    scale=Scale.MACRO, criteria=_POVERTY, reference=_FILOSOFI, ask=_ASK,
    formula="prestations logement ÷ revenu disponible × 100",
    says="Le poids des aides au logement.",
    does_not_say="Ni le loyer, ni la qualité du logement.",
)  # fmt: skip
def housing_benefits_share(housing_benefits_share: pd.Series[float]) -> pd.Series[float]:
    """Share of housing benefits in disposable income, percent, as published.

    It can be neither added nor averaged. Source: Insee, Filosofi.

    Examples
    --------
    >>> import pandas as pd
    >>> housing_benefits_share(pd.Series([5.2])).tolist()
    [5.2]
    """
    return housing_benefits_share


@indicator(
    id="RES06-IMP", label="Part des impôts dans le revenu disponible",
    short_label="Impôts (négatif)", theme=Theme.RESOURCES, unit="percent", direction=Direction.NEUTRAL,
    scale=Scale.MACRO, criteria=_POVERTY, reference=_FILOSOFI, ask=_ASK,
    formula="impôts directs ÷ revenu disponible × 100 (compté en négatif)",
    says="Ce que l’impôt retire au revenu avant impôt.",
    does_not_say="Rien sur les impôts indirects.",
)  # fmt: skip
def taxes_share(taxes_share: pd.Series[float]) -> pd.Series[float]:
    """Share of direct taxes in disposable income, negative as published, percent, as published.

    It can be neither added nor averaged. Source: Insee, Filosofi.

    Examples
    --------
    >>> import pandas as pd
    >>> taxes_share(pd.Series([-10.0])).tolist()
    [-10.0]
    """
    return taxes_share
