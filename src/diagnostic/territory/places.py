"""Find the territory a lead means: by EPCI, by contrat de ville, or by a list of QPV.

Nothing here needs a file of the user: the dated list that travels with the package is enough, so that a
territory is checked before any data is added. Importing this module loads neither pandas nor geopandas.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from diagnostic.errors import Fault, TerritoryError
from diagnostic.formatting import enumeration, plural
from diagnostic.territory import catalogue
from diagnostic.territory.names import epci_keys, fold, key
from diagnostic.vocabulary import is_fictional

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from diagnostic.config import TerritorySection
    from diagnostic.territory.catalogue import Contract, Epci, Quarter

GENERATIONS = {2015: "QP", 2024: "QN"}
FIRST = 2015
LATER_QUARTERS = (
    "Les contrats 2014-2020 ne connaissent pas les quartiers de 2024 : "
    "ceux de l’intercommunalité, ou de la commune du contrat, sont pris."
)
CODE = re.compile(r"Q[PN][0-9AB]{3}\d{2}[0-9A-Z]$")
SIREN = re.compile(r"\d{9}$")
ACCEPTED = 95
NEAR = 60
SHOWN = 3
ALIKE = 2  # keystrokes between a code and the one that was meant
FICTIONAL_NAME = "Territoire fictif"
NO_EPCI = "vérifiez les neuf chiffres ; sans aucun SIREN, l’intercommunalité des quartiers est prise"


@dataclass(frozen=True, slots=True)
class Territory:
    """The territory of a diagnostic.

    Parameters
    ----------
    name
        As printed.
    generation
        2015 or 2024: one territory never holds two.
    qpv
        QPV codes in list order: the order of the numbers on maps and in tables.
    epci
        SIREN of 2026 first, then the codes under which they were published before.
    communes
        Communes that hold a part of one of its QPV.
    departements, regions
        Codes, in the order in which the QPV bring them.
    main_epci
        SIREN of the EPCI that the diagnostic is about (the one with most QPV for a list of QPV); ``None`` when
        there is none, as in the collectivités d'outre-mer.
    fictional
        Whether the codes belong to the fictional département 099.
    notes
        French sentences: how a name or an old code was read.
    """

    name: str
    generation: int
    qpv: tuple[str, ...]
    epci: tuple[str, ...]
    communes: tuple[str, ...]
    departements: tuple[str, ...]
    regions: tuple[str, ...]
    main_epci: str | None
    fictional: bool = False
    notes: tuple[str, ...] = ()


def resolve(
    *,
    epci: str | None = None,
    contrat: str | None = None,
    qpv: Sequence[str] = (),
    generation: int = 2015,
    setting: str = "--generation {}",
) -> Territory:
    """Find a territory by exactly one of its three descriptions.

    Parameters
    ----------
    epci
        SIREN, of 2026 or older, or name; case, accents and hyphens do not count.
    contrat
        Name or ANCT code (``CV192``) of a contrat de ville 2014-2020.
    qpv
        QPV codes, possibly over several départements; their order is kept.
    generation
        QPV generation, 2015 or 2024.
    setting
        How the reader of a message chooses the other generation, ``{}`` its year.

    Returns
    -------
    Territory
        Ready for :func:`diagnostic.territory.assembly.assemble`.

    Raises
    ------
    TerritoryError
        When the description is absent, double, unknown, ambiguous or of another generation; all faults at once,
        with the nearest names. A near name is accepted alone from 95 on a scale of 100, never under.

    Examples
    --------
    >>> lille = resolve(epci="245900410")
    >>> lille.name, len(lille.qpv), lille.main_epci
    ('Métropole Européenne de Lille', 26, '200093201')
    >>> resolve(qpv=["QP059074", "QP062035"]).departements
    ('59', '62')
    """
    if generation not in GENERATIONS:
        raise TerritoryError(
            Fault(
                "génération de quartiers inconnue",
                expected="2015 ou 2024",
                found=str(generation),
                remedy="écrivez 2015 (tables de l’Insee les plus nombreuses) ou 2024",
            )
        )
    given = [name for name, value in (("epci", epci), ("contrat", contrat), ("qpv", qpv)) if value]
    if len(given) != 1:
        raise TerritoryError(
            Fault(
                "territoire mal désigné",
                expected="une seule des trois désignations : epci, contrat ou qpv",
                found=enumeration(given) or "aucune",
                remedy="gardez-en une",
            )
        )
    if epci:
        return _of_epci(epci.strip(), generation, setting)
    if contrat:
        return _of_contract(contrat.strip(), generation)
    return _of_quarters(qpv, generation, setting)


def declared(section: TerritorySection, *, file: str) -> Territory:
    """Give the territory that a configuration describes by its codes.

    Parameters
    ----------
    section
        As a person may have changed it by hand.
    file
        Name of the configuration, for the messages.

    Raises
    ------
    TerritoryError
        When a QPV or a SIREN is unknown, or a QPV of another generation: all of them at once, each with the key of
        the configuration and the nearest codes.
    """
    faults: list[Fault] = []
    near: tuple[str, ...] = ()
    setting = "generation = {} dans [territoire]"
    try:
        found = resolve(qpv=section.qpv, generation=section.generation, setting=setting)
        near = found.epci
    except TerritoryError as problem:
        faults += [replace(fault, file=file, column="territoire > qpv") for fault in problem.faults]
    published = {*catalogue.epcis(), *(row.published for row in catalogue.epci_codes())}
    faults += [
        replace(_unknown_epci(code, near=near), file=file, column="territoire > epci", remedy=NO_EPCI)
        for code in section.epci if code not in published and not is_fictional("epci", code)
    ]  # fmt: skip
    if faults:
        raise TerritoryError(faults)
    main = section.epci[0] if section.epci else found.main_epci
    epci = tuple(dict.fromkeys([*section.epci, *found.epci]))
    return replace(found, name=section.nom, main_epci=main, epci=epci)


def _of_epci(text: str, generation: int, setting: str) -> Territory:
    digits = text.replace(" ", "").replace("\u00a0", "")
    if SIREN.match(digits):
        if is_fictional("epci", digits):
            return Territory(
                FICTIONAL_NAME, generation, (), (digits,), (), ("99",), ("99",), digits, fictional=True
            )
        body, notes = _epci_by_code(digits)
    else:
        body, notes = _epci_by_name(text)
    places = [row for row in catalogue.quarters(generation).values() if body.code in row.epci]
    if not places:
        raise TerritoryError(
            Fault(
                f"{body.label} ({body.code}) n’a aucun quartier prioritaire de la génération {generation}",
                remedy=_other_generation(body, generation, setting),
            )
        )
    ordered = tuple(row.code for row in _by_commune(places, body.code))
    return _territory(body.label, generation, ordered, main=body.code, notes=notes)


def _other_generation(body: Epci, generation: int, setting: str) -> str:
    other = next(year for year in GENERATIONS if year != generation)
    count = sum(body.code in row.epci for row in catalogue.quarters(other).values())
    if count:
        return f"la génération {other} en compte {count} : ajoutez {setting.format(other)}"
    return "vérifiez l’intercommunalité, ou donnez la liste des quartiers avec --qpv"


def _epci_by_code(code: str) -> tuple[Epci, tuple[str, ...]]:
    bodies = catalogue.epcis()
    if code in bodies:
        return bodies[code], ()
    aliases = [row for row in catalogue.epci_codes() if row.published == code]
    if not aliases:
        raise TerritoryError(_unknown_epci(code))
    if len(aliases) > 1:
        names = [f"{bodies[row.canonical].label} ({row.canonical})" for row in aliases]
        raise TerritoryError(
            Fault(
                f"les communes de l’ancienne intercommunalité {code} sont aujourd’hui dans plusieurs",
                found=enumeration(names),
                remedy="choisissez l’une d’elles",
            )
        )
    body = bodies[aliases[0].canonical]
    return body, (f"{code} est un ancien code : l’intercommunalité est aujourd’hui {body.label} ({body.code}).",)


def _unknown_epci(code: str, *, near: Sequence[str] = ()) -> Fault:
    bodies = catalogue.epcis()
    known = [*(one for one in near if one in bodies), *_alike(code, list(bodies))]
    shown = enumeration([f"{one} ({bodies[one].label})" for one in dict.fromkeys(known)], last="ou")
    return Fault(
        f"aucune intercommunalité ne porte le SIREN {code}",
        expected=shown or "un SIREN d’intercommunalité de 2026, de 2020 ou de 2015",
        remedy="vérifiez les neuf chiffres, ou écrivez le nom",
    )


def _alike(code: str, codes: list[str]) -> list[str]:
    """Give the codes that a slip of the hand away would have been this one, the nearest first."""
    from rapidfuzz import process  # noqa: PLC0415 - only an unknown code pays for it
    from rapidfuzz.distance import DamerauLevenshtein  # noqa: PLC0415 - idem

    near = process.extract(code, codes, scorer=DamerauLevenshtein.distance, limit=SHOWN, score_cutoff=ALIKE)
    return [str(found) for found, _, _ in near]


def _epci_by_name(text: str) -> tuple[Epci, tuple[str, ...]]:
    bodies = list(catalogue.epcis().values())
    whole, bare = epci_keys(text)
    keys = {body.code: epci_keys(body.label) for body in bodies}
    exact = [body for body in bodies if keys[body.code][0] == whole]
    if not exact and whole == bare:  # "Cambrai" may stand for "CA de Cambrai", "CC de Cambrai" may not
        exact = [body for body in bodies if keys[body.code][1] == bare]
    if len(exact) == 1:
        return exact[0], ()
    labels = [(body.code, body.label) for body in exact or bodies]
    homes = _homes_of_commune(text) if not exact else []
    if homes:
        raise TerritoryError(
            Fault(
                f"« {text} » est le nom d’une commune",
                expected="une intercommunalité",
                found=enumeration([f"{home.label} ({home.code})" for home in homes], last="ou"),
                remedy="écrivez ce nom ou ce code si c’est bien elle",
            )
        )
    code, notes = _near(text, labels, kind="intercommunalité", ambiguous=bool(exact))
    return catalogue.epcis()[code], notes


def _homes_of_commune(text: str) -> list[Epci]:
    wanted = key(text)
    codes = {town.epci for town in catalogue.communes().values() if key(town.label) == wanted}
    return [catalogue.epcis()[code] for code in sorted(codes - {""})]


def _near(text: str, labels: list[tuple[str, str]], *, kind: str, ambiguous: bool) -> tuple[str, tuple[str, ...]]:
    """Accept the only name at 95 and more, else refuse with the nearest names."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - only names that fail an exact match pay for it

    choices = {code: fold(label) for code, label in labels}
    found = process.extract(fold(text), choices, scorer=fuzz.ratio, limit=SHOWN, score_cutoff=ACCEPTED)
    names = dict(labels)
    if len(found) == 1 and not ambiguous:
        code = str(found[0][2])
        return code, (f"« {text} » a été lu comme « {names[code]} » ({code}).",)
    near = labels[:SHOWN]
    if not ambiguous:
        wanted = fold(text)
        likeness = {
            code: (fuzz.token_set_ratio(wanted, choice) + fuzz.ratio(wanted, choice)) / 2
            for code, choice in choices.items()
        }
        best = sorted(likeness, key=lambda code: (-likeness[code], code))[:SHOWN]
        near = [(code, names[code]) for code in best if likeness[code] >= NEAR]
    shown = enumeration([f"{label} ({code})" for code, label in near], last="ou")
    raise TerritoryError(
        Fault(
            f"plusieurs désignations possibles pour « {text} »"
            if ambiguous
            else f"{kind} « {text} » inconnu" + ("e" if kind == "intercommunalité" else ""),
            expected=shown or None,
            remedy="écrivez l’un de ces codes ou de ces noms" if shown else "écrivez le nom complet ou le code",
        )
    )


