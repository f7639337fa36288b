"""Where a survey's domains meet the themes of public statistics."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from diagnostic.survey_model import option_lists
from diagnostic.vocabulary import Theme

if TYPE_CHECKING:
    from collections.abc import Mapping

DOMAIN_THEMES: Final[Mapping[str, Theme]] = MappingProxyType({
    "emploi_prive": Theme.EMPLOYMENT, "emploi_public": Theme.EMPLOYMENT, "stage_formation": Theme.EMPLOYMENT,
    "logement_social": Theme.HOUSING, "logement_prive": Theme.HOUSING, "education": Theme.EDUCATION,
    "sante": Theme.HEALTH, "services_publics": Theme.PUBLIC_SERVICES, "protection_sociale": Theme.PUBLIC_SERVICES,
    "banque_assurance": Theme.GOODS, "commerces_loisirs": Theme.GOODS, "transports_espace_public": Theme.GOODS,
    "vie_associative_sport_culture": Theme.GOODS, "numerique": Theme.GOODS,
    "police_gendarmerie": Theme.JUSTICE, "justice": Theme.JUSTICE,
})  # fmt: skip


def domain_label(code: str) -> str:
    """Name a domain as the questionnaire does.

    Examples
    --------
    >>> domain_label("logement_social")
    'Le logement social'
    """
    return next((option.label for option in option_lists()["domaines"] if option.code == code), code)


def theme_of(domain: str) -> Theme | None:
    """Give the theme of a domain; a theme's own name stands for itself, anything else for nothing.

    Examples
    --------
    >>> str(theme_of("sante")), str(theme_of("housing")), theme_of("ailleurs")
    ('health', 'housing', None)
    """
    if domain in DOMAIN_THEMES:
        return DOMAIN_THEMES[domain]
    return Theme(domain) if domain in {str(theme) for theme in Theme} else None
