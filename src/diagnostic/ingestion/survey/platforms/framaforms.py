"""Framaforms (Drupal 7 webform): three rows of titles, comma or tab, UTF-8 or UTF-16 without a mark.

Row 1 holds the form's title, row 2 the question above its first option, row 3 the options or the questions that
have none. In the "separate" layout an option is ``X`` or blank; in the "compact" one the labels share a cell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from diagnostic.ingestion.survey.export import Form, Question, QuestionKind
from diagnostic.ingestion.survey.layout import Layout, build_export
from diagnostic.ingestion.survey.matching import coverage_notes, find_in_form, match_columns
from diagnostic.ingestion.survey.reader import PLATFORMS, Platform
from diagnostic.ingestion.survey.rows import read_cells
from diagnostic.ingestion.survey.sheet import Sheet, column_names
from diagnostic.ingestion.survey.wording import key

if TYPE_CHECKING:
    import numpy as np

    from diagnostic.ingestion.document import Document
    from diagnostic.ingestion.survey.export import Export

NAME: Final = "framaforms"
_TICK: Final = "X"
_TITLES: Final = 3
_COMPACT: Final = ","
_SYSTEM: Final = {
    "numero de serie": "serial", "serial": "serial", "sid": "sid", "date": "date", "time": "date",
    "heure": "date", "submitted time": "date", "completed time": "date", "modified time": "date",
    "brouillon": "draft", "draft": "draft", "adresse ip": "ip", "ip address": "ip", "uid": "uid",
    "nom d'utilisateur": "username", "username": "username",
}  # fmt: skip
_ENOUGH: Final = 4
_OTHERS: Final = frozenset({"autre", "other", "autre...", "other..."})


def recognise(document: Document) -> bool:
    """Say whether the third row of a table holds the columns that webform always adds."""
    rows = next((rows for rows in document.heads.values() if rows), ())
    if len(rows) < _TITLES:
        return False
    return len({_SYSTEM[key(cell)] for cell in rows[_TITLES - 1] if key(cell) in _SYSTEM}) >= _ENOUGH


def read(document: Document, form: Form | None) -> Export:
    """Read a Framaforms table."""
    cells = read_cells(document, titles=_TITLES)
    above, own = cells.titles[1], cells.titles[2]
    groups: list[str] = []
    for over, title in zip(above, own, strict=True):
        # A question stands above its first option only; a system or single column has none above.
        known = groups[-1] if groups and not over and groups[-1] and _in_group(title) else ""
        groups.append(over or known)
    groups = _cut_groups(groups, Sheet(cells, [str(position) for position in range(len(own))]), own, form=form)
    joined = [f"{group} [{title}]" if group else title for group, title in zip(groups, own, strict=True)]
    names, notes = column_names(cells, joined, unique=False)
    sheet = Sheet(cells, names)
    singles = [name for name, group in zip(names, groups, strict=True) if not group]
    system = [name for name in singles if key(name) in _SYSTEM]
    layouts, met = _option_layouts(sheet, names, groups, own, form)
    plain, _ = match_columns(sheet, form, separator=_COMPACT, system=system, only=singles, strict=False)
    asked = {question.code for question in form.questions} if form else set()
    met |= {layout.question.code for layout in plain} & asked
    return build_export(
        sheet, _in_order([*layouts, *plain], names), platform=NAME, completed=_completed(sheet, system),
        notes=[*notes, *coverage_notes(form, met, file=cells.file)], form=form.name if form else None,
        language=form.language if form else None,
    )  # fmt: skip


def _in_group(title: str) -> bool:
    return key(title) not in _SYSTEM


def _cut_groups(groups: list[str], sheet: Sheet, titles: tuple[str, ...], *, form: Form | None) -> list[str]:
    """End a group where its columns stop being boxes: the next question without options has nothing above it."""
    kept: list[str] = []
    ended = ""
    for position, (group, name) in enumerate(zip(groups, sheet.names, strict=True)):
        words = {word for word in sheet[name].words if word.strip()}
        box = words <= {_TICK} and _may_be_option(titles[position], find_in_form(form, group), form)
        first = position == 0 or groups[position - 1] != group
        if first:
            ended = ""
        if group and not first and not box and key(titles[position]) not in _OTHERS:
            ended = group
        kept.append("" if group and group == ended else group)
    return kept


def _may_be_option(title: str, group: Question | None, form: Form | None) -> bool:
    """Say whether the form lets a title be an option of its group; a column never filled shows nothing."""
    if group is not None and group.options:
        return key(title) in {key(label) for label in group.options.values()}
    return find_in_form(form, title) is None


def _option_layouts(
    sheet: Sheet, names: tuple[str, ...], groups: list[str], titles: tuple[str, ...], form: Form | None
) -> tuple[list[Layout], set[str]]:
    met: set[str] = set()
    layouts = []
    for group in dict.fromkeys(group for group in groups if group):
        positions = [position for position, other in enumerate(groups) if other == group]
        described = find_in_form(form, group)
        by_label = {key(label): code for code, label in described.options.items()} if described else {}
        columns, other = {}, None
        for position in positions:
            words = {word for word in sheet[names[position]].words if word.strip()}
            if key(titles[position]) in _OTHERS and not words <= {_TICK}:
                other = names[position]
            else:
                columns[by_label.get(key(titles[position]), titles[position])] = names[position]
        options = {code: code for code in columns} | (dict(described.options) if described else {})
        question = Question(
            described.code if described else group, group, QuestionKind.MULTIPLE, options,
            tuple(names[position] for position in positions), described.relevance if described else None,
            described.group if described else None, option_columns=columns, other_column=other,
        )  # fmt: skip
        met |= {described.code} if described else set()
        layouts.append(Layout(question))
    return layouts, met


def _in_order(layouts: list[Layout], names: tuple[str, ...]) -> list[Layout]:
    rank = {name: position for position, name in enumerate(names)}
    return sorted(layouts, key=lambda layout: rank[layout.question.columns[0]])


def _completed(sheet: Sheet, system: list[str]) -> np.ndarray | None:
    draft = next((name for name in system if _SYSTEM[key(name)] == "draft"), None)
    return None if draft is None else ~(sheet[draft].has("1") | sheet[draft].has("Oui"))


PLATFORMS.register(Platform(NAME, "Framaforms (csv ou .xls)", recognise, read))