def _of_contract(text: str, generation: int) -> Territory:
    every = catalogue.contracts()
    wanted = epci_keys(text)[0]
    exact = [row for row in every if key(text) == row.code.casefold() or wanted == epci_keys(row.label)[0]]
    notes: tuple[str, ...] = ()
    if len(exact) == 1:
        contract = exact[0]
    else:
        labels = [(row.code, row.label) for row in exact or every]
        code, notes = _near(text, labels, kind="contrat de ville", ambiguous=bool(exact))
        contract = next(row for row in every if row.code == code)
    places = _contract_quarters(contract, generation)
    if not places:
        raise TerritoryError(
            Fault(
                f"le contrat « {contract.label} » n’a aucun quartier connu de la génération {generation}",
                remedy="donnez la liste de ses quartiers avec --qpv",
            )
        )
    main = contract.epci[0] if contract.epci else None
    if generation != FIRST:
        notes += (LATER_QUARTERS,)
    ordered = tuple(row.code for row in _by_commune(places, main))
    return _territory(contract.label, generation, ordered, main=main, notes=notes)


def _contract_quarters(contract: Contract, generation: int) -> list[Quarter]:
    """Give the contract's QPV; in 2024, those of its EPCI, or of its commune when it is a commune's contract."""
    every = catalogue.quarters(generation)
    if generation == FIRST:
        return [every[code] for code in contract.quarters]
    if SIREN.match(contract.published):
        return [row for row in every.values() if set(row.epci) & set(contract.epci)]
    return [row for row in every.values() if contract.published in row.communes]


