"""Income and benefits. A priority neighbourhood is defined by low income: these gaps are partly mechanical."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diagnostic.analysis.indicator import indicator
from diagnostic.vocabulary import Direction, Scale, Theme

if TYPE_CHECKING:
    import pandas as pd

_FILOSOFI = "Insee-DGFiP-Cnaf-Cnav-CCMSA, Fichier localisé social et fiscal (Filosofi)"
_CAF = "Cnaf, fichiers des allocataires, diffusés par l’Insee"
_MECHANICAL = "La pauvreté définit le quartier prioritaire : l’écart est en partie mécanique."
_ASK = "Au CCAS et à la Caf : quels droits ouverts ne sont pas demandés, et pourquoi ?"
_POVERTY = ("vulnerabilite_economique", "lieu_residence")


@indicator(
    id="RES01", label="Taux de pauvreté au seuil de 60 %", short_label="Taux de pauvreté",
    theme=Theme.RESOURCES, unit="percent", direction=Direction.MORE_IS_WORSE, scale=Scale.MACRO,
    criteria=_POVERTY, reference=_FILOSOFI, ask=_ASK, does_not_say=_MECHANICAL,
    formula="habitants sous 60 % du niveau de vie médian de France métropolitaine ÷ habitants × 100",
    says="La part des habitants exposés par leur vulnérabilité économique.",
)  # fmt: skip
def poverty_rate(poverty_rate: pd.Series[float]) -> pd.Series[float]:
    """Poverty rate at 60 % of the metropolitan median standard of living, percent, as published.

    Says how many are economically vulnerable; the gap is partly mechanical, since low income defines a priority
    neighbourhood. Source: Insee, Filosofi.

    Examples
    --------
    >>> import pandas as pd
    >>> poverty_rate(pd.Series([44.5])).tolist()
    [44.5]
    """
    return poverty_rate


@indicator(
    id="RES02", label="Niveau de vie médian", theme=Theme.RESOURCES, unit="euros",
    direction=Direction.LESS_IS_WORSE, scale=Scale.MACRO, criteria=_POVERTY, reference=_FILOSOFI, ask=_ASK,
    formula="médiane du revenu disponible par unité de consommation",
    says="La moitié des habitants vit avec moins que ce montant annuel.", does_not_say=_MECHANICAL,
)  # fmt: skip
def median_living_standard(disposable_income_median: pd.Series[float]) -> pd.Series[float]:
    """Median disposable income per consumption unit, euros a year, as published; it cannot be averaged.

    Says that half of the inhabitants live on less. Source: Insee, Filosofi.

    Examples
    --------
    >>> import pandas as pd
    >>> median_living_standard(pd.Series([13700.0])).tolist()
    [13700.0]
    """
    return disposable_income_median


@indicator(
    id="RES02-Q1", label="Premier quartile du niveau de vie", theme=Theme.RESOURCES, unit="euros",
    direction=Direction.LESS_IS_WORSE, scale=Scale.MACRO, criteria=_POVERTY, reference=_FILOSOFI, ask=_ASK,
    formula="premier quartile du revenu disponible par unité de consommation",
    says="Un quart des habitants vit avec moins que ce montant annuel.", does_not_say=_MECHANICAL,
)  # fmt: skip
def first_quartile_living_standard(disposable_income_q1: pd.Series[float]) -> pd.Series[float]:
    """First quartile of disposable income per consumption unit, euros a year, as published.

    Says that a quarter of the inhabitants live on less. Source: Insee, Filosofi.

    Examples
    --------
    >>> import pandas as pd
    >>> first_quartile_living_standard(pd.Series([10990.0])).tolist()
    [10990.0]
    """
    return disposable_income_q1


@indicator(
    id="RES02-Q3", label="Troisième quartile du niveau de vie", theme=Theme.RESOURCES, unit="euros",
    direction=Direction.LESS_IS_WORSE, scale=Scale.MACRO, criteria=_POVERTY, reference=_FILOSOFI, ask=_ASK,
    formula="troisième quartile du revenu disponible par unité de consommation",
    says="Un quart des habitants vit avec plus que ce montant annuel.", does_not_say=_MECHANICAL,
)  # fmt: skip
def third_quartile_living_standard(disposable_income_q3: pd.Series[float]) -> pd.Series[float]:
    """Third quartile of disposable income per consumption unit, euros a year, as published.

    Says that a quarter of the inhabitants live on more. Source: Insee, Filosofi.

    Examples
    --------
    >>> import pandas as pd
    >>> third_quartile_living_standard(pd.Series([18920.0])).tolist()
    [18920.0]
    """
    return disposable_income_q3


@indicator(
    id="RES02-D1", label="Premier décile du niveau de vie", theme=Theme.RESOURCES, unit="euros",
    direction=Direction.LESS_IS_WORSE, scale=Scale.MACRO, criteria=_POVERTY, reference=_FILOSOFI, ask=_ASK,
    formula="premier décile du revenu disponible par unité de consommation",
    says="Un habitant sur dix vit avec moins que ce montant annuel.", does_not_say=_MECHANICAL,
)  # fmt: skip
def first_decile_living_standard(disposable_income_d1: pd.Series[float]) -> pd.Series[float]:
    """First decile of disposable income per consumption unit, euros a year, as published.

    Says that one inhabitant in ten lives on less. Source: Insee, Filosofi.

    Examples
    --------
    >>> import pandas as pd
    >>> first_decile_living_standard(pd.Series([8570.0])).tolist()
    [8570.0]
    """
    return disposable_income_d1


@indicator(
    id="RES02-D9", label="Neuvième décile du niveau de vie", theme=Theme.RESOURCES, unit="euros",
    direction=Direction.LESS_IS_WORSE, scale=Scale.MACRO, criteria=_POVERTY, reference=_FILOSOFI, ask=_ASK,
    formula="neuvième décile du revenu disponible par unité de consommation",
    says="Un habitant sur dix vit avec plus que ce montant annuel.", does_not_say=_MECHANICAL,
)  # fmt: skip
def ninth_decile_living_standard(disposable_income_d9: pd.Series[float]) -> pd.Series[float]:
    """Ninth decile of disposable income per consumption unit, euros a year, as published.

    Says that one inhabitant in ten lives on more. Source: Insee, Filosofi.

    Examples
    --------
    >>> import pandas as pd
    >>> ninth_decile_living_standard(pd.Series([23910.0])).tolist()
    [23910.0]
    """
    return disposable_income_d9


@indicator(
    id="RES03", label="Part des allocataires qui reçoivent le RSA socle", short_label="Allocataires au RSA",
    theme=Theme.RESOURCES, unit="percent", direction=Direction.MORE_IS_WORSE, scale=Scale.MACRO,
    criteria=_POVERTY, reference=_CAF, ask=_ASK,
    formula="allocataires du RSA socle ÷ allocataires × 100",
    says="Le poids du revenu minimum parmi les allocataires.",
    does_not_say="Le non-recours : ceux qui y ont droit sans le demander ne sont pas comptés.",
    rivals=(
        "Le revenu minimum va à qui a peu de ressources : l’écart suit celui de la pauvreté.",
        "Les droits y sont peut-être mieux ouverts : plus d’allocataires peut dire moins de non-recours.",
    ),
    additive=True,
)  # fmt: skip
def rsa_share(rsa_households: pd.Series[float], benefit_households__all: pd.Series[float]) -> pd.Series[float]:
    """Share of Caf beneficiary households that receive the basic RSA, percent.

    ``100 * rsa_households / benefit_households``. Leaves out those who do not claim. Source: Cnaf through Insee.

    Examples
    --------
    >>> import pandas as pd
    >>> rsa_share(pd.Series([49.0]), pd.Series([233.0])).round(1).tolist()
    [21.0]
    """
    return 100 * rsa_households / benefit_households__all


@indicator(
    id="RES04", label="Part des allocataires qui reçoivent l’AAH", short_label="Allocataires de l’AAH",
    theme=Theme.RESOURCES, unit="percent", direction=Direction.NEUTRAL, scale=Scale.MACRO,
    criteria=("handicap",), reference=_CAF,
    formula="allocataires de l’allocation aux adultes handicapés ÷ allocataires × 100",
    says="La présence du critère du handicap parmi les allocataires.",
    does_not_say="Les personnes handicapées sans cette allocation ; ni l’accès réel aux services.",
    ask="Aux équipements du quartier : lesquels ne sont pas accessibles ?",
    additive=True,
)  # fmt: skip
def aah_share(aah_households: pd.Series[float], benefit_households__all: pd.Series[float]) -> pd.Series[float]:
    """Share of Caf beneficiary households that receive the disabled adults' allowance, percent.

    ``100 * aah_households / benefit_households``. Source: Cnaf through Insee.

    Examples
    --------
    >>> import pandas as pd
    >>> aah_share(pd.Series([22.0]), pd.Series([233.0])).round(1).tolist()
    [9.4]
    """
    return 100 * aah_households / benefit_households__all
