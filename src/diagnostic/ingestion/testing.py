"""A testing campaign as its authors keep it: a csv of applications, and a declaration of what its columns mean.

Offers and the people or agencies behind them are named in the file only: what is read holds numbers instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final, Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from diagnostic.action_model import choices, label_of
from diagnostic.config import read_toml
from diagnostic.errors import ConfigurationError, Fault, InputError
from diagnostic.formatting import enumeration, number, plural, typographic
from diagnostic.ingestion.document import open_document
from diagnostic.ingestion.headings import column_of
from diagnostic.ingestion.tabular import read_table
from diagnostic.schemas import CARD_COLUMNS
from diagnostic.territory.names import key

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from diagnostic.ingestion.tabular import Table

DECLARATION_NAME: Final = "testing.toml"
OFFER, ANSWER, SECTOR = "offer", "callback", "sector"
_SHOWN: Final = 8
_SECTORS: Final = 12  # more than that are names of agencies or of employers

Text = Annotated[str, Field(min_length=1)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CampaignSection(_Section):
    """``[testing]``: what was tested, when, and where it stands in the file.

    ``favorable`` and ``defavorable`` list every answer of the column ``reponse``; ``secteur`` names the only other
    column that may be published; ``ignorer`` the columns that are never read. ``plusieurs`` says what to do when
    an offer received one type of candidate more than once.
    """

    titre: Text
    domaine: Text
    periode: Text
    source: Text
    fichier: Text
    offre: Text
    reponse: Text
    favorable: Annotated[tuple[str, ...], Field(min_length=1)]
    defavorable: Annotated[tuple[str, ...], Field(min_length=1)]
    secteur: str = ""
    ignorer: tuple[str, ...] = ()
    plusieurs: Literal["refuser", "moyenne"] = "refuser"


class Declaration(_Section):
    """A whole ``testing.toml``: campaign, traits of the reference candidate, criterion behind each trait."""

    testing: CampaignSection
    reference: Annotated[dict[str, Text], Field(min_length=1)]
    criteres: dict[str, Text]


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign without the name of an offer.

    Parameters
    ----------
    declaration
        What the authors declare.
    applications
        One row an application: ``offer`` a number, ``sector``, one column a trait, ``callback`` whether the answer
        was favourable. Offers of one application alone are kept: comparisons match.
    unpaired
        Offers that only one type of candidate answered, by the type that answered.
    notes
        French sentences on what the file lacks.
    """

    declaration: Declaration
    applications: pd.DataFrame
    unpaired: pd.Series[int]
    notes: tuple[str, ...]


def load_declaration(path: Path) -> Declaration:
    """Read a declaration.

    Raises
    ------
    ConfigurationError
        With all its faults.
    """
    absent = Fault("déclaration introuvable", file=path.name, remedy="posez testing.toml à côté du csv")
    try:
        found = Declaration.model_validate(read_toml(path, absent=absent))
    except ValidationError as problem:
        raise ConfigurationError([_fault(error, path.name) for error in problem.errors()]) from problem
    criteria = _codes("criteres")
    named = [("critère", f"criteres > {trait}", slug, criteria) for trait, slug in found.criteres.items()]
    faults = [
        Fault(f"{what} inconnu", file=path.name, column=place, found=word, expected=", ".join(sorted(listed)),
              remedy="écrivez un mot de la liste")
        for what, place, word, listed in (
            ("domaine", "testing > domaine", found.testing.domaine, _codes("domaines")),
            *named,
        ) if word not in listed
    ]  # fmt: skip
    if set(found.criteres) != set(found.reference):
        faults.append(Fault(
            "[reference] et [criteres] ne nomment pas les mêmes traits", file=path.name,
            expected=enumeration(found.reference), found=enumeration(found.criteres) or "aucun",
            remedy="donnez à chaque trait sa valeur de référence et son critère",
        ))  # fmt: skip
    if faults:
        raise ConfigurationError(faults)
    return found


def _codes(name: str) -> set[str]:
    return {one.code for one in choices(name)}


_SENTENCES: Final = {"missing": "clé absente", "extra_forbidden": "clé inconnue"}


