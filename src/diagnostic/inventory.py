"""What a lead gathers in the folder ``actions``: inventory, campaign, small tables; the board of the session."""

from __future__ import annotations

import contextlib
import math
import time
from dataclasses import dataclass, replace
from dataclasses import fields as dataclass_fields
from datetime import date
from difflib import get_close_matches
from itertools import count
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from diagnostic.analysis.actions import CREDIT_COLUMNS, action_tables, coverage, long_form
from diagnostic.analysis.domains import DOMAIN_THEMES, theme_of
from diagnostic.analysis.evidence import TERRITORY
from diagnostic.analysis.recourse import (
    DISTANCE_COLUMNS,
    RECOURSE_COLUMNS,
    access,
    distances,
    recorded,
    recourse_table,
)
from diagnostic.analysis.testing import (
    EFFECT_COLUMNS,
    PUBLISHED_FROM,
    RESULT_COLUMNS,
    power_table,
    publishable,
    results,
    signals_of,
    trait_effects,
)
from diagnostic.api import load_public
from diagnostic.errors import ConfigurationError, Fault, InputError, WorkspaceError
from diagnostic.formatting import enumeration, number, plural, quantity, typographic
from diagnostic.ingestion.actions import read_actions, template
from diagnostic.ingestion.actions.cells import Places
from diagnostic.ingestion.lead_tables import ACCESS, KEYS, PLANS, read_lead_table
from diagnostic.ingestion.testing import DECLARATION_NAME, card, load_declaration, read_campaign
from diagnostic.kit import quarter_names
from diagnostic.publication.board import board as page
from diagnostic.schemas import CARD_COLUMNS
from diagnostic.vocabulary import Level, is_fictional
from diagnostic.workspace import write_bytes, write_text

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence
    from pathlib import Path

    import geopandas as gpd

    from diagnostic.analysis.actions import ActionTables
    from diagnostic.ingestion.testing import Campaign
    from diagnostic.workspace import Workspace

FOLDER: Final = "actions"
TEMPLATE_NAME: Final = "inventaire.xlsx"
BOARD_NAME: Final = "tableau_actions.html"
REFRESH: Final = 3  # seconds between two looks, of the page and of the command
UNDATED: Final = date(1980, 1, 1)  # no output reads a clock: the first day that a zip can hold
TOO_FEW: Final = typographic(
    f"Testing : aucun candidat n’a {PUBLISHED_FROM} offres avec paire ; rien n’en est publié, un organisme "
    "pourrait y être reconnu et le hasard y pèse trop."
)
TABLES: Final = tuple(f"{name}.csv" for name in KEYS)
EXPECTED: Final = (
    f"les classeurs de l’inventaire (.xlsx ou .ods), {', '.join(TABLES)}, {DECLARATION_NAME} et le csv qu’il nomme"
)
_OPEN: Final = "~$"  # what an office suite writes beside a file that it holds
_SYSTEM: Final = (".", "~", "Thumbs.db", "desktop.ini")  # what begins so was written by no person


def files(workspace: Workspace) -> list[Path]:
    """List the inventory's files, in the order of their names."""
    found = [*(workspace.root / FOLDER).glob("*.xlsx"), *(workspace.root / FOLDER).glob("*.ods")]
    return sorted(path for path in found if not path.name.startswith(_OPEN))