def _of_quarters(codes: Sequence[str], generation: int, setting: str) -> Territory:
    listed = list(dict.fromkeys(code.strip().upper() for code in codes))
    every = catalogue.quarters(generation)
    faults = [fault for code in listed if (fault := _quarter_fault(code, generation, setting))]
    fictional = [code for code in listed if is_fictional("qpv", code)]
    if fictional and len(fictional) != len(listed):
        faults.append(
            Fault(
                "des quartiers fictifs et des quartiers réels dans la même liste",
                found=enumeration(fictional),
                remedy="séparez-les : les données fictives ne se mêlent à aucune autre",
            )
        )
    if faults:
        raise TerritoryError(faults)
    if fictional:
        return Territory(FICTIONAL_NAME, generation, tuple(listed), (), (), ("99",), ("99",), None, fictional=True)
    homes = [code for place in listed for code in every[place].epci]
    main = max(dict.fromkeys(homes), key=homes.count) if homes else None
    return _territory(_list_name([every[code] for code in listed]), generation, tuple(listed), main=main, notes=())


def _list_name(places: list[Quarter]) -> str:
    """Name a list of QPV by its communes, as long as they fit on a cover."""
    if len(places) == 1:
        return places[0].label
    towns = list(dict.fromkeys(label for place in places for label in place.commune_labels[:1]))
    shown = ", ".join(towns) if len(towns) <= SHOWN else plural(len(towns), "commune")
    return f"{plural(len(places), 'quartier')} ({shown})"


