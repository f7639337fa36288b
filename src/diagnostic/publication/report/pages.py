"""The pages that open the report: cover, essentials, how to read, the territory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from diagnostic.analysis.hidden import SURVEY
from diagnostic.formatting import enumeration, long_date, number, plural, typographic
from diagnostic.publication.figures.answers import MASKED
from diagnostic.publication.figures.cells import WEAK_LABEL, WEAK_MARK
from diagnostic.publication.report.blocks import Block, bullets, column, table, text_cell
from diagnostic.publication.report.findings import NOT_GAPS, rows_of, short
from diagnostic.publication.report.grids import inventory, matrix
from diagnostic.publication.report.reading import KINDS, NEAR, OLD_AFTER, Reader, text_of
from diagnostic.vocabulary import STATUS_LABELS, STATUS_MARKS, Status, Theme

if TYPE_CHECKING:
    from diagnostic.publication.report.prose import Prose

_FINDINGS: Final = 5
_LISTED: Final = 3  # sentences a list on the page that is read alone; the chapters have the others
_COVER_MAP: Final = 98.0  # millimetres left between the words and the list of chapters
_COVER_WHOLE: Final = 146.0
_WARNING: Final = 12.0  # of a second warning above it
_LEAST_SCALE: Final = 0.8
CONTENTS: Final[Block] = {"kind": "contents"}
ANNEXES: Final[Block] = {"kind": "annexes"}  # where they begin: the list of chapters has a column for each part
KIND_WORDS: Final = {
    "commune": "la commune", "epci": "l’intercommunalité", "unite_urbaine": "l’unité urbaine",
    "departement": "le département", "region": "la région", "france": "la France métropolitaine",
    "qpv_departement_median": "la médiane des quartiers prioritaires du département",
    "epci_hors_qpv": "l’intercommunalité sans ses quartiers prioritaires",
    "commune_hors_qpv": "la commune sans ses quartiers prioritaires",
    "contrat": "l’ensemble des quartiers prioritaires du contrat",
}  # fmt: skip


def cover(reader: Reader, prose: Prose, situation: Block) -> list[Block]:
    """Make the cover; it says when the data are old."""
    identity = reader.identity
    lines = [
        f"Quartiers prioritaires, génération {identity.generation}.",
        f"Document daté du {long_date(identity.edition_date)}.",
        f"Rédaction : {identity.author}." if identity.author else "",
        f"Commande : {identity.commissioner}." if identity.commissioner else "",
    ]
    warnings = []
    oldest = reader.oldest()
    if oldest is not None and identity.edition_date.year - oldest > OLD_AFTER:
        warnings = _sentences(prose.blocks("donnees_anciennes", {"annee": str(oldest)}))
    if identity.fictional:
        warnings += _sentences(prose.blocks("donnees_fictives"))
    title = prose.blocks("couverture", {"territoire": identity.name})
    words = _sentences(title)
    return [
        {
            "kind": "cover", "kicker": words[0], "title": typographic(identity.name), "subtitle": words[1],
            "lines": [typographic(line) for line in lines if line], "warnings": warnings,
        },
        fitted(situation, warnings=len(warnings)),
        *([CONTENTS] if on_cover(situation) else []),
    ]  # fmt: skip


def on_cover(situation: Block) -> bool:
    """Say whether the list of chapters fits under the cover's map; else it opens the reading guide."""
    return bool(situation["height"] * _LEAST_SCALE <= _COVER_MAP)


def fitted(situation: Block, *, warnings: int = 0) -> Block:
    """Make the cover's map small enough for what is above and under it."""
    room = (_COVER_MAP if on_cover(situation) else _COVER_WHOLE) - _WARNING * max(0, warnings - 1)
    scale = min(1.0, room / situation["height"])
    return {**situation, "width": round(situation["width"] * scale, 2)}


def _sentences(blocks: list[Block]) -> list[str]:
    return ["".join(run["t"] for run in block["runs"]) for block in blocks if block["kind"] == "paragraph"]


@dataclass(frozen=True, slots=True)
class Essentials:
    """What the findings say, by what they are: each a sentence.

    Parameters
    ----------
    rows
        The gaps to look at, as rows of ``findings``.
    findings, declared, decisions, not_found, unknown
        The sentences.
    """

    rows: list[dict[str, Any]]
    findings: list[str]
    declared: list[str]
    decisions: list[str]
    not_found: list[str]
    unknown: list[str]


def essentials_of(reader: Reader) -> Essentials:
    """Sort the findings by what they are."""
    kinds = {kind: rows_of(reader, kind) for kind in NOT_GAPS}
    gaps = rows_of(reader)
    return Essentials(
        rows=gaps, findings=_said(gaps), declared=_said(kinds["declared"]), decisions=_said(kinds["decision"]),
        not_found=_said(kinds["not_found"]), unknown=_said(kinds["blind_spot"], ask=True) or _unknown(reader),
    )  # fmt: skip