def recall(workspace: Workspace) -> pd.DataFrame | None:
    """Read the inventory of a folder; ``None`` where there is no file.

    Raises
    ------
    InputError
        With every fault of every file.
    """
    paths = files(workspace)
    section = workspace.configuration().territoire
    return read_actions(paths, generation=section.generation, qpv=quarter_names(workspace)) if paths else None


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a lead gathered on action, testing and recourse; anything may be missing.

    Parameters
    ----------
    actions
        Columns ``ingestion.actions.ACTION_TABLE``.
    p147
        Columns ``analysis.actions.CREDIT_COLUMNS``.
    recourse, access, plans
        Columns of ``lead_tables.columns`` for ``recours``, ``acces_droit`` and ``ptlcd``.
    campaign
        A testing campaign, without the name of an offer.
    compared
        Columns ``analysis.testing.RESULT_COLUMNS``, no row without a campaign.
    ignored
        French sentences on the tables and declarations that nothing reads.
    """

    actions: pd.DataFrame | None
    p147: pd.DataFrame | None
    recourse: pd.DataFrame | None
    access: pd.DataFrame | None
    plans: pd.DataFrame
    campaign: Campaign | None
    compared: pd.DataFrame
    ignored: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """French sentences worth reading."""
        if self.campaign is None:
            return self.ignored
        few = self.compared.empty
        return (*self.ignored, *self.campaign.notes, *((TOO_FEW,) if few else ()))

    def material(self, perimeter: str) -> dict[str, pd.DataFrame | None]:
        """Give what :func:`diagnostic.analysis.synthesis.synthesis` takes: actions, others, recorded, access.

        Parameters
        ----------
        perimeter
            That of the survey.
        """
        section = None if self.campaign is None else self.campaign.declaration.testing
        return {
            "actions": None if self.actions is None else long_form(self.actions),
            "others": None if section is None else signals_of(
                self.compared, domain=section.domaine, title=section.titre
            ),
            "recorded": None if self.recourse is None else recorded(self.recourse, perimeter=perimeter),
            "access": None if self.access is None else access(self.access),
        }  # fmt: skip

    def distances(self, territories: gpd.GeoDataFrame) -> pd.DataFrame:
        """Measure how far the places of access that have a position are, columns ``recourse.DISTANCE_COLUMNS``.

        Parameters
        ----------
        territories
            As :func:`diagnostic.analysis.recourse.distances` takes them.

        Raises
        ------
        InputError
            When every place lies too far to be of this territory.
        """
        if self.access is None:
            return pd.DataFrame(columns=DISTANCE_COLUMNS)
        try:
            return distances(self.access, territories)
        except InputError as problem:
            file = f"{ACCESS}.csv"
            raise InputError([replace(fault, file=file) for fault in problem.faults]) from problem

    def tables(
        self, territory: Sequence[str], *, signals: pd.DataFrame, blind: pd.DataFrame
    ) -> dict[str, pd.DataFrame]:
        """Give the public tables by name, those of what is missing without a row.

        Parameters
        ----------
        territory
            Codes of the neighbourhoods, in list order.
        signals, blind
            Of the synthesis made with :meth:`material`.
        """
        actions = self.actions if self.actions is not None else read_actions([], generation=0, qpv={})
        found = action_tables(actions, territory=territory, signals=signals, blind=blind, p147=self.p147)
        shown = (
            slice(None) if self.actions is not None else slice(0)
        )  # no inventory is not an inventory of nothing
        campaign = None if self.compared.empty else self.campaign
        return {
            **{field.name: getattr(found, field.name).iloc[shown] for field in dataclass_fields(found)},
            "testing": self.compared,
            "testing_effects": pd.DataFrame(columns=EFFECT_COLUMNS) if campaign is None
            else trait_effects(campaign.applications, campaign.declaration.reference),
            "testing_card": pd.DataFrame(columns=CARD_COLUMNS) if campaign is None else card(campaign),
            "testing_power": power_table(),
            "recourse": pd.DataFrame(columns=RECOURSE_COLUMNS) if self.recourse is None
            else recourse_table(self.recourse),
            "ptlcd": self.plans,
        }  # fmt: skip


def inputs(workspace: Workspace) -> list[Path]:
    """List every file on which :func:`gather` depends: a step's key is made of them."""
    folder = workspace.root / FOLDER
    return [*files(workspace), *sorted([*folder.glob("*.csv"), *folder.glob("*.toml")])]


def unread(workspace: Workspace) -> dict[Path, str]:
    """Say why nothing reads some files of the folder, and which names are read: a French sentence a file."""
    folder = workspace.root / FOLDER
    declaration = folder / DECLARATION_NAME
    read = {*files(workspace), declaration, *(folder / name for name in TABLES)}
    unsure = ""
    if declaration.is_file():
        try:
            read.add(folder / load_declaration(declaration).testing.fichier)
        except ConfigurationError:
            unsure = ".csv"  # one of them may be the campaign's
    left = [
        path for path in sorted(folder.glob("*"))
        if path not in read and not path.name.startswith(_SYSTEM) and path.suffix != (unsure or None)
    ]  # fmt: skip
    return {
        path: typographic(f"Fichier ignoré : {path.name} ({_why(path)}). Noms attendus : {EXPECTED}.")
        for path in left
    }


def _why(path: Path) -> str:
    kind = path.suffix.casefold()
    if path.is_dir():
        return "un sous-dossier n’est pas parcouru"
    if kind not in {".csv", ".toml"}:
        return f"rien ne lit un fichier {path.suffix or 'sans extension'}"
    known = TABLES if kind == ".csv" else (DECLARATION_NAME,)
    near = get_close_matches(path.name.casefold(), known, n=1)
    return f"vouliez-vous écrire {near[0]} ?" if near else f"ce n’est ni {enumeration(known, last='ni')}"


