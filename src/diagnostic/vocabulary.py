"""The words that tables share: levels, statuses, groups, units, with their French labels."""

from __future__ import annotations

from enum import StrEnum

FICTIONAL_BANNER = "Données fictives"
FICTIONAL_PREFIXES = {
    "qpv": ("QP099", "QN099"),
    "epci": ("99000",),
    "departement": ("99",),
    "region": ("99",),
}


class Level(StrEnum):
    """A kind of place; a code means nothing without its level and vintage."""

    QPV = "qpv"
    IRIS = "iris"
    COMMUNE = "commune"
    EPCI = "epci"
    URBAN_UNIT = "unite_urbaine"
    DEPARTMENT = "departement"
    REGION = "region"
    FRANCE = "france"
    CONTRACT = "contrat"
    EPCI_OUTSIDE = "epci_hors_qpv"
    COMMUNE_OUTSIDE = "commune_hors_qpv"
    ESTABLISHMENT = "etablissement"


class Status(StrEnum):
    """Why a value is there or not; null values are exactly those whose status is not in ``KNOWN``."""

    OBSERVED = "observed"
    ESTIMATED = "estimated"
    IMPUTED = "imputed"
    SUPPRESSED = "suppressed"
    MASKED = "masked"
    NOT_RELEASED = "not_released"
    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"


KNOWN = (Status.OBSERVED, Status.ESTIMATED, Status.IMPUTED)

# From the strongest reason to the weakest: what a combination of inputs takes on.
ABSENCE_PRECEDENCE = (
    Status.SUPPRESSED, Status.MASKED, Status.NOT_RELEASED, Status.MISSING, Status.NOT_APPLICABLE,
)  # fmt: skip


class PeriodBasis(StrEnum):
    """Whether the data year is stated by the producer, or only the edition is known."""

    STATED = "stated"
    EDITION = "edition"


class Direction(StrEnum):
    """What a higher value means."""

    MORE_IS_WORSE = "more_is_worse"
    LESS_IS_WORSE = "less_is_worse"
    NEUTRAL = "neutral"


class Theme(StrEnum):
    """Chapters of the diagnostic."""

    POPULATION = "population"
    RESOURCES = "resources"
    EMPLOYMENT = "employment"
    EDUCATION = "education"
    HOUSING = "housing"
    HEALTH = "health"
    PUBLIC_SERVICES = "public_services"
    GOODS = "goods"
    JUSTICE = "justice"


class Scale(StrEnum):
    """Where a fact plays out: an interaction, an organisation, a rule or a market."""

    MICRO = "micro"
    MESO = "meso"
    MACRO = "macro"


def is_fictional(level: str, code: str) -> bool:
    """Say whether a code belongs to the fictional department 099 of the demonstration.

    Examples
    --------
    >>> is_fictional("qpv", "QP099003"), is_fictional("commune", "99004"), is_fictional("commune", "59350")
    (True, True, False)
    """
    return code.startswith(FICTIONAL_PREFIXES.get(level, ("99",)))


LEVEL_LABELS = {
    Level.QPV: "quartier prioritaire",
    Level.IRIS: "Iris",
    Level.COMMUNE: "commune",
    Level.EPCI: "intercommunalité",
    Level.URBAN_UNIT: "unité urbaine",
    Level.DEPARTMENT: "département",
    Level.REGION: "région",
    Level.FRANCE: "France métropolitaine",
    Level.CONTRACT: "contrat de ville",
    Level.EPCI_OUTSIDE: "EPCI hors QPV",
    Level.COMMUNE_OUTSIDE: "commune hors QPV",
    Level.ESTABLISHMENT: "établissement scolaire",
}

STATUS_LABELS = {
    Status.OBSERVED: "observé",
    Status.ESTIMATED: "estimé",
    Status.IMPUTED: "imputé par le producteur",
    Status.SUPPRESSED: "secret statistique",
    Status.MASKED: "masqué pour protéger l’anonymat (règle du projet)",
    Status.NOT_RELEASED: "non diffusé par l’Insee (motif non précisé)",
    Status.MISSING: "donnée manquante",
    Status.NOT_APPLICABLE: "sans objet",
}

# One mark each, all in Latin-1: a cp1252 console and a black-and-white page keep them apart.
STATUS_MARKS = {
    Status.SUPPRESSED: "s",
    Status.MASKED: "m",
    Status.NOT_RELEASED: "nd",
    Status.MISSING: "–",
    Status.NOT_APPLICABLE: "·",
}

THEME_LABELS = {
    Theme.POPULATION: "Population",
    Theme.RESOURCES: "Ressources",
    Theme.EMPLOYMENT: "Emploi",
    Theme.EDUCATION: "Éducation",
    Theme.HOUSING: "Logement",
    Theme.HEALTH: "Santé",
    Theme.PUBLIC_SERVICES: "Services publics",
    Theme.GOODS: "Biens et services",
    Theme.JUSTICE: "Police et justice",
}

SCALE_LABELS = {Scale.MICRO: "micro", Scale.MESO: "méso", Scale.MACRO: "macro"}

DIRECTION_LABELS = {
    Direction.MORE_IS_WORSE: "plus élevé = plus défavorable",
    Direction.LESS_IS_WORSE: "plus bas = plus défavorable",
    Direction.NEUTRAL: "sans sens favorable ou défavorable",
}

GROUP_LABELS = {
    "all": "ensemble",
    "women": "femmes",
    "men": "hommes",
    "foreign": "étrangers",
    "french": "Français",
    "immigrant": "immigrés",
    "non_immigrant": "non-immigrés",
    "foreign_women": "étrangères",
    "foreign_men": "étrangers (hommes)",
    "french_women": "Françaises",
    "french_men": "Français (hommes)",
    "immigrant_women": "immigrées",
    "immigrant_men": "immigrés (hommes)",
    "non_immigrant_women": "non-immigrées",
    "non_immigrant_men": "non-immigrés (hommes)",
    "under_25": "moins de 25 ans",
    "from_25_to_49": "25 à 49 ans",
    "over_50": "50 ans et plus",
}

# A share of origins is neither drawn on a map nor used to rank or estimate places.
NEVER_MAPPED = ("foreign_share", "immigrant_share")

# Units that count persons or things: a small number of them is protected.
COUNT_UNITS = ("persons", "households", "beneficiaries", "contracts", "dwellings", "pupils", "consumption_units")

UNIT_LABELS = {
    "percent": "%",
    "points": "points",
    "euros": "€ par an",
    "persons": "personnes",
    "households": "ménages",
    "beneficiaries": "allocataires",
    "contracts": "contrats",
    "dwellings": "logements",
    "pupils": "élèves",
    "ratio": "rapport",
    "index": "indice",
    "hectares": "ha",
    "euros_per_m2": "€ par m²",
    "consumption_units": "unités de consommation",
    "euros_per_month": "€ par mois",
    "facilities": "équipements",
    "establishments": "établissements",
    "families": "familles",
    "offences": "faits enregistrés",
    "per_thousand": "‰",
    "per_1000_inhabitants": "pour 1 000 hab.",
}
