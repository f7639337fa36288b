"""Codes that key a local table: their shapes, their lost zeros, their generation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from diagnostic.territory import catalogue
from diagnostic.vocabulary import Level, is_fictional

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from diagnostic.ingestion.local_declaration import Declaration

_QP: Final = (r"QP[0-9AB]{3}\d{3}", "des quartiers de 2015 (QP059001)")
_QN: Final = (r"QN[0-9AB]{3}\d{2}[A-Z]", "des quartiers de 2024 (QN05901M)")
_COMMUNE: Final = (r"\d[0-9AB]\d{3}", "des codes Insee de commune (59350)")
_IRIS: Final = (r"\d[0-9AB]\d{7}", "des codes Iris (593500101)")
_EPCI: Final = (r"\d{9}", "des SIREN d’EPCI (200093201)")
KEY_SHAPES: Final = {
    ("qpv", 2015): _QP,
    ("qpv", 2024): _QN,
    **{("commune", year): _COMMUNE for year in (None, 2015, 2024)},
    **{("iris", year): _IRIS for year in (None, 2015, 2024)},
    **{("epci", year): _EPCI for year in (None, 2015, 2024)},
}
WIDTHS: Final = {"commune": 5, "iris": 9}
MOSTLY: Final = 0.9


def padded(codes: pd.Series[str], level: str) -> pd.Series[str]:
    """Give codes the leading zero that a spreadsheet took away, where it can only be that.

    Examples
    --------
    >>> import pandas as pd
    >>> padded(pd.Series(["1053", "59350"]), "commune").tolist()
    ['01053', '59350']
    """
    width = WIDTHS.get(level)
    if width is None:
        return codes
    short = codes.str.fullmatch(rf"[1-9]\d{{{width - 2}}}").astype(bool)
    return codes.mask(short, "0" + codes)


def other_generation(code: str, generation: int | None) -> bool:
    """Say whether a code is that of a QPV of the other generation.

    Examples
    --------
    >>> other_generation("QP059001", 2024), other_generation("QN05901M", 2024)
    (True, False)
    """
    own = {2015: "QP", 2024: "QN"}.get(generation or 0)
    return code.startswith(("QP", "QN")) and own is not None and not code.startswith(own)


def unknown_codes(codes: Iterable[str], declaration: Declaration) -> list[str]:
    """List the codes that the shipped list does not know, fictional ones apart; IRIS are not listed there."""
    level: str = declaration.table.niveau
    known: set[str] = set()
    if level == Level.QPV:
        known = set(catalogue.quarters(declaration.vintage))
    elif level == Level.EPCI:
        known = set(catalogue.epcis()) | {row.published for row in catalogue.epci_codes()}
    elif level == Level.COMMUNE:
        towns = catalogue.communes()
        known = set(towns) | {code for town in towns.values() for code in town.former}
    else:
        return []
    return [code for code in codes if code not in known and not is_fictional(level, code)]


def guess_level(cells: Iterable[str]) -> tuple[str, int | None] | None:
    """Say what kind of place a column of cells designates, or nothing.

    Parameters
    ----------
    cells
        Filled cells of one column.

    Returns
    -------
    tuple or None
        Level and QPV generation.

    Examples
    --------
    >>> guess_level(["QN05901M", "QN05902M"]), guess_level(["200093201"]), guess_level(["593500101"])
    (('qpv', 2024), ('epci', None), ('iris', None))
    >>> guess_level(["12,5", "13,0"]) is None
    True
    """
    import re  # noqa: PLC0415 - only a draft guesses

    listed = [cell.strip() for cell in cells if cell.strip()]
    if not listed:
        return None
    towns = catalogue.communes()
    epcis = set(catalogue.epcis()) | {row.published for row in catalogue.epci_codes()}
    former = {code for town in towns.values() for code in town.former}

    def share(fits: list[bool]) -> bool:
        return sum(fits) >= MOSTLY * len(listed)

    for generation in (2015, 2024):
        if share([bool(re.fullmatch(KEY_SHAPES["qpv", generation][0], cell)) for cell in listed]):
            return "qpv", generation
    if share([cell in epcis or is_fictional("epci", cell) for cell in listed]):
        return "epci", None
    inside = [cell.zfill(9)[:5] for cell in listed if len(cell) in {8, 9} and cell.isalnum()]
    if share([code in towns or code in former or is_fictional("commune", code) for code in inside]):
        return "iris", None
    whole = [cell.zfill(5) for cell in listed if len(cell) in {4, 5} and cell.isalnum()]
    if share([code in towns or code in former or is_fictional("commune", code) for code in whole]):
        return "commune", None
    return None
