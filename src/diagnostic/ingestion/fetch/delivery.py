"""From an address to ``data/raw``: local first, then fetched, checked, recognised and written down."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from diagnostic.errors import Fault, InputError
from diagnostic.ingestion import intake
from diagnostic.ingestion.fetch.address import locate
from diagnostic.ingestion.fetch.failure import FetchError
from diagnostic.ingestion.fetch.transfer import Expected, changed, receive, silent
from diagnostic.provenance import sha256
from diagnostic.workspace import write_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from diagnostic.ingestion.catalogue.downloads import Download
    from diagnostic.ingestion.fetch.network import Client
    from diagnostic.ingestion.fetch.transfer import Progress
    from diagnostic.ingestion.intake import Entry, Verdict
    from diagnostic.workspace import Workspace

FOLDER: Final = "downloads"
JOURNAL: Final = "journal.json"
_TAKEN: Final = {intake.Outcome.ADDED, intake.Outcome.PRESENT}


class Result(StrEnum):
    """What became of a download."""

    PRESENT = "déjà là"
    FETCHED = "téléchargé"
    KEPT = "téléchargé, sans lecteur"
    BY_HAND = "à la main"
    FAILED = "échec"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one download.

    Parameters
    ----------
    download
        What was asked.
    result
        See :class:`Result`.
    message
        French sentence or sentences; two files of one site that fail alike have the same.
    by_hand
        What a person can do instead: the page, the file, the command.
    verdicts
        What was found in the file, when it came.
    """

    download: Download
    result: Result
    message: str
    by_hand: str = ""
    verdicts: tuple[Verdict, ...] = ()


def deliver(
    workspace: Workspace,
    download: Download,
    *,
    client: Client,
    accept: Callable[[Entry, Path], object],
    progress: Progress = silent,
    again: bool = False,
) -> Delivery:
    """Bring a file into ``data/raw``, or say why it could not be and what to do.

    Parameters
    ----------
    workspace
        The folder.
    download
        What to bring.
    client
        The way out.
    accept
        As for :func:`diagnostic.ingestion.intake.add`.
    progress
        Told of every piece.
    again
        Ask the producer even when the file is here: a change is said, the new file kept apart.

    Returns
    -------
    Delivery
        Never raises for what only concerns this file; what is in ``data/raw`` is never replaced.
    """
    here = _present(workspace, download)
    if here and not again:
        return Delivery(download, Result.PRESENT, f"{here.file} (empreinte {here.sha256[:12]})")
    if download.by_hand:
        return Delivery(download, Result.BY_HAND, "", by_hand=by_hand(workspace, download))
    try:
        path = _fetched(workspace, download, client=client, progress=progress)
        today = client.clock.today().isoformat()
        if here:
            return _compared(workspace, download, path, here=here, today=today)
        return _taken(workspace, download, path, accept=accept, today=today)
    except FetchError as problem:
        other = by_hand(workspace, download, name=problem.faults[0].file)
        return Delivery(download, Result.FAILED, str(problem), by_hand=other)
    except InputError as problem:
        return Delivery(download, Result.FAILED, str(problem))


def by_hand(workspace: Workspace, download: Download, *, name: str | None = None) -> str:
    """Say which page to open, which file to take there, and where to put it.

    Parameters
    ----------
    workspace
        The folder.
    download
        What is wanted.
    name
        Name of the file, when it is known.
    """
    which = name or download.file or (download.url.rsplit("/", 1)[-1] if download.url else download.looks)
    file = f"téléchargez «\u00a0{which}\u00a0»" if which else f"téléchargez le fichier voulu ({download.note})"
    return (
        f"ouvrez {download.page}, {file}, puis lancez"
        f' diagnostic add CHEMIN-DU-FICHIER --dossier "{workspace.root}"'
    )


def _fetched(workspace: Workspace, download: Download, *, client: Client, progress: Progress) -> Path:
    """Bring the file beside ``data/raw``; its bytes are those seen before, when they were."""
    address = locate(client, download)
    path = workspace.root / "data" / FOLDER / address.name
    known = _journal(workspace).get(download.id)
    if known:
        expected = Expected(f"sha256:{known['sha256']}", known["date"])
    elif download.digest:
        expected = Expected(download.digest, download.seen)
    else:
        expected = Expected(address.digest, f"{client.clock.today()}, annoncé par le site")
    receive(client, address.url, path, expected=expected, progress=progress)
    return path


