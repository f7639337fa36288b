"""What may be wrong with an installation, each with a way out."""

from __future__ import annotations

import importlib.util
import os
import sys
import tempfile
from contextlib import closing
from dataclasses import dataclass
from importlib import resources
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from diagnostic import __version__
from diagnostic.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from diagnostic.errors import DiagnosticError

MINIMUM: Final = (3, 11)
NAME: Final = "diagnostic-territorial"
# An unrelated distribution of this name installs a module of the same name.
HOMONYM: Final = "diagnostic"
EXTRAS: Final = {"notebooks": ("jupyterlab", "nbclient"), "presentation": ("pptx",)}
FONTS: Final = (
    "SourceSans3-Regular.ttf",
    "SourceSans3-Semibold.ttf",
    "SourceSans3-Bold.ttf",
    "SourceSans3-It.ttf",
)
# Of the 260 that Windows allows, a territory of a batch needs 130 below the folder where one works.
LONGEST_PATH: Final = 120


@dataclass(frozen=True, slots=True)
class Check:
    """One thing examined.

    Parameters
    ----------
    what
        French sentence: what was examined and found.
    ok
        Whether it is as it should be.
    remedy
        What to do otherwise.
    """

    what: str
    ok: bool
    remedy: str = ""


def examine() -> list[Check]:
    """Examine the installation.

    Returns
    -------
    list of Check
        In a fixed order; the first that is not ``ok`` is the one to mend first.
    """
    return [_python(), *_distribution(), *_libraries(), *_extras(), _fonts(), _folder(), _console()]


def examine_network(folder: Path | None = None) -> Iterator[Check]:
    """Try every registered address, a few bytes each.

    Parameters
    ----------
    folder
        A working folder whose ``[reseau]`` settings are used; without it, those of the machine.

    Yields
    ------
    Check
        One an address, as it answers; those that a person opens by hand once each.

    Raises
    ------
    ConfigurationError
        When the folder's settings have faults.
    """
    from diagnostic.ingestion.catalogue.downloads import downloads  # noqa: PLC0415 - an examination needs no network
    from diagnostic.ingestion.fetch.network import Client, Network, network_of  # noqa: PLC0415 - idem
    from diagnostic.ingestion.fetch.probe import probe  # noqa: PLC0415 - idem

    network = Network() if folder is None else network_of(Workspace(folder).configuration().reseau, folder)
    distinct = {one.where: one for one in downloads()}
    told: list[DiagnosticError] = []
    with closing(Client(network)) as client:
        for one in probe(client, distinct.values()):
            name = f"{one.download.id} (millésime {one.download.vintage})"
            if one.error is None:
                yield Check(f"{name} : {one.found}", ok=True)
            elif one.error in told:
                yield Check(f"{name} : même site, même cause", ok=False, remedy=one.download.where)
            else:
                told.append(one.error)
                fault = one.error.faults[0]
                yield Check(f"{name} : {fault.what}", ok=False, remedy=f"{fault.remedy} ({one.download.where})")


def _python() -> Check:
    found = ".".join(str(part) for part in sys.version_info[:3])
    return Check(
        f"Python {found}",
        sys.version_info[:2] >= MINIMUM,
        "installez Python 3.11 ou plus récent, puis réinstallez",
    )


def _distribution() -> Iterator[Check]:
    try:
        distribution(HOMONYM)
    except PackageNotFoundError:
        pass
    else:
        yield Check(
            f"une distribution étrangère nommée « {HOMONYM} » est installée", ok=False,
            remedy=f"pip uninstall {HOMONYM}, puis réinstallez {NAME}",
        )  # fmt: skip
    try:
        found = version(NAME)
    except PackageNotFoundError:
        yield Check(f"{NAME} n’est pas installé par pip", ok=False, remedy="réinstallez comme l’indique le guide")
    else:
        yield Check(
            f"{NAME} {found}",
            found == __version__,
            f"le code ({__version__}) et l’installation diffèrent : réinstallez",
        )


def _libraries() -> Iterator[Check]:
    names = (
        "pandas",
        "geopandas",
        "matplotlib",
        "pyarrow",
        "pyogrio",
        "shapely",
        "typst",
        "xlsxwriter",
        "pooch",
        "truststore",
    )
    absent = [name for name in names if importlib.util.find_spec(name) is None]
    yield Check(
        f"bibliothèques absentes : {', '.join(absent)}" if absent else "bibliothèques présentes", not absent,
        "réinstallez comme l’indique le guide",
    )  # fmt: skip


def _extras() -> Iterator[Check]:
    for extra, modules in EXTRAS.items():
        absent = [name for name in modules if importlib.util.find_spec(name) is None]
        state = "présent" if not absent else "absent (facultatif)"
        yield Check(f"complément « {extra} » {state}", ok=True)


def _fonts() -> Check:
    fonts = resources.files("diagnostic.publication") / "fonts"
    absent = [name for name in FONTS if not (fonts / name).is_file()]
    return Check(
        f"polices absentes : {', '.join(absent)}" if absent else "polices du rapport présentes", not absent,
        "réinstallez comme l’indique le guide",
    )  # fmt: skip


def _folder() -> Check:
    here = Path.cwd()
    try:
        with tempfile.TemporaryFile(dir=here):
            pass
    except OSError:
        return Check(f"dossier courant sans droit d’écriture : {here}", ok=False, remedy="changez de dossier")
    long = os.name == "nt" and len(str(here)) > LONGEST_PATH
    return Check(
        f"dossier courant : {here}", not long, "chemin trop long pour Windows : travaillez plus près de C:\\"
    )


def _console() -> Check:
    encoding = sys.stdout.encoding or "inconnu"
    return Check(f"console en {encoding}", ok=True)
