"""The tables of a survey: ``responses``, ``choices`` and ``experiences``, without any identifier."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from diagnostic.errors import Fault, InputError, TerritoryError
from diagnostic.formatting import plural, typographic
from diagnostic.ingestion.survey.canonical.answers import (
    ANSWERED,
    NOT_TICKED,
    Answer,
    asked_only_if,
    read_answer,
)
from diagnostic.ingestion.survey.canonical.place import STATUSES, UNRESOLVED_COLUMNS, locate
from diagnostic.ingestion.survey.canonical.selection import protected
from diagnostic.ingestion.survey.codebook import agreed, find_column, find_question
from diagnostic.ingestion.survey.export import STATE_DTYPE
from diagnostic.ingestion.tabular import numbers
from diagnostic.survey_model import concept_keys, concepts, motive_criteria
from diagnostic.survey_model.identity import SurveyIdentity
from diagnostic.territory import catalogue
from diagnostic.territory.places import GENERATIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import geopandas as gpd

    from diagnostic.ingestion.survey.canonical.place import Placed
    from diagnostic.ingestion.survey.codebook import Codebook, Match
    from diagnostic.ingestion.survey.export import Export
    from diagnostic.territory.places import Territory

STATE_SUFFIX: Final = "__state"
CHOICE_COLUMNS: Final = ("respondent", "concept", "option", "state")
EXPERIENCE_COLUMNS: Final = ("respondent", "qpv", "domain", "motive", "criteria")
SHOWN: Final = 10


@dataclass(frozen=True, slots=True, eq=False)
class SurveyTables:
    """A survey in the canonical model; pseudonymised personal data, for ``restricted`` only.

    Parameters
    ----------
    responses
        One row a respondent: ``respondent`` (a rank), ``qpv``, ``qpv_status``, ``mode``, ``weight``, ``stratum``,
        ``cluster``; for a single concept its code as a column of answers and ``<code>__state``; for a multiple
        one ``<code>__state`` only.
    choices
        Long: one row for each answer ticked (state ``answered``), and for a battery one for each question without
        an answer. Where ``<concept>__state`` is ``answered``, an offered answer without a row is not ticked.
    experiences
        Respondent × domain × motive of the most recent event, with the legal slugs of the motive: the only true
        crossing of domains and motives, since two lists asked apart give co-mentions.
    identity
        The protocol, for the identity card.
    unresolved
        Names of quarters that the lead must settle.
    notes
        French sentences: what was left out, inferred or contradictory.
    """

    responses: pd.DataFrame
    choices: pd.DataFrame
    experiences: pd.DataFrame
    identity: SurveyIdentity
    unresolved: pd.DataFrame
    notes: tuple[str, ...]

    def __repr__(self) -> str:
        return f"SurveyTables(respondents={len(self.responses)}, experiences={len(self.experiences)})"


def canonical(
    export: Export, codebook: Codebook, *, territory: Territory, labels: Mapping[str, str] | None = None,
    outlines: gpd.GeoDataFrame | None = None, keep_incomplete: bool = False,
) -> SurveyTables:  # fmt: skip
    """Turn an export into the canonical tables.

    Parameters
    ----------
    export, codebook
        The answers, and what each question is.
    territory
        Its QPV and their generation.
    labels
        QPV code to name; by default those of the shipped list.
    outlines
        ``code``, ``vintage`` and polygons of the QPV, when the codebook uses coordinates.
    keep_incomplete
        Whether unfinished answers are kept; refused by the regime of consent.

    Returns
    -------
    SurveyTables
        Rows under 18 are refused and counted, unfinished ones left out and counted.

    Raises
    ------
    ConfigurationError
        When the codebook names what the export does not have.
    InputError
        When a weight is missing, negative or not a number, or when nobody is left.
    TerritoryError
        When a quarter is of another generation than the codebook declares, or the territory has none of that one.
    """
    place = _place(export, codebook, territory, labels=labels, outlines=outlines)
    read, matches = protected(export, codebook)
    answers, notes = _answers(read, matches)
    minors = _minors(answers, len(export.answers))
    silent = _without_consent(export, codebook)
    finished = export.completed.to_numpy(dtype=bool)
    partial = keep_incomplete and codebook.regime == "anonyme"
    kept = ~minors & ~silent & (finished | partial)
    if not kept.any():
        raise InputError(Fault(
            "aucune réponse utilisable", file=export.file, remedy="vérifiez l’export et le codebook",
            found=f"{int(minors.sum())} de moins de 18 ans, {int((~finished).sum())} questionnaires inachevés",
        ))  # fmt: skip
    responses = _responses(export, codebook, answers, kept=kept, place=place)
    choices = _choices(answers, kept)
    notes += [*(place.notes if place else ()), *_exclusions(minors, silent, finished & ~silent, kept=kept)]
    notes += _duplicates(responses)
    return SurveyTables(
        responses=responses,
        choices=choices,
        experiences=_experiences(responses, choices),
        identity=_identity(export, codebook, matches, kept=kept, minors=minors, silent=silent),
        unresolved=place.unresolved if place else pd.DataFrame(columns=list(UNRESOLVED_COLUMNS)),
        notes=tuple(dict.fromkeys([*export.notes, *(typographic(note) for note in notes)])),
    )


def _answers(export: Export, matches: tuple[Match, ...]) -> tuple[dict[str, Answer], list[str]]:
    answers = {one.concept.code: read_answer(export, one) for one in matches}
    notes = [note for answer in answers.values() for note in answer.notes]
    for one in matches:
        section = one.section.filtre
        if section is not None:
            parent = answers[concept_keys()[section.cle].code]
            answers[one.concept.code], note = asked_only_if(answers[one.concept.code], parent, section.valeurs)
            notes.append(note)
    return answers, notes


def _minors(answers: Mapping[str, Answer], size: int) -> np.ndarray:
    minors = np.zeros(size, dtype=bool)
    if "adult" in answers:
        minors |= answers["adult"].among(("non",))
    age = answers.get("age_group")
    if age is not None and age.minors is not None:
        minors |= age.minors
    return minors


def _without_consent(export: Export, codebook: Codebook) -> np.ndarray:
    consent = codebook.consentement
    question = find_question(export, consent.question) if consent and consent.question else None
    if question is None:
        return np.zeros(len(export.answers), dtype=bool)
    cells = export.answers[question.columns[0]].str.strip()
    return ~np.array(agreed(question, cells), dtype=bool)


def _place(
    export: Export, codebook: Codebook, territory: Territory, *, labels: Mapping[str, str] | None,
    outlines: gpd.GeoDataFrame | None,
) -> Placed | None:  # fmt: skip
    section = codebook.quartier
    if section is None:
        return None
    every = catalogue.quarters(section.generation)
    names = labels or {}
    own = list(territory.qpv)
    if section.generation != territory.generation:  # a survey on the other map of quarters keeps its own
        own = [code for code, quarter in every.items() if set(quarter.epci) & set(territory.epci)]
        own = own or [code for code in names if code.startswith(GENERATIONS[section.generation])]
    if not own:
        raise TerritoryError(Fault(
            f"le territoire n’a aucun quartier de la génération {section.generation}", file=export.file,
            remedy="corrigez « generation » dans [quartier]",
        ))  # fmt: skip
    known = {code: names.get(code) or (every[code].label if code in every else code) for code in own}
    return locate(export, section, labels=known, elsewhere=every.keys() - set(own), outlines=outlines)


def _responses(
    export: Export, codebook: Codebook, answers: Mapping[str, Answer], *, kept: np.ndarray, place: Placed | None
) -> pd.DataFrame:
    size = int(kept.sum())
    columns: dict[str, object] = {"respondent": np.arange(1, size + 1, dtype=np.int32)}
    if place is not None:
        columns["qpv"] = _labelled(place.codes[kept], place.quarters)
        columns["qpv_status"] = _labelled(place.statuses[kept], STATUSES)
    if "mode" not in answers:
        only = codebook.mode[0] if len(codebook.mode) == 1 else None
        columns["mode"] = pd.Categorical([only] * size, categories=list(codebook.mode))
    columns["weight"] = _weights(export, codebook, kept)
    for name, reference in (("stratum", codebook.strate), ("cluster", codebook.grappe)):
        if reference is not None:
            column = find_column(export, reference)
            # Numbers, not names: a stratum may be a street.
            ranks = pd.Categorical(export.answers.loc[kept, column or reference]).codes
            columns[name] = pd.Categorical((ranks + 1).astype(str))
    for code in concepts():
        if code in answers:
            answer = answers[code]
            if answer.chosen is not None:
                columns[code] = _labelled(answer.chosen[kept], answer.categories)
            columns[f"{code}{STATE_SUFFIX}"] = _labelled(answer.states[kept], STATE_DTYPE.categories)
    return pd.DataFrame(columns)


def _labelled(codes: np.ndarray, categories: Iterable[str]) -> pd.Categorical[str]:
    return pd.Categorical.from_codes(codes, categories=pd.Index(list(categories)))


def _weights(export: Export, codebook: Codebook, kept: np.ndarray) -> np.ndarray:
    if codebook.poids is None:
        return np.ones(int(kept.sum()))
    column = find_column(export, codebook.poids) or codebook.poids
    cells = export.answers.loc[kept, column]
    values = _numbers(cells, export.file)
    faults = []
    for wrong, what in ((values.isna(), "poids manquant"), (values < 0, "poids négatif")):
        faults += [
            Fault(
                what, file=export.file, line=int(line), column=codebook.poids, expected="un nombre positif",
                remedy="demandez le fichier complet au producteur, ou retirez « poids » du codebook",
            )
            for line in values.index[wrong][:SHOWN]
        ]  # fmt: skip
        if wrong.sum() > SHOWN:
            faults.append(Fault(f"et {int(wrong.sum()) - SHOWN} autres lignes : {what}", file=export.file))
    if faults:
        raise InputError(faults)
    if not (values > 0).any():
        raise InputError(Fault("tous les poids sont nuls", file=export.file, column=codebook.poids))
    return values.to_numpy(dtype=float)


def _numbers(cells: pd.Series[str], file: str) -> pd.Series[float]:
    """Read weights; a cell that is no number may be a person's, and no message repeats it."""
    try:
        return numbers(cells, file=file)
    except InputError as problem:
        faults = [replace(fault, found="une cellule d’une autre forme") for fault in problem.faults]
    raise InputError(faults)


