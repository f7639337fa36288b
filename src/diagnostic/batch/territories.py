"""Which territories a batch is made of: a list, a region, the country; and the share of one machine."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from diagnostic.errors import ConfigurationError, Fault, TerritoryError
from diagnostic.formatting import enumeration
from diagnostic.territory import catalogue
from diagnostic.territory.names import fold
from diagnostic.territory.places import CODE, resolve

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from diagnostic.territory.places import Territory

_CONTRACT: Final = re.compile(r"CV\d+$", re.IGNORECASE)
_SEPARATORS: Final = re.compile(r"[,;\s]+")
_NAMED: Final = 40  # characters of a name in the name of a folder: Windows counts 260 for a whole path
_DIGITS: Final = 8


@dataclass(frozen=True, slots=True)
class Member:
    """A territory of a batch.

    Parameters
    ----------
    name
        Name of its folder: a code, then what is left of its name in plain letters.
    territory
        What it is.
    """

    name: str
    territory: Territory


def read_list(path: Path, *, generation: int) -> tuple[Member, ...]:
    """Read a list of territories, one a line.

    Parameters
    ----------
    path
        UTF-8 text. A line is a SIREN or the name of an EPCI, the code (``CV192``) or the name of a contrat de
        ville, or QPV codes separated by commas. Empty lines and those that begin with ``#`` are passed over.
    generation
        QPV generation, 2015 or 2024.

    Returns
    -------
    tuple of Member
        Each territory once, in the order of the list.

    Raises
    ------
    ConfigurationError
        When the file cannot be read or names nothing.
    TerritoryError
        When a line is unknown or ambiguous: all of them at once, each with its line.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError as problem:
        raise ConfigurationError(
            Fault("liste introuvable", file=str(path), remedy="vérifiez le chemin")
        ) from problem
    except UnicodeDecodeError as problem:
        raise ConfigurationError(Fault(
            "le fichier n’est pas enregistré en UTF-8", file=path.name,
            remedy="dans votre éditeur, « Enregistrer sous », encodage UTF-8",
        )) from problem  # fmt: skip
    found: list[Member] = []
    faults: list[Fault] = []
    for number, line in enumerate(lines, start=1):
        text = line.strip().strip('"').strip()
        if not text or text.startswith("#"):
            continue
        try:
            found.append(_member(text, generation))
        except TerritoryError as problem:
            faults += [replace(fault, file=path.name, line=number) for fault in problem.faults]
    if faults:
        raise TerritoryError(faults)
    return _once(found, where=path.name)


def in_regions(codes: Iterable[str], *, generation: int) -> tuple[Member, ...]:
    """Give every territory that holds a QPV of some regions.

    Parameters
    ----------
    codes
        Codes of regions (``"32"``); empty for the whole country.
    generation
        QPV generation, 2015 or 2024.

    Returns
    -------
    tuple of Member
        EPCI in the order of their SIREN, then, where there are none, one territory a collectivité d'outre-mer.

    Raises
    ------
    TerritoryError
        When a region is unknown, all of them at once, or holds no QPV.

    Examples
    --------
    >>> len(in_regions(["32"], generation=2015)), len(in_regions(["32"], generation=2024))
    (40, 39)
    """
    wanted = tuple(codes)
    regions = catalogue.regions()
    faults = [
        Fault(
            f"la région {code} n’existe pas", expected=enumeration([f"{key} ({regions[key]})" for key in regions]),
            remedy="écrivez l’un de ces codes",
        )
        for code in wanted
        if code not in regions
    ]  # fmt: skip
    if faults:
        raise TerritoryError(faults)
    places = [one for one in catalogue.quarters(generation).values() if not wanted or one.region in wanted]
    bodies = catalogue.epcis()
    codes_held = sorted({code for one in places for code in one.epci})
    found = [_member(code, generation) for code in codes_held if not wanted or bodies[code].region in wanted]
    apart = [one for one in places if not one.epci]
    for departement in sorted({one.departements[0] for one in apart}):
        own = [one.code for one in apart if one.departements[0] == departement]
        label = catalogue.departements().get(departement, (f"Collectivité {departement}", ""))[0]
        territory = replace(resolve(qpv=own, generation=generation), name=label)
        found.append(Member(folder_name(departement, label), territory))
    return _once(found, where=enumeration(wanted) or "France")


def share(members: Iterable[Member], *, part: int, parts: int) -> tuple[Member, ...]:
    """Give the share of one machine: the same for every machine that is given the same list.

    Parameters
    ----------
    members
        The whole batch.
    part, parts
        Which share, from 1, of how many.

    Returns
    -------
    tuple of Member
        Shares are disjoint, together they are the whole, and they hold about as many quarters each.

    Raises
    ------
    ConfigurationError
        When there is no such share.

    Examples
    --------
    >>> whole = in_regions(["32"], generation=2015)
    >>> shares = [share(whole, part=part, parts=3) for part in (1, 2, 3)]
    >>> sorted(one.name for each in shares for one in each) == [one.name for one in whole]
    True
    """
    if not 1 <= part <= parts:
        raise ConfigurationError(Fault(
            "part inconnue", column="--part", expected="n/N, avec n de 1 à N", found=f"{part}/{parts}",
            remedy="écrivez par exemple 2/8 : la deuxième de huit parts",
        ))  # fmt: skip
    dealt = heaviest_first(members)[part - 1 :: parts]
    return tuple(sorted(dealt, key=lambda one: one.name))


def heaviest_first(members: Iterable[Member]) -> list[Member]:
    """Sort by number of quarters: long work begun early leaves no process waiting at the end."""
    return sorted(members, key=lambda one: (-len(one.territory.qpv), one.name))


def folder_name(code: str, label: str) -> str:
    """Name the folder of a territory so that every system can write it.

    Examples
    --------
    >>> folder_name("200093201", "Métropole Européenne de Lille")
    '200093201-metropole-europeenne-de-lille'
    """
    letters = re.sub(r"[^a-z0-9]+", "-", fold(label)).strip("-")[:_NAMED].strip("-")
    return f"{code.lower()}-{letters}"


def _member(text: str, generation: int) -> Member:
    codes = [code.upper() for code in _SEPARATORS.split(text) if code]
    if all(CODE.match(code) for code in codes):
        territory = resolve(qpv=codes, generation=generation)
        digest = hashlib.sha256(" ".join(territory.qpv).encode()).hexdigest()[:_DIGITS]
        return Member(folder_name(f"{territory.qpv[0]}-{digest}", territory.name), territory)
    if _CONTRACT.match(text):
        territory = resolve(contrat=text, generation=generation)
        return Member(folder_name(text, territory.name), territory)
    return _named(text, generation)


def _named(text: str, generation: int) -> Member:
    """Read the name or the code of an EPCI, else the name of a contract; an unknown name is told as an EPCI's."""
    try:
        territory = resolve(epci=text, generation=generation)
    except TerritoryError as unknown:
        try:
            territory = resolve(contrat=text, generation=generation)
        except TerritoryError:
            raise unknown from None
        contract = next(one for one in catalogue.contracts() if one.label == territory.name)
        return Member(folder_name(contract.code, territory.name), territory)
    return Member(folder_name(territory.main_epci or territory.epci[0], territory.name), territory)


def _once(members: list[Member], *, where: str) -> tuple[Member, ...]:
    if not members:
        raise ConfigurationError(Fault(
            "aucun territoire", file=where, expected="au moins un territoire qui a un quartier prioritaire",
            remedy="écrivez un territoire par ligne : un SIREN, un nom, ou des codes de quartiers",
        ))  # fmt: skip
    return tuple({one.name: one for one in members}.values())
