"""How many interviews are needed, quarter by quarter, as a function and as a sheet that recomputes."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING, Final

import xlsxwriter

from diagnostic.formatting import typographic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from diagnostic.ingestion.survey.kit.plan import Plan

Z95: Final = 1.959963984540054
PUBLISHED_FROM: Final = 30
# Beyond this share of a quarter's adults, its respondents could be recognised: the territory only.
DISCLOSING: Final = 0.10
# Smallest n that passes the publication rule when the share observed is exactly this one.
RULE: Final[Mapping[int, tuple[int, int, int]]] = {
    30: (40, 60, 80), 18: (48, 72, 96), 10: (97, 145, 193), 5: (205, 307, 410),
}  # fmt: skip
EFFECTS: Final = (1.0, 1.5, 2.0)


@dataclass(frozen=True, slots=True)
class Sampling:
    """What precision is aimed at.

    Parameters
    ----------
    share
        Share expected, of 1.
    precision
        Half-width of the 95 % interval, of 1.
    design_effect
        Loss of precision against a simple draw.
    response_rate
        Share of the people approached who answer, of 1.
    """

    share: float = 0.18
    precision: float = 0.10
    design_effect: float = 1.5
    response_rate: float = 0.30


def interviews_needed(sampling: Sampling, population: int | None = None) -> int:
    """Give the number of completed interviews for a precision, in a finite population.

    ``n = D / (1 + D / N)`` with ``D = deff * z² * p * (1 - p) / e²``: the variance of a share is
    ``deff * p * (1 - p) / n * (1 - n / N)`` (Cochran 1977, *Sampling Techniques*, § 4.2).

    Parameters
    ----------
    sampling
        Precision aimed at.
    population
        Adults of the quarter; ``None`` for a large one.

    Returns
    -------
    int
        Rounded up, never above the population.

    Examples
    --------
    >>> interviews_needed(Sampling(share=0.5, precision=0.1, design_effect=1.0))
    97
    >>> interviews_needed(Sampling(share=0.5, precision=0.1, design_effect=1.0), 1000)
    88
    """
    p = sampling.share
    large = sampling.design_effect * Z95**2 * p * (1 - p) / sampling.precision**2
    if population is None:
        return math.ceil(large)
    return min(population, math.ceil(large / (1 + large / population))) if population else 0


def sampling_sheet(plan: Plan, sampling: Sampling) -> bytes:
    """Write the sheet: parameters to change at the top, one row a quarter, formulas that follow.

    Returns
    -------
    bytes
        A workbook with the sheets ``Calcul`` and ``Repères``; every formula carries its present value.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": datetime.combine(plan.start, time())})
    _computation(book, plan, sampling)
    _rule(book)
    book.close()
    return buffer.getvalue()


def _computation(book: xlsxwriter.Workbook, plan: Plan, sampling: Sampling) -> None:
    sheet = book.add_worksheet("Calcul")
    bold, percent, given = (
        book.add_format({"bold": True, "text_wrap": True}),
        book.add_format({"num_format": "0%", "bg_color": "#FFF6D6"}),
        book.add_format({"num_format": "0.0", "bg_color": "#FFF6D6"}),
    )
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 44)
    sheet.set_column(2, 7, 20)
    sheet.write(0, 0, typographic(f"Combien d’entretiens ? {plan.territory_name}"), bold)
    sheet.write(1, 0, typographic("Changez les cases jaunes : le tableau se recalcule."))
    for row, (label, value, shape) in enumerate(
        (
            ("Part attendue (18 % en France, 18-49 ans, sur cinq ans : enquête TeO2)", sampling.share, percent),
            ("Précision voulue, en plus ou en moins", sampling.precision, percent),
            ("Effet de plan (1 : tirage simple ; 1,5 à 2 : enquête locale)", sampling.design_effect, given),
            ("Part des personnes sollicitées qui répondent", sampling.response_rate, percent),
        ),
        start=2,
    ):
        sheet.write(row, 1, typographic(label))
        sheet.write_number(row, 2, value, shape)
    titles = (
        "Code", "Quartier", "Habitants de 18 ans et plus", "Entretiens pour cette précision",
        "Entretiens à viser (30 au moins)", "Personnes à solliciter", "Part des habitants interrogés", "À savoir",
    )  # fmt: skip
    for column, title in enumerate(titles):
        sheet.write(7, column, title, bold)
    whole = book.add_format({"num_format": "#,##0"})
    for rank, (code, label) in enumerate(plan.qpv.items()):
        _quarter(sheet, 8 + rank, code, label=label, plan=plan, sampling=sampling, formats=(given, whole, percent))
    last = 8 + len(plan.qpv)
    target = sum(_target((plan.adults or {}).get(code), sampling) for code in plan.qpv)
    sheet.write(last, 1, "Ensemble", bold)
    sheet.write_formula(last, 4, f"=SUM(E9:E{last})", bold, target)
    sheet.freeze_panes(8, 2)


