"""From what the registry knows of a file to the address where it lies today."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

import requests

from diagnostic.formatting import enumeration
from diagnostic.ingestion.fetch.failure import Cause, FetchError, explained
from diagnostic.ingestion.fetch.transfer import check_status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from diagnostic.ingestion.catalogue.downloads import Download
    from diagnostic.ingestion.fetch.network import Client

INSEE: Final = "https://www.insee.fr"
DATASET: Final = "https://www.data.gouv.fr/api/1/datasets/{}/"
# What a statistics page of Insee links to; the number of the page stands in the address of its files.
_LINK: Final = r'/fr/statistiques/fichier/{}/([^"\'<>?#\s]+\.(?:zip|xlsx|xls|csv|parquet))'
_ALGORITHMS: Final = ("md5", "sha1", "sha256")
_NAMED: Final = 8


@dataclass(frozen=True, slots=True)
class Address:
    """Where a file lies.

    Parameters
    ----------
    url
        To be asked for.
    name
        How the file is called.
    digest
        ``algorithm:hexadecimal`` as the site itself states it, when it does.
    """

    url: str
    name: str
    digest: str | None = None


def locate(client: Client, download: Download) -> Address:
    """Find the address of a file.

    Parameters
    ----------
    client
        The way out; it is used only where the address must be read on a page or in a list.
    download
        What the registry knows.

    Raises
    ------
    FetchError
        When the page or the list does not hold that vintage: the files that exist are named, none is taken
        instead.
    """
    if download.url:
        return Address(download.url, download.file or _name(download.url))
    if download.dataset:
        return _in_dataset(client, download)
    return _on_page(client, download)


def _on_page(client: Client, download: Download) -> Address:
    with client.ask(download.page) as answer:
        check_status(answer, download.page)
        try:
            text = answer.text
        except requests.exceptions.RequestException as problem:
            raise explained(problem, download.page) from problem
    page = download.page.rsplit("/", 1)[-1]
    names = sorted(set(re.findall(_LINK.format(page), text)))
    name = _the_one(names, download)
    url = f"{INSEE}/fr/statistiques/fichier/{page}/{name}"
    return Address(url, _name(url))


def _in_dataset(client: Client, download: Download) -> Address:
    address = DATASET.format(download.dataset)
    with client.ask(address) as answer:
        check_status(answer, address)
        try:
            resources: list[dict[str, Any]] = answer.json()["resources"]
        except (requests.exceptions.RequestException, KeyError, TypeError) as problem:
            raise FetchError(
                Cause.SERVER, "la liste des fichiers de data.gouv.fr est illisible", remedy="réessayez plus tard"
            ) from problem
    by_title = {str(one.get("title", "")): one for one in resources}
    chosen = by_title[_the_one(sorted(by_title), download)]
    stated = chosen.get("checksum") or {}
    digest = f"{stated['type']}:{stated['value']}" if stated.get("type") in _ALGORITHMS else None
    url = str(chosen.get("latest") or chosen.get("url"))
    return Address(url, download.file or _name(str(chosen.get("url") or url)), digest)


def _name(url: str) -> str:
    """Take a file's name from its address: no folder, no sign that a disk reads otherwise, even written as %2F."""
    last = unquote(urlsplit(url).path.rsplit("/", 1)[-1])
    return re.sub(r'[<>:"/\\|?*\x00-\x1f]', "_", last).strip(". ") or "fichier"


def _the_one(names: Iterable[str], download: Download) -> str:
    names = list(names)
    found = [name for name in names if re.fullmatch(download.pattern, name, re.IGNORECASE)]
    if len(found) == 1:
        return found[0]
    if not names:
        raise FetchError(
            Cause.SERVER, "cette page ne montre aucun fichier à télécharger", found="une page refaite, une page"
            " d’erreur, ou celle d’un proxy", remedy="ouvrez-la dans votre navigateur",
        )  # fmt: skip
    listed = found or names
    shown = enumeration(listed[:_NAMED]) + (f" et {len(listed) - _NAMED} autres" if len(listed) > _NAMED else "")
    if found:
        what = f"plusieurs fichiers conviennent au millésime {download.vintage}"
    else:
        what = f"le millésime {download.vintage} n’est pas sur cette page"
    raise FetchError(
        Cause.FILE, what, expected=f"un fichier nommé comme « {download.looks} »",
        found=shown,
        remedy="aucun autre millésime n’a été pris à sa place. Choisissez sur la page du producteur",
    )  # fmt: skip
