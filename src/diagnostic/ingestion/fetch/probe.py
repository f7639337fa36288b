"""Which registered addresses answer, without downloading anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from diagnostic.ingestion.fetch.address import locate
from diagnostic.ingestion.fetch.failure import Cause, FetchError
from diagnostic.ingestion.fetch.transfer import check_status, refuse_page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import requests

    from diagnostic.ingestion.catalogue.downloads import Download
    from diagnostic.ingestion.fetch.network import Client

# Causes that stand for a whole site: asking for its next address would say the same.
_OF_THE_SITE: Final = (Cause.NETWORK, Cause.PROXY, Cause.CERTIFICATE)
_START: Final = {"Range": "bytes=0-1023", "Accept-Encoding": "identity"}
_FEW: Final = 1024


@dataclass(frozen=True, slots=True)
class Probe:
    """What one address answered.

    Parameters
    ----------
    download
        What was tried.
    found
        Size and type of the file, or that the page answers; French text.
    error
        Why it does not answer, ``None`` when it does.
    """

    download: Download
    found: str = ""
    error: FetchError | None = None


def probe(client: Client, chosen: Iterable[Download]) -> Iterator[Probe]:
    """Try addresses one after the other, a few bytes each.

    Parameters
    ----------
    client
        The way out.
    chosen
        What to try; a site that cannot be reached is asked once.

    Yields
    ------
    Probe
        One a download, in order.
    """
    dead: dict[str, FetchError] = {}
    for download in chosen:
        host = urlsplit(download.url or download.page).hostname or ""
        if host in dead:
            yield Probe(download, error=dead[host])
            continue
        try:
            found = _page(client, download) if download.by_hand else _file(client, download)
        except FetchError as problem:
            if problem.cause in _OF_THE_SITE:
                dead[host] = problem
            yield Probe(download, error=problem)
        else:
            yield Probe(download, found)


def _page(client: Client, download: Download) -> str:
    with client.ask(download.page) as answer:  # its body is left unread
        check_status(answer, download.page)
    return "la page répond"


def _file(client: Client, download: Download) -> str:
    address = locate(client, download)
    with client.ask(address.url, headers=_START) as answer:
        check_status(answer, address.url)
        refuse_page(next(answer.iter_content(_FEW), b""), answer, name=address.name)
        return f"{address.name}, {_size(answer)}, {answer.headers.get('Content-Type', 'type non dit')}"


def _size(answer: requests.Response) -> str:
    whole = answer.headers.get("Content-Range", "").rpartition("/")[2] or answer.headers.get("Content-Length", "")
    return f"{whole} octets" if whole.isdecimal() else "taille non dite"
