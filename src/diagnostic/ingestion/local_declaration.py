"""What a person says of a table of their own: a small TOML beside the file, checked whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from diagnostic.config import read_toml
from diagnostic.errors import ConfigurationError, Fault
from diagnostic.formatting import enumeration
from diagnostic.provenance import Provenance
from diagnostic.territory.names import fold
from diagnostic.vocabulary import UNIT_LABELS, Status

if TYPE_CHECKING:
    from pathlib import Path

MARKS: Final = ("s", "ns", "nd", "so", "c", "*")
EMPTY: Final = {"secret": Status.SUPPRESSED, "manquant": Status.MISSING, "inconnu": Status.NOT_RELEASED}
UNKNOWN_NOTE: Final = "cellule vide chez le producteur : secret ou donnée absente, il ne le dit pas"

TO_COMPLETE: Final = "À COMPLÉTER"


UNITS: Final = {
    "percent": "pourcentage pourcentages pourcent % part taux", "points": "point", "euros": "euro €",
    "persons": "personne personnes habitant habitants", "households": "menage menages",
    "beneficiaries": "allocataire allocataires beneficiaire beneficiaires", "contracts": "contrat contrats",
    "dwellings": "logement logements", "pupils": "eleve eleves", "ratio": "rapport", "index": "indice",
    "hectares": "hectare ha",
}  # fmt: skip
GROUPS: Final = {
    "all": "ensemble tous total", "women": "femme femmes", "men": "homme hommes",
    "foreign": "etranger etrangers etrangere etrangeres", "french": "francais francaise francaises",
}  # fmt: skip
_CANONICAL: Final = {fold(label): unit for unit, label in UNIT_LABELS.items()} | {
    word: canonical for names in (UNITS, GROUPS) for canonical, words in names.items() for word in words.split()
}


def _canonical(word: object) -> object:
    """Take a French word to the one that the tables use.

    Examples
    --------
    >>> _canonical("Ménages"), _canonical("Étrangers"), _canonical("persons")
    ('households', 'foreign', 'persons')
    """
    return _CANONICAL.get(fold(word).strip(), word) if isinstance(word, str) else word


def _completed(text: str) -> str:
    if text.startswith(TO_COMPLETE):
        raise ValueError(TO_COMPLETE)
    return text


Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, Field(min_length=1), AfterValidator(_completed)]
Year = Annotated[int, Field(ge=1960, le=2100)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TableSection(_Section):
    """``[table]``: where the figures come from and how the file writes them.

    ``vide`` says what an empty cell means, ``secret`` which marks are hidden figures, ``seuil`` under which
    count a figure of a public table is hidden (0 for figures that the producer already publishes as they are).
    """

    nom: Identifier
    titre: Text
    producteur: Text
    citation: Text
    adresse: Text
    licence: Text
    publie: Text
    edition: Text
    niveau: Literal["qpv", "iris", "commune", "epci"]
    cle: Text
    generation: Literal[2015, 2024] | None = None
    millesime: Year | None = None
    periode: Year | None = None
    periode_connue: bool = True
    feuille: str | None = None
    vide: Literal["secret", "manquant", "inconnu"]
    secret: tuple[str, ...] = MARKS
    repetition: Literal["refusee", "identique"] = "refusee"
    diffusion: Literal["publique", "restreinte"]
    seuil: Annotated[int, Field(ge=0)] = 11


class ColumnSection(_Section):
    """``[colonnes."titre"]``: the variable that a column holds; unit and group may be said in French."""

    variable: Identifier
    groupe: Annotated[Identifier, BeforeValidator(_canonical)] = "all"
    unite: Annotated[Literal[tuple(UNIT_LABELS)], BeforeValidator(_canonical)]  # type: ignore[valid-type]
    periode: Year | None = None
    periode_connue: bool | None = None
    vide: Literal["secret", "manquant", "inconnu"] | None = None


class Declaration(_Section):
    """A local table, declared.

    Parameters
    ----------
    table
        Its identity and its conventions.
    colonnes
        The variables, by title of column.
    ignorer
        The other columns, each with the reason why it is left out.
    """

    table: TableSection
    colonnes: Annotated[dict[str, ColumnSection], Field(min_length=1)]
    ignorer: dict[str, Text] = {}

    @model_validator(mode="after")
    def _coherent(self) -> Declaration:
        faults = []
        table = self.table
        if table.niveau == "qpv" and table.generation is None:
            faults.append("une table de quartiers dit leur génération : generation = 2015 ou 2024")
        if table.niveau != "qpv" and table.millesime is None:
            faults.append("une table de communes, d’Iris ou d’EPCI dit l’année de ses codes : millesime = 2021")
        faults += [
            f"la colonne « {name} » n’a pas de période, ni la table"
            for name, column in self.colonnes.items()
            if column.periode is None and table.periode is None
        ]
        used = [(column.variable, column.groupe, self.period(column)) for column in self.colonnes.values()]
        twice = sorted(
            {f"{name} ({group}, {year})" for name, group, year in used if used.count((name, group, year)) > 1}
        )
        faults += [f"deux colonnes donnent la même variable : {one}" for one in twice]
        faults += [
            f"la colonne « {name} » est à la fois lue et ignorée" for name in self.colonnes if name in self.ignorer
        ]
        if faults:
            raise ValueError("\n".join(faults))
        return self

    def period(self, column: ColumnSection) -> int | None:
        """Give the year that a column speaks of."""
        return column.periode or self.table.periode

    @property
    def vintage(self) -> int:
        """Give the generation of QPV, or the year of the other codes."""
        return self.table.generation or self.table.millesime or 0

    @property
    def source(self) -> str:
        """Give the name under which the figures enter the tables; never that of a registered source."""
        return f"local_{self.table.nom}"

    @property
    def provenance(self) -> Provenance:
        """Give what is printed under the figures."""
        table = self.table
        return Provenance(
            producer=table.producteur,
            title=table.titre,
            citation=table.citation,
            url=table.adresse,
            licence=table.licence,
            published=table.publie,
        )


def declaration_of(path: Path) -> Path:
    """Give the place of the declaration of a table: beside it, under its whole name and ``.toml``.

    Examples
    --------
    >>> from pathlib import Path
    >>> declaration_of(Path("mission_locale.csv")).name
    'mission_locale.csv.toml'
    """
    return path.with_name(f"{path.name}.toml")


def is_declared(path: Path) -> bool:
    """Say whether a table has its declaration beside it."""
    return declaration_of(path).is_file()


def load(path: Path) -> Declaration:
    """Read and check a declaration.

    Parameters
    ----------
    path
        The TOML file itself.

    Raises
    ------
    ConfigurationError
        When it is not TOML or holds faults: all of them, with the nearest valid word.
    """
    absent = Fault("déclaration introuvable", file=path.name, remedy="posez-la à côté de la table")
    raw = read_toml(path, absent=absent)
    return parse(raw, name=path.name)


def parse(raw: dict[str, Any], *, name: str) -> Declaration:
    """Check a declaration already read from TOML.

    Raises
    ------
    ConfigurationError
        All the faults at once.
    """
    try:
        return Declaration.model_validate(raw)
    except ValidationError as problem:
        faults = [fault for error in problem.errors() for fault in _faults(error, name)]
        raise ConfigurationError(faults) from problem


_SENTENCES: Final = {
    "missing": "clé absente",
    "extra_forbidden": "clé inconnue",
    "literal_error": "valeur non admise",
    "string_pattern_mismatch": "valeur non admise",
    "string_too_short": "texte vide",
    "string_type": "un texte entre guillemets est attendu",
    "int_type": "un nombre entier sans guillemets est attendu",
    "int_parsing": "un nombre entier sans guillemets est attendu",
    "bool_type": "true ou false est attendu",
    "value_error": "texte à compléter",
    "tuple_type": "une liste entre crochets est attendue",
    "too_short": "aucune colonne n’est déclarée",
    "greater_than_equal": "nombre trop petit",
    "less_than_equal": "nombre trop grand",
}
_KNOWN: Final = {
    "": tuple(Declaration.model_fields),
    "table": tuple(TableSection.model_fields),
    "colonnes": tuple(ColumnSection.model_fields),
}


def _faults(error: Any, name: str) -> list[Fault]:  # noqa: ANN401 - pydantic's own dictionary
    place = [str(part) for part in error["loc"]]
    if error["type"] == "value_error" and not place:
        return [
            Fault(line, file=name, remedy="corrigez la déclaration, puis relancez")
            for line in str(error["ctx"]["error"]).splitlines()
        ]
    expected, remedy = _way_out(error, place)
    found = None if error["type"] == "missing" else repr(error["input"])
    if error["type"] == "extra_forbidden":
        found = place[-1]
    return [
        Fault(
            _SENTENCES.get(error["type"], "valeur non admise"),
            file=name,
            column=" > ".join(place),
            expected=expected,
            found=found,
            remedy=remedy,
        )
    ]


def _way_out(error: Any, place: list[str]) -> tuple[str | None, str]:  # noqa: ANN401 - idem
    choices: tuple[str, ...] = ()
    written = str(error["input"])
    if error["type"] == "extra_forbidden":
        choices, written = _KNOWN[place[0] if len(place) > 1 else ""], place[-1]
    elif error["type"] == "literal_error":
        choices = tuple(UNIT_LABELS) if place[-1] == "unite" else ()
    if choices:
        near = _nearest(written, choices)
        return enumeration(
            choices, last="ou"
        ), f"vouliez-vous écrire « {near} » ?" if near else "choisissez un de ces mots"
    if error["type"] == "literal_error":
        return str(error["ctx"]["expected"]).replace(" or ", " ou "), "choisissez l’une de ces valeurs"
    if written.startswith(TO_COMPLETE):
        return None, "remplacez « À COMPLÉTER » par ce que dit le producteur"
    if error["type"] == "string_pattern_mismatch":
        return "des lettres minuscules sans accent, des chiffres et _", "corrigez ce nom"
    return None, "corrigez cette ligne, puis relancez"


def _nearest(word: str, choices: tuple[str, ...]) -> str | None:
    from rapidfuzz import process  # noqa: PLC0415 - only a fault pays for it

    found = process.extractOne(word, choices, score_cutoff=60)
    return None if found is None else str(found[0])