def _quarter_fault(code: str, generation: int, setting: str) -> Fault | None:
    every = catalogue.quarters(generation)
    if code in every or (is_fictional("qpv", code) and code.startswith(GENERATIONS[generation])):
        return None
    other = next(year for year in GENERATIONS if year != generation)
    if code in catalogue.quarters(other) or (is_fictional("qpv", code) and CODE.match(code)):
        return Fault(
            f"le quartier {code} est de la génération {other}, le territoire de la génération {generation}",
            remedy=f"donnez des codes {GENERATIONS[generation]}…, ou {setting.format(other)} pour toute la liste",
        )
    near = _alike(code, list(every))
    names = [f"{found} ({every[found].label}, {every[found].commune_labels[0]})" for found in near]
    return Fault(
        f"le quartier {code} n’existe pas dans la génération {generation}",
        expected=enumeration(names, last="ou") or f"un code {GENERATIONS[generation]}…",
        remedy="vérifiez le code sur la liste de l’ANCT",
    )


def _by_commune(places: Iterable[Quarter], main: str | None) -> list[Quarter]:
    """Sort by the name of the first commune that lies in the EPCI, then by official code."""
    towns = catalogue.communes()

    def rank(place: Quarter) -> tuple[str, str]:
        inside = [code for code in place.communes if code in towns and towns[code].epci == main]
        first = towns[inside[0]].label if inside else (place.commune_labels or ("",))[0]
        return key(first), place.code

    return sorted(places, key=rank)


def _territory(
    name: str, generation: int, codes: tuple[str, ...], *, main: str | None, notes: tuple[str, ...]
) -> Territory:
    every = catalogue.quarters(generation)
    places = [every[code] for code in codes]
    homes = list(dict.fromkeys([main] if main else []) | dict.fromkeys(_flat(place.epci for place in places)))
    former = _flat(catalogue.epcis()[code].former for code in homes)
    departements = _flat(place.departements for place in places)
    return Territory(
        name=name,
        generation=generation,
        qpv=codes,
        epci=tuple(dict.fromkeys([*homes, *former])),
        communes=_flat(place.communes for place in places),
        departements=departements,
        regions=tuple(dict.fromkeys(filter(None, (_region(code) for code in departements)))),
        main_epci=main,
        notes=notes,
    )


def _flat(groups: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for group in groups for item in group))


def _region(departement: str) -> str:
    return catalogue.departements().get(departement, ("", ""))[1]
