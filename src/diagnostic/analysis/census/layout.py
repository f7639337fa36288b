"""What the census file of individuals (« Individus localisés au canton-ou-ville », INDCVI) says, in which codes.

Codes as in the producer's dictionary of the census of 2016, checked against it by a test. Other editions renamed
some columns and recoded others (the diploma): what is asked of a file that lacks it is refused by name, never
taken from a column that looks like it. :class:`Dimension` declares another coding.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from diagnostic.errors import Fault, InputError
from diagnostic.vocabulary import GROUP_LABELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import ibis.expr.types as ir

WEIGHT: Final = "IPONDI"
HOUSEHOLD: Final = "NUMMI"
STRATUM: Final = "CANTVILLE"
OUT_OF_HOUSEHOLDS: Final = "Z"


@dataclass(frozen=True, slots=True)
class Dimension:
    """One thing the census says of a person, or where the person lives.

    Parameters
    ----------
    name
        English name of the column in results.
    column
        The producer's column.
    codes
        The producer's codes to English words; empty for places, whose codes are kept.
    labels
        The words in French; those of the shared vocabulary by default.
    bands
        For an age in years: first age of each band to its word, from zero up, instead of codes.

    Examples
    --------
    >>> DIMENSIONS["immigration"].codes["1"], DIMENSIONS["nationality"].codes["1"]
    ('immigrant', 'french')
    """

    name: str
    column: str
    codes: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=lambda: GROUP_LABELS)
    bands: Mapping[int, str] = field(default_factory=dict)

    @property
    def words(self) -> list[str]:
        """Every word it can take, in the producer's order; none for places."""
        return list(dict.fromkeys((*self.codes.values(), *self.bands.values())))

    def key(self, table: ir.Table) -> ir.StringColumn:
        """Give what rows are grouped by: the code as text, or the first age of the band."""
        column = table[self.column]
        if not self.bands:
            return column.cast("string")
        years = column.try_cast("int32") if column.type().is_string() else column.cast("int32")
        starts = sorted(self.bands)
        found = (years >= starts[0]).ifelse(str(starts[0]), "")
        for start in starts[1:]:
            found = (years >= start).ifelse(str(start), found)
        return found

    def word(self, code: str) -> str | None:
        """Give the word of a grouped code, nothing when the producer declares no such code."""
        if self.bands:
            return self.bands.get(int(code)) if code else None
        return self.codes.get(code) if self.codes else code

    def keys_of(self, words: Iterable[str]) -> list[str]:
        """Give the grouped codes of some words."""
        if not self.words:
            return list(words)
        pairs = self.codes or {str(start): word for start, word in self.bands.items()}
        wanted = set(words)
        return [code for code, word in pairs.items() if word in wanted]


DIMENSIONS: Final = {
    dimension.name: dimension
    for dimension in (
        Dimension("canton", STRATUM),
        Dimension("department", "DEPT"),
        Dimension("region", "REGION"),
        Dimension("sex", "SEXE", {"1": "men", "2": "women"}),
        Dimension(
            "age", "AGEREV",
            bands={0: "under_15", 15: "from_15_to_24", 25: "from_25_to_54", 55: "from_55_to_64", 65: "over_65"},
            labels={
                "under_15": "moins de 15 ans", "from_15_to_24": "15 à 24 ans", "from_25_to_54": "25 à 54 ans",
                "from_55_to_64": "55 à 64 ans", "over_65": "65 ans et plus",
            },
        ),
        Dimension("immigration", "IMMI", {"1": "immigrant", "2": "non_immigrant"}),
        Dimension("nationality", "INATC", {"1": "french", "2": "foreign"}),
        Dimension(
            "diploma", "DIPL_15",
            {"A": "none", "B": "vocational", "C": "baccalaureate", "D": "higher", "Z": "under_14"},
            labels={
                "none": "sans diplôme ou brevet", "vocational": "CAP ou BEP", "baccalaureate": "baccalauréat",
                "higher": "études supérieures", "under_14": "moins de 14 ans",
            },
        ),
        Dimension(
            "activity", "TACT",
            {
                "11": "employed", "12": "unemployed", "21": "retired", "22": "studying", "23": "under_14",
                "24": "at_home", "25": "otherwise_inactive",
            },
            labels={
                "employed": "en emploi", "unemployed": "au chômage", "retired": "à la retraite",
                "studying": "en études", "under_14": "moins de 14 ans", "at_home": "au foyer",
                "otherwise_inactive": "autre inactivité",
            },
        ),
    )
}  # fmt: skip


def dimensions(wanted: Sequence[str | Dimension]) -> list[Dimension]:
    """Give the dimensions asked, by name or in person.

    Raises
    ------
    InputError
        Naming every unknown one.
    """
    faults = [
        Fault("dimension inconnue du recensement", found=str(name), expected=", ".join(DIMENSIONS),
              remedy="corrigez son nom, ou déclarez-la par Dimension(nom, colonne, codes)")
        for name in wanted
        if not isinstance(name, Dimension) and name not in DIMENSIONS
    ]  # fmt: skip
    if faults:
        raise InputError(faults)
    return [name if isinstance(name, Dimension) else DIMENSIONS[name] for name in wanted]


def need_columns(table: ir.Table, wanted: Iterable[str]) -> None:
    """Refuse a file that lacks columns, naming each with those of the file that look like it.

    Raises
    ------
    InputError
        One fault a column.
    """
    present = list(table.columns)
    faults = [
        Fault(
            "colonne absente du fichier du recensement", column=name,
            expected="les colonnes du fichier détail INDCVI de 2016",
            found=", ".join(get_close_matches(name, present, n=3, cutoff=0.5)) or "aucune colonne de nom proche",
            remedy="vérifiez l’édition : si l’Insee a renommé ou recodé cette variable, déclarez son codage "
            "d’après le dictionnaire du millésime par Dimension(nom, colonne, codes)",
        )
        for name in dict.fromkeys(wanted)
        if name not in present
    ]  # fmt: skip
    if faults:
        raise InputError(faults)
