"""The kit: all a lead needs to ask residents properly, and to read their answers with no codebook to write."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final, Literal

from diagnostic.errors import Fault, WorkspaceError
from diagnostic.ingestion.survey.codebook import CODEBOOK_NAME
from diagnostic.ingestion.survey.kit.declaration import declaration, declared
from diagnostic.ingestion.survey.kit.documents import documents
from diagnostic.ingestion.survey.kit.limesurvey import lss
from diagnostic.ingestion.survey.kit.plan import Basis, Mode, Plan, Regime, check_plan, items
from diagnostic.ingestion.survey.kit.sampling import Sampling, interviews_needed, sampling_sheet
from diagnostic.ingestion.survey.kit.xlsform import xlsform
from diagnostic.workspace import write_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

XLSFORM_NAME: Final = "questionnaire_kobo.xlsx"
LSS_NAME: Final = "questionnaire_limesurvey.lss"
SAMPLING_NAME: Final = "plan_de_sondage.xlsx"
POPULATION: Final = "habitants de 18 ans et plus des quartiers prioritaires"

__all__ = [
    "LSS_NAME", "SAMPLING_NAME", "XLSFORM_NAME", "Plan", "Sampling", "declared", "interviews_needed", "items",
    "write_kit",
]  # fmt: skip


def write_kit(
    folder: Path, *, territory_name: str, generation: Literal[2015, 2024], qpv: Mapping[str, str], regime: Regime,
    commissioner: str, start: date, end: date, deletion: date, mode: Sequence[Mode] = ("en_ligne",),
    basis: Basis = "volontaires", population: str = POPULATION, optional: Sequence[str] = (),
    adults: Mapping[str, int] | None = None, dpo_reference: str | None = None, sampling: Sampling | None = None,
    overwrite: bool = False,
) -> tuple[Path, ...]:  # fmt: skip
    """Write a kit into a folder.

    Parameters
    ----------
    folder
        Created when absent.
    territory_name, generation, qpv
        Name printed, generation of the quarters, and QPV code to name in list order.
    regime
        ``anonyme`` or ``consentement``: notice, register entry, impact assessment and questionnaire follow it.
    commissioner
        Who commissions the survey and answers for the data.
    start, end, deletion
        Collection dates, and the day the answers are erased.
    mode, basis, population
        Ways of answering, how people are chosen, who may answer.
    optional
        Keys of optional questions; the sensitive ones (nationality, birthplaces) are off unless named here.
    adults
        Inhabitants aged 18 and over by QPV, for the sampling sheet.
    dpo_reference
        Reference of the DPO's opinion (regime of consent).
    sampling
        Precision aimed at.
    overwrite
        Whether files of the same names are replaced.

    Returns
    -------
    tuple of pathlib.Path
        The files written, in the order of their names.

    Raises
    ------
    ConfigurationError
        When the choices do not hold together; all faults at once.
    WorkspaceError
        When the folder cannot be written or already holds one of the files.
    """
    plan = Plan(
        territory_name=territory_name, generation=generation, qpv=dict(qpv), regime=regime, basis=basis,
        modes=tuple(mode), start=start, end=end, deletion=deletion, commissioner=commissioner,
        population=population, optional=tuple(optional), adults=adults, dpo_reference=dpo_reference,
    )  # fmt: skip
    check_plan(plan)
    files = contents(plan, sampling=sampling or Sampling())
    present = [name for name in files if (folder / name).exists()]
    if present and not overwrite:
        raise WorkspaceError(Fault(
            "le dossier contient déjà un kit", file=str(folder), found=", ".join(sorted(present)),
            remedy="choisissez un autre dossier",
        ))  # fmt: skip
    for name, data in files.items():
        write_bytes(folder / name, data)
    return tuple(sorted(folder / name for name in files))


def contents(plan: Plan, *, sampling: Sampling) -> dict[str, bytes]:
    """Give the files of a kit by name, the same bytes for the same choices."""
    codebook = declaration(plan)
    version = hashlib.sha256(lss(plan)).hexdigest()[:8]
    return {
        XLSFORM_NAME: xlsform(plan, version=version),
        LSS_NAME: lss(plan),
        SAMPLING_NAME: sampling_sheet(plan, sampling),
        CODEBOOK_NAME: codebook.encode(),
        **{name: text.encode() for name, text in documents(plan).items()},
    }
