"""Who lives in the neighbourhoods: context, never a score of a population."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diagnostic.analysis.indicator import indicator
from diagnostic.vocabulary import Direction, Scale, Theme

if TYPE_CHECKING:
    import pandas as pd

_CENSUS = "Insee, recensement de la population"
_CAF = "Cnaf, fichiers des allocataires, diffusés par l’Insee"


@indicator(
    id="POP01", label="Population municipale", theme=Theme.POPULATION, unit="persons",
    direction=Direction.NEUTRAL, scale=Scale.MACRO, reference=_CENSUS,
    formula="population municipale du quartier",
    says="La taille du public concerné.",
    does_not_say="Rien sur ses conditions de vie.",
    ask="À la commune : combien de logements livrés ou démolis depuis le recensement ?",
)  # fmt: skip
def population(population: pd.Series[float]) -> pd.Series[float]:
    """Municipal population, persons, as published.

    Says how many people are concerned; does not say how they live. Source: Insee, census.

    Examples
    --------
    >>> import pandas as pd
    >>> population(pd.Series([1035.0])).tolist()
    [1035.0]
    """
    return population


@indicator(
    id="POP02", label="Part de la population communale vivant en quartier prioritaire",
    short_label="Part de la commune en QPV", theme=Theme.POPULATION, unit="percent",
    direction=Direction.NEUTRAL, scale=Scale.MACRO, reference=_CENSUS,
    formula="population des quartiers prioritaires de la commune ÷ population de la commune × 100",
    says="Le poids des quartiers prioritaires dans leur commune (toutes celles du quartier réunies).",
    does_not_say="Rien sur la répartition à l’intérieur de la commune.",
    ask="À la commune : ces habitants sont-ils représentés à la même hauteur dans ses instances ?",
)  # fmt: skip
def priority_population_share(
    population_in_qpv_of_communes: pd.Series[float], population_of_communes: pd.Series[float]
) -> pd.Series[float]:
    """Share of the communes' population that lives in priority neighbourhoods, percent.

    ``100 * population_in_qpv_of_communes / population_of_communes``. Says the weight of the neighbourhoods;
    does not say how people are spread. Source: Insee, census.

    Examples
    --------
    >>> import pandas as pd
    >>> priority_population_share(pd.Series([1035.0]), pd.Series([3562.0])).round(1).tolist()
    [29.1]
    """
    return 100 * population_in_qpv_of_communes / population_of_communes


@indicator(
    id="POP03", label="Indice de jeunesse", theme=Theme.POPULATION, unit="index",
    direction=Direction.NEUTRAL, scale=Scale.MACRO, criteria=("age",), reference=_CENSUS,
    formula="habitants de moins de 20 ans ÷ habitants de 60 ans et plus",
    says="Combien de jeunes pour une personne de 60 ans et plus : le public exposé au critère de l’âge.",
    does_not_say="Rien sur la façon dont les jeunes ou les plus âgés sont traités.",
    ask="Aux acteurs de la jeunesse : quels jeunes du quartier ne voit-on jamais ?",
)  # fmt: skip
def youth_index(youth_index: pd.Series[float]) -> pd.Series[float]:
    """Youth index: inhabitants under 20 for one aged 60 or more, as published.

    Says which ages are most present; does not say how they are treated. Source: Insee, census.

    Examples
    --------
    >>> import pandas as pd
    >>> youth_index(pd.Series([2.2])).tolist()
    [2.2]
    """
    return youth_index


@indicator(
    id="POP04", label="Part d’étrangers dans la population", short_label="Part d’étrangers",
    theme=Theme.POPULATION, unit="percent", direction=Direction.NEUTRAL, scale=Scale.MACRO,
    criteria=("nation",), groups=("all", "women"), base="population", reference=_CENSUS,
    formula="habitants de nationalité étrangère ÷ habitants × 100",
    says="La population potentiellement exposée au critère de la nationalité.",
    does_not_say="Ni l’origine des habitants, ni une discrimination ; jamais une note d’une population.",
    ask="Aux services d’accueil : quelles démarches demandent un titre, une langue, un justificatif ?",
)  # fmt: skip
def foreign_share(foreign_share: pd.Series[float]) -> pd.Series[float]:
    """Share of foreign nationals in the population (of women, for group ``women``), percent, as published.

    Says who may be exposed to the criterion of nationality; says neither origin nor discrimination.
    Source: Insee, census.

    Examples
    --------
    >>> import pandas as pd
    >>> foreign_share(pd.Series([8.4])).tolist()
    [8.4]
    """
    return foreign_share


@indicator(
    id="POP05", label="Part d’immigrés dans la population", short_label="Part d’immigrés",
    theme=Theme.POPULATION, unit="percent", direction=Direction.NEUTRAL, scale=Scale.MACRO,
    criteria=("origine",), base="population", reference=_CENSUS,
    formula="habitants nés étrangers à l’étranger ÷ habitants × 100",
    says="La population potentiellement exposée au critère de l’origine.",
    does_not_say="Les descendants d’immigrés n’y sont pas ; ni un traitement, ni une discrimination.",
    ask="Aux associations : quelles difficultés disent tenir à l’origine supposée ?",
)  # fmt: skip
def immigrant_share(immigrant_share: pd.Series[float]) -> pd.Series[float]:
    """Share of immigrants (born foreign, abroad) in the population, percent, as published.

    Says who may be exposed to the criterion of origin; leaves out descendants. Source: Insee, census.

    Examples
    --------
    >>> import pandas as pd
    >>> immigrant_share(pd.Series([12.1])).tolist()
    [12.1]
    """
    return immigrant_share


@indicator(
    id="POP06", label="Part des familles monoparentales parmi les allocataires",
    short_label="Monoparents parmi les allocataires", theme=Theme.POPULATION, unit="percent",
    direction=Direction.NEUTRAL, scale=Scale.MACRO, criteria=("situation_famille", "sexe"), reference=_CAF,
    formula="allocataires parents isolés ÷ allocataires × 100",
    says="Le public exposé à la fois par la situation de famille et, le plus souvent, par le sexe.",
    does_not_say="Les familles qui ne reçoivent aucune prestation n’y sont pas.",
    ask="À la Caf et aux bailleurs : quelles réponses pour les parents seuls (garde, taille du logement) ?",
    additive=True,
)  # fmt: skip
def lone_parent_share(
    benefit_households__lone_parents: pd.Series[float], benefit_households__all: pd.Series[float]
) -> pd.Series[float]:
    """Share of lone parents among Caf beneficiary households, percent.

    ``100 * lone parents / beneficiaries``. Says who is exposed by family situation; leaves out families without
    any benefit. Source: Cnaf through Insee.

    Examples
    --------
    >>> import pandas as pd
    >>> lone_parent_share(pd.Series([47.0]), pd.Series([233.0])).round(1).tolist()
    [20.2]
    """
    return 100 * benefit_households__lone_parents / benefit_households__all
