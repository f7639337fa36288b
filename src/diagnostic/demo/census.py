"""The census file of individuals of the fictional territory, in the producer's layout, at any size.

All the 88 columns of the edition of 2016, in their order. What the package reads (place, household, age, sex,
origin, nationality, diploma, activity, weight) hangs together as in a population; the other columns hold codes of
the dictionary drawn at random. Whether an active person is unemployed follows a logistic law whose coefficients
are ``EFFECTS``: estimates can be held against the truth.
"""

# ruff: noqa: PLR2004 - the chances and ages of the draws are numbers

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    Codes = NDArray[np.int64]

DEFAULT_SEED: Final = 2016
CHUNK: Final = 200_000
PERSONS_A_CANTON: Final = 8000
DEPARTMENT: Final = "99"

# Log-odds of unemployment of the active; the constant is a man of 25 to 54, not an immigrant, higher diploma.
EFFECTS: Final = {
    "(constante)": -2.5, "immigrant": 0.6, "foreign": 0.3, "women": 0.1, "none": 1.2, "vocational": 0.7,
    "baccalaureate": 0.4, "from_15_to_24": 0.9, "from_55_to_64": -0.2,
}  # fmt: skip

# Columns in the producer's order, with the codes of its dictionary; a place has none.
# Source: dictionary of RP2016 INDCVI, Insee (InseeFrLab/DoReMIFaSol, MIT).
_LAYOUT: Final = """
CANTVILLE|NUMMI|ACHLR 1 2 3 4 5 6 7 Z|AEMMR 1 2 3 4 5 6 7 8 9 Z|AGED 000:120
AGER20 02 05 10 14 17 19 24 29 39 54 64 79 80|AGEREV 000:120
AGEREVQ 000 005 010 015 020 025 030 035 040 045 050 055 060 065 070 075 080 085 090 095 100 105 110 115 120
ANAI 1895:2018|ANEMR 00:09 ZZ|APAF 0 1 2 3 4 5 6 Z|ARM|ASCEN 1 2 Z|BAIN 1 2 X Z|BATI 1 2 3 4 X Z
CATIRIS A D H X Z|CATL 1 Z|CATPC 0 1 2|CHAU 1 2 X Z|CHFL 1 2 3 4 X Z|CHOS 1 2 X Z|CLIM 1 2 X Z
CMBL 1 2 3 4 5 6 X Z|COUPLE 1 2|CS1 1 2 3 4 5 6 7 8|CUIS 1 2 X Z|DEPT|DEROU 0 1 2 3 U Z|DIPL_15 A B C D Z|DNAI
EAU 1 2 3 X Z|EGOUL 1 2 3 4 X Z|ELEC 1 2 X Z|EMPL 11:16 21:23 ZZ|ETUD 1 2|GARL 1 2 Z|HLML 1 2 Z
ILETUD 1 2 3 4 5 6 7 Z|ILT 1 2 3 4 5 6 7 Z|IMMI 1 2|INAI 1 2 3 4 5 6|INATC 1 2|INFAM 0 1 2 Z
INPER 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 22 23 24 34 35 38 44 64 Z
INPERF 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 Z|IPONDI|IRAN 0 1 2 3 4 5 6 7 8 9 Z|IRIS|LIENF 0 1 2 3 Z
LPRF 0 1 2 3 4 Z|LPRM 1 2 3 4 5 6 7 8 9 Z|METRODOM M D|MOCO 11 12 21 22 23 31 32 40
MODV 11 12 20 31 32 33 40 50 60 70|NA17 AZ C1 C2 C3 C4 C5 DE FZ GZ HZ IZ JZ KZ LZ MN OQ RU ZZ
NA5 AZ BE FZ GU OQ ZZ|NAIDT 00 11:21 30|NBPI 01:20 ZZ|NE17FR 0 1 2 3 4 Z|NE24FR 0 1 2 3 4 Z|NE3FR 0 1 2 3 4 Z
NE5FR 0 1 2 3 4 Z|NENFR 0 1 2 3 4 Z|NPERR 1 2 3 4 5 6 Z|NUMF 1 2 Z|ORIDT 00 11:21|RECH 0 1 2 9 Z|REGION
SANI 0 1 2 X Z|SANIDOM 11 12 21 22 XX ZZ|SEXE 1 2|SFM 11 12 21 22 30:34 40 51:54 61 62 70 ZZ|STATR 1 2 Z
STAT_CONJ A B|STOCD 10 21 22 23 30 ZZ|SURF 1 2 3 4 5 6 7 Z|TACT 11 12 21:25
TACTD16 111:116 122:126 210 220 230 240 250
TP 1 2 Z|TRANS 1 2 3 4 5 Z|TRIRIS|TYPC 1 2 3 4 5 Z|TYPFC 1 2 Z|TYPL 1 2 3 4 5 6 Z|TYPMC 1 2 3 4 Z
TYPMR 11 12 20 31 32 41:44 ZZ|VOIT 0 1 2 3 Z|WC 1 2 X Z
"""


