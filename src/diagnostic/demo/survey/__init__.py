"""A simulated survey of residents of the fictional territory: every respondent is invented."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from diagnostic.demo.survey.declaration import declaration
from diagnostic.demo.survey.limesurvey import export
from diagnostic.demo.survey.people import draw_people

if TYPE_CHECKING:
    from pathlib import Path

SURVEY_SEED = 20250303
EXPORT_NAME, DECLARATION_NAME = "enquete.csv", "enquete.toml"

__all__ = ["DECLARATION_NAME", "EXPORT_NAME", "SURVEY_SEED", "write_survey"]


def write_survey(folder: Path, *, seed: int = SURVEY_SEED) -> tuple[Path, Path]:
    """Write the export of the fictional survey, and its description.

    Nine hundred rows, of which 858 complete answers of adults; the figures follow the story of each quarter
    (:mod:`~diagnostic.demo.survey.protocol`). Nothing depends on the clock: the same seed gives the same bytes.

    Parameters
    ----------
    folder
        Where to write; made if need be. Files of the same names are replaced.
    seed
        Seed of every answer.

    Returns
    -------
    tuple of pathlib.Path
        ``enquete.csv``, as LimeSurvey exports it, and ``enquete.toml``, as the survey kit writes it.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     paths = write_survey(Path(folder))
    >>> [path.name for path in paths]
    ['enquete.csv', 'enquete.toml']
    """
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng([seed, 4])
    answers, description = folder / EXPORT_NAME, folder / DECLARATION_NAME
    answers.write_bytes(export(rng, draw_people(rng)))
    description.write_bytes(declaration().encode())
    return answers, description
