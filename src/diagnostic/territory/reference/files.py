"""The files of the reference list: semicolons, ``#`` lines that name the sources, UTF-8, compressed or not."""

from __future__ import annotations

import csv
import gzip
import io
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

HERE = Path(__file__).parent

Row = dict[str, str]


def rows_of(path: Path, *, delimiter: str = ",") -> list[Row]:
    """Read a csv, compressed or not, every field as text."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig")), delimiter=delimiter))


@lru_cache(maxsize=16)
def reference_rows(name: str) -> tuple[Row, ...]:
    """Read one file of the reference list, its ``#`` lines apart; the rows are shared, not to be changed.

    Examples
    --------
    >>> next(row["label"] for row in reference_rows("epci.csv") if row["code"] == "200093201")
    'Métropole Européenne de Lille'
    """
    path = HERE / name
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    lines = [line for line in raw.decode("utf-8").splitlines() if not line.startswith("#")]
    return tuple(csv.DictReader(lines, delimiter=";"))


def written(header: Iterable[str], rows: list[Row]) -> bytes:
    """Write rows as the reference list stores them: ``#`` header, semicolons, one line feed a row."""
    text = io.StringIO()
    text.writelines(f"# {line}\n" for line in header)
    table = csv.DictWriter(text, list(rows[0]), delimiter=";", lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return text.getvalue().encode()
