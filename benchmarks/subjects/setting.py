"""Where a subject works, and the real files it needs."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import Command, diagnostic

SIREN = "200093201"
NEEDED = (
    "boundaries/qp-politiquedelaville-shp.zip", "geography/communes-hauts-de-france.geojson",
    "geography/commune_2021.csv", "insee_qpv/pop_qp_2013.xls", "insee_qpv/DEMO_2022.csv",
    "insee_qpv/IPRO_2022.csv", "insee_qpv/REVN_2022.csv", "insee_qpv/data_filo18_qp_revdis.csv",
    "insee_qpv/data_filo19_qp_revdis.csv", "filosofi/FILO2018_DISP_COM.csv", "filosofi/FILO2018_DISP_DEP.csv",
    "filosofi/FILO2018_DISP_EPCI.csv", "filosofi/FILO2018_DISP_METROPOLE.csv", "filosofi/FILO2018_DISP_REG.csv",
    "filosofi/FILO2019_DISP_COM.csv", "filosofi/FILO2019_DISP_DEP.csv", "filosofi/FILO2019_DISP_EPCI.csv",
    "filosofi/FILO2019_DISP_METROPOLE.csv", "filosofi/FILO2019_DISP_REG.csv",
)  # fmt: skip


class UnavailableError(Exception):
    """What a subject needs is not on this machine."""


@dataclass(frozen=True)
class Setting:
    """A scratch folder shared by the subjects, and how many runs to count."""

    scratch: Path
    runs: int

    @property
    def few(self) -> int:
        """Runs of a long subject."""
        return min(self.runs, 3)

    def real(self) -> Path:
        """Give the folder of real files."""
        given = os.environ.get("DIAGNOSTIC_SHARED")
        base = Path(given) if given else Path(__file__).parents[3] / "shared"
        folder = base / "real"
        lost = [name for name in NEEDED if not (folder / name).is_file()]
        if lost:
            raise UnavailableError(f"real files are absent ({lost[0]}…); set DIAGNOSTIC_SHARED to their folder.")
        return folder

    def needed(self) -> list[Path]:
        """List the files that a diagnostic of Lille takes in."""
        return [self.real() / name for name in NEEDED]

    def lille(self) -> Path:
        """Give a working folder of Lille, already run."""
        folder = self.scratch / "lille"
        if not (folder / "reports" / "diagnostic.pdf").is_file():
            Command(lille_steps(folder, self.needed())).run()
        return folder


def lille_steps(folder: Path, files: list[Path]) -> list[list[str]]:
    """Give the three commands that a person types."""
    return [
        diagnostic("init", folder, "--epci", SIREN),
        diagnostic("add", "--dossier", folder, *files),
        diagnostic("run", folder),
    ]
