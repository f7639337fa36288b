"""Column titles of a LimeSurvey export, taken apart in each of its modes: codes, wordings, both."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from diagnostic.ingestion.survey.wording import key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SYSTEM: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("id de la reponse", "response id"),
    "submitdate": ("date de soumission", "date submitted"),
    "lastpage": ("derniere page", "last page"),
    "startlanguage": ("langue de depart", "start language"),
    "seed": ("tete de serie", "seed"),
    "token": ("code d'acces", "code d'invitation", "invitation", "access code", "token"),
    "startdate": ("date de lancement", "date started"),
    "datestamp": ("date de la derniere action", "date last action"),
    "ipaddr": ("adresse ip", "ip address"),
    "refurl": ("url de reference", "url referente", "referrer url", "referring url"),
    "interviewtime": ("temps total", "total time"),
}
_TIMING = re.compile(r"(?:group|question)?time\d*|\w+time|temps (?:pour|du) .*", re.IGNORECASE)
_CODE = re.compile(r"[A-Za-z]\w*(?:\[[^\[\]]*\])*")
_CODE_AND_TEXT = re.compile(r"(?P<code>[A-Za-z]\w*(?:\[[^\[\]]*\])*)(?P<gap>\W{1,4}|\s+)(?P<text>\S.*)", re.DOTALL)
OTHERS: Final = frozenset({"other", "autre"})
_COMMENT = re.compile(r"(?:.*comment|commentaire)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Title:
    """A column title taken apart.

    Parameters
    ----------
    name
        As published: the name of the column.
    code, text
        What stands before the brackets, in the modes that write it.
    part, label
        What stands in the brackets: sub-question code and wording.
    system
        LimeSurvey's name of a column it adds by itself.
    """

    name: str
    code: str = ""
    text: str = ""
    part: str = ""
    label: str = ""
    system: str = ""

    @property
    def stem(self) -> str:
        """What the columns of one question have in common."""
        return self.code or self.text

    @property
    def is_other(self) -> bool:
        """Whether it holds the text typed beside "autre"."""
        return key(self.part or self.label) in OTHERS

    @property
    def is_comment(self) -> bool:
        """Whether it holds a comment beside an option."""
        return bool(_COMMENT.fullmatch(self.part or self.label))


def parse_titles(titles: Sequence[str]) -> list[Title]:
    """Take column titles apart, whichever of LimeSurvey's modes wrote them.

    Examples
    --------
    >>> [title.part for title in parse_titles(["id", "submitdate", "motifs[SQ001]", "motifs[other]"])]
    ['', '', 'SQ001', 'other']
    >>> parse_titles(["ID de la réponse", "Selon vous ? [L'âge]"])[1].label
    "L'âge"
    """
    free = [title for title in titles if not system_name(title)]
    if all(_CODE.fullmatch(title) for title in free) and not any(key(title) in SYSTEM["id"] for title in titles):
        return [code_title(title) for title in titles]
    both = [_CODE_AND_TEXT.fullmatch(title) for title in titles]
    starts = [match["code"] for match in both if match]
    if len(starts) == len(titles) and any(code in SYSTEM for code in starts):
        return [_from_both(match) for match in both if match]
    return [_from_text(title) for title in titles]


def system_name(title: str) -> str:
    """Give LimeSurvey's own name of a column it adds, or an empty text."""
    if title in SYSTEM:
        return title
    match = _CODE_AND_TEXT.fullmatch(title)
    if match and match["code"] in SYSTEM and _by_wording(match["text"]):
        return match["code"]
    return _by_wording(title)


def _by_wording(title: str) -> str:
    plain = key(title.replace("_", " ")).removesuffix(".. ").removesuffix("..").strip()
    cut = title.rstrip().endswith("..")
    for name, wordings in SYSTEM.items():
        if plain in wordings or (cut and any(wording.startswith(plain) for wording in wordings)):
            return name
    return ""


def code_title(title: str) -> Title:
    """Take a code apart: ``motifs[SQ001]``."""
    system = system_name(title) or ("timing" if _TIMING.fullmatch(title) and title.endswith("Time") else "")
    code, _, rest = title.partition("[")
    return Title(title, code=code, part=rest.removesuffix("]"), system=system)


def _from_both(match: re.Match[str]) -> Title:
    coded, worded = code_title(match["code"]), _from_text(match["text"])
    if coded.system:
        return replace(coded, name=match[0])
    if not coded.part:
        return replace(coded, name=match[0], text=match["text"].strip())
    return replace(coded, name=match[0], text=worded.text, label=worded.label)


def _from_text(title: str) -> Title:
    system = system_name(title)
    if system:
        return Title(title, text=title, system=system)
    shown = title.replace("_", " ") if "_" in title and " " not in title else title
    depth = 0
    for at in range(len(shown) - 1, -1, -1):
        if not shown.endswith("]"):
            break
        depth += (shown[at] == "]") - (shown[at] == "[")
        if depth == 0:
            return Title(title, text=shown[:at].strip(), label=shown[at + 1 : -1].strip())
    return Title(title, text=shown.strip())