def gather(workspace: Workspace) -> Gathered:
    """Read all that the folder ``actions`` holds.

    Raises
    ------
    InputError
        With every fault of every file.
    """
    folder = workspace.root / FOLDER
    section = workspace.configuration().territoire
    places = Places(section.generation, dict.fromkeys(section.qpv, ""))
    declaration = folder / DECLARATION_NAME
    faults: list[Fault] = []
    lead: dict[str, pd.DataFrame] = {}
    actions, campaign = None, None
    with _kept(faults):
        actions = recall(workspace)
    for name, file in zip(KEYS, TABLES, strict=True):
        if (folder / file).is_file():
            with _kept(faults):
                lead[name] = read_lead_table(folder / file, name, places=places)
    if declaration.is_file():
        with _kept(faults):
            campaign = read_campaign(declaration)
    if faults:
        raise InputError(faults)
    for path in folder.glob(f"{declaration.stem}*") if campaign else ():
        with contextlib.suppress(OSError):  # names of offers and agencies; a share may refuse, the reading stands
            path.chmod(0o600)
    credit, plans = lead.get("credits_p147"), lead.get("ptlcd")
    depends = inputs(workspace)
    return Gathered(
        actions=actions, recourse=lead.get("recours"), access=lead.get("acces_droit"),
        p147=None if credit is None else credit.set_axis(CREDIT_COLUMNS, axis="columns"),
        plans=read_lead_table(PLANS, "ptlcd") if plans is None else plans,
        campaign=campaign, compared=_compared(campaign),
        ignored=tuple(told for path, told in unread(workspace).items() if path in depends),
    )  # fmt: skip


@contextlib.contextmanager
def _kept(faults: list[Fault]) -> Iterator[None]:
    """Keep the faults of a file and go on: those of all files are said at once."""
    try:
        yield
    except (InputError, ConfigurationError) as problem:
        faults += problem.faults


def _compared(campaign: Campaign | None) -> pd.DataFrame:
    if campaign is None:
        return pd.DataFrame(columns=RESULT_COLUMNS)
    declared = campaign.declaration
    return publishable(results(
        campaign.applications, declared.reference, criteria=declared.criteres,
        several="mean" if declared.testing.plusieurs == "moyenne" else "refuse",
    ))  # fmt: skip


def write_template(workspace: Workspace, target: Path | None = None) -> Path:
    """Write the workbook to fill in, never over one that is there.

    Parameters
    ----------
    workspace
        A working folder.
    target
        Where; ``actions/inventaire.xlsx`` by default.

    Raises
    ------
    WorkspaceError
        When a file of that name is there.
    """
    path = target or workspace.root / FOLDER / TEMPLATE_NAME
    if path.exists():
        raise WorkspaceError(Fault(
            "ce fichier existe déjà, il est gardé tel quel", file=str(path),
            remedy="donnez un autre nom, par exemple celui du partenaire",
        ))  # fmt: skip
    configuration = workspace.configuration()
    section = configuration.territoire
    write_bytes(path, template(
        territory=section.nom, generation=section.generation, qpv=quarter_names(workspace),
        day=configuration.publication.date_edition or UNDATED,
        fictional=any(is_fictional(Level.QPV, code) for code in section.qpv),
    ))  # fmt: skip
    return path


def check(workspace: Workspace) -> Iterator[str]:
    """Say what ``run`` would read of the folder, file by file, without keeping anything.

    Yields
    ------
    str
        French sentences: first the files that nothing reads, then what the others hold.

    Raises
    ------
    InputError
        With every fault of every file.
    """
    ignored = list(unread(workspace).values())
    yield from ignored
    found = gather(workspace)
    read = [*_inventoried(workspace, found.actions), *_counted(workspace, found)]
    yield from read or ["Rien à lire dans « actions » : « diagnostic actions template » écrit un modèle."]
    yield from (note for note in found.notes if note not in ignored)


def _inventoried(workspace: Workspace, actions: pd.DataFrame | None) -> Iterator[str]:
    if actions is None:
        return
    for name, rows in actions.groupby("file"):
        yield f"{name} : {plural(len(rows), 'action')}"
    for row in _tables(workspace, actions).action_figures.to_dict("records"):
        yield f"{row['label']} : {_value(row)}{row['note']}"