def _choices(answers: Mapping[str, Answer], kept: np.ndarray) -> pd.DataFrame:
    parts: list[tuple[np.ndarray, str, str, np.ndarray]] = []
    for code in concepts():
        if code not in answers or answers[code].chosen is not None:
            continue
        for option, ticked in answers[code].ticks.items():
            who = np.flatnonzero(ticked[kept])
            parts.append((who, code, option, np.full(len(who), ANSWERED, dtype=np.int8)))
            states = answers[code].items.get(option)
            if states is not None:
                other = np.flatnonzero(~np.isin(states[kept], [ANSWERED, NOT_TICKED]))
                parts.append((other, code, option, states[kept][other]))
    return _long(parts)


def _long(parts: list[tuple[np.ndarray, str, str, np.ndarray]]) -> pd.DataFrame:
    sizes = [len(who) for who, *_ in parts]
    names = {
        "concept": list(dict.fromkeys(code for _, code, *_ in parts)),
        "option": list(dict.fromkeys(option for *_, option, _ in parts)),
    }
    whole = np.concatenate([who for who, *_ in parts]) if parts else np.empty(0, dtype=int)
    columns: dict[str, object] = {"respondent": (whole + 1).astype(np.int32)}
    for position, name in ((1, "concept"), (2, "option")):
        ranks = [names[name].index(str(part[position])) for part in parts]
        columns[name] = _labelled(np.repeat(ranks, sizes).astype(np.int16), names[name])
    states = np.concatenate([state for *_, state in parts]) if parts else np.empty(0, dtype=np.int8)
    columns["state"] = _labelled(states, STATE_DTYPE.categories)
    return pd.DataFrame(columns).sort_values("respondent", kind="stable", ignore_index=True)


