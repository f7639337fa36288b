"""A letter that asks a producer for figures: which quarters, which tables, which rules of secrecy are accepted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from diagnostic.errors import Fault, InputError
from diagnostic.formatting import enumeration, typographic
from diagnostic.territory.catalogue import quarters

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from diagnostic.ingestion.catalogue.entries import CatalogueEntry

TEXT: Final = Path(__file__).parent / "textes" / "lettre.md"
DECREES: Final = {
    2015: "décret n° 2014-1750 modifié par le décret n° 2015-1138",
    2024: "décrets n° 2023-1314 et n° 2024-806",
}


def letter(
    entry: CatalogueEntry,
    *,
    territory: str,
    generation: int,
    codes: Sequence[str],
    comparators: Iterable[str] = (),
) -> str:
    """Write a model letter to the producer of a source.

    Parameters
    ----------
    entry
        What is asked for.
    territory
        Name of the territory.
    generation, codes
        QPV generation and codes, in the order of the territory.
    comparators
        Places to compare with; by default the communes, the intercommunalité and the département.

    Returns
    -------
    str
        Markdown in French; what only the sender knows stands between square brackets.

    Raises
    ------
    InputError
        When the source is not one that is asked for.
    """
    if not entry.ask:
        raise InputError(Fault(
            f"rien à demander pour « {entry.id} »", found=entry.access_note,
            remedy=entry.how or f"voyez {entry.page}",
        ))  # fmt: skip
    known = quarters(generation)
    rows = [
        f"| {code} | {known[code].label} | {', '.join(known[code].commune_labels)} |" if code in known
        else f"| {code} | | |"
        for code in codes
    ]  # fmt: skip
    around = enumeration(comparators) or "les communes, l’intercommunalité et le département"
    return typographic(TEXT.read_text(encoding="utf-8").format(
        title=entry.title, recipient=entry.recipient, territory=territory, generation=generation,
        tables="\n".join(f"{rank}. {table}." for rank, table in enumerate(entry.ask, start=1)), around=around,
        decree=DECREES[generation], quarters="\n".join(rows),
    ))  # fmt: skip
