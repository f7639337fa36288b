"""Diplomas, schooling, and the schools in and near the neighbourhoods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diagnostic.analysis.indicator import indicator
from diagnostic.vocabulary import Direction, Scale, Theme

if TYPE_CHECKING:
    import pandas as pd

_IPS = "Depp, indice de position sociale"
_PUPILS = "Ministère de l’Éducation nationale-Depp, diffusée par l’Insee"
_SOCIAL = ("lieu_residence", "vulnerabilite_economique")
_SCHOOL_RIVALS = (
    "L’indice décrit le milieu des parents : un quartier à bas revenus a des écoles à indice bas.",
    "Des élèves viennent d’ailleurs, d’autres vont ailleurs : l’écart peut tenir aux choix des familles.",
)


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


@indicator(
    id="EDU01", label="Indice de position sociale moyen des écoles du quartier et de ses abords",
    short_label="IPS des écoles", theme=Theme.EDUCATION, unit="index", direction=Direction.LESS_IS_WORSE,
    scale=Scale.MACRO, reference=_IPS, criteria=_SOCIAL,
    formula="moyenne de l’IPS des écoles à moins de 100 m du quartier, pondérée par les élèves si publiés",
    says="Le milieu social des élèves des écoles proches, et donc leur ségrégation sociale.",
    does_not_say="L’origine des élèves, la qualité de l’école, un traitement ; tous n’habitent pas le quartier.",
    ask="À l’inspection académique : quels élèves du quartier vont dans une autre école, et pourquoi ?",
    rivals=_SCHOOL_RIVALS,
)  # fmt: skip
def school_social_position(school_social_position_index: pd.Series[float]) -> pd.Series[float]:
    """Mean social position index of the schools in and near the neighbourhood (France: about 103).

    Of schools at less than 100 m, see :func:`diagnostic.analysis.schools.school_means`; commune, EPCI and
    département: mean of their own schools. Says how schools differ by the parents' social position; says neither
    origin nor treatment. Source: Depp.

    Examples
    --------
    >>> import pandas as pd
    >>> school_social_position(pd.Series([78.4])).tolist()
    [78.4]
    """
    return school_social_position_index


@indicator(
    id="EDU01-COL", label="Indice de position sociale moyen des collèges du quartier et de ses abords",
    short_label="IPS des collèges", theme=Theme.EDUCATION, unit="index", direction=Direction.LESS_IS_WORSE,
    scale=Scale.MACRO, reference=_IPS, criteria=_SOCIAL,
    formula="moyenne de l’IPS des collèges à moins de 300 m du quartier, pondérée par les élèves si publiés",
    says="Le milieu social des élèves des collèges proches.",
    does_not_say="Le secteur scolaire : le collège le plus proche n’est pas toujours celui du quartier.",
    ask="À l’inspection académique et au département : quels quartiers chaque collège accueille-t-il ?",
    rivals=_SCHOOL_RIVALS,
)  # fmt: skip
def college_social_position(college_social_position_index: pd.Series[float]) -> pd.Series[float]:
    """Mean social position index of the collèges in and near the neighbourhood, index.

    Of collèges at less than 300 m; see :func:`school_social_position`. Says nothing of the catchment areas.
    Source: Depp.

    Examples
    --------
    >>> import pandas as pd
    >>> college_social_position(pd.Series([81.0])).tolist()
    [81.0]
    """
    return college_social_position_index


@indicator(
    id="EDU02", label="Écart d’indice de position sociale entre écoles privées et publiques de la commune",
    short_label="IPS : privé − public", theme=Theme.EDUCATION, unit="index", direction=Direction.MORE_IS_WORSE,
    scale=Scale.MESO, reference=_IPS, criteria=_SOCIAL,
    formula="IPS moyen des écoles privées − IPS moyen des écoles publiques, dans la ou les communes du quartier",
    says="L’évitement scolaire, ou la ségrégation entre public et privé, là où vit le quartier.",
    does_not_say="Le choix des familles, les frais de scolarité, la carte scolaire ; un refus d’inscription.",
    ask="Aux écoles privées et à la commune : quelles demandes d’inscription du quartier, quelles réponses ?",
    rivals=(
        "Les familles choisissent le privé pour d’autres raisons : la langue, la religion, la garde, le trajet.",
        "Les écoles privées sont loin du quartier : l’écart peut tenir à la distance plutôt qu’à un refus.",
    ),
)  # fmt: skip
def private_public_social_position_gap(
    school_social_position_index_of_communes__private: pd.Series[float],
    school_social_position_index_of_communes__public: pd.Series[float],
) -> pd.Series[float]:
    """Social position index of private minus public primary schools of the neighbourhood's communes, index points.

    Says how the schools of the communes are segregated; says nothing of why families choose. Source: Depp.

    Examples
    --------
    >>> import pandas as pd
    >>> private_public_social_position_gap(pd.Series([112.0]), pd.Series([91.5])).tolist()
    [20.5]
    """
    return school_social_position_index_of_communes__private - school_social_position_index_of_communes__public


@indicator(
    id="EDU08", label="Part des élèves de 3e en retard d’au moins un an", short_label="Élèves de 3e en retard",
    theme=Theme.EDUCATION, unit="percent", direction=Direction.MORE_IS_WORSE, scale=Scale.MESO, reference=_PUPILS,
    criteria=_SOCIAL, formula="élèves de 3e en retard ÷ élèves de 3e qui habitent le quartier × 100",
    says="Ce que l’école a produit pour les élèves du quartier jusqu’au choix de l’orientation.",
    does_not_say="Le niveau des élèves, une arrivée récente en France, les pratiques de redoublement.",
    ask="Aux collèges : qui redouble, à la demande de qui, et qu’est-il proposé à la place ?",
    additive=True,
)  # fmt: skip
def late_in_grade9(late_pupils_grade9: pd.Series[float], pupils_grade9: pd.Series[float]) -> pd.Series[float]:
    """Share of the neighbourhood's pupils in troisième who are late by a year or more, percent.

    ``100 * late / pupils``. Says where school careers stand before orientation; says nothing of the level reached.
    Source: Depp through Insee.

    Examples
    --------
    >>> import pandas as pd
    >>> late_in_grade9(pd.Series([9.0]), pd.Series([60.0])).tolist()
    [15.0]
    """
    return 100 * late_pupils_grade9 / pupils_grade9


@indicator(
    id="EDU08-6E", label="Part des élèves de 6e en retard d’au moins un an", short_label="Élèves de 6e en retard",
    theme=Theme.EDUCATION, unit="percent", direction=Direction.MORE_IS_WORSE, scale=Scale.MESO, reference=_PUPILS,
    criteria=_SOCIAL, formula="élèves de 6e en retard ÷ élèves de 6e qui habitent le quartier × 100",
    says="Ce que l’école primaire a produit pour les élèves du quartier.",
    does_not_say="Le niveau des élèves, une arrivée récente en France, les pratiques de redoublement.",
    ask="Aux écoles : qui redouble, à la demande de qui, et qu’est-il proposé à la place ?",
    additive=True,
)  # fmt: skip
def late_in_grade6(late_pupils_grade6: pd.Series[float], pupils_grade6: pd.Series[float]) -> pd.Series[float]:
    """Share of the neighbourhood's pupils in sixième who are late by a year or more, percent.

    ``100 * late / pupils``; see :func:`late_in_grade9`. Source: Depp through Insee.

    Examples
    --------
    >>> import pandas as pd
    >>> late_in_grade6(pd.Series([4.0]), pd.Series([40.0])).tolist()
    [10.0]
    """
    return 100 * late_pupils_grade6 / pupils_grade6


@indicator(
    id="EDU04-16A24", label="Taux de scolarisation des 16-24 ans", theme=Theme.EDUCATION, unit="percent",
    direction=Direction.LESS_IS_WORSE, scale=Scale.MACRO, reference="Insee, recensement de la population",
    criteria=("lieu_residence", "sexe", "nation"), groups=("all", "women", "foreign"), base="working_age",
    formula="habitants de 16 à 24 ans scolarisés ÷ habitants de 16 à 24 ans × 100",
    says="La poursuite d’études des jeunes qui vivent dans le quartier.",
    does_not_say="Les étudiants partis vivre ailleurs ; l’apprentissage et l’école y comptent de même.",
    ask="À la mission locale et aux lycées : à quel âge et pourquoi les jeunes du quartier cessent-ils l’école ?",
)  # fmt: skip
def schooling_rate(schooling_rate_16_24: pd.Series[float]) -> pd.Series[float]:
    """Schooling rate at ages 16 to 24, percent, as published.

    Says who goes on studying; leaves out students who live elsewhere. Source: Insee, census estimates.

    Examples
    --------
    >>> import pandas as pd
    >>> schooling_rate(pd.Series([54.3])).tolist()
    [54.3]
    """
    return schooling_rate_16_24
