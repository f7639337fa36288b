"""A survey in the canonical layout, made of known answers: no file, no reader."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from diagnostic.survey_model import Kind, Role, concepts
from diagnostic.survey_model.identity import SurveyIdentity

STATES = [
    "answered", "not_ticked", "dont_know", "refused", "empty", "not_asked", "ambiguous", "incomplete",
]  # fmt: skip
DAY = dt.date(2025, 3, 1)
IDENTITY = SurveyIdentity(
    title="Vivre ici", commissioner="Ville fictive", population="habitants des quartiers", start=DAY,
    end=dt.date(2025, 4, 15), basis="aleatoire", modes=("face_a_face",), response_rate=41.0, regime="anonyme",
    deletion=dt.date(2027, 12, 31), generation=2024, file="a.csv", platform="limesurvey", rows=910, kept=900,
    incomplete=12, minors=1, weighted=False,
    wordings={"experience_5y": concepts()["experience_5y"].wording},
    periods={code: concept.period for code, concept in concepts().items()},
    offered={code: tuple(option.code for option in concept.options) for code, concept in concepts().items()},
)  # fmt: skip


def states(values, size):
    return pd.Categorical(values if not isinstance(values, str) else [values] * size, categories=STATES)


class Builder:
    """Canonical tables, question by question."""

    def __init__(self, size, **columns):
        self.size = size
        self.columns = {"respondent": np.arange(1, size + 1), "weight": np.ones(size), **columns}
        self.ticks = []

    def single(self, code, answers):
        """Answers by respondent: a code, a state, or None for a question not asked."""
        answers = np.array(answers, dtype=object)
        given = [answer is not None and answer not in STATES for answer in answers]
        known = dict.fromkeys([*(option.code for option in concepts()[code].options), "autre"])
        self.columns[code] = pd.Categorical(np.where(given, answers, None), categories=list(known))
        marks = ["answered" if ok else answer or "not_asked" for ok, answer in zip(given, answers, strict=True)]
        self.columns[f"{code}__state"] = states(marks, self.size)
        return self

    def listed(self, code, answers):
        """Sets of codes by respondent: a set, a state, or None."""
        marks = ["answered" if isinstance(one, set) else one or "not_asked" for one in answers]
        self.columns[f"{code}__state"] = states(marks, self.size)
        self.ticks += [
            (rank + 1, code, option, "answered")
            for rank, one in enumerate(answers) if isinstance(one, set) for option in sorted(one)
        ]  # fmt: skip
        return self

    def tables(self):
        responses = pd.DataFrame(self.columns)
        choices = pd.DataFrame(self.ticks, columns=["respondent", "concept", "option", "state"])
        choices = choices.astype({"concept": "category", "option": "category", "state": "category"})
        return responses, choices, events(responses, choices)


def events(responses, choices):
    if "event_domain" not in responses:
        return pd.DataFrame(columns=["respondent", "qpv", "domain", "motive", "criteria"])
    motives = choices[choices["concept"] == "event_motives"][["respondent", "option"]]
    rows = responses[["respondent", "event_domain"]].dropna().merge(motives, on="respondent")
    rows.columns = ["respondent", "domain", "motive"]
    return rows.assign(qpv="", criteria="")


def simulate(size=900, quarters=6, seed=7):
    """A survey with every question of the model, filters respected."""
    rng = np.random.default_rng(seed)
    names = [f"QP099{rank:03d}" for rank in range(1, quarters + 1)]
    place = pd.Categorical(rng.choice(names, size), categories=names)
    builder = Builder(size, qpv=place, qpv_status=pd.Categorical(["inside"] * size))
    said = {"experience_5y": rng.choice(["souvent", "parfois", "jamais", "dont_know", "refused"], size,
                                        p=[0.12, 0.28, 0.54, 0.04, 0.02])}  # fmt: skip
    for code, concept in concepts().items():
        if concept.kind is Kind.PLACE or code in {"adult", "mode"}:
            continue
        asked = np.ones(size, dtype=bool)
        if concept.asked_if is not None:
            asked = np.array([
                bool(set(concept.asked_if.codes) & (one if isinstance(one, set) else {one}))
                for one in said[concept.asked_if.concept]
            ])  # fmt: skip
        said[code] = said.get(code, _answers(rng, concept, asked))
        (builder.single if concept.kind is Kind.SINGLE else builder.listed)(code, said[code])
    return builder.tables()


def _answers(rng, concept, asked):
    codes = [option.code for option in concept.options if option.role in {Role.ANSWER, Role.OTHER}]
    none = [option.code for option in concept.options if option.role is Role.NONE]
    unknown = [str(one.role) for one in concept.options if one.role in {Role.DONT_KNOW, Role.REFUSED}]
    pull = rng.dirichlet(np.full(len(codes), 2.0))
    found = []
    for is_asked in asked:
        draw = rng.random()
        if not is_asked:
            found.append(None)
        elif unknown and draw < 0.04:
            found.append(str(rng.choice(unknown)))
        elif draw < 0.05:
            found.append("empty")
        elif concept.kind is Kind.SINGLE:
            found.append(str(rng.choice(codes, p=pull)))
        elif none and draw < 0.5:
            found.append(set(none))
        else:
            found.append({str(code) for code in rng.choice(codes, rng.integers(1, 4), p=pull)})
    return found


@pytest.fixture(scope="session")
def identity():
    return IDENTITY


@pytest.fixture(scope="session")
def survey():
    return simulate()


@pytest.fixture(scope="session")
def builder():
    return Builder


@pytest.fixture(scope="session")
def simulated():
    return simulate


@pytest.fixture
def volunteers(identity):
    return replace(identity, basis="volontaires")