def _fault(error: Any, name: str) -> Fault:  # noqa: ANN401 - pydantic's own dictionary
    place = [str(part) for part in error["loc"]]
    known = {"": Declaration.model_fields, "testing": CampaignSection.model_fields}
    section = place[0] if len(place) > 1 else ""
    return Fault(
        _SENTENCES.get(error["type"], "valeur non admise"), file=name, column=" > ".join(place),
        expected=", ".join(known.get(section, ())), remedy="corrigez cette ligne, puis relancez",
    )  # fmt: skip


def read_campaign(declaration: Path) -> Campaign:
    """Read a campaign from its declaration.

    Parameters
    ----------
    declaration
        ``testing.toml``; the csv that it names lies beside it.

    Returns
    -------
    Campaign
        Nothing in it names an offer, an agency or a person.

    Raises
    ------
    ConfigurationError
        When the declaration has faults.
    InputError
        When a column lacks or is not declared, an answer is unknown, no application is the reference candidate's,
        or an offer received one type of candidate twice; lines are named, offers are not.
    """
    declared = load_declaration(declaration)
    document = open_document(declaration.parent / declared.testing.fichier)
    traits = list(declared.reference)
    table = read_table(document, [declared.testing.offre, declared.testing.reponse])
    columns = _columns(table, declared)
    frame = table.frame.rename(columns={given: name for name, given in columns.items()})
    frame = frame[[name for name in (OFFER, SECTOR, *traits, ANSWER) if name in columns]]
    frame = frame.apply(lambda column: column.str.strip())
    faults = [
        *_empty(table, frame, columns),
        *_answers(table, frame, declared),
        *_reference(table, frame, declared),
        *_sectors(table, frame, declared),
    ]
    if declared.testing.plusieurs == "refuser":
        faults += _repeated(table, frame, traits)
    if faults:
        raise InputError(faults)
    favourable = {key(word) for word in declared.testing.favorable}
    applications = frame.assign(**{
        OFFER: pd.factorize(frame[OFFER])[0] + 1, ANSWER: frame[ANSWER].map(key).isin(favourable),
        SECTOR: frame.get(SECTOR, ""),
    }).reset_index(drop=True)[[OFFER, SECTOR, *traits, ANSWER]]  # fmt: skip
    unpaired, notes = _unpaired(table, frame, traits)
    return Campaign(declared, applications, unpaired, notes)


def _columns(table: Table, declared: Declaration) -> dict[Hashable, str]:
    """Give the column of the file behind each of ours; a column that nobody declared is a fault."""
    wanted = {OFFER: declared.testing.offre, ANSWER: declared.testing.reponse}
    wanted |= {trait: trait for trait in declared.reference}
    if declared.testing.secteur:
        wanted[SECTOR] = declared.testing.secteur
    found = {name: column_of(table.frame.columns, given) for name, given in wanted.items()}
    names = [str(name) for name in table.frame.columns]
    ignored = {key(name) for name in declared.testing.ignorer}
    faults = [
        table.fault("colonne absente", line=table.header_line, column=wanted[name], expected=", ".join(names),
                    remedy=f"corrigez {DECLARATION_NAME}")
        for name, given in found.items() if given is None
    ] + [
        table.fault("colonne que la déclaration ne nomme pas", line=table.header_line, column=name,
                    remedy=f"ajoutez-la à « ignorer » dans {DECLARATION_NAME}, ou déclarez-la comme trait")
        for name in names if name not in found.values() and key(name) not in ignored
    ]  # fmt: skip
    if faults:
        raise InputError(faults)
    return {name: given for name, given in found.items() if given is not None}


def _empty(table: Table, frame: pd.DataFrame, columns: Mapping[Hashable, str]) -> list[Fault]:
    return [
        table.fault("cases vides", column=columns[name], found=_lines(frame.index[frame[name] == ""]),
                    remedy="une candidature dont on ne connaît pas tout se retire du fichier, et se compte")
        for name in frame if (frame[name] == "").any() and name != SECTOR
    ]  # fmt: skip


def _answers(table: Table, frame: pd.DataFrame, declared: Declaration) -> list[Fault]:
    section = declared.testing
    known = {key(word) for word in (*section.favorable, *section.defavorable)}
    strange = frame.loc[~frame[ANSWER].map(key).isin(known) & frame[ANSWER].ne(""), ANSWER]
    return [
        table.fault("réponse inconnue", column=section.reponse, found=f"« {word} », {_lines(rows.index)}",
                    expected=", ".join((*section.favorable, *section.defavorable)),
                    remedy=f"rangez-la dans « favorable » ou « defavorable » de {DECLARATION_NAME}")
        for word, rows in strange.groupby(strange)
    ]  # fmt: skip


