"""Estimates of a survey as a document may show them: a rounded share and its interval, or why there is none."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from diagnostic.formatting import NBSP, number, typographic
from diagnostic.vocabulary import KNOWN, Status

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    import pandas as pd

SHOWN: Final = "shown"
MASKED: Final = "masked"
IMPRECISE: Final = "imprecise"
FEW: Final = "few"
ABSENT: Final = "absent"
COUNTED_FROM: Final = 11
WRITTEN_FROM: Final = 30
SILENCE: Final = "sans_reponse"
REASONS: Final = {
    MASKED: "masqué pour protéger l’anonymat",
    IMPRECISE: "précision insuffisante, pas de pourcentage",
    FEW: "moins de 30 personnes, pas de pourcentage",
    ABSENT: "sans réponse exploitable",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """One estimate.

    Parameters
    ----------
    name
        The answer, as printed.
    kind
        ``"shown"``, or why there is no number: ``"masked"``, ``"imprecise"``, ``"few"``, ``"absent"``.
    share, low, high
        In percent; ``None`` unless shown.
    n
        Respondents of the base, ``None`` where that is hidden too.
    headline
        Whether it sums up the answers under it.
    silent
        Whether it is "no answer" and not an answer.
    """

    name: str
    kind: str
    share: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    headline: bool = False
    silent: bool = False

    @property
    def shown(self) -> bool:
        """Whether its percentage may be written."""
        return self.kind == SHOWN

    def text(self) -> str:
        """Write the share to the unit, or nothing."""
        return "" if self.share is None else f"{number(self.share)}{NBSP}%"

    def interval(self) -> str:
        r"""Write the interval to the unit, rounded outwards, or nothing.

        Examples
        --------
        >>> Answer("oui", "shown", 25.9, 22.97, 28.2).interval().replace("\u00a0", " ")
        'de 22 à 29 %'
        """
        if self.low is None or self.high is None:
            return ""
        low, high = math.floor(self.low + 1e-9), math.ceil(self.high - 1e-9)
        return f"de{NBSP}{number(max(low, 0))} à{NBSP}{number(min(high, 100))}{NBSP}%"


@dataclass(frozen=True, slots=True)
class Series:
    """Estimates of one base, with the words that name it."""

    label: str
    answers: Mapping[str, Answer]

    def size(self) -> str:
        r"""Write how many respondents it rests on; nothing where that is hidden.

        Examples
        --------
        >>> Series("", {"a": Answer("a", "shown", n=217), "b": Answer("b", "shown", n=219)}).size()
        'n\xa0=\xa0217 à 219'
        """
        known = sorted({answer.n for answer in self.answers.values() if answer.n is not None})
        if not known:
            return ""
        return f"n{NBSP}={NBSP}" + " à ".join(number(one) for one in dict.fromkeys((known[0], known[-1])))

    def one_reason(self) -> bool:
        """Whether every answer is hidden, all for the same reason."""
        kinds = {answer.kind for answer in self.answers.values()}
        return len(kinds) == 1 and SHOWN not in kinds


@dataclass(frozen=True, slots=True)
class Group:
    """Answers to one question, in the order of the questionnaire."""

    title: str
    series: tuple[Series, ...]

    def shown(self) -> list[str]:
        """Name the answers with at least one number."""
        return [name for name in self.names() if any(self._shown(one, name) for one in self.series)]

    def names(self) -> list[str]:
        """Name the answers, no answer last."""
        found = {name: answer for one in self.series for name, answer in one.answers.items()}
        return sorted(found, key=lambda name: found[name].silent)

    def hidden(self) -> list[str]:
        """Say what is not shown, one sentence a reason, the answers named; the base too where another is shown."""
        shown = set(self.shown())
        reasons: dict[str, dict[str, None]] = {}
        for series in self.series:
            for name, answer in sorted(series.answers.items(), key=lambda pair: pair[1].silent):
                if not answer.shown:
                    base = f" ({series.label})" if name in shown else ""
                    said = name if not base or not series.one_reason() else "toutes les réponses"
                    reasons.setdefault(REASONS[answer.kind].capitalize() + base, {})[said] = None
        return [typographic(f"{reason} : {' ; '.join(names)}.") for reason, names in reasons.items()]

    @staticmethod
    def _shown(series: Series, name: str) -> bool:
        return name in series.answers and series.answers[name].shown


def read_answer(row: Mapping[Hashable, Any]) -> Answer:
    r"""Read one row of estimates: what may not be written loses its numbers here, once for every document.

    Parameters
    ----------
    row
        ``label``, ``estimate``, ``ci_low``, ``ci_high``, ``n``; ``name``, ``answer``, ``headline``, ``status``,
        ``reliability``, ``note`` where they exist.

    Examples
    --------
    >>> row = {"label": "citent", "estimate": 12.0, "ci_low": 4.0, "ci_high": 28.0, "n": 20.0}
    >>> read_answer(row).kind, read_answer({**row, "n": 200.0}).text()
    ('few', '12\xa0%')
    """
    kind = _kind(row)
    n = row.get("n")
    base = int(n) if kind != MASKED and isinstance(n, (int, float)) and n >= COUNTED_FROM else None
    share, low, high = (float(row[name]) if kind == SHOWN else None for name in ("estimate", "ci_low", "ci_high"))
    short = row.get("name")
    words = short if isinstance(short, str) and short else str(row["label"])
    return Answer(
        typographic(words[:1].upper() + words[1:]), kind, share, low, high, n=base,
        headline=row.get("headline") is True, silent=row.get("answer") == SILENCE,
    )  # fmt: skip


def _kind(row: Mapping[Hashable, Any]) -> str:
    status = str(row.get("status", Status.ESTIMATED))
    if status in {Status.MASKED, Status.SUPPRESSED}:
        return MASKED
    if str(row.get("reliability", "publish")) == "suppress" and status in KNOWN:
        return FEW if not float(row["n"]) >= WRITTEN_FROM else IMPRECISE
    if status not in KNOWN or not math.isfinite(float(row["estimate"])):
        return ABSENT
    return SHOWN if float(row["n"]) >= WRITTEN_FROM else FEW


def groups(values: pd.DataFrame | Iterable[Mapping[Hashable, Any]]) -> list[Group]:
    """Put estimates in groups and series, in the order of the rows.

    Parameters
    ----------
    values
        Rows as :func:`read_answer` takes them, in a table or not; ``section`` (title of the group) and ``series``
        (words of the base) where they exist.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"label": ["b", "a"], "estimate": 40.0, "ci_low": 30.0, "ci_high": 50.0, "n": 99})
    >>> groups(table)[0].names()
    ['B', 'A']
    """
    found: dict[str, dict[str, dict[str, Answer]]] = {}
    for row in values.to_dict("records") if hasattr(values, "to_dict") else values:
        answer = read_answer(row)
        series = found.setdefault(str(row.get("section", "")), {})
        series.setdefault(str(row.get("series", "")), {})[answer.name] = answer
    return [
        Group(typographic(title), tuple(Series(typographic(label), answers) for label, answers in series.items()))
        for title, series in found.items()
    ]


def first(answers: Iterable[Answer], count: int) -> list[Answer]:
    """Give the answers that no other one clearly exceeds, in the order given; none when they are too many.

    An answer is clearly exceeded when its interval lies wholly under that of the largest share.

    Examples
    --------
    >>> shares = [Answer(*one) for one in (("a", "shown", 35, 29, 42), ("b", "shown", 31, 25, 38))]
    >>> shares.append(Answer("c", "shown", 9, 5, 14))
    >>> [answer.name for answer in first(shares, 3)], first(shares, 1)
    (['a', 'b'], [])
    """
    known: Sequence[Answer] = [one for one in answers if one.shown and not one.silent and not one.headline]
    floor = max(((one.share or 0.0, one.low or 0.0) for one in known), default=(0.0, 0.0))[1]
    tied = [one for one in known if (one.high or 0.0) >= floor]
    return tied if len(tied) <= count else []
