"""What a lead gathers in the folder ``actions``: inventory, campaign, small tables; the board of the session."""

from __future__ import annotations

import contextlib
import math
import time
from dataclasses import dataclass, replace
from dataclasses import fields as dataclass_fields
from datetime import date
from itertools import count
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from diagnostic.analysis.actions import CREDIT_COLUMNS, action_tables, coverage, long_form
from diagnostic.analysis.domains import DOMAIN_THEMES, theme_of
from diagnostic.analysis.evidence import TERRITORY
from diagnostic.analysis.recourse import RECOURSE_COLUMNS, access, recorded, recourse_table
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
from diagnostic.errors import Fault, InputError, WorkspaceError
from diagnostic.formatting import number, plural, quantity, typographic
from diagnostic.ingestion.actions import read_actions, template
from diagnostic.ingestion.actions.cells import Places
from diagnostic.ingestion.lead_tables import PLANS, read_lead_table
from diagnostic.ingestion.testing import DECLARATION_NAME, card, read_campaign
from diagnostic.kit import quarter_names
from diagnostic.publication.board import board as page
from diagnostic.schemas import CARD_COLUMNS
from diagnostic.vocabulary import Level, is_fictional
from diagnostic.workspace import write_bytes, write_text

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence
    from pathlib import Path

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
_OPEN: Final = "~$"  # what an office suite writes beside a file that it holds


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
        Columns of ``action_model.fields`` for ``recours``, ``acces_droit`` and ``ptlcd``.
    campaign
        A testing campaign, without the name of an offer.
    compared
        Columns ``analysis.testing.RESULT_COLUMNS``, no row without a campaign.
    """

    actions: pd.DataFrame | None
    p147: pd.DataFrame | None
    recourse: pd.DataFrame | None
    access: pd.DataFrame | None
    plans: pd.DataFrame
    campaign: Campaign | None
    compared: pd.DataFrame

    @property
    def notes(self) -> tuple[str, ...]:
        """French sentences worth reading."""
        if self.campaign is None:
            return ()
        few = self.compared.empty
        return (*self.campaign.notes, *((TOO_FEW,) if few else ()))

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
    """List every file that :func:`gather` reads: a step's key is made of them."""
    folder = workspace.root / FOLDER
    return [*files(workspace), *sorted([*folder.glob("*.csv"), *folder.glob("*.toml")])]


def gather(workspace: Workspace) -> Gathered:
    """Read all that the folder ``actions`` holds.

    Raises
    ------
    InputError, ConfigurationError
        With the faults of what cannot be read.
    """
    folder = workspace.root / FOLDER
    section = workspace.configuration().territoire
    places = Places(section.generation, dict.fromkeys(section.qpv, ""))

    def lead(name: str) -> pd.DataFrame | None:
        path = folder / f"{name}.csv"
        return read_lead_table(path, name, places=places) if path.is_file() else None

    credit, plans = lead("credits_p147"), lead("ptlcd")
    declaration = folder / DECLARATION_NAME
    campaign = read_campaign(declaration) if declaration.is_file() else None
    for path in folder.glob(f"{declaration.stem}*") if campaign else ():
        with contextlib.suppress(OSError):  # names of offers and agencies; a share may refuse, the reading stands
            path.chmod(0o600)
    return Gathered(
        actions=recall(workspace), recourse=lead("recours"), access=lead("acces_droit"),
        p147=None if credit is None else credit.set_axis(CREDIT_COLUMNS, axis="columns"),
        plans=read_lead_table(PLANS, "ptlcd") if plans is None else plans,
        campaign=campaign, compared=_compared(campaign),
    )  # fmt: skip


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


def check(workspace: Workspace) -> list[str]:
    """Say what the files of the folder hold, without keeping anything.

    Raises
    ------
    InputError
        With every fault of every file.
    """
    found = recall(workspace)
    if found is None:
        return ["Aucun fichier dans le dossier « actions » : « diagnostic actions template » en écrit un."]
    counts = found.groupby("file")["action"].size().to_dict()
    figures = _tables(workspace, found).action_figures.to_dict("records")
    return [
        *(f"{name} : {plural(int(count), 'action')}" for name, count in counts.items()),
        *(f"{row['label']} : {_value(row)}{row['note']}" for row in figures),
    ]


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