def _counted(workspace: Workspace, found: Gathered) -> Iterator[str]:
    """Count the rows of the small tables and the applications of a campaign."""
    held = (found.recourse, found.p147, found.access, found.plans)
    for name, table in zip(TABLES, held, strict=True):
        if table is not None and (workspace.root / FOLDER / name).is_file():  # plans may be the package's
            located = table["lieu"][table["latitude"].notna()].nunique() if name == f"{ACCESS}.csv" else 0
            told = f", {plural(located, 'lieu situé', 'lieux situés')}" if located else ""
            yield f"{name} : {plural(len(table), 'ligne')}{told}"
    if found.campaign is not None:
        sent = found.campaign.applications
        yield (
            f"{DECLARATION_NAME} et {found.campaign.declaration.testing.fichier} : "
            f"{plural(len(sent), 'candidature')}, {plural(sent['offer'].nunique(), 'offre')}"
        )


def _value(row: dict[Hashable, Any]) -> str:
    if math.isnan(row["value"]):
        return ""
    shown = quantity(row["value"], "percent") if row["unit"] == "percent" else number(row["value"])
    return f"{shown}, "


def _tables(workspace: Workspace, found: pd.DataFrame) -> ActionTables:
    """Set the inventory out; criteria that the last diagnostic signals have a column, acted on or not."""
    tables = action_tables(found, territory=list(workspace.configuration().territoire.qpv))
    cited = {criterion for _, criterion in _signalled(workspace)}
    return replace(tables, action_coverage=coverage(long_form(found), cited=cited))


def _signalled(workspace: Workspace) -> set[tuple[str, str]]:
    """Give the themes and criteria that the last diagnostic signals, none before it."""
    try:
        found = load_public(workspace).evidence
    except (FileNotFoundError, WorkspaceError):
        return set()
    rows = found[(found["perimeter"] == TERRITORY) & (found["degree"] > 0)]
    return set(zip(rows["theme"].astype(str), rows["criterion"].astype(str), strict=True))


def _unacted(signalled: set[tuple[str, str]], long: pd.DataFrame) -> set[tuple[str, str]]:
    """Give the domains and criteria of the signals that no action names in the whole theme, as blind spots do."""
    acted = {(str(theme_of(str(one))), str(criterion)) for one, criterion in
             long[["domain", "criterion"]].itertuples(index=False)}  # fmt: skip
    return {
        (domain, criterion) for theme, criterion in signalled - acted
        for domain, own in DOMAIN_THEMES.items() if own == theme
    }  # fmt: skip


def write_board(workspace: Workspace, *, refresh: int = 0) -> tuple[Path, tuple[str, ...]]:
    """Write the board from the files as they are.

    Parameters
    ----------
    workspace
        A working folder.
    refresh
        Seconds after which the page reads itself again, 0 for never.

    Returns
    -------
    tuple
        ``reports/tableau_actions.html``, and the faults of the files: the page shows them above the actions of the
        files that have none.
    """
    read, faults = _readable(workspace)
    section = workspace.configuration().territoire
    path = workspace.reports / BOARD_NAME
    write_text(path, page(
        _tables(workspace, read), title=section.nom, faults=faults, refresh=refresh,
        signalled=_unacted(_signalled(workspace), long_form(read)),
        fictional=any(is_fictional(Level.QPV, code) for code in section.qpv),
    ))  # fmt: skip
    return path, faults


def _readable(workspace: Workspace) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Read what can be, the files that have a fault left out, the faults of all said."""
    paths, section = files(workspace), workspace.configuration().territoire
    names = quarter_names(workspace)

    def read(kept: list[Path]) -> pd.DataFrame:
        return read_actions(kept, generation=section.generation, qpv=names)

    try:
        return read(paths), ()
    except InputError as problem:
        wrong = {fault.file for fault in problem.faults}
        return read([path for path in paths if path.name not in wrong]), tuple(map(str, problem.faults))


def watch(
    workspace: Workspace, tell: Callable[[Path, tuple[str, ...]], None], *, looks: int | None = None
) -> None:
    """Write the board again each time a file is saved, until interrupted.

    Parameters
    ----------
    workspace
        A working folder.
    tell
        Told the page and the faults each time it is written.
    looks
        How many times to look, without end by default.
    """
    before: dict[Path, tuple[int, int]] | None = None
    for look in count() if looks is None else range(looks):
        if look:
            time.sleep(REFRESH)
        now = _stamps(workspace)
        if now != before:
            tell(*write_board(workspace, refresh=REFRESH))
            before = now


def _stamps(workspace: Workspace) -> dict[Path, tuple[int, int]]:
    """Say when each file was saved; one that an office suite is just replacing is not there."""
    found = {}
    for path in files(workspace):
        with contextlib.suppress(FileNotFoundError):
            stat = path.stat()
            found[path] = stat.st_mtime_ns, stat.st_size
    return found
