"""Draft the declaration of a local table from the table itself: every guess is marked as one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from diagnostic.errors import Fault, InputError
from diagnostic.formatting import enumeration
from diagnostic.ingestion.document import Kind
from diagnostic.ingestion.local_declaration import MARKS, TO_COMPLETE, declaration_of
from diagnostic.ingestion.local_keys import guess_level
from diagnostic.ingestion.survey.rules import BY_NAME
from diagnostic.ingestion.survey.wording import key as wording
from diagnostic.ingestion.tabular import read_table
from diagnostic.territory.names import fold, key
from diagnostic.vocabulary import UNIT_LABELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from diagnostic.ingestion.document import Document

ORDER: Final = {"qpv": 0, "iris": 1, "commune": 2, "epci": 3}
NUMBER: Final = re.compile(r"[-+−]?[\d\s\u00a0\u202f]+(?:[.,]\d+)?%?")
SHARE: Final = re.compile(r"part|taux|tx|pct|pourcent")
# Titles of a list of persons; a name alone may be that of the place.
NOMINATIVE: Final = ("nir", "email", "phone", "name", "address", "birth_date")
BIRTH: Final = r"(?:date|annee|jour|mois|lieu)?(?: de)? ?naissance"  # « naissances » counts births
PLACE_NAMES: Final = frozenset({"nom", "noms", "name", "le nom"})
SHOWN: Final = 5
CODED: Final = re.compile(r"insee|code|siren|siret|dep$|reg$")

# Titles seen in published tables, letters and digits only: variable, unit.
GUESSES: Final = {
    "popmuniqpv": ("population", "persons"),
    "popmun": ("population", "persons"),
    "population": ("population", "persons"),
    "indicejeunesse": ("youth_index", "index"),
    "indjeune": ("youth_index", "index"),
    "partpopet": ("foreign_share", "percent"),
    "txtotet": ("foreign_share", "percent"),
    "partpopimmi": ("immigrant_share", "percent"),
    "partmenimmi": ("immigrant_households_share", "percent"),
    "partmenet": ("foreign_households_share", "percent"),
    "partmen1p": ("one_person_households_share", "percent"),
    "partmen6pp": ("six_person_households_share", "percent"),
    "nombremenages": ("households", "households"),
    "tauxdemploi": ("employment_rate", "percent"),
    "txtotempl": ("employment_rate", "percent"),
    "tauxpauvrete60": ("poverty_rate", "percent"),
    "tp60": ("poverty_rate", "percent"),
    "dispmed": ("disposable_income_median", "euros"),
    "dispq2": ("disposable_income_median", "euros"),
    "personnescouvertescaf": ("persons_covered_by_caf", "persons"),
    "percou": ("persons_covered_by_caf", "persons"),
    "allocatairescaf": ("benefit_households", "beneficiaries"),
    "rsasocle": ("rsa_households", "beneficiaries"),
}

HEAD: Final = """\
# Déclaration de la table « {file} ».
# Ce fichier dit ce que contient la table. Ce qui est marqué « proposé » a été deviné : vérifiez-le.
# Ce qui est marqué « À COMPLÉTER » doit être remplacé. Une ligne qui commence par # n’est pas lue.
# Unités : {units}.
# Une table d’une ligne par personne ou par ménage est refusée : il faut une ligne par territoire.

