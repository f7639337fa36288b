"""The questionnaire that a codebook describes, for exports that carry none (Google Forms, shared sheets)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diagnostic.ingestion.survey.codebook.model import CODEBOOK_NAME
from diagnostic.ingestion.survey.export import Form, Question, QuestionKind
from diagnostic.survey_model import Kind, concept_keys

if TYPE_CHECKING:
    from diagnostic.ingestion.survey.codebook.model import Codebook


def declared_form(codebook: Codebook, *, name: str = CODEBOOK_NAME) -> Form:
    """Give the closed questions of a codebook as a form, so that boxes written in one cell are told apart.

    Parameters
    ----------
    codebook
        Its ``modalites`` are the answers as the respondents read them.
    name
        Name of the file, for messages.

    Returns
    -------
    Form
        Only the questions whose answers are listed.
    """
    questions = [
        Question(
            section.question,
            section.question,
            QuestionKind.MULTIPLE if concept_keys()[key].kind is Kind.MULTIPLE else QuestionKind.SINGLE,
            {label: label for label in section.modalites},
        )
        for key, section in codebook.questions.items()
        if section.question and section.modalites
    ]
    return Form(name, "codebook", "fr", tuple(questions))
