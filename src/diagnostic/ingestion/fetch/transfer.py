"""Bytes of one file: resumed where they stopped, asked again with patience, checked before anyone sees them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final, Protocol

import pooch
import requests

from diagnostic.ingestion.fetch.failure import LATER, Cause, FetchError, NoAnswerError, cut, explained, refused
from diagnostic.workspace import explained as explained_by_system
from diagnostic.workspace import write_text

if TYPE_CHECKING:
    from pathlib import Path

    from diagnostic.ingestion.fetch.network import Client

CHUNK: Final = 1 << 16
ATTEMPTS: Final = 5
FIRST_WAIT: Final = 1.0
# A server that asks for more than this is left alone: the person decides.
LONGEST_WAIT: Final = 120.0
PARTIAL: Final = 206
BAD_RANGE: Final = 416
FAILED: Final = 400
APART: Final = "a-verifier"
_PAGES: Final = (b"<!doctype html", b"<html", b"<head", b"<script")
_START: Final = 512


class Progress(Protocol):
    """Told of every piece that comes in."""

    def __call__(self, name: str, *, received: int, total: int | None, rate: float) -> None:
        """Take the file's name, bytes received, bytes expected when known, and bytes a second."""


def silent(name: str, *, received: int, total: int | None, rate: float) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What is known of a file before it is asked for.

    Parameters
    ----------
    digest
        ``algorithm:hexadecimal`` (md5, sha1, sha256), ``None`` when the file was never seen.
    seen
        When it was seen, as it is printed.
    """

    digest: str | None = None
    seen: str = ""


def receive(
    client: Client, address: str, path: Path, *, expected: Expected | None = None, progress: Progress = silent
) -> None:
    """Bring a file, unless it is already there with the expected bytes.

    Parameters
    ----------
    client
        The way out.
    address
        Where the file is.
    path
        Where it goes. What came before a cut stays beside it (``.part``) and is resumed when the server can.
    expected
        Its hash, when it was seen before.
    progress
        Told of every piece.

    Raises
    ------
    FetchError
        When it cannot be had, is a web page, or is not what was seen before: the new bytes are then kept apart.
    """
    known = expected or Expected()
    pooch.get_logger().setLevel("ERROR")  # progress is told through the callback

    def bring(url: str, output: str, _: object) -> None:
        part = path.with_name(path.name + ".part")
        _Transfer(client, url, part, progress).run()
        _check(part, path, known, today=client.clock.today().isoformat())
        part.replace(output)
        _sidecar(part).unlink(missing_ok=True)

    with explained_by_system(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        store = pooch.create(
            path=path.parent, base_url="", registry={path.name: known.digest}, urls={path.name: address}
        )
        store.fetch(path.name, downloader=bring)


def _check(part: Path, path: Path, known: Expected, *, today: str) -> None:
    if known.digest is None:
        return
    algorithm, _, digest = known.digest.partition(":")
    found = pooch.file_hash(str(part), alg=algorithm)
    if found == digest:
        return
    _sidecar(part).unlink(missing_ok=True)
    raise changed(
        part, path, expected=f"{known.digest} (relevé le {known.seen})", found=f"{algorithm}:{found} (le {today})"
    )


def changed(part: Path, path: Path, *, expected: str, found: str) -> FetchError:
    """Keep new bytes apart, and give the error that says so.

    Parameters
    ----------
    part
        The new bytes.
    path
        Where they would have gone.
    expected, found
        Old and new hashes with their dates, as they are printed.
    """
    apart = path.parent / APART / path.name
    apart.parent.mkdir(exist_ok=True)
    part.replace(apart)
    return FetchError(
        Cause.FILE, "le producteur a changé ce fichier, ou il arrive altéré", file=path.name, expected=expected,
        found=found,
        remedy=f"rien n’a été remplacé. Le nouveau fichier est mis à part\u00a0: {apart}. Lisez sur la page du"
        " producteur ce qui a changé ; pour le prendre, ôtez l’ancien (diagnostic remove), puis diagnostic add"
        f' "{apart}"',
    )  # fmt: skip


def _sidecar(part: Path) -> Path:
    return part.with_name(part.name + ".json")


@dataclass(slots=True)
class _Transfer:
    client: Client
    address: str
    part: Path
    progress: Progress
    stopped: int = -1

    def run(self) -> None:
        """Ask until the file is whole; every new byte gives patience back."""
        failures, furthest = 0, -1
        while True:
            try:
                self._attempt()
            except NoAnswerError as problem:
                reached = self.part.stat().st_size if self.part.is_file() else 0
                failures = 1 if reached > furthest else failures + 1
                furthest = max(furthest, reached)
                wait = problem.wait or FIRST_WAIT * 2 ** (failures - 1)
                if failures == ATTEMPTS or wait > LONGEST_WAIT:
                    raise
                self.client.clock.sleep(wait)
            else:
                return

    def _attempt(self) -> None:
        headers = {"Accept-Encoding": "identity", **self._resuming()}
        with self.client.ask(self.address, headers=headers) as answer:
            if answer.status_code == BAD_RANGE:
                self.part.unlink(missing_ok=True)
                raise NoAnswerError(
                    Cause.SERVER, "le serveur ne sait pas reprendre ce téléchargement",
                    found=f"réponse {BAD_RANGE}", remedy="relancez la même commande",
                )  # fmt: skip
            check_status(answer, self.address)
            start = self._start(answer)
            total = self._total(answer, start)
            self._note(answer)
            received = self._write(answer, start, total)
        if total is not None and received != total:
            raise self._short(received, total)

    def _short(self, received: int, total: int) -> NoAnswerError:
        """Tell a network that cuts anywhere from a server that always stops at one byte."""
        again, self.stopped = received == self.stopped, received
        expected, found = f"{total} octets", f"{received} octets reçus"
        if not again:
            return cut(self.address).but(expected=expected, found=found)
        return NoAnswerError(
            Cause.SERVER, "le fichier n’a pas la longueur annoncée", expected=expected, found=found, remedy=LATER
        )

    def _resuming(self) -> dict[str, str]:
        """Ask for what is missing, if the beginning is still that of the same file."""
        size = self.part.stat().st_size if self.part.is_file() else 0
        side = _sidecar(self.part)
        if not size or not side.is_file():
            return {}
        try:
            noted = json.loads(side.read_text(encoding="utf-8"))
        except json.JSONDecodeError:
            return {}
        if noted.get("address") != self.address or not noted.get("validator"):
            return {}
        return {"Range": f"bytes={size}-", "If-Range": noted["validator"]}

    def _start(self, answer: requests.Response) -> int:
        if answer.status_code != PARTIAL:
            return 0
        size = self.part.stat().st_size
        stated = answer.headers.get("Content-Range", "").removeprefix("bytes ").partition("-")[0]
        if stated != str(size):
            self.part.unlink()
            raise NoAnswerError(
                Cause.SERVER, "le serveur reprend le téléchargement au mauvais endroit",
                expected=f"à partir de {size}", found=stated or "rien", remedy="relancez la même commande",
            )  # fmt: skip
        return size

    @staticmethod
    def _total(answer: requests.Response, start: int) -> int | None:
        length = answer.headers.get("Content-Length", "")
        plain = answer.headers.get("Content-Encoding", "identity") == "identity"
        return start + int(length) if plain and length.isdecimal() else None

    def _note(self, answer: requests.Response) -> None:
        """Write down what will say, next time, whether the file is still the same; a weak mark cannot."""
        mark = answer.headers.get("ETag", "")
        validator = mark if mark and not mark.startswith("W/") else answer.headers.get("Last-Modified", "")
        write_text(_sidecar(self.part), json.dumps({"address": self.address, "validator": validator}))

    def _write(self, answer: requests.Response, start: int, total: int | None) -> int:
        received, began = start, self.client.clock.now()
        answer.raw.enforce_content_length = False  # the last bytes before a cut are worth keeping: counted below
        with self.part.open("ab" if start else "wb") as stream:
            try:
                for piece in answer.iter_content(CHUNK):
                    if received == 0:
                        refuse_page(piece, answer, name=self.part.name.removesuffix(".part"))
                    stream.write(piece)
                    received += len(piece)
                    elapsed = self.client.clock.now() - began
                    rate = (received - start) / elapsed if elapsed > 0 else 0.0
                    self.progress(self.part.name.removesuffix(".part"), received=received, total=total, rate=rate)
            except requests.exceptions.RequestException as problem:
                announced = f"{total} octets" if total is not None else None
                raise explained(problem, self.address).but(
                    expected=announced, found=f"{received} octets reçus"
                ) from problem
        return received


def check_status(answer: requests.Response, address: str) -> None:
    """Raise when an answer is not a file.

    Raises
    ------
    FetchError
        For a status of 400 or more, with the time that the server asks to wait.
    """
    if answer.status_code >= FAILED:
        raise refused(answer.status_code, address, wait=_asked_wait(answer.headers.get("Retry-After", "")))


def _asked_wait(text: str) -> float | None:
    """Read ``Retry-After``: seconds or a date."""
    if text.strip().isdecimal():
        return float(text)
    try:
        return _seconds_until(parsedate_to_datetime(text))
    except (TypeError, ValueError):
        return None


def _seconds_until(moment: datetime) -> float:
    return max(0.0, (moment.astimezone(UTC) - datetime.now(tz=UTC)).total_seconds())


def refuse_page(piece: bytes, answer: requests.Response, *, name: str) -> None:
    """Refuse a web page where a file was asked for.

    Raises
    ------
    FetchError
        When the first bytes are those of a page.
    """
    start = piece[:_START].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not start.startswith(_PAGES):
        return
    raise FetchError(
        Cause.PROXY, "la page renvoie du HTML\u00a0: proxy ou page d’erreur", file=name,
        expected="un fichier de données", found=f"une page web, à l’adresse {answer.url}",
        remedy="ouvrez cette adresse dans votre navigateur\u00a0: s’il demande un identifiant, c’est le proxy ;"
        " sinon le producteur a changé l’adresse",
    )  # fmt: skip
