"""Nothing personal goes further than the reader of a survey.

What may not be kept is found by the titles of columns and by what their cells look like; each finding cites its
text, names the column, counts the cells and gives lines, never a value. Removing is done here, once, before any
table is built; identities are never a matter of settings.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from diagnostic.errors import Fault, InputError, RefusedError
from diagnostic.ingestion.survey.detection import (
    FREE_TEXT,
    PERSONS,
    Detection,
    has_identifier,
    inspect,
    rare_answers,
    texts_of,
)
from diagnostic.ingestion.survey.export import QuestionKind
from diagnostic.ingestion.survey.masking import mask
from diagnostic.ingestion.survey.rules import IDENTITIES, Action
from diagnostic.ingestion.survey.splitting import split_cell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from diagnostic.ingestion.survey.export import Export, Question

REMOVED: Final = "[retiré]"
OTHER: Final = "[autre]"


class Decision(StrEnum):
    """What the person in charge decided of a column, as the codebook records it."""

    KEEP = "conserver"
    REMOVE = "retirer"


def strip(export: Export, *, decisions: Mapping[str, Decision] | None = None) -> tuple[Export, list[Detection]]:
    """Remove what may not be kept.

    Direct identifiers, metadata and free text go, whatever was decided. A sensitive characteristic goes unless
    the decision to keep it is recorded. What the law forbids to collect refuses the whole file, unless the
    decision to remove the column is recorded.

    Parameters
    ----------
    export
        A survey export, as read.
    decisions
        Recorded decisions, by column title or question code.

    Returns
    -------
    tuple
        The export without what was removed (columns of free text stay, emptied, so that their states still
        count), and every detection.

    Raises
    ------
    RefusedError
        For what must not be collected, or a decision to keep an identity; all at once, no value quoted.
    """
    chosen = dict(decisions or {})
    found = inspect(export)
    _refuse(export, found, chosen)
    by_column: dict[str, list[Detection]] = {}
    for detection in found:
        by_column.setdefault(detection.column, []).append(detection)
    answers: dict[str, pd.Series[str]] = {}
    questions: list[Question] = []
    for question in export.questions:
        kept = []
        for column in question.columns:
            decided = chosen.get(column, chosen.get(question.code))
            series = _kept(export, question, column, found=by_column.get(column, []), decided=decided)
            if series is not None:
                answers[column] = series
                kept.append(column)
        if kept:
            questions.append(_without(question, kept))
    # Options guessed from the answers could repeat one of them.
    frame = pd.DataFrame(answers, index=export.answers.index)
    stripped = replace(
        export, questions=tuple(questions), answers=frame, states=export.states[list(frame.columns)]
    )
    removed = len(export.answers.columns) - len(frame.columns)
    note = f"{removed} colonne(s) retirée(s) pour la protection des personnes, sur {len(export.answers.columns)}."
    return stripped.with_notes([note]), found


def set_aside(export: Export) -> pd.DataFrame:
    """Give the free texts to be read and coded by hand, names and identifiers masked.

    Parameters
    ----------
    export
        A survey export, before :func:`strip`, which empties these columns.

    Returns
    -------
    pandas.DataFrame
        One column a text question or "autre" column; it may still name somebody, and is never exported.
    """
    columns = [
        column
        for question in export.questions
        for column in question.columns
        if question.kind is QuestionKind.TEXT or column == question.other_column
    ]
    return pd.DataFrame(
        {column: [mask(text) for text in export.answers[column]] for column in columns},
        index=export.answers.index, dtype=str,
    )  # fmt: skip


def coordinates(export: Export, longitude: str, *, latitude: str) -> tuple[np.ndarray, np.ndarray]:
    """Give the respondents' coordinates, to be turned into a QPV in memory and forgotten.

    Parameters
    ----------
    export
        A survey export, before :func:`strip`.
    longitude, latitude
        Columns of decimal degrees.

    Returns
    -------
    tuple of numpy.ndarray
        Longitudes and latitudes, NaN where the cell is blank.

    Raises
    ------
    InputError
        When a column is absent or a filled cell is no coordinate; lines are given, never values.
    """
    faults: list[Fault] = []
    arrays = []
    for column, limit in ((longitude, 180.0), (latitude, 90.0)):
        if column not in export.answers:
            faults.append(
                Fault("colonne absente", file=export.file, column=column, expected="des degrés décimaux")
            )
            continue
        texts = export.answers[column].str.strip().str.replace(",", ".", regex=False)
        values = pd.to_numeric(texts.where(texts != ""), errors="coerce").to_numpy(dtype="float64")
        wrong = ((texts != "").to_numpy() & np.isnan(values)) | (np.abs(np.nan_to_num(values)) > limit)
        if wrong.any():
            lines = export.answers.index[wrong]
            faults.append(Fault(
                "coordonnée illisible", file=export.file, line=int(lines[0]), column=column,
                expected="des degrés décimaux (EPSG:4326)", found=f"{len(lines)} cellule(s) d’une autre forme",
                remedy="corrigez ces lignes, ou donnez le quartier en clair",
            ))  # fmt: skip
        arrays.append(values)
    if faults:
        raise InputError(faults)
    return arrays[0], arrays[1]


def _refuse(export: Export, found: list[Detection], chosen: Mapping[str, Decision]) -> None:
    codes = {column: question.code for question in export.questions for column in question.columns}
    faults = []
    for detection in found:
        decided = chosen.get(detection.column, chosen.get(codes[detection.column]))
        if detection.action is Action.REFUSE and decided is not Decision.REMOVE:
            faults.append(Fault(
                f"{detection.label}\u00a0: {detection.text}", file=export.file, column=detection.column,
                expected="un export sans cette colonne", found=f"{detection.count} cellule(s) remplie(s)",

                remedy="retirez la question de l’export, ou inscrivez «\u00a0retirer\u00a0» au codebook",
            ))  # fmt: skip
        elif detection.whole and detection.what in IDENTITIES and decided is Decision.KEEP:
            faults.append(Fault(
                f"une décision ne peut pas conserver\u00a0: {detection.label}, {detection.text}", file=export.file,
                column=detection.column, remedy="ôtez cette décision du codebook",
            ))  # fmt: skip
    if faults:
        raise RefusedError(faults)


def _kept(
    export: Export, question: Question, column: str, *, found: list[Detection], decided: Decision | None
) -> pd.Series[str] | None:
    """Give what stays of a column: all, all but some cells, an empty column, or nothing."""
    series = export.answers[column]
    if decided is Decision.REMOVE:
        return None
    for detection in found:
        if not detection.whole:
            continue
        if detection.what in (FREE_TEXT, PERSONS) and decided is Decision.KEEP:
            continue  # a quarter may be called after somebody
        written = question.kind is QuestionKind.TEXT and detection.what in (FREE_TEXT, PERSONS)
        if written or column == question.other_column:
            return pd.Series("", index=series.index, dtype=series.dtype)
        if detection.action is not Action.WARN or decided is not Decision.KEEP:
            return None
    partial = [detection for detection in found if not detection.whole]
    if not partial:
        return series
    return _redacted(export, question, column, keep_rare=decided is Decision.KEEP)


def _redacted(export: Export, question: Question, column: str, *, keep_rare: bool) -> pd.Series[str]:
    """Replace personal cells; of several answers in a cell, only the known options stay."""
    texts = texts_of(export, column)
    rare = rare_answers(question, column, texts)
    words = []
    for word, odd in zip(texts.words, rare, strict=True):
        if odd and question.separator is not None:
            listed = [*question.options, *question.options.values(), *question.spellings]
            split = split_cell(word, listed, separator=question.separator)
            words.append(question.separator.join(listed[position] for position in split.options))
        elif odd and not keep_rare:
            words.append(OTHER)
        else:
            words.append(REMOVED if has_identifier(word) else word)
    taken = np.array(words, dtype=object)[texts.positions] if words else np.empty(0, dtype=object)
    return pd.Series(taken, index=export.answers.index, dtype=export.answers[column].dtype)


def _without(question: Question, kept: list[str]) -> Question:
    return replace(
        question, columns=tuple(kept),
        option_columns={option: column for option, column in question.option_columns.items() if column in kept},
        other_column=question.other_column if question.other_column in kept else None,
        options={code: label for code, label in question.options.items() if not has_identifier(label)},
        spellings={word: code for word, code in question.spellings.items() if not has_identifier(word)},
    )  # fmt: skip