def _reference(table: Table, frame: pd.DataFrame, declared: Declaration) -> list[Fault]:
    is_reference = pd.Series(data=True, index=frame.index)
    for trait, value in declared.reference.items():
        is_reference &= frame[trait].eq(value)
    if is_reference.any():
        return []
    types = frame[list(declared.reference)].drop_duplicates().agg(" · ".join, axis="columns")
    return [table.fault(
        "candidat de référence absent du fichier", found=" ; ".join(types[:_SHOWN]),
        expected=" · ".join(declared.reference.values()),
        remedy=f"corrigez [reference] dans {DECLARATION_NAME} : sans lui, rien ne se compare",
    )]  # fmt: skip


def _sectors(table: Table, frame: pd.DataFrame, declared: Declaration) -> list[Fault]:
    """Refuse a column that names organisations: there are few sectors, each of several offers."""
    many = 0 if SECTOR not in frame else frame.loc[frame[SECTOR] != "", SECTOR].nunique()
    if many <= _SECTORS:
        return []
    return [table.fault(
        "trop de secteurs pour que ce ne soit pas des noms", column=declared.testing.secteur,
        expected=f"{_SECTORS} secteurs au plus, chacun de plusieurs organismes", found=f"{many} secteurs",
        remedy=f"regroupez-les ; une colonne qui nomme des organismes va dans « ignorer » de {DECLARATION_NAME}",
    )]  # fmt: skip


def _repeated(table: Table, frame: pd.DataFrame, traits: Sequence[str]) -> list[Fault]:
    twice = frame.duplicated([OFFER, *traits], keep=False)
    if not twice.any():
        return []
    return [table.fault(
        "des offres ont reçu plusieurs candidatures du même type", found=_lines(frame.index[twice]),
        expected="une candidature de chaque type par offre",
        remedy=f'ajoutez le trait qui les distingue, ou écrivez plusieurs = "moyenne" dans {DECLARATION_NAME} ; '
        "garder la meilleure réponse créerait un écart",
    )]  # fmt: skip


def card(campaign: Campaign) -> pd.DataFrame:
    """Say what a campaign is, columns ``schemas.CARD_COLUMNS``: printed with its figures."""
    section = campaign.declaration.testing
    reference = campaign.declaration.reference
    offers = campaign.applications[OFFER].nunique()
    entries = {
        "Campagne": section.titre, "Domaine": label_of("domaines", section.domaine), "Période": section.periode,
        "Source": section.source,
        "Candidat de référence": enumeration(f"{trait} : {value}" for trait, value in reference.items()),
        "Candidatures": number(len(campaign.applications)), "Offres testées": number(offers),
        "Offres sans paire": number(int(campaign.unpaired.sum())),
        "Réponse favorable": enumeration(f"« {word} »" for word in section.favorable),
        "Plusieurs candidatures du même type": "moyenne de leurs réponses" if section.plusieurs == "moyenne"
        else "aucune",
    }  # fmt: skip
    rows = [(rank, entry, typographic(text)) for rank, (entry, text) in enumerate(entries.items(), start=1)]
    return pd.DataFrame(rows, columns=CARD_COLUMNS)


def _unpaired(table: Table, frame: pd.DataFrame, traits: Sequence[str]) -> tuple[pd.Series[int], tuple[str, ...]]:
    """Count the offers that a single type of candidate answered, and name their lines."""
    types = frame[list(traits)].agg(" · ".join, axis="columns")
    alone = types.groupby(frame[OFFER]).transform("nunique") == 1
    counts = frame[alone].drop_duplicates(OFFER).assign(type=types)["type"].value_counts().sort_index()
    if counts.empty:
        return counts, ()
    said = enumeration(f"{name} ({count})" for name, count in counts.items())
    how_many = plural(int(counts.sum()), "offre sans paire", "offres sans paire")
    where = f"fichier « {table.file} », {_lines(frame.index[alone])}"
    return counts, (f"{how_many}, hors des comparaisons : {said} ; {where}.",)


def _lines(lines: Iterable[object]) -> str:
    listed = [str(line) for line in lines]
    more = f" et {len(listed) - _SHOWN} autres" if len(listed) > _SHOWN else ""
    return f"{'ligne' if len(listed) == 1 else 'lignes'} {', '.join(listed[:_SHOWN])}{more}"
