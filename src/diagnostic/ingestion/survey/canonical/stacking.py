"""Two exports of one survey put one under the other, when their questions agree and only then."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from diagnostic.errors import Fault, InputError
from diagnostic.ingestion.survey.export import QuestionKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from diagnostic.ingestion.survey.export import Export, Question


def stack(first: Export, *others: Export) -> Export:
    """Stack exports of the same survey.

    Parameters
    ----------
    first, others
        Exports of one platform; columns that the platform adds by itself may differ and are left out.

    Returns
    -------
    Export
        Rows in the order given; the line numbers are those of each file, made unique by adding the lines of the
        files before.

    Raises
    ------
    InputError
        When a question is absent, or differs in wording, kind or answers: every difference at once.
    """
    faults = [fault for other in others for fault in _differences(first, other)]
    if faults:
        raise InputError(faults)
    columns = [name for question in _asked(first) for name in question.columns]
    answers, states, completed, start = [], [], [], 0
    for export in (first, *others):
        lines = export.answers.index + start
        answers.append(export.answers[columns].set_axis(lines, axis=0))
        states.append(export.states[columns].set_axis(lines, axis=0))
        completed.append(export.completed.set_axis(lines))
        start = int(lines.max()) if len(lines) else start
    return replace(
        first, file=" + ".join(export.file for export in (first, *others)), questions=tuple(_asked(first)),
        answers=_in_one_piece(pd.concat(answers)).rename_axis("line"),
        states=pd.concat(states).rename_axis("line"),
        completed=pd.concat(completed).astype(bool),
        notes=tuple(dict.fromkeys(note for export in (first, *others) for note in export.notes)),
    )  # fmt: skip


def _in_one_piece(answers: pd.DataFrame) -> pd.DataFrame:
    """Rebuild the columns, which pandas leaves in as many pieces as there were files."""
    return pd.DataFrame({name: pd.Series(answers[name].to_numpy(), answers.index, dtype=str) for name in answers})


def _asked(export: Export) -> list[Question]:
    return [question for question in export.questions if question.kind is not QuestionKind.SYSTEM]


def _differences(first: Export, other: Export) -> Iterator[Fault]:
    remedy = "exportez les deux vagues avec la même version du questionnaire, ou décrivez-les comme deux enquêtes"
    if first.platform != other.platform:
        yield Fault(
            "deux plateformes différentes", file=other.file, expected=first.platform, found=other.platform,
            remedy="décrivez chaque fichier comme une enquête, avec son propre codebook",
        )  # fmt: skip
        return
    known = {question.code: question for question in _asked(first)}
    found = {question.code: question for question in _asked(other)}
    for code in [*known, *(code for code in found if code not in known)]:
        if code not in found or code not in known:
            where, absent = (first, other) if code not in found else (other, first)
            yield Fault(
                f"question présente dans « {where.file} » seulement", file=absent.file, column=code, remedy=remedy
            )
            continue
        for name, mine, theirs in _parts(known[code], found[code]):
            if mine != theirs:
                yield Fault(f"deux versions de la question : {name}", file=other.file, column=code, remedy=remedy)


def _parts(mine: Question, theirs: Question) -> Iterator[tuple[str, object, object]]:
    yield "l’intitulé", mine.text, theirs.text
    yield "le type de réponse", mine.kind, theirs.kind
    yield "les colonnes", mine.columns, theirs.columns
    yield "les réponses proposées", dict(mine.options), dict(theirs.options)
