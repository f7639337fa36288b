"""Employment, its quality, and who looks for it: by sex, nationality, age and diploma where published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diagnostic.analysis.indicator import indicator
from diagnostic.vocabulary import Direction, Scale, Theme

if TYPE_CHECKING:
    import pandas as pd

_CENSUS = "Insee, recensement de la population"
_JOBS = "France Travail-Dares, demandeurs d’emploi inscrits, diffusés par l’Insee"
_ASK_JOBS = "À France Travail et à la mission locale : entrées en emploi et en formation, QPV et hors QPV ?"
_REGISTERED = "Les personnes sans emploi qui ne sont pas inscrites n’y sont pas."


def group_difference(
    everyone: pd.Series[float], group: pd.Series[float], share: pd.Series[float]
) -> pd.Series[float]:
    """Difference between a group's rate and that of everybody else, points.

    The others' rate is derived from the published ones: ``(everyone - s * group) / (1 - s)`` with ``s`` the
    group's share. Comparing the group to everyone, itself included, would understate the difference.

    Parameters
    ----------
    everyone, group
        Rates, percent, same index.
    share
        Share of the group in the population, percent; taken over all ages, the only ones published.

    Returns
    -------
    pandas.Series
        Points; missing where the derived rate falls outside 0 to 100, which shows that the inputs do not fit.

    Examples
    --------
    >>> import pandas as pd
    >>> group_difference(pd.Series([41.7]), pd.Series([35.2]), pd.Series([53.0])).round(1).tolist()
    [-13.8]
    """
    part = share / 100
    others = (everyone - part * group) / (1 - part)
    return (group - others).where(others.between(0, 100))


@indicator(
    id="EMP01", label="Taux d’emploi des 15-64 ans", short_label="Taux d’emploi", theme=Theme.EMPLOYMENT,
    unit="percent", direction=Direction.LESS_IS_WORSE, scale=Scale.MACRO, reference=_CENSUS,
    criteria=("lieu_residence", "sexe", "nation"), groups=("all", "women", "foreign"), base="working_age",
    formula="habitants de 15 à 64 ans en emploi ÷ habitants de 15 à 64 ans × 100",
    says="L’écart d’accès à l’emploi entre territoires et entre groupes.",
    does_not_say="L’âge, le diplôme et l’état de santé ne sont pas neutralisés.",
    ask="Aux employeurs et aux agences d’intérim : par quels canaux recrutent-ils dans le quartier ?",
)  # fmt: skip
def employment_rate(employment_rate: pd.Series[float]) -> pd.Series[float]:
    """Employment rate at ages 15 to 64, percent, as published.

    Says how access to employment differs; age and diploma are not controlled. Source: Insee, census.

    Examples
    --------
    >>> import pandas as pd
    >>> employment_rate(pd.Series([44.2])).tolist()
    [44.2]
    """
    return employment_rate


@indicator(
    id="EMP02", label="Écart de taux d’emploi entre femmes et hommes", short_label="Emploi : femmes − hommes",
    theme=Theme.EMPLOYMENT, unit="points", direction=Direction.LESS_IS_WORSE, scale=Scale.MACRO,
    reference=_CENSUS, criteria=("sexe",), base="working_age", contrast=("women", "men"),
    formula="taux des femmes − taux des hommes, celui-ci déduit du taux d’ensemble et de la part des femmes",
    says="L’écart d’emploi entre les femmes et les hommes du même quartier.",
    does_not_say="Garde d’enfants, temps partiel, santé ou choix : un écart n’est pas un traitement.",
    ask="Aux crèches et à France Travail : quelles places, quels horaires, quelles offres pour les femmes ?",
    rivals=(
        "La garde des enfants ou la santé peuvent éloigner de l’emploi sans décision d’un employeur.",
        "Les métiers qui recrutent dans le bassin d’emploi peuvent être ceux que les hommes occupent déjà.",
    ),
)  # fmt: skip
def employment_gap_women_men(
    employment_rate: pd.Series[float],
    employment_rate__women: pd.Series[float],
    women_share__all: pd.Series[float],
) -> pd.Series[float]:
    """Employment rate of women minus that of men, points, estimated.

    See :func:`group_difference`. Says how the sexes differ within one neighbourhood; says nothing of why.
    Source: Insee, census.

    Examples
    --------
    >>> import pandas as pd
    >>> one = [pd.Series([value]) for value in (44.2, 35.7, 52.6)]
    >>> employment_gap_women_men(*one).round(1).tolist()
    [-17.9]
    """
    return group_difference(employment_rate, employment_rate__women, women_share__all)


@indicator(
    id="EMP03", label="Écart de taux d’emploi entre étrangers et Français",
    short_label="Emploi : étrangers − Français", theme=Theme.EMPLOYMENT, unit="points",
    direction=Direction.LESS_IS_WORSE, scale=Scale.MACRO, reference=_CENSUS, criteria=("nation",),
    base="working_age", contrast=("foreign", "french"),
    formula="taux des étrangers − taux des Français, celui-ci déduit du taux d’ensemble et de la part d’étrangers",
    says="L’écart d’emploi selon la nationalité dans le même quartier.",
    does_not_say="Droit au travail, langue, diplôme non reconnu, petits effectifs ; rien sur l’origine.",
    ask="Aux acteurs de l’insertion : quels diplômes étrangers, quels métiers fermés, quels refus constatés ?",
    rivals=(
        "Un diplôme non reconnu, la langue ou une arrivée récente peuvent éloigner de l’emploi.",
        "Des emplois, publics surtout, sont fermés par la loi à certains étrangers.",
    ),
)  # fmt: skip
def employment_gap_foreign_french(
    employment_rate: pd.Series[float],
    employment_rate__foreign: pd.Series[float],
    foreign_share__all: pd.Series[float],
) -> pd.Series[float]:
    """Employment rate of foreign nationals minus that of French nationals, points, estimated.

    See :func:`group_difference`. Says how employment differs by nationality; says nothing of origin.
    Source: Insee, census.

    Examples
    --------
    >>> import pandas as pd
    >>> one = [pd.Series([value]) for value in (45.0, 28.9, 7.9)]
    >>> employment_gap_foreign_french(*one).round(1).tolist()
    [-17.5]
    """
    return group_difference(employment_rate, employment_rate__foreign, foreign_share__all)


@indicator(
    id="EMP05", label="Part des emplois à durée limitée", short_label="Emplois à durée limitée",
    theme=Theme.EMPLOYMENT, unit="percent", direction=Direction.MORE_IS_WORSE, scale=Scale.MACRO,
    reference=_CENSUS, criteria=("lieu_residence", "sexe", "nation"), groups=("all", "women", "foreign"),
    base="employed", formula="habitants en CDD, intérim, emploi aidé, apprentissage ou stage ÷ en emploi × 100",
    says="La qualité des emplois occupés.", does_not_say="Le secteur d’activité et l’ancienneté.",
    ask="Aux entreprises et aux employeurs publics : qui passe du contrat court au CDI, et en combien de temps ?",
    rivals=(
        "Les habitants en emploi sont en moyenne plus jeunes : on commence plus souvent par un contrat court.",
        "Les secteurs proches (intérim, nettoyage, logistique) recrutent tout le monde en contrat court.",
    ),
)  # fmt: skip
def fixed_term_share(fixed_term_share: pd.Series[float]) -> pd.Series[float]:
    """Share of fixed-term jobs among the employed, percent, as published.

    Says how secure the jobs are; the sector is not controlled. Source: Insee, census.

    Examples
    --------
    >>> import pandas as pd
    >>> fixed_term_share(pd.Series([29.7])).tolist()
    [29.7]
    """
    return fixed_term_share


def share_of_job_seekers(part: pd.Series[float], everyone: pd.Series[float]) -> pd.Series[float]:
    """Share of a group among the registered job seekers (categories A, B, C), percent.

    Parameters
    ----------
    part, everyone
        Counts of persons, same index.

    Returns
    -------
    pandas.Series
        ``100 * part / everyone``.

    Examples
    --------
    >>> import pandas as pd
    >>> share_of_job_seekers(pd.Series([59.0]), pd.Series([129.0])).round(1).tolist()
    [45.7]
    """
    return 100 * part / everyone


@indicator(
    id="EMP06", label="Part des femmes parmi les demandeurs d’emploi (ABC)",
    short_label="Femmes parmi les demandeurs d’emploi", theme=Theme.EMPLOYMENT, unit="percent",
    direction=Direction.NEUTRAL, scale=Scale.MACRO, reference=_JOBS, criteria=("sexe",),
    formula="demandeuses d’emploi ABC ÷ demandeurs d’emploi ABC × 100",
    says="La place des femmes parmi les inscrits.", does_not_say=_REGISTERED, ask=_ASK_JOBS,
    additive=True,
)  # fmt: skip
def women_among_job_seekers(
    job_seekers_abc__women: pd.Series[float], job_seekers_abc__all: pd.Series[float]
) -> pd.Series[float]:
    """Share of women among registered job seekers, percent; see :func:`share_of_job_seekers`.

    Leaves out the unemployed who are not registered. Source: France Travail-Dares through Insee.

    Examples
    --------
    >>> import pandas as pd
    >>> women_among_job_seekers(pd.Series([70.0]), pd.Series([129.0])).round(1).tolist()
    [54.3]
    """
    return share_of_job_seekers(job_seekers_abc__women, job_seekers_abc__all)


@indicator(
    id="EMP06-25", label="Part des moins de 25 ans parmi les demandeurs d’emploi (ABC)",
    short_label="Jeunes parmi les demandeurs d’emploi", theme=Theme.EMPLOYMENT, unit="percent",
    direction=Direction.NEUTRAL, scale=Scale.MACRO, reference=_JOBS, criteria=("age",),
    formula="demandeurs d’emploi ABC de moins de 25 ans ÷ demandeurs d’emploi ABC × 100",
    says="La place des jeunes parmi les inscrits.", does_not_say=_REGISTERED, ask=_ASK_JOBS,
    additive=True,
)  # fmt: skip
def youth_among_job_seekers(
    job_seekers_abc__under_25: pd.Series[float], job_seekers_abc__all: pd.Series[float]
) -> pd.Series[float]:
    """Share of those under 25 among registered job seekers, percent; see :func:`share_of_job_seekers`.

    Leaves out the unemployed who are not registered. Source: France Travail-Dares through Insee.

    Examples
    --------
    >>> import pandas as pd
    >>> youth_among_job_seekers(pd.Series([28.0]), pd.Series([129.0])).round(1).tolist()
    [21.7]
    """
    return share_of_job_seekers(job_seekers_abc__under_25, job_seekers_abc__all)


@indicator(
    id="EMP07", label="Part des demandeurs d’emploi inscrits depuis longtemps (deux dernières durées publiées)",
    short_label="Demandeurs d’emploi de longue durée", theme=Theme.EMPLOYMENT, unit="percent",
    direction=Direction.MORE_IS_WORSE, scale=Scale.MESO, reference=_JOBS,
    formula="(ABC_DUR3 + ABC_DUR4) ÷ ABC × 100 ; durées lues comme un an et plus, non datées dans le fichier",
    says="La difficulté à sortir du chômage.",
    does_not_say="Les sorties sans emploi (radiation, fin d’inscription) ; " + _REGISTERED.lower(), ask=_ASK_JOBS,
    rivals=(
        "Les inscrits sont plus souvent sans diplôme ou âgés : la durée peut tenir à la composition.",
        "Ceux qui retrouvent vite un emploi quittent peut-être le quartier, ou ne s’inscrivent pas.",
    ),
    additive=True,
)  # fmt: skip
def long_term_job_seekers(
    job_seekers_abc__duration_3: pd.Series[float],
    job_seekers_abc__duration_4: pd.Series[float],
    job_seekers_abc__all: pd.Series[float],
) -> pd.Series[float]:
    """Share of job seekers in the two longest published durations, percent.

    ``100 * (DUR3 + DUR4) / ABC``, read as a year and more: the four classes add up to ABC, but their limits are
    not stated in the file. Source: France Travail-Dares through Insee.

    Examples
    --------
    >>> import pandas as pd
    >>> one = [pd.Series([value]) for value in (41.0, 35.0, 129.0)]
    >>> long_term_job_seekers(*one).round(1).tolist()
    [58.9]
    """
    longest = job_seekers_abc__duration_3 + job_seekers_abc__duration_4
    return share_of_job_seekers(longest, job_seekers_abc__all)


@indicator(
    id="EMP08", label="Part des étrangers parmi les demandeurs d’emploi, rapportée à leur part de la population",
    short_label="Étrangers parmi les demandeurs (rapport)", theme=Theme.EMPLOYMENT, unit="ratio",
    direction=Direction.NEUTRAL, scale=Scale.MACRO, reference=f"{_JOBS} ; {_CENSUS}", criteria=("nation",),
    formula="(demandeurs étrangers ÷ demandeurs ABC) ÷ part d’étrangers dans la population",
    says="Une sur-représentation (plus de 1) ou une sous-représentation (moins de 1) parmi les inscrits.",
    does_not_say="Les dénominateurs diffèrent : actifs inscrits d’un côté, habitants de tous âges de l’autre.",
    ask=_ASK_JOBS,
)  # fmt: skip
def foreign_overrepresentation(
    job_seekers_abc__foreign: pd.Series[float],
    job_seekers_abc__all: pd.Series[float],
    foreign_share__all: pd.Series[float],
) -> pd.Series[float]:
    """Share of foreigners among job seekers over their share of the population, ratio.

    ``(foreign / all) / (foreign_share / 100)``. The denominators differ: registered job seekers against
    inhabitants of all ages. Source: France Travail-Dares and census, through Insee.

    Examples
    --------
    >>> import pandas as pd
    >>> one = [pd.Series([value]) for value in (13.0, 217.0, 2.7)]
    >>> foreign_overrepresentation(*one).round(2).tolist()
    [2.22]
    """
    return job_seekers_abc__foreign / job_seekers_abc__all / (foreign_share__all / 100)


@indicator(
    id="EMP09", label="Part des diplômés du supérieur parmi les demandeurs d’emploi (ABC)",
    short_label="Diplômés parmi les demandeurs d’emploi", theme=Theme.EMPLOYMENT, unit="percent",
    direction=Direction.NEUTRAL, scale=Scale.MACRO, reference=_JOBS,
    formula="demandeurs d’emploi ABC de niveau supérieur au bac ÷ demandeurs d’emploi ABC × 100",
    says="Un signal possible : un diplôme qui ne protège pas du chômage.",
    does_not_say="Le nombre de diplômés dans la population, le métier et l’expérience.", ask=_ASK_JOBS,
    additive=True,
)  # fmt: skip
def graduates_among_job_seekers(
    job_seekers_abc__above_bac: pd.Series[float], job_seekers_abc__all: pd.Series[float]
) -> pd.Series[float]:
    """Share of job seekers with a higher education diploma, percent; see :func:`share_of_job_seekers`.

    A possible sign of a diploma that does not protect; says nothing of how many graduates there are.
    Source: France Travail-Dares through Insee.

    Examples
    --------
    >>> import pandas as pd
    >>> graduates_among_job_seekers(pd.Series([28.0]), pd.Series([217.0])).round(1).tolist()
    [12.9]
    """
    return share_of_job_seekers(job_seekers_abc__above_bac, job_seekers_abc__all)


# Whether the producer draws it from the census is not stated: the smallest known base bounds its precision.
@indicator(
    id="EMP11", label="Part des 16-25 ans ni scolarisés ni en emploi", short_label="Ni à l’école ni en emploi",
    theme=Theme.EMPLOYMENT, unit="percent", direction=Direction.MORE_IS_WORSE, scale=Scale.MACRO,
    reference="Insee, données sur les quartiers, éducation", criteria=("lieu_residence", "age"), base="employed",
    formula="habitants de 16 à 25 ans ni scolarisés ni en emploi ÷ habitants de 16 à 25 ans × 100",
    says="Les jeunes que ni l’école ni l’emploi n’ont retenus.",
    does_not_say="Les stages et formations non scolaires ; la durée ; les jeunes partis vivre ailleurs.",
    ask="À la mission locale : qui repère-t-elle, qui ne la connaît pas, quels refus les jeunes rapportent-ils ?",
    rivals=(
        "Ceux qui étudient ou travaillent ailleurs ont déménagé : ceux qui restent ne sont pas tous les jeunes.",
        "Un diplôme plus bas explique une part de l’écart : l’entrée dans l’emploi est plus lente pour tous.",
    ),
)  # fmt: skip
def not_in_school_nor_employed(not_in_school_nor_employment_share: pd.Series[float]) -> pd.Series[float]:
    """Share of those aged 16 to 25 neither at school nor employed, percent, as published.

    Says whom neither school nor work has kept; training out of school is not counted. Source: Insee.

    Examples
    --------
    >>> import pandas as pd
    >>> not_in_school_nor_employed(pd.Series([25.0])).tolist()
    [25.0]
    """
    return not_in_school_nor_employment_share


@indicator(
    id="EMP06-50", label="Part des 50 ans et plus parmi les demandeurs d’emploi (ABC)",
    short_label="50 ans et plus parmi les demandeurs", theme=Theme.EMPLOYMENT, unit="percent",
    direction=Direction.NEUTRAL, scale=Scale.MACRO, reference=_JOBS, criteria=("age",),
    formula="demandeurs d’emploi ABC de 50 ans et plus ÷ demandeurs d’emploi ABC × 100",
    says="La place des plus âgés parmi les inscrits.", does_not_say=_REGISTERED, ask=_ASK_JOBS,
    additive=True,
)  # fmt: skip
def seniors_among_job_seekers(
    job_seekers_abc__over_50: pd.Series[float], job_seekers_abc__all: pd.Series[float]
) -> pd.Series[float]:
    """Share of those aged 50 or more among registered job seekers, percent; see :func:`share_of_job_seekers`.

    Leaves out the unemployed who are not registered. Source: France Travail-Dares through Insee.

    Examples
    --------
    >>> import pandas as pd
    >>> seniors_among_job_seekers(pd.Series([30.0]), pd.Series([120.0])).tolist()
    [25.0]
    """
    return share_of_job_seekers(job_seekers_abc__over_50, job_seekers_abc__all)


@indicator(
    id="EMP12-CA", label="Contrats aidés signés dans l’année pour 100 demandeurs d’emploi (ABC)",
    short_label="Contrats aidés pour 100 demandeurs", theme=Theme.EMPLOYMENT, unit="ratio",
    direction=Direction.NEUTRAL, scale=Scale.MESO, groups=("all", "women", "men"),
    reference=f"ASP-Dares, contrats aidés ; {_JOBS}", criteria=("lieu_residence", "sexe"),
    formula="contrats aidés ÷ demandeurs d’emploi ABC × 100, pour le même groupe",
    says="L’accès des habitants inscrits aux contrats aidés.",
    does_not_say="Combien y avaient droit : sans ce nombre, plus ou moins n’a pas de sens défavorable.",
    ask="À France Travail et à la mission locale : qui se voit proposer un contrat aidé, QPV et hors QPV ?",
    additive=True,
)  # fmt: skip
def subsidised_contracts_per_seeker(
    subsidised_contracts: pd.Series[float], job_seekers_abc: pd.Series[float]
) -> pd.Series[float]:
    """Subsidised contracts for 100 registered job seekers of the same group, ratio.

    ``100 * subsidised_contracts / job_seekers_abc``: a flow of the year over a stock at its end. How many
    were eligible is not known, hence no direction. Source: ASP and France Travail-Dares through Insee.

    Examples
    --------
    >>> import pandas as pd
    >>> subsidised_contracts_per_seeker(pd.Series([12.0]), pd.Series([240.0])).tolist()
    [5.0]
    """
    return 100 * subsidised_contracts / job_seekers_abc
