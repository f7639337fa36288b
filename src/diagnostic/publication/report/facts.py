"""Numbers that a text calls by reference, so that prose and figures cannot disagree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from diagnostic.publication.figures.answers import REASONS, SHOWN, read_answer
from diagnostic.publication.figures.cells import Cell, label
from diagnostic.publication.report.reading import comparator_cell

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from diagnostic.publication.report.reading import Reader

    Lookup = Callable[[Sequence[str]], str]

FORMS: Final = {
    "value": "value:indicateur:quartier, avec :groupe si besoin",
    "gap": "gap:indicateur:quartier, avec :comparateur si besoin",
    "estimate": "estimate:indicateur:réponse",
}
_PARTS: Final = {"value": (2, 3), "gap": (2, 3), "estimate": (2, 2)}


@dataclass(frozen=True, slots=True)
class UnknownFactError(Exception):
    """A reference that names nothing.

    Parameters
    ----------
    expected
        What may be written instead, in French.
    """

    expected: str


class Facts:
    """Published numbers by the name that a text gives them; nothing is computed.

    ``value:employment_rate:QP059040`` is the value of a neighbourhood, ``:women`` after it that of a group;
    ``gap:employment_rate:QP059040`` its difference with the nearest comparator, ``:epci`` after it with another;
    ``estimate:PER01:oui`` what residents declare, with its interval. What is hidden is said, never guessed.

    Parameters
    ----------
    reader
        The public tables.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._lookups: dict[str, Lookup] = {"value": self._value, "gap": self._gap, "estimate": self._estimate}

    def __call__(self, reference: str) -> str:
        """Write the number that a reference names.

        Parameters
        ----------
        reference
            Words separated by colons.

        Raises
        ------
        UnknownFactError
            When it names nothing: the exception says what may be written instead.
        """
        form, *parts = (part.strip() for part in reference.split(":"))
        least, most = _PARTS.get(form, (0, 0))
        if form not in FORMS or not least <= len(parts) <= most:
            raise UnknownFactError(FORMS.get(form) or " ; ".join(FORMS.values()))
        return self._lookups[form](parts)

    def _place(self, variable: str, code: str) -> None:
        if variable not in self._reader.catalogue:
            raise UnknownFactError(", ".join(sorted(self._reader.catalogue)))
        if code not in self._reader.codes:
            raise UnknownFactError(", ".join(self._reader.codes))

    def _value(self, parts: Sequence[str]) -> str:
        variable, code, group = (*parts, "all")[:3]
        self._place(variable, code)
        if self._reader.rows(variable, group).empty:
            raise UnknownFactError(", ".join(self._reader.groups(variable)))
        return _said(self._reader.cells(variable, group)[code])

    def _gap(self, parts: Sequence[str]) -> str:
        variable, code = parts[:2]
        self._place(variable, code)
        kinds = self._reader.kinds(variable)
        kind = parts[2] if len(parts) > 2 else next(iter(kinds), "")  # noqa: PLR2004 - the third part
        if kind not in kinds:
            raise UnknownFactError(", ".join(kinds) or "aucun comparateur publié pour cet indicateur")
        shown = self._reader.cells(variable)[code]
        unit = self._reader.unit(variable)
        points = "points" if unit == "percent" else unit
        row = self._reader.comparison(variable, code, kind)
        found = comparator_cell(row, "difference", unit=points)
        if not shown.written:
            return _said(shown)
        return found.text(unit=True, signed=True) if found else "écart non publié"

    def _estimate(self, parts: Sequence[str]) -> str:
        rows = self._reader.tables.estimates
        whole = rows[(rows["level"] == "territoire") & (rows["by"] == "") & (rows["base"] != "concerned")]
        indicator, answer = parts
        own = whole[whole["indicator"] == indicator]
        if own.empty:
            raise UnknownFactError(", ".join(whole["indicator"].unique()) or "aucune enquête dans ce dossier")
        found = own[own["answer"] == answer]
        if found.empty:
            raise UnknownFactError(", ".join(own["answer"].unique()))
        one = read_answer(found.to_dict("records")[0])
        return f"{one.text()} ({one.interval()})" if one.kind == SHOWN else REASONS[one.kind]


def _said(cell: Cell) -> str:
    return cell.text(unit=True) if cell.written else label(cell.kind)