def _experiences(responses: pd.DataFrame, choices: pd.DataFrame) -> pd.DataFrame:
    """Cross the domain and the motives of the most recent event, and of nothing else."""
    if "event_domain" not in responses:
        return pd.DataFrame(columns=list(EXPERIENCE_COLUMNS))
    motives = choices[(choices["concept"] == "event_motives") & (choices["state"] == "answered")]
    events = responses[["respondent", *[name for name in ("qpv",) if name in responses], "event_domain"]]
    events = events[events["event_domain"].notna()].rename(columns={"event_domain": "domain"})
    rows = events.merge(motives[["respondent", "option"]], on="respondent").rename(columns={"option": "motive"})
    rows["motive"] = rows["motive"].astype(str)
    rows["criteria"] = rows["motive"].map(lambda motive: " ".join(motive_criteria(motive)))
    return rows.reindex(columns=list(EXPERIENCE_COLUMNS))


def _exclusions(
    minors: np.ndarray, silent: np.ndarray, finished: np.ndarray, *, kept: np.ndarray
) -> Iterable[str]:
    if minors.any():
        yield f"{plural(int(minors.sum()), 'réponse')} de moins de 18 ans : refusées, aucune n’est gardée."
    if (silent & ~minors).any():
        yield f"{plural(int((silent & ~minors).sum()), 'réponse')} sans accord explicite : refusées."
    left = int((~finished & ~silent & ~minors & ~kept).sum())
    if left:
        yield f"{plural(left, 'questionnaire inachevé', 'questionnaires inachevés')} : exclus des tables."


