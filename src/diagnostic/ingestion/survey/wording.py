"""Words of questionnaires: how two spellings are compared, and which answers are not answers."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache
from typing import Final

from diagnostic.ingestion.survey.export import CellState

_TAG = re.compile(r"<[^<>]*>")
_SPACES = re.compile(r"\s+")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "«": '"', "»": '"'})

_DONT_KNOW = re.compile(
    r"\(?(?:nsp|dk|nspp|ne sai[ts] pas|je ne sai[ts] pas|ne sait pas \(nsp\)|ne se prononce pas"
    r"|i? ?don'?t know|do not know|sans avis)\)?[ .!]*"
)
_REFUSED = re.compile(
    r"\(?(?:refus|refus de repondre|refuse|refused|refuse de repondre|prefer not to (?:say|answer)"
    r"|(?:je )?(?:ne )?(?:souhaite|desire|veux|veut) pas (?:y )?(?:repondre|le dire)"
    r"|(?:je )?prefere ne pas (?:y )?(?:repondre|le dire)|rf)\)?[ .!]*"
)
# Answers so common that one occurrence is enough to see a closed question.
COMMON_ANSWERS: Final = frozenset({
    "oui", "non", "yes", "no", "souvent", "parfois", "jamais", "rarement", "toujours", "autre", "aucun", "aucune",
    "femme", "homme", "tout a fait d'accord", "plutot d'accord", "plutot pas d'accord", "pas du tout d'accord",
    "often", "sometimes", "never", "rarely", "always", "other", "none", "hors quartier prioritaire",
})  # fmt: skip


@lru_cache(maxsize=1 << 14)
def clean(text: str) -> str:
    """Take markup and superfluous blanks out of a wording.

    Examples
    --------
    >>> clean("<p>Votre&nbsp;<strong>quartier</strong></p>")
    'Votre quartier'
    """
    return _SPACES.sub(" ", html.unescape(_TAG.sub(" ", text)).replace("\u200b", "")).strip()


@lru_cache(maxsize=1 << 14)
def key(text: str) -> str:
    """Give the form under which two spellings of the same wording are equal.

    Examples
    --------
    >>> key("L’Âge ") == key("l'age")
    True
    """
    plain = unicodedata.normalize("NFKD", clean(text).translate(_QUOTES)).casefold()
    return _SPACES.sub(" ", "".join(letter for letter in plain if not unicodedata.combining(letter))).strip()


def non_answer(text: str) -> CellState | None:
    """Say whether a closed answer is a "don't know" or a refusal.

    Examples
    --------
    >>> non_answer("(NSP)"), non_answer("Refus de répondre"), non_answer("Oui")
    (<CellState.DONT_KNOW: 'dont_know'>, <CellState.REFUSED: 'refused'>, None)
    """
    plain = key(text)
    if _DONT_KNOW.fullmatch(plain):
        return CellState.DONT_KNOW
    return CellState.REFUSED if _REFUSED.fullmatch(plain) else None