def _target(adults: int | None, sampling: Sampling) -> int:
    target = max(PUBLISHED_FROM, interviews_needed(sampling, adults))
    return target if adults is None else min(adults, target)


def _quarter(
    sheet: xlsxwriter.worksheet.Worksheet, row: int, code: str, *, label: str, plan: Plan, sampling: Sampling,
    formats: tuple[object, object, object],
) -> None:  # fmt: skip
    given, whole, percent = formats
    line = row + 1
    adults = (plan.adults or {}).get(code)
    sheet.write_string(row, 0, code)
    sheet.write_string(row, 1, label)
    if adults is None:
        sheet.write_blank(row, 2, None, given)
    else:
        sheet.write_number(row, 2, adults, whole)
    needed, target = interviews_needed(sampling, adults), _target(adults, sampling)
    large = "$C$5*1.959963984540054^2*$C$3*(1-$C$3)/$C$4^2"
    sheet.write_formula(
        row, 3, f'=IF(C{line}="",ROUNDUP({large},0),MIN(C{line},ROUNDUP(({large})/(1+({large})/C{line}),0)))',
        whole, needed,
    )  # fmt: skip
    floor = f"MAX({PUBLISHED_FROM},D{line})"
    sheet.write_formula(row, 4, f'=IF(C{line}="",{floor},MIN(C{line},{floor}))', whole, target)
    sheet.write_formula(row, 5, f"=ROUNDUP(E{line}/$C$6,0)", whole, math.ceil(target / sampling.response_rate))
    share: float | str = target / adults if adults else ""
    sheet.write_formula(row, 6, f'=IF(C{line}="","",E{line}/C{line})', percent, share)
    warning = typographic(
        "Plus d’un habitant sur dix : résultats pour le territoire seulement, pas pour ce quartier."
    )
    close = isinstance(share, float) and share > DISCLOSING
    sheet.write_formula(
        row,
        7,
        f'=IF(C{line}="","",IF(E{line}/C{line}>{DISCLOSING},"{warning}",""))',
        None,
        warning if close else "",
    )


def _rule(book: xlsxwriter.Workbook) -> None:
    sheet = book.add_worksheet("Repères")
    bold = book.add_format({"bold": True})
    sheet.set_column(0, 3, 28)
    sheet.write(0, 0, typographic("Nombre d’entretiens à partir duquel un résultat de quartier est écrit"), bold)
    sheet.write_row(
        1, 0, ["Part observée", *(f"Effet de plan {effect:g}".replace(".", ",") for effect in EFFECTS)], bold
    )
    for row, (share, numbers) in enumerate(RULE.items(), start=2):
        sheet.write(row, 0, typographic(f"{share} %"))
        for column, value in enumerate(numbers, start=1):
            sheet.write_number(row, column, value)
    notes = (
        "Règle : 30 répondants au moins, et un intervalle de Korn et Graubard qui ne soit pas trop large (NCHS).",
        "Un motif cité par 5 % des personnes demande 300 à 400 entretiens : il se lit tous quartiers réunis.",
        "Sans tirage au sort, ces nombres disent la taille utile d’un groupe de répondants, non une précision.",
    )
    for row, note in enumerate(notes, start=8):
        sheet.write(row, 0, typographic(note))