def _compared(workspace: Workspace, download: Download, path: Path, *, here: Entry, today: str) -> Delivery:
    """Say whether the producer still gives what is here; nothing here changes."""
    digest = sha256(path)
    known = _journal(workspace).get(download.id)
    if known is None and not _same_tables(workspace, path, edition=download.year):
        raise changed(
            path, path, expected=f"{here.file}, sha256:{here.sha256}", found=f"sha256:{digest} (le {today})"
        )
    path.unlink()
    since = f" depuis le {known['date']}" if known else ""
    said = f"inchangé chez le producteur{since} (empreinte {digest[:12]})"
    return Delivery(download, Result.PRESENT, said)


def _same_tables(workspace: Workspace, path: Path, *, edition: str | None) -> bool:
    verdicts = intake.add(workspace, [path], accept=_unread, edition=edition, simulate=True)
    outcomes = {verdict.outcome for verdict in verdicts}
    return intake.Outcome.PRESENT in outcomes and not outcomes & {intake.Outcome.ADDED, intake.Outcome.REFUSED}


def _unread(entry: Entry, path: Path) -> None:
    """Read nothing: only the bytes are compared."""


def _taken(
    workspace: Workspace, download: Download, path: Path, *, accept: Callable[[Entry, Path], object], today: str
) -> Delivery:
    """Pass the file through the door of those added by hand, and write down what it was."""
    digest, size = sha256(path), path.stat().st_size
    verdicts = intake.add(workspace, [path], accept=_of(download, accept), edition=download.year)
    said = " ; ".join(verdict.message for verdict in verdicts)
    if any(verdict.outcome is intake.Outcome.REFUSED for verdict in verdicts):
        return Delivery(download, Result.FAILED, said, verdicts=tuple(verdicts))
    taken = [verdict for verdict in verdicts if verdict.outcome in _TAKEN]
    if not taken:
        kept = f"aucun lecteur ne le prend encore\u00a0: il reste dans {path}. {said}"
        return Delivery(download, Result.KEPT, kept, verdicts=tuple(verdicts))
    journal = _journal(workspace) | {download.id: {
        "sha256": digest, "octets": size, "date": today,
        "fichiers": sorted(one.entry.sha256 for one in taken if one.entry is not None),
    }}  # fmt: skip
    write_text(path.parent / JOURNAL, json.dumps(journal, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    path.unlink()
    return Delivery(download, Result.FETCHED, " ; ".join(one.message for one in taken), verdicts=tuple(verdicts))


def _of(download: Download, accept: Callable[[Entry, Path], object]) -> Callable[[Entry, Path], object]:
    """Refuse a file that is read as another edition than the one asked: no neighbouring year enters."""

    def check(entry: Entry, path: Path) -> object:
        if entry.source == download.reader and download.year not in {None, entry.edition}:
            raise InputError(Fault(
                "ce n’est pas le millésime demandé", file=path.name, expected=download.vintage,
                found=f"{entry.edition} ({entry.basis})",
                remedy=f"rien n’a été pris. Cherchez le bon fichier sur {download.page}",
            ))  # fmt: skip
        return accept(entry, path)

    return check


def _journal(workspace: Workspace) -> dict[str, Any]:
    path = workspace.root / "data" / FOLDER / JOURNAL
    if not path.is_file():
        return {}
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as problem:
        raise InputError(
            Fault("journal des téléchargements illisible", file=JOURNAL, remedy=f"supprimez {path}")
        ) from problem
    return content


def _present(workspace: Workspace, download: Download) -> Entry | None:
    """Find the file in ``data/raw``, or a table that came out of it."""
    entries = intake.inventory(workspace)
    fetched = set(_journal(workspace).get(download.id, {}).get("fichiers", []))
    algorithm, _, digest = download.digest.partition(":")
    for entry in entries:
        same_bytes = entry.sha256 in fetched or (algorithm == "sha256" and entry.sha256 == digest)
        same_edition = (entry.source, entry.edition) == (download.reader, download.vintage)
        if same_bytes or (same_edition and re.search(download.holds, entry.file, re.IGNORECASE)):
            return entry
    return None
