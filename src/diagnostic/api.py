"""What a colleague imports: the tables of a working folder."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import date
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

from diagnostic.analysis.disclosure.public import Identity, PublicTables
from diagnostic.errors import Fault, InputError, WorkspaceError
from diagnostic.formatting import plural
from diagnostic.ingestion.store import read_table
from diagnostic.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd

IDENTITY_NAME: Final = "identite.json"
PUBLIC_TABLES: Final = (
    "territories",
    "indicators",
    "gaps",
    "findings",
    "catalogue",
    "sources",
    "hidden",
    "estimates",
    "card",
    "trends",
    "worsening",
    "neighbours",
    "evidence",
    "blind_spots",
    "crossings",
    "crossing_catalogue",
    "coverage",
    "unknowns",
    "counterparts",
    "outlines",
    "carried",
    "actions",
    "action_coverage",
    "action_levels",
    "action_quarters",
    "action_money",
    "action_reasons",
    "action_figures",
    "action_spots",
    "testing",
    "testing_effects",
    "testing_card",
    "testing_power",
    "recourse",
    "access",
    "ptlcd",
    "offer",
)
MEASURES: Final = "measures"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """The tables of one territory.

    Parameters
    ----------
    public
        What may be published; its tables are also given here by name.
    measures
        Figures as they were read, columns ``schemas.MEASURE_COLUMNS``.
    restricted
        Tables that may not leave the machine, by name; empty when they were not asked for.
    """

    public: PublicTables
    measures: pd.DataFrame
    restricted: Mapping[str, pd.DataFrame] = field(default_factory=dict, repr=False)

    @property
    def identity(self) -> Identity:
        """Name, generation and date of the territory."""
        return self.public.identity

    @property
    def territories(self) -> gpd.GeoDataFrame:
        """Neighbourhoods in list order, then communes; columns ``schemas.TERRITORY_COLUMNS``, EPSG:4326."""
        return self.public.territories

    @property
    def indicators(self) -> pd.DataFrame:
        """One row an indicator, a place, a group and a period; columns ``schemas.INDICATOR_COLUMNS``."""
        return self.public.indicators

    @property
    def gaps(self) -> pd.DataFrame:
        """One row an indicator and a comparator; columns ``schemas.GAP_COLUMNS``."""
        return self.public.gaps

    @property
    def findings(self) -> pd.DataFrame:
        """What the document says first; columns ``schemas.FINDING_COLUMNS``."""
        return self.public.findings

    @property
    def estimates(self) -> pd.DataFrame:
        """What residents declare, protected; columns ``schemas.ESTIMATE_COLUMNS``, no row without a survey."""
        return self.public.estimates

    @property
    def card(self) -> pd.DataFrame:
        """The survey's identity card, printed with every figure; columns ``schemas.CARD_COLUMNS``."""
        return self.public.card

    @property
    def sources(self) -> pd.DataFrame:
        """Provenance of every file; columns ``schemas.SOURCE_COLUMNS``."""
        return self.public.sources

    @property
    def catalogue(self) -> pd.DataFrame:
        """What each indicator is, says and does not say; columns ``schemas.CATALOGUE_COLUMNS``."""
        return self.public.catalogue

    def in_french(self, title: str) -> pd.DataFrame:
        """Give a sheet of the workbook as a table: French titles and words, a mark for each absence.

        Parameters
        ----------
        title
            Title of the sheet (``"Constats"``, ``"Écarts"``…).

        Raises
        ------
        InputError
            When no sheet bears it; the message lists them.
        """
        import pandas as pd  # noqa: PLC0415 - the tables are light until they are read

        from diagnostic.publication.workbook.writing import SHEETS, cells_of  # noqa: PLC0415 - idem

        sheets = {sheet.title: sheet for sheet in SHEETS}
        if title not in sheets:
            raise InputError(
                Fault("feuille inconnue", found=title, expected=", ".join(sheets), remedy="choisissez-en une")
            )
        table = sheets[title].table(self.public)
        return pd.DataFrame({one.title: cells_of(table, one) for one in sheets[title].columns})

    def _repr_html_(self) -> str:
        said = "".join(f"<li>{escape(text)}</li>" for text in self.findings["message"].head(5))
        return f"<p>{escape(repr(self))}</p><ol>{said}</ol>"

    def __repr__(self) -> str:
        identity = self.identity
        quarters = int((self.territories["level"] == "qpv").sum())
        fictional = " Données fictives." if identity.fictional else ""
        counts = f"{plural(len(self.catalogue), 'indicateur')}, {plural(len(self.sources), 'fichier')} de données"
        return (
            f"Diagnostic de {identity.name} : {plural(quarters, 'quartier')} "
            f"de la génération {identity.generation}, {counts}.{fictional}"
        )


def load(folder: str | Path = ".", *, restricted: bool = False) -> Diagnostic:
    """Load what the last run computed.

    Parameters
    ----------
    folder
        A working folder.
    restricted
        Whether to load also what may not leave the machine.

    Returns
    -------
    Diagnostic
        Tables as the documents show them.

    Raises
    ------
    ConfigurationError
        When the folder is not a working folder.
    WorkspaceError
        When nothing was computed yet.
    """
    workspace = Workspace(Path(folder))
    workspace.configuration()
    if not (workspace.public / IDENTITY_NAME).is_file():
        raise WorkspaceError(
            Fault("rien n’a encore été calculé ici", file=str(folder), remedy="lancez d’abord « diagnostic run »")
        )
    found = [*workspace.restricted.glob("*.parquet"), *workspace.survey.glob("*.parquet")] if restricted else []
    private = {path.stem: read_table(path) for path in sorted(found)}
    return Diagnostic(load_public(workspace), read_table(workspace.public / f"{MEASURES}.parquet"), private)


def load_public(workspace: Workspace) -> PublicTables:
    """Read the public tables of a working folder.

    Raises
    ------
    WorkspaceError
        When one is absent: an earlier version of the package made them.
    """
    raw = json.loads((workspace.public / IDENTITY_NAME).read_text(encoding="utf-8"))
    identity = Identity(**{**raw, "edition_date": date.fromisoformat(raw["edition_date"])})
    absent = [name for name in PUBLIC_TABLES if not (workspace.public / f"{name}.parquet").is_file()]
    if absent:
        raise WorkspaceError(
            Fault(
                "les tables de ce dossier sont incomplètes ou d’une version plus ancienne de l’outil",
                file=str(workspace.public), found=f"sans {', '.join(absent)}",
                remedy="relancez « diagnostic run »",
            )
        )  # fmt: skip
    tables = {name: read_table(workspace.public / f"{name}.parquet") for name in PUBLIC_TABLES}
    return PublicTables(identity=identity, **tables)


def identity_text(identity: Identity) -> str:
    """Write an identity as JSON."""
    content = {**asdict(identity), "edition_date": identity.edition_date.isoformat()}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
