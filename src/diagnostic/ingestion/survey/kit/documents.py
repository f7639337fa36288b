"""The papers that go with a questionnaire: notice, register entry, impact assessment, CADA note, referral card.

Their prose stands in ``textes/*.md`` beside this module; what changes with the regime is chosen here. Legal facts
that were not read in a text are not stated: they are questions for the DPO.
"""

from __future__ import annotations

from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Final

from diagnostic.formatting import enumeration, long_date, plural, typographic
from diagnostic.ingestion.survey.kit.plan import NEVER_NAME, SECTIONS, items

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from diagnostic.ingestion.survey.kit.plan import Item, Plan

TEXTS: Final = Path(__file__).parent / "textes"
DOCUMENTS: Final[Mapping[str, str]] = {
    "LISEZ-MOI.md": "lisez_moi.md",
    "notice_information.md": "notice.md",
    "registre.md": "registre.md",
    "aipd.md": "aipd.md",
    "note_cada.md": "note_cada.md",
    "fiche_orientation.md": "orientation.md",
}
MODES: Final = {
    "en_ligne": "en ligne", "face_a_face": "en face-à-face", "telephone": "par téléphone", "papier": "sur papier",
}  # fmt: skip
BASES: Final = {
    "aleatoire": "personnes tirées au sort", "quotas": "personnes choisies selon des quotas",
    "volontaires": "personnes volontaires",
}  # fmt: skip

CONSEQUENCES: Final = {
    "aleatoire": "Les résultats pourront être étendus à la population, avec leur marge d’incertitude.",
    "quotas": "Sans tirage au sort, les résultats diront « parmi les répondants ».",
    "volontaires": "Sans tirage au sort, les résultats diront « parmi les répondants ».",
}


def documents(plan: Plan) -> dict[str, str]:
    """Write every paper.

    Parameters
    ----------
    plan
        The choices of the lead.

    Returns
    -------
    dict
        File name to Markdown, in French typography.
    """
    words = _words(plan)
    written = {
        name: Template((TEXTS / source).read_text(encoding="utf-8")).substitute(words)
        for name, source in DOCUMENTS.items()
    }
    written["questionnaire_papier.md"] = paper(plan)
    return {name: _typographic(text) for name, text in written.items()}


def paper(plan: Plan) -> str:
    """Write the questionnaire for paper and for a reading aloud, filters said in words."""
    questions = items(plan)
    numbers = {item.title: rank for rank, item in enumerate(questions, start=1)}
    lines = [f"# Comment êtes-vous traité·e ? {plan.territory_name}", "", f"**{NEVER_NAME}**", ""]
    lines += ["Chaque question est facultative, sauf la première.", ""]
    section = ""
    for item in questions:
        if item.section != section:
            section = item.section
            lines += [f"## {SECTIONS[section]}", ""]
        lines += [*_paper_question(item, numbers, questions), ""]
    return "\n".join(lines)


def _paper_question(item: Item, numbers: Mapping[str, int], questions: tuple[Item, ...]) -> Iterator[str]:
    yield f"**{numbers[item.title]}. {item.text}**"
    if item.hint:
        yield f"*{item.hint}*"
    if item.asked_if is not None:
        title, codes, _ = item.asked_if
        parent = next(one for one in questions if one.title == title)
        labels = [f"« {choice.label} »" for choice in parent.choices if choice.code in codes]
        yield f"→ Si vous avez répondu {enumeration(labels, last='ou')} à la question {numbers[title]}."
    yield ""
    yield from (f"- ☐ {choice.label}" for choice in item.choices)
    if not item.choices:
        yield "……………………………………"


def _typographic(text: str) -> str:
    """Apply French typography line by line, tables and lists included; code stays as it is."""
    return "\n".join(line if line.startswith("    ") else typographic(line) for line in text.splitlines()) + "\n"


def _words(plan: Plan) -> dict[str, str]:
    sensitive = enumeration(concept.label for concept in plan.sensitive)
    return {
        "territoire": plan.territory_name,
        "commanditaire": plan.commissioner,
        "population": plan.population,
        "debut": long_date(plan.start),
        "fin": long_date(plan.end),
        "effacement": long_date(plan.deletion),
        "modes": enumeration(MODES[mode] for mode in plan.modes),
        "base": BASES[plan.basis],
        "base_consequence": CONSEQUENCES[plan.basis],
        "quartiers": plural(len(plan.qpv), "quartier prioritaire", "quartiers prioritaires"),
        "generation": str(plan.generation),
        "regime": plan.regime,
        "ne_citez": NEVER_NAME,
        "sensibles": sensitive or "aucune",
        "reference_dpo": plan.dpo_reference or "à compléter",
        **_by_regime(plan),
    }


def _by_regime(plan: Plan) -> dict[str, str]:
    """Read ``regime_<name>.md``: one heading for each word to put in the papers."""
    text = (TEXTS / f"regime_{plan.regime}.md").read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for part in text.split("\n# ")[1:]:
        name, _, body = part.partition("\n")
        found[name.strip()] = body.strip()
    return found
