"""Find in an export what a codebook names: questions, columns, answers; never by likeness."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from diagnostic.errors import ConfigurationError, Fault
from diagnostic.formatting import enumeration
from diagnostic.ingestion.privacy import Decision
from diagnostic.ingestion.survey.export import CellState, Question, QuestionKind
from diagnostic.ingestion.survey.wording import key, non_answer
from diagnostic.survey_model import Concept, Kind, concept_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from diagnostic.ingestion.survey.codebook.model import Codebook, QuestionSection
    from diagnostic.ingestion.survey.export import Export

SHOWN: Final = 8
OTHER_CODES: Final = frozenset({"-oth-", "other", "autre"})
AGREED: Final = frozenset({"oui", "o", "yes", "y", "j'accepte"})
YES: Final = frozenset({"oui", "yes", "y", "1"})
_NON_ANSWERS: Final = {CellState.DONT_KNOW: "nsp", CellState.REFUSED: "refus"}
# Kobo and ODK write the groups before the name of a question.
_PATH: Final = re.compile(r"[/.-]")
# Typed by a person, perhaps: an address, a number, a long sentence. Never repeated in a message.
_TYPED: Final = re.compile(r"@|\d{4,}|^.{90,}$")


@dataclass(frozen=True, slots=True)
class Item:
    """One column of a battery: which answer of ours it carries, and which cells mean yes."""

    column: str
    target: str
    question: Question
    yes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Match:
    """A concept, where the export has it, and what each spelling found there means.

    Parameters
    ----------
    concept, section
        Of the model and of the codebook.
    question
        Its question in the export, ``None`` for a battery.
    targets
        Spelling of a cell (or code of an option column) to our answer.
    items
        Columns of a battery.
    unmatched
        Closed answers of the export to which the codebook gives no meaning.
    """

    concept: Concept
    section: QuestionSection
    question: Question | None
    targets: dict[str, str] = field(default_factory=dict, repr=False)
    items: tuple[Item, ...] = ()
    unmatched: tuple[str, ...] = ()

    @property
    def wording(self) -> str:
        """Exact wording: the codebook's, else the export's."""
        if self.section.formulation:
            return self.section.formulation
        return self.question.text if self.question else " / ".join(item.question.text for item in self.items)


def match(export: Export, codebook: Codebook) -> tuple[Match, ...]:
    """Find every question of a codebook in an export.

    Raises
    ------
    ConfigurationError
        When a question is absent, of the wrong kind, or holds answers without a meaning: all at once.
    """
    found, faults = match_all(export, codebook)
    if faults:
        raise ConfigurationError(faults)
    return found


def match_all(export: Export, codebook: Codebook) -> tuple[tuple[Match, ...], tuple[Fault, ...]]:
    """Find what can be found, and say what cannot."""
    kit = codebook.questionnaire is not None
    faults: list[Fault] = []
    matches: list[Match] = []
    for name, section in codebook.questions.items():
        if name in codebook.decisions and codebook.decisions[name].decision == "retirer":
            continue
        concept = concept_keys()[name]
        if section.colonnes:
            one = _battery(export, concept, section, faults=faults)
        else:
            one = _plain(export, concept, section, kit=kit, faults=faults)
        if one is not None:
            matches.append(one)
    columns = [("poids", codebook.poids), ("strate", codebook.strate), ("grappe", codebook.grappe)]
    if codebook.consentement is not None:
        columns.append(("consentement", codebook.consentement.question))
    if codebook.quartier is not None:
        place = codebook.quartier
        columns += [("question", place.question), ("latitude", place.latitude), ("longitude", place.longitude)]
    for name, reference in columns:
        if reference is not None and find_column(export, reference) is None:
            faults.append(_absent(export, reference, where=name))
    return tuple(matches), tuple(faults)


def column_decisions(export: Export, codebook: Codebook) -> dict[str, Decision]:
    """Give the recorded decisions by question code, as :func:`diagnostic.ingestion.privacy.strip` takes them.

    A decision may be recorded under the key of a concept or under a column of the export.
    """
    found: dict[str, Decision] = {}
    for name, section in codebook.decisions.items():
        reference = codebook.questions[name].question if name in codebook.questions else name
        question = find_question(export, reference or name)
        found[question.code if question else name] = Decision(section.decision)
    return found


def find_question(export: Export, reference: str) -> Question | None:
    """Find a question by its code, by one of its columns, by its name in its group, or by its wording."""
    for question in export.questions:
        if question.code == reference:
            return question
    for question in export.questions:
        if reference in question.columns:
            return question
    inside = [question for question in export.questions if _PATH.split(question.code)[-1] == reference]
    if len(inside) == 1:
        return inside[0]
    wanted = key(reference)
    same = [question for question in export.questions if wanted in {key(question.code), key(question.text)}]
    return same[0] if len(same) == 1 else None


def find_column(export: Export, reference: str) -> str | None:
    """Find the one column that a reference names: a column itself, or that of a question with a single one."""
    if reference in export.answers.columns:
        return reference
    question = find_question(export, reference)
    if question is None or not question.columns:
        return None
    return question.columns[0]


def agreed(question: Question, cells: Iterable[str]) -> list[bool]:
    """Say which cells of a yes-or-no question mean yes, by label or by code.

    Examples
    --------
    >>> agreed(Question("c", "D’accord ?", QuestionKind.SINGLE, {"O": "Oui", "N": "Non"}), ["O", "N", ""])
    [True, False, False]
    """
    yes = {code for code, label in question.options.items() if key(label or code) in AGREED}
    return [question.spellings.get(cell, cell) in yes or key(cell) in AGREED for cell in cells]


def automatic(concept: Concept, code: str, label: str, *, kit: bool) -> str | None:
    """Recognise an answer that bears our label or our code; short codes only in the kit's own forms.

    Examples
    --------
    >>> automatic(concept_keys()["sexe"], "1", "Homme", kit=False)
    'homme'
    >>> automatic(concept_keys()["motifs"], "M11", "M11", kit=False) is None
    True
    """
    wanted = key(label)
    for option in concept.options:
        if wanted in {key(option.label), key(option.code.replace("_", " "))} or code == option.code:
            return option.code
    if kit:
        for option in concept.options:
            if code == option.short:
                return option.code
    reason = non_answer(label) or non_answer(code)
    if reason is not None:
        return _NON_ANSWERS[reason]
    return "autre" if code.casefold() in OTHER_CODES or wanted in OTHER_CODES else None


def safe(label: str) -> str:
    """Give a closed answer as a message may show it: what looks typed by a person is not repeated."""
    return "(réponse libre)" if _TYPED.search(label) else label


def _plain(
    export: Export, concept: Concept, section: QuestionSection, *, kit: bool, faults: list[Fault]
) -> Match | None:
    question = find_question(export, section.question or "")
    if question is None:
        faults.append(_absent(export, section.question or "", where=f"questions > {concept.key}"))
        return None
    if concept.kind is Kind.SINGLE and question.kind is QuestionKind.MULTIPLE:
        faults.append(Fault(
            "question à plusieurs réponses pour une notion qui n’en prend qu’une", file=export.file,
            column=question.code, expected=f"une question à réponse unique pour « {concept.key} »",
            remedy="choisissez une autre question, ou une notion à réponses multiples",
        ))  # fmt: skip
        return None
    targets, unmatched = _targets(concept, section, question, kit=kit)
    if unmatched and not section.tranches:
        shown = [f"« {safe(label)} »" for label in unmatched[:SHOWN]]
        more = f" et {len(unmatched) - SHOWN} autres" if len(unmatched) > SHOWN else ""
        faults.append(Fault(
            "réponses sans correspondance dans le modèle", file=export.file, column=question.code,
            found=", ".join(shown) + more,
            expected=f"une ligne par réponse dans [questions.{concept.key}.modalites]",
            remedy="donnez à chacune une modalité du modèle, ou « ignorer »",
        ))  # fmt: skip
    return Match(concept, section, question, targets, unmatched=unmatched)


def _targets(
    concept: Concept, section: QuestionSection, question: Question, *, kit: bool
) -> tuple[dict[str, str], tuple[str, ...]]:
    declared = {**section.modalites, **dict.fromkeys(section.nsp, "nsp"), **dict.fromkeys(section.refus, "refus")}
    by_key = {key(source): target for source, target in declared.items()}
    targets = dict(declared)
    unmatched = []
    for code, label in question.options.items():
        target = declared.get(code) or by_key.get(key(label)) or automatic(concept, code, label or code, kit=kit)
        if target is None and safe(label or code) != (label or code):
            target = "autre"
        if target is None:
            unmatched.append(label or code)
        else:
            targets[code] = target
    if not question.options or kit:  # codes without a list: ours are recognised as they come
        for option in concept.options:
            targets.setdefault(option.short if kit else option.code, option.code)
    targets.setdefault("-oth-", "autre")
    for spelling, code in question.spellings.items():
        if code in targets:
            targets.setdefault(spelling, targets[code])
    return targets, tuple(unmatched)


def _battery(export: Export, concept: Concept, section: QuestionSection, *, faults: list[Fault]) -> Match | None:
    if concept.kind is not Kind.MULTIPLE:
        faults.append(Fault(
            f"« {concept.key} » ne prend qu’une réponse : colonnes = … est réservé aux réponses multiples",
            file=export.file, column=concept.key, remedy="écrivez question = …",
        ))  # fmt: skip
        return None
    items: list[Item] = []
    for reference, target in section.colonnes.items():
        question = find_question(export, reference)
        if question is None:
            faults.append(_absent(export, reference, where=f"questions > {concept.key} > colonnes"))
            continue
        column = reference if reference in question.columns else question.columns[0]
        yes = frozenset(_yes(question, section))
        if not yes and question.kind is not QuestionKind.MULTIPLE:
            faults.append(Fault(
                "on ne sait pas quelle réponse veut dire oui", file=export.file, column=question.code,
                expected="une réponse « Oui »", remedy=f'ajoutez oui = ["1"] à [questions.{concept.key}]',
            ))  # fmt: skip
        items.append(Item(column, target, question, yes))
    return Match(concept, section, None, _battery_targets(section, items), tuple(items))


def _yes(question: Question, section: QuestionSection) -> Iterator[str]:
    yes = {key(word) for word in section.oui} or YES - ({"1"} if question.options else set())
    codes = {code for code, label in question.options.items() if key(label) in yes or key(code) in yes}
    yield from codes
    yield from (spelling for spelling, code in question.spellings.items() if code in codes)
    if section.oui:
        yield from section.oui


def _battery_targets(section: QuestionSection, items: list[Item]) -> dict[str, str]:
    targets = {**dict.fromkeys(section.nsp, "nsp"), **dict.fromkeys(section.refus, "refus")}
    for item in items:
        for code, label in item.question.options.items():
            reason = non_answer(label)
            if reason is not None:
                targets.setdefault(code, _NON_ANSWERS[reason])
    return targets


def _absent(export: Export, reference: str, *, where: str) -> Fault:
    known = [question.code for question in export.questions]
    near = get_close_matches(reference, [*known, *map(str, export.answers.columns)], n=3, cutoff=0.6)
    names = enumeration([f"« {safe(name)} »" for name in dict.fromkeys(near)], last="ou")
    return Fault(
        f"le codebook nomme une question absente de l’export : « {reference} »", file=export.file, column=where,
        expected=f"par exemple {names}" if near else "un code ou un intitulé exact de l’export",
        remedy="corrigez le codebook, ou exportez de nouveau l’enquête avec cette question",
    )  # fmt: skip