[table]
nom = "{name}"  # proposé ; lettres minuscules, chiffres et _
titre = "À COMPLÉTER : titre donné par le producteur"
producteur = "À COMPLÉTER : organisme qui a produit les chiffres"
citation = "À COMPLÉTER : source, telle qu’elle s’imprime sous les figures"
adresse = "À COMPLÉTER : adresse de la page, ou « transmis par … le … »"
licence = "À COMPLÉTER : Licence Ouverte, convention du …"
publie = "À COMPLÉTER : date de publication ou de transmission"
edition = "À COMPLÉTER : édition ou version du fichier"
niveau = "{level}"  # proposé d’après les codes : qpv, iris, commune ou epci
cle = {key}  # proposé : colonne des codes
{vintage}
# periode = 2023  # année dont parlent les chiffres, si elle est la même pour toutes les colonnes
periode_connue = true  # false si le producteur ne dit que l’année d’édition
{sheet}vide = "inconnu"  # cellule vide : "secret", "manquant" ou "inconnu"
secret = [{marks}]  # marques de secret du fichier
repetition = "{repetition}"  # "identique" si la valeur est répétée (par commune) ; {repeated}
diffusion = "restreinte"  # "publique" si les chiffres peuvent être publiés
seuil = 11  # effectif sous lequel un chiffre public est masqué ; 0 si le producteur l’a déjà fait
"""


class Key(NamedTuple):
    """The column of codes of a table, as guessed from its first rows."""

    title: str
    level: str
    generation: int | None
    repeated: bool


def key_of(document: Document) -> Key | None:
    """Guess the column of codes of a table, the finest level first; ``None`` when no column holds any."""
    try:
        _, _, titles, rows = _header(document)
    except InputError:
        return None
    return _key(_by_title(titles, rows))


def _by_title(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, list[str]]:
    return {title: [row[place] for row in rows if place < len(row)] for place, title in enumerate(titles) if title}


def _key(columns: Mapping[str, Sequence[str]]) -> Key | None:
    levels = {title: found for title, cells in columns.items() if (found := guess_level(cells))}
    if not levels:
        return None
    chosen = min(levels, key=lambda title: ORDER[levels[title][0]])
    return Key(chosen, *levels[chosen], repeated=bool(_several(columns, chosen)))


def _several(columns: Mapping[str, Sequence[str]], chosen: str) -> list[str]:
    """List the codes whose rows differ in their figures, or in anything where the table has no figure."""
    others = {title: cells for title, cells in columns.items() if title != chosen}
    figures = [cells for title, cells in others.items() if _is_figure(title, cells)] or list(others.values())
    rows: dict[str, set[tuple[str, ...]]] = {}
    for place, code in enumerate(columns[chosen]):
        if code:
            values = tuple(cells[place] if place < len(cells) else "" for cells in figures)
            rows.setdefault(code, set()).add(values)
    return [code for code, values in rows.items() if len(values) > 1]


def _refuse_persons(document: Document, sheet: str | None, line: int, columns: Mapping[str, list[str]]) -> None:
    """Refuse a list of persons, by its titles in the head and by its repeated codes in the whole table."""
    nominative = [title for title in columns if _is_nominative(title)]
    if names_persons(nominative):
        raise InputError(
            Fault(
                "cette table nomme des personnes",
                file=document.name,
                sheet=sheet,
                line=line,
                expected="une ligne par territoire, sans nom, adresse, téléphone, mél ni date de naissance",
                found=f"les colonnes {enumeration(nominative)}",
                remedy="demandez au producteur des effectifs par territoire ; rien n’a été copié",
            )
        )
    frame = read_table(document, [title for title in columns if title], sheet=sheet).frame
    whole = {title: frame[title].str.strip().tolist() for title in columns}
    guessed = _key(columns)
    several = _several(whole, guessed.title) if guessed else []
    if several:
        raise InputError(
            Fault(
                f"codes sur plusieurs lignes aux valeurs différentes ({len(several)})",
                file=document.name,
                sheet=sheet,
                column=guessed.title if guessed else None,
                expected="une ligne par territoire : une table de personnes ou de ménages est refusée",
                found=", ".join(several[:SHOWN]),
                remedy="demandez au producteur des effectifs par territoire ; rien n’a été copié",
            )
        )


def names_persons(titles: Iterable[str]) -> bool:
    """Say whether some title announces who a row is about; a bare name may be that of the place."""
    return any(_is_nominative(title) and wording(title) not in PLACE_NAMES for title in titles)


def _is_nominative(title: str) -> bool:
    plain = wording(title.replace("_", " "))
    if re.fullmatch(BIRTH, plain):
        return True
    return any(
        re.fullmatch(pattern, text)
        for rule in NOMINATIVE
        for pattern in BY_NAME[rule].headers
        for text in (plain, wording(title))
    )


def _is_figure(title: str, cells: Sequence[str]) -> bool:
    return key(title) in GUESSES or (_numeric(cells) and not CODED.match(key(title)))


def draft(document: Document) -> str:
    """Draft a commented declaration, in French, from the first rows of a table.

    Parameters
    ----------
    document
        A delimited file or a workbook.

    Returns
    -------
    str
        TOML that the person completes; it is refused as long as « À COMPLÉTER » stands in it.

    Raises
    ------
    InputError
        When no column holds codes of QPV, IRIS, communes or EPCI, or when the rows are persons: titles that name
        or reach someone, codes repeated with other figures.
    """
    sheet, line, titles, rows = _header(document)
    columns = _by_title(titles, rows)
    key_column = _key(columns)
    if key_column is None:
        raise InputError(
            Fault(
                "aucune colonne de codes de territoire",
                file=document.name,
                line=line,
                expected="une colonne de codes de quartiers, d’Iris, de communes ou d’EPCI",
                found=", ".join(titles[:10]),
                remedy="ajoutez les codes officiels à la table : un nom ne suffit pas",
            )
        )
    _refuse_persons(document, sheet, line, columns)
    chosen, level, generation, _ = key_column
    codes = [cell for cell in columns[chosen] if cell]
    twice = len(codes) - len(set(codes))
    text = HEAD.format(
        units=", ".join(UNIT_LABELS),
        file=document.name,
        name=_slug(declaration_of(document.path).name.split(".")[0]),
        level=level,
        key=_quoted(chosen),
        vintage=f"generation = {generation}  # proposé d’après les codes"
        if generation
        else "millesime = 2021  # proposé : année des codes, à vérifier",
        sheet=f"feuille = {_quoted(sheet)}\n" if sheet else "",
        marks=", ".join(_quoted(mark) for mark in MARKS),
        repetition="refusee",
        repeated=f"{twice} répétitions dans les premières lignes" if twice else "aucune dans les premières lignes",
    )
    return text + _column_lines(columns, key_column=chosen)


def _header(document: Document) -> tuple[str | None, int, list[str], list[list[str]]]:
    """Find the row of titles: the last row of text above the first row that holds a code."""
    for sheet, head in document.heads.items():
        rows = [[cell.strip() for cell in row] for row in head]
        for line, row in enumerate(rows[1:], start=1):
            if any(guess_level([cell]) for cell in row if cell) and sum(map(bool, row)) > 1:
                return sheet, line, rows[line - 1], rows[line:]
    raise InputError(
        Fault(
            "ce fichier n’est pas une table de territoires",
            file=document.name,
            expected="une ligne de titres puis une ligne par territoire, avec son code officiel",
            found="aucun code de territoire dans le haut du fichier"
            if document.kind in {Kind.DELIMITED, Kind.WORKBOOK}
            else f"un fichier de nature « {document.kind} »",
            remedy="enregistrez la table en csv ou en xlsx, codes compris",
        )
    )


def _column_lines(columns: dict[str, list[str]], *, key_column: str) -> str:
    declared, ignored = [], []
    for title, cells in columns.items():
        if title == key_column:
            continue
        guess = GUESSES.get(key(title))
        if _is_figure(title, cells):
            variable, unit = guess or (_slug(title), "percent" if SHARE.match(key(title)) else TO_COMPLETE)
            why = "proposé d’après le titre" if guess else "proposé : variable et unité à vérifier"
            declared.append(
                f"\n[colonnes.{_quoted(title)}]  # {why}\n"
                f'variable = "{variable}"\ngroupe = "all"\nunite = "{unit}"\n# periode = 2023'
            )
        else:
            ignored.append(f'{_quoted(title)} = "texte ou code, sans chiffre"  # proposé')
    return "\n".join([*declared, "\n[ignorer]  # colonnes laissées de côté, chacune avec sa raison", *ignored, ""])


def _numeric(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell and cell.casefold() not in MARKS]
    return bool(filled) and guess_level(filled) is None and all(NUMBER.fullmatch(cell) for cell in filled)


def _slug(text: str) -> str:
    """Make an identifier of a title.

    Examples
    --------
    >>> _slug("Taux d'emploi 15-64"), _slug("2023 total")
    ('taux_d_emploi_15_64', 'v_2023_total')
    """
    slug = re.sub(r"[^a-z0-9]+", "_", fold(text)).strip("_") or "table"
    return slug if slug[0].isalpha() else f"v_{slug}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
