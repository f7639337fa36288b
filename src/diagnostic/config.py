"""``diagnostic.toml``: what the lead decides, read with every fault at once."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date  # noqa: TC003 - pydantic reads the annotation
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_core import PydanticCustomError

from diagnostic.errors import ConfigurationError, Fault

if TYPE_CHECKING:
    from pathlib import Path

CONFIG_NAME = "diagnostic.toml"
ComparatorKind = Literal[
    "commune", "epci", "unite_urbaine", "departement", "region", "france", "qpv_departement_median",
    "epci_hors_qpv", "commune_hors_qpv", "contrat",
]  # fmt: skip


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TerritorySection(_Section):
    """``[territoire]``: the perimeter, by its codes."""

    nom: str = Field(min_length=1)
    generation: Literal[2015, 2024] = 2015
    epci: list[Annotated[str, Field(pattern=r"^\d{9}$")]] = []
    qpv: list[str] = Field(min_length=1)

    @field_validator("qpv")
    @classmethod
    def _once(cls, codes: list[str]) -> list[str]:
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise PydanticCustomError("twice", "code", {"twice": ", ".join(twice)})
        return codes


class PublicationSection(_Section):
    """``[publication]``: what the documents say of themselves."""

    date_edition: date | None = None
    auteur: str = ""
    commanditaire: str = ""
    version: Literal["courte", "longue"] = "courte"


class ComparatorSection(_Section):
    """``[comparateurs]``: the rules of comparison that the lead may choose."""

    afficher: list[ComparatorKind] = list(get_args(ComparatorKind))


class NetworkSection(_Section):
    """``[reseau]``: how this machine reaches the network; never a password, this file is shared."""

    proxy: str | None = Field(default=None, pattern=r"^https?://[^@\s/]+/?$")
    certificat: str | None = Field(default=None, min_length=1)
    attente: int = Field(default=30, ge=1, le=600)


class Configuration(_Section):
    """The whole of ``diagnostic.toml``.

    ``sources`` chooses an edition by source (``demo = "2021"``); without a line the newest one is shown.
    """

    format: Literal[1] = 1
    territoire: TerritorySection
    publication: PublicationSection = PublicationSection()
    comparateurs: ComparatorSection = ComparatorSection()
    sources: dict[str, str | int] = {}
    reseau: NetworkSection = NetworkSection()


@dataclass(frozen=True, slots=True)
class _Known:
    sections: tuple[str, ...]
    keys: dict[str, tuple[str, ...]]


_KNOWN = _Known(
    sections=tuple(Configuration.model_fields),
    keys={
        "territoire": tuple(TerritorySection.model_fields),
        "publication": tuple(PublicationSection.model_fields),
        "comparateurs": tuple(ComparatorSection.model_fields),
        "reseau": tuple(NetworkSection.model_fields),
    },
)

_SENTENCES = {
    "missing": "rubrique ou clé absente",
    "extra_forbidden": "clé inconnue",
    "literal_error": "valeur non admise",
    "string_type": "un texte entre guillemets est attendu",
    "list_type": "une liste entre crochets est attendue",
    "too_short": "liste vide",
    "string_too_short": "texte vide",
    "string_pattern_mismatch": "adresse non admise (attendu : http://nom:port, sans identifiant ni mot de passe)",
    "twice": "quartier écrit deux fois",
    "int_type": "un nombre entier est attendu",
    "int_parsing": "un nombre entier est attendu",
    "greater_than_equal": "nombre trop petit",
    "less_than_equal": "nombre trop grand",
    "date_from_datetime_parsing": "date illisible",
    "date_parsing": "date illisible",
    "date_type": "date illisible",
    "model_type": "une rubrique entre crochets est attendue",
    "model_attributes_type": "une rubrique entre crochets est attendue",
}


def load_configuration(path: Path) -> Configuration:
    """Read and check ``diagnostic.toml``.

    Parameters
    ----------
    path
        The file itself.

    Returns
    -------
    Configuration
        Frozen values.

    Raises
    ------
    ConfigurationError
        When the file is absent, is not TOML or holds faults: all of them, with the nearest valid key.
    """
    absent = Fault(
        "ce dossier n’est pas un dossier de diagnostic", file=str(path.parent),
        expected=f"un fichier {CONFIG_NAME}", found="aucun",
        remedy="créez le dossier avec « diagnostic init », ou indiquez le bon dossier",
    )  # fmt: skip
    raw = read_toml(path, absent=absent)
    return parse_configuration(raw, name=path.name)


def read_toml(path: Path, *, absent: Fault) -> dict[str, Any]:
    """Read a TOML file that a person wrote.

    Parameters
    ----------
    path
        The file.
    absent
        What to say when it is not there.

    Raises
    ------
    ConfigurationError
        When it is absent, may not be read, is not UTF-8 or is not TOML: then with the line and how to mend it.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as problem:
        raise ConfigurationError(absent) from problem
    except OSError as problem:
        raise ConfigurationError(Fault(
            "fichier impossible à ouvrir", file=str(path),
            remedy="fermez-le s’il est ouvert ailleurs, ou vérifiez vos droits sur le dossier",
        )) from problem  # fmt: skip
    except UnicodeDecodeError as problem:
        raise ConfigurationError(Fault(
            "le fichier n’est pas enregistré en UTF-8", file=path.name, line=1,
            remedy="dans votre éditeur, « Enregistrer sous », encodage UTF-8",
        )) from problem  # fmt: skip
    except tomllib.TOMLDecodeError as problem:
        raise ConfigurationError(_syntax(path, problem)) from problem


