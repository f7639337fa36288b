"""Small exports written by hand, and codebooks for them."""

import copy

import numpy as np
import pandas as pd

from diagnostic.ingestion.survey.codebook import parse_codebook
from diagnostic.ingestion.survey.export import STATE_DTYPE, Export, Question, QuestionKind

IDENTITY = {
    "commanditaire": "Ville fictive", "debut": pd.Timestamp("2025-03-01").date(),
    "fin": pd.Timestamp("2025-04-15").date(), "population": "habitants de 18 ans et plus", "base": "volontaires",
    "mode": ["en_ligne"], "regime": "anonyme", "date_suppression": pd.Timestamp("2027-12-31").date(),
}  # fmt: skip
YES_NO = {"Y": "Oui", "N": "Non"}
EXPERIENCE = {"A1": "Souvent", "A2": "Parfois", "A3": "Jamais", "A4": "Refus de répondre", "A5": "Ne sait pas"}


def single(code, text, options=None, **more):
    """A question in one column."""
    kind = more.pop("kind", QuestionKind.SINGLE)
    return Question(code, text, kind, options or {}, columns=(code,), **more)


def multiple(code, text, options):
    """A question in one column an option."""
    columns = {option: f"{code}[{option}]" for option in options}
    return Question(
        code, text, QuestionKind.MULTIPLE, options, columns=tuple(columns.values()), option_columns=columns
    )


def build(questions, cells, states=None, *, completed=None, file="enquete.csv", platform="limesurvey"):
    """An export from cells by column; states are guessed (blank: ambiguous) unless given."""
    answers = pd.DataFrame(cells, dtype=str)
    answers.index = pd.RangeIndex(2, 2 + len(answers), name="line")
    kinds = {column: question for question in questions for column in question.columns}
    guessed = {}
    for column in answers:
        blank = "not_ticked" if kinds[column].kind is QuestionKind.MULTIPLE else "ambiguous"
        values = np.where(answers[column] == "", blank, "answered").tolist()
        guessed[column] = pd.Categorical((states or {}).get(column, values), dtype=STATE_DTYPE)
    finished = pd.Series(True if completed is None else completed, index=answers.index, dtype=bool)
    return Export(
        file=file, platform=platform, language="fr", questions=tuple(questions), answers=answers,
        states=pd.DataFrame(guessed, index=answers.index), completed=finished,
    )  # fmt: skip


def codebook(**more):
    """A checked codebook on top of a plain identity."""
    return parse_codebook({**copy.deepcopy(IDENTITY), **more})