def layout() -> dict[str, list[str]]:
    """Give the columns of the file in their order, with the codes that each may hold.

    Examples
    --------
    >>> columns = layout()
    >>> len(columns), columns["EMPL"], columns["CANTVILLE"]
    (88, ['11', '12', '13', '14', '15', '16', '21', '22', '23', 'ZZ'], [])
    """
    found: dict[str, list[str]] = {}
    for entry in _LAYOUT.strip().replace("\n", "|").split("|"):
        name, *words = entry.split()
        found[name] = [code for word in words for code in _unfolded(word)]
    return found


def _unfolded(word: str) -> list[str]:
    first, _, last = word.partition(":")
    return [f"{value:0{len(first)}d}" for value in range(int(first), int(last) + 1)] if last else [first]


def write_census(path: Path, rows: int, *, seed: int = DEFAULT_SEED) -> Path:
    """Write a file of individuals, a part at a time: memory does not grow with its size.

    Parameters
    ----------
    path
        ``*.parquet`` or ``*.csv`` (semicolons, no quotes, as published).
    rows
        Number of persons.
    seed
        The same seed gives the same persons.

    Returns
    -------
    pathlib.Path
        ``path``.
    """
    columns = layout()
    if path.suffix == ".csv":
        schema = pa.schema([(name, _kind(name, [])) for name in columns])
        options = pacsv.WriteOptions(delimiter=";", quoting_style="none", quoting_header="none")
        writer = pacsv.CSVWriter(path, schema, write_options=options)
    else:
        schema = pa.schema([(name, _kind(name, codes)) for name, codes in columns.items()])
        writer = pq.ParquetWriter(path, schema, compression="zstd")
    with writer:
        for part in _parts(columns, rows, seed):
            writer.write_table(part.cast(schema))
    return path


def _kind(name: str, codes: list[str]) -> pa.DataType:
    if name == "IPONDI":
        return pa.float64()
    return pa.dictionary(pa.int16(), pa.string()) if codes else pa.string()