def _duplicates(responses: pd.DataFrame) -> Iterable[str]:
    given = [name for name in responses if name not in {"respondent", "weight"}]
    count = int(responses.duplicated(subset=given).sum()) if len(given) > 2 * SHOWN else 0
    if count:
        yield f"{plural(count, 'réponse')} identiques en tout point à une autre : doublons possibles, gardées."


def _identity(
    export: Export, codebook: Codebook, matches: tuple[Match, ...], *, kept: np.ndarray, minors: np.ndarray,
    silent: np.ndarray,
) -> SurveyIdentity:  # fmt: skip
    return SurveyIdentity(
        title=codebook.titre,
        commissioner=codebook.commanditaire,
        population=codebook.population,
        start=codebook.debut,
        end=codebook.fin,
        basis=codebook.base,
        modes=codebook.mode,
        response_rate=codebook.taux_reponse,
        regime=codebook.regime,
        deletion=codebook.date_suppression,
        generation=codebook.quartier.generation if codebook.quartier else None,
        file=export.file,
        platform=export.platform,
        rows=len(kept),
        kept=int(kept.sum()),
        incomplete=int((~export.completed.to_numpy(dtype=bool) & ~minors & ~silent).sum()),
        minors=int(minors.sum()),
        without_consent=int((silent & ~minors).sum()),
        weighted=codebook.poids is not None,
        weighting=codebook.redressement,
        drawn_from=codebook.tirage,
        wordings={one.concept.code: _wording(one, kit=codebook.questionnaire is not None) for one in matches},
        periods={one.concept.code: one.section.periode or one.concept.period for one in matches},
        offered={one.concept.code: tuple(dict.fromkeys(_offered(one))) for one in matches},
    )


def _wording(one: Match, *, kit: bool) -> str:
    """Give the exact wording; an export by codes does not hold it, and the kit's is known."""
    bare = one.question is not None and one.wording == one.question.code
    return one.concept.wording if kit and bare else one.wording


def _offered(one: Match) -> Iterable[str]:
    if one.question is None:
        return (item.target for item in one.items)
    return (one.targets[code] for code in one.question.options if code in one.targets)