def _syntax(path: Path, problem: tomllib.TOMLDecodeError) -> Fault:
    """Say in French at which line a text stops being TOML, and how to mend the usual faults."""
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    stated = re.search(r"at line (\d+)", str(problem))
    line = int(stated.group(1)) if stated else len(lines)
    text = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    if "\\" in text:
        remedy = "une barre oblique inverse ne s’écrit pas entre guillemets : écrivez / à la place de \\"
    elif re.search(r"\d/\d", text):
        remedy = "une date s’écrit sans guillemets, l’année d’abord : 2026-12-31"
    elif "Cannot overwrite" in str(problem) or "twice" in str(problem):
        remedy = "ce nom ou cette rubrique est déjà dans le fichier : gardez-en un seul"
    else:
        remedy = "vérifiez les guillemets, les crochets et le signe = à cette ligne"
    return Fault(
        f"syntaxe illisible à la ligne {line}", file=path.name, line=line, found=text or "une fin inattendue",
        remedy=remedy,
    )  # fmt: skip


def parse_configuration(raw: dict[str, Any], *, name: str = CONFIG_NAME) -> Configuration:
    """Check values already read from TOML.

    Raises
    ------
    ConfigurationError
        All the faults at once.
    """
    try:
        return Configuration.model_validate(raw)
    except ValidationError as problem:
        raise ConfigurationError([_fault(error, name) for error in problem.errors()]) from problem


def _fault(error: Any, name: str) -> Fault:  # noqa: ANN401 - pydantic's own dictionary
    place = [str(part) for part in error["loc"]]
    kind = error["type"]
    key = " > ".join(place)
    remedy = "ajoutez-la, puis relancez" if kind == "missing" else "corrigez cette ligne, puis relancez"
    if kind == "extra_forbidden":
        known = _KNOWN.sections if len(place) == 1 else _KNOWN.keys.get(place[0], ())
        near = get_close_matches(place[-1], known, n=1, cutoff=0.5)
        choices = near or list(known)
        remedy = f"vouliez-vous écrire « {choices[0]} » ?" if near else f"clés admises : {', '.join(choices)}"
    expected = None
    if kind == "literal_error":
        expected = str(error["ctx"]["expected"]).replace(" or ", " ou ")
    silent = kind == "missing" or place[:1] == ["reseau"]  # a proxy may be written with its password
    found = place[-1] if kind == "extra_forbidden" else None if silent else repr(error["input"])
    what = _SENTENCES.get(kind, "valeur non admise")
    if place[:2] == ["territoire", "epci"] and kind == "string_pattern_mismatch":
        what, expected = "ce n’est pas un numéro SIREN", "neuf chiffres entre guillemets"
    if kind == "twice":
        found, remedy = error["ctx"]["twice"], "gardez-en un, à la place que vous voulez sur les cartes"
    return Fault(
        what, file=name, column=key, expected=expected, found=found,
        remedy=remedy,
    )  # fmt: skip


def render_configuration(territory: TerritorySection, edition_date: date) -> str:
    """Write a commented ``diagnostic.toml`` for a territory.

    Parameters
    ----------
    territory
        The perimeter chosen by ``diagnostic init``.
    edition_date
        Date printed on the documents until the lead changes it: a document never reads a clock.

    Returns
    -------
    str
        French TOML that :func:`parse_configuration` reads back equal.
    """
    codes = "\n".join(f'  "{code}",' for code in territory.qpv)
    epci = ", ".join(f'"{code}"' for code in territory.epci)
    return _TEMPLATE.format(
        nom=_quoted(territory.nom),
        generation=territory.generation,
        epci=epci,
        qpv=codes,
        edition_date=edition_date.isoformat(),
    )


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


_TEMPLATE = """\
# Réglages du diagnostic. Les lignes qui commencent par # sont des explications.
# Après une modification, relancez « diagnostic run ».

format = 1

[territoire]
nom = {nom}
# Génération des quartiers prioritaires : 2015 ou 2024. Les deux ne se mélangent jamais.
generation = {generation}
# Intercommunalités (numéro SIREN), entre guillemets.
epci = [{epci}]
# Quartiers, dans l’ordre où ils seront numérotés.
qpv = [
{qpv}
]

[publication]
# Date imprimée sur les documents ; sans elle, le 31 décembre de la plus récente édition ajoutée.
date_edition = {edition_date}
auteur = ""
commanditaire = ""
# « courte » : 12 à 16 pages puis les annexes ; « longue » : tout dans les chapitres.
version = "courte"

[comparateurs]
# À quoi les quartiers sont comparés, quand le chiffre existe.
afficher = [
  "commune", "epci", "unite_urbaine", "departement", "region", "france", "qpv_departement_median",
  "epci_hors_qpv", "commune_hors_qpv", "contrat",
]

[reseau]
# Pour « diagnostic fetch ». Sans ces lignes : les réglages et les certificats de l’ordinateur.
# L’adresse du proxy, sans mot de passe (s’il en faut un, il va dans la variable HTTPS_PROXY) :
# proxy = "http://proxy.exemple:3128"
# Le certificat de la collectivité (fichier PEM), si son proxy déchiffre les échanges :
# certificat = "certificat.pem"
# Secondes sans réponse avant d’abandonner :
# attente = 30

[sources]
# Pour imposer une édition, par exemple :
# insee_qpv_demo = "2021"
"""