def _parts(columns: dict[str, list[str]], rows: int, seed: int) -> Iterator[pa.Table]:
    cantons = max(3, rows // PERSONS_A_CANTON)
    names = np.array([f"{DEPARTMENT}{canton:0{max(2, len(str(cantons)))}d}" for canton in range(1, cantons + 1)])
    for start in range(0, rows, CHUNK):
        size = min(CHUNK, rows - start)
        rng = np.random.default_rng((seed, start))
        canton = (np.arange(start, start + size) * cantons) // rows
        drawn = _persons(rng, canton)
        places = _places(rng, drawn, names[canton], start)
        arrays = [
            places[name] if name in places else _coded(rng, codes, drawn.get(name), size)
            for name, codes in columns.items()
        ]
        yield pa.table(arrays, names=list(columns))


def _coded(rng: np.random.Generator, codes: list[str], positions: Codes | None, size: int) -> pa.Array:
    if positions is None:
        positions = rng.integers(0, len(codes), size)
    return pa.DictionaryArray.from_arrays(pa.array(positions, pa.int16()), pa.array(codes, pa.string()))


def _places(
    rng: np.random.Generator, drawn: dict[str, Codes], canton: NDArray[np.str_], start: int
) -> dict[str, pa.Array]:
    size, household = len(canton), drawn["_household"]
    rural = drawn["_canton"] % 3 == 0
    weight = np.where(rural, 4.0, 2.5) * (0.9 + 0.2 * rng.random(size)[household])
    number = np.char.mod("%d", household + start + 1)
    constant = {"ARM": "ZZZZZ", "DEPT": DEPARTMENT, "DNAI": DEPARTMENT, "REGION": DEPARTMENT,
                "IRIS": "ZZZZZZZZZ", "TRIRIS": "ZZZZZZ"}  # fmt: skip
    return {
        "CANTVILLE": pa.array(canton), "NUMMI": pa.array(np.where(drawn["_alone"] > 0, "Z", number)),
        "IPONDI": pa.array(weight),
        **{name: pa.repeat(code, size) for name, code in constant.items()},
    }  # fmt: skip


def _persons(rng: np.random.Generator, canton: Codes) -> dict[str, Codes]:
    """Draw persons by households; values are positions among the codes of each column."""
    size = len(canton)
    # A household never straddles two cantons: a new one starts with each.
    starts = (rng.random(size) < 0.45) | (np.diff(canton, prepend=-1) > 0)
    household = np.cumsum(starts) - 1
    origin = rng.random(size)[household] < 0.06 + 0.18 * ((canton * 7) % 10 == 0)
    immigrant = np.where(origin, rng.random(size) < 0.75, rng.random(size) < 0.015)
    foreign = np.where(immigrant, rng.random(size) < 0.6, rng.random(size) < 0.01)
    women = rng.random(size) < 0.52
    age = np.minimum((rng.beta(1.2, 1.7, size) * 100).astype(np.int64), 105)
    diploma = _diploma(rng, age, immigrant)
    activity = _activity(rng, age, diploma, {"immigrant": immigrant, "foreign": foreign, "women": women})
    return {
        "_household": household, "_canton": canton, "_alone": (rng.random(size) < 0.01).astype(np.int64),
        "SEXE": women.astype(np.int64), "IMMI": 1 - immigrant.astype(np.int64), "INATC": foreign.astype(np.int64),
        "AGED": age, "AGEREV": age, "AGEREVQ": age // 5, "DIPL_15": diploma, "TACT": activity,
        "AGER20": np.searchsorted([2, 5, 10, 14, 17, 19, 24, 29, 39, 54, 64, 79], age), "ANAI": 2016 - 1895 - age,
        "METRODOM": np.zeros(size, dtype=np.int64),
    }  # fmt: skip


def _diploma(rng: np.random.Generator, age: Codes, immigrant: NDArray[np.bool_]) -> Codes:
    """Draw none, vocational, baccalaureate, higher; older persons and immigrants hold fewer."""
    step = rng.random(len(age)) - 0.003 * np.maximum(age - 30, 0) - 0.12 * immigrant
    return np.where(age < 14, 4, np.searchsorted([0.2, 0.42, 0.65], step))


def _activity(rng: np.random.Generator, age: Codes, diploma: Codes, marks: dict[str, NDArray[np.bool_]]) -> Codes:
    """Draw the activity: among the active, unemployment by the law of ``EFFECTS``."""
    words = {"none": diploma == 0, "vocational": diploma == 1, "baccalaureate": diploma == 2,
             "from_15_to_24": age < 25, "from_55_to_64": age >= 55} | marks  # fmt: skip
    odds = EFFECTS["(constante)"] + sum(EFFECTS[word] * mark for word, mark in words.items())
    unemployed = rng.random(len(age)) < 1 / (1 + np.exp(-odds))
    active = rng.random(len(age)) < np.select(
        [age < 18, age < 25, age < 55, age < 65], [0.05, 0.5, 0.88, 0.5], 0.03
    )
    idle = np.select([age < 14, age < 25, age >= 60], [4, 3, 2], np.where(rng.random(len(age)) < 0.5, 5, 6))
    return np.where(active & (age >= 15), unemployed.astype(np.int64), idle)