def essentials(reader: Reader, prose: Prose) -> list[Block]:
    """Make the page that is read when nothing else is."""
    said = essentials_of(reader)
    several = bool(said.declared or said.decisions)
    return prose.blocks("essentiel", {
        "territoire": reader.identity.name,
        "constats": [short(row, rank) for rank, row in enumerate(said.rows[:_FINDINGS], start=1)]
        or prose.blocks("sans_constat"),
        **{
            name: [bullets(words)] if words else []
            for name, words in (
                ("decisions", said.decisions[:_LISTED]), ("declare", said.declared[:_LISTED]),
                ("non_trouve", said.not_found[: 1 if several else _LISTED]),
                ("inconnues", said.unknown[: 2 if several else _LISTED]),
            )
        },
    })  # fmt: skip


def _said(rows: list[dict[str, Any]], *, ask: bool = False) -> list[str]:
    return [" ".join([text_of(row["message"]), text_of(row["question"]) if ask else ""]).strip() for row in rows]


def _unknown(reader: Reader) -> list[str]:
    """List what the data at hand leave unknown."""
    items = []
    bare = [
        reader.short(one)
        for theme in (Theme.RESOURCES, Theme.EMPLOYMENT)
        for one in reader.variables(theme)
        if reader.main(one) and reader.pair(one) is None and not set(reader.kinds(one)) & set(NEAR)
    ]
    if bare:
        items.append(f"Sans comparateur communal ou intercommunal publié : {enumeration(bare[:6])}.")
    declared = reader.tables.hidden["source"].eq(SURVEY)
    for own, where in ((~declared, "dans les fichiers reçus"), (declared, "parmi les chiffres de l’enquête")):
        cells = int(reader.tables.hidden.loc[own, "cells"].sum())
        if cells:
            count = plural(cells, "valeur masquée ou absente", "valeurs masquées ou absentes")
            items.append(f"{count} {where} : elles sont comptées en annexe, par donnée et par motif.")
    return items


def reading_guide(reader: Reader, prose: Prose, *, contents: bool, survey: bool = False) -> list[Block]:
    """Make the page that says how to read a gap, a mark and a comparator."""
    marks = [
        (STATUS_MARKS[status], STATUS_LABELS[status], _MEANINGS[status.value])
        for status in STATUS_MARKS
        if status != Status.MASKED or survey or reader.tables.indicators["status"].eq(status).any()
    ]
    marks.append((WEAK_MARK, WEAK_LABEL.split(" : ")[0], _MEANINGS["weak"]))
    present = {kind for one in reader.catalogue for kind in reader.kinds(one)}
    return prose.blocks("comment_lire", {
        "territoire": reader.identity.name,
        "generation": str(reader.identity.generation),
        "sommaire": [CONTENTS] if contents else [],
        "marques": [table(
            [column("Marque", width=18), column("Nom", width=56), column("Ce que cela veut dire", width=0)],
            [[text_cell(sign, strong=True), text_cell(name), text_cell(words)] for sign, name, words in marks],
        )],
        "comparateurs": enumeration([KIND_WORDS[kind] for kind in KINDS if kind in present])
        or "aucun comparateur publié",
    })  # fmt: skip


_MEANINGS: Final = {
    "suppressed": "Le producteur masque la valeur, car elle concerne trop peu de personnes.",
    "not_released": "La case du fichier est vide et aucune note ne dit pourquoi.",
    "missing": "La donnée n’existe pas dans les fichiers reçus.",
    "not_applicable": "La question ne se pose pas pour ce quartier.",
    MASKED: "Règle du projet pour l’enquête : trop peu de personnes, ou un chiffre qui en livrerait un autre.",
    "weak": "Le taux repose sur moins de 30 personnes : il n’est pas écrit.",
}


def territory(reader: Reader, prose: Prose, situation: list[Block], *, long: bool = True) -> list[Block]:
    """Make the chapter on the territory and its neighbourhoods; short, it leaves its figures to the annexes."""
    people = [place.population for place in reader.places]
    known = sum(value is not None for value in people)
    name = "territoire_un_quartier" if reader.alone else "territoire"
    return prose.blocks(name, {
        "territoire": reader.identity.name,
        "generation": str(reader.identity.generation),
        "nombre": plural(len(reader.places), "quartier prioritaire", "quartiers prioritaires"),
        "communes": plural(len({name for place in reader.places for name in place.communes}), "commune"),
        "publies": number(known),
        "carte": situation,
        "liste": [inventory(reader)],
        "population": population(reader) if long else [],
    })  # fmt: skip


def population(reader: Reader) -> list[Block]:
    """Make the table of who lives there."""
    context = [one for one in reader.variables(Theme.POPULATION) if one != "population"][:5]
    return matrix(reader, context, title="Population : des repères, jamais un score")
