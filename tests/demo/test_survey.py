"""The fictional survey: LimeSurvey's habits to the byte, a coherent questionnaire, and figures that read back."""

import csv
import io
import tomllib
from collections import Counter

import numpy as np
import pytest

from diagnostic.demo import SURVEY_SEED, write_survey
from diagnostic.demo.survey.comments import PERSONAL
from diagnostic.demo.survey.draws import select
from diagnostic.demo.survey.limesurvey import SYSTEM, TYPED
from diagnostic.demo.survey.people import draw_people
from diagnostic.demo.survey.protocol import groups
from diagnostic.ingestion.privacy import strip
from diagnostic.ingestion.survey import platforms  # noqa: F401 - the package of the readers
from diagnostic.ingestion.survey.canonical import STATE_SUFFIX, canonical
from diagnostic.ingestion.survey.codebook import load_codebook, match
from diagnostic.ingestion.survey.export import QuestionKind
from diagnostic.ingestion.survey.kit import Plan, declared
from diagnostic.ingestion.survey.reader import read_export, recognise_survey
from diagnostic.survey_model import Kind, concepts
from diagnostic.territory.places import Territory

QPV = tuple(f"QP09900{rank}" for rank in range(1, 10))
HOME = Territory("Territoire fictif", 2015, QPV, ("990000011",), (), ("99",), ("99",), "990000011", fictional=True)
SIZES = {
    "Q01": 125, "Q02": 180, "Q03": 150, "Q04": 75, "Q05": 55, "Q06": 110, "Q07": 28, "Q08": 90, "Q09": 8,
    "HORS": 24, "NSP": 9, "REF": 4,
}  # fmt: skip


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return write_survey(tmp_path_factory.mktemp("survey"))


@pytest.fixture(scope="module")
def rows(written):
    text = written[0].read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture(scope="module")
def adults(rows):
    """Complete answers of adults."""
    return [row for row in rows if row["submitdate"] and row["majeur"] == "O"]


@pytest.fixture(scope="module")
def tables(written):
    return canonical(read_export(written[0]), load_codebook(written[1]), territory=HOME)


def answered(row, concept):
    """Codes of the survey model that a row holds for a concept."""
    shorts = {option.short: option.code for option in concept.options}
    if concept.kind is Kind.MULTIPLE:
        boxes = {code for short, code in shorts.items() if row.get(f"{concept.title}[{short}]") == "Y"}
        return boxes | ({"autre"} if row.get(f"{concept.title}[other]") else set())
    said = row[concept.title]
    return {shorts.get(said, "autre" if said == "-oth-" else said)} if said else set()


def test_same_seed_same_bytes_and_another_seed_another_survey(written, tmp_path):
    again = write_survey(tmp_path / "new" / "folder", seed=SURVEY_SEED)
    assert [path.name for path in again] == ["enquete.csv", "enquete.toml"]
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in written]
    other = write_survey(tmp_path / "other", seed=1)
    assert other[0].read_bytes() != written[0].read_bytes()
    assert other[1].read_bytes() == written[1].read_bytes()


def test_bytes_are_those_of_limesurvey(written):
    content = written[0].read_bytes()
    assert content.startswith(b'\xef\xbb\xbf"id","submitdate","lastpage","startlanguage","seed",')
    assert content.endswith(b'"\r\n\r\n')
    assert not content.endswith(b"\r\n\r\n\r\n")
    text = content.decode("utf-8-sig")
    assert text.count("\r\n") == 902  # a header, 900 rows, an empty line
    assert "\r" not in text.replace("\r\n", "")
    lines = text.split("\r\n")[:-2]
    assert all(line.startswith('"') and line.endswith('"') for line in lines)


def test_cells_keep_the_habits_that_trip_readers(rows):
    comments = [row["commentaire"] for row in rows if row["commentaire"]]
    assert any(comment.startswith("'=") for comment in comments)
    assert any("\n" in comment for comment in comments)
    assert any('"' in comment for comment in comments)
    assert len(set(comments)) == len(comments)
    assert set(PERSONAL) <= set(comments)
    assert {row["issue"] for row in rows} >= {"-oth-", "NSP", ""}
    assert all(bool(row["issue[other]"]) == (row["issue"] == "-oth-") for row in rows)
    typed = [concepts()[code].title for code in TYPED]
    assert all(any(row[f"{title}[other]"] for row in rows) for title in typed)
    assert {row["motifs[M11]"] for row in rows} == {"Y", ""}


def test_system_columns_come_first_with_gaps_in_the_numbers(rows):
    assert tuple(rows[0])[: len(SYSTEM)] == SYSTEM
    numbers = [int(row["id"]) for row in rows]
    assert numbers == sorted(set(numbers))
    assert numbers[-1] > len(rows)
    assert all(row["startdate"] < row["datestamp"] for row in rows)
    assert all("2025-03-03" <= row["startdate"] < "2025-04-19" for row in rows)
    assert all(row["submitdate"] in {"", row["datestamp"]} for row in rows)


def test_counts_by_quarter_are_those_of_the_protocol(rows, adults):
    assert len(rows) == 900
    assert sum(not row["submitdate"] for row in rows) == 40
    assert Counter(row["quartier"] for row in adults) == SIZES


def test_under_eighteen_stops_at_the_first_question(rows):
    minors = [row for row in rows if row["majeur"] == "N"]
    assert len(minors) == 2
    for row in minors:
        assert {name for name, cell in row.items() if cell} == {*SYSTEM, "majeur"}


def test_an_unfinished_questionnaire_stops_at_its_page(rows):
    pages = list(dict.fromkeys(concept.section for concept in concepts().values()))
    left = [row for row in rows if not row["submitdate"]]
    assert {row["mode"] for row in left} == {""}
    for row in left:
        for concept in concepts().values():
            reached = pages.index(concept.section) < int(row["lastpage"])
            assert reached or concept.title not in row or not answered(row, concept)


@pytest.mark.parametrize("concept", [concept for concept in concepts().values() if concept.asked_if])
def test_nobody_answers_a_question_that_was_not_put(rows, concept):
    if not any(name.partition("[")[0] == concept.title for name in rows[0]):
        assert concept.kit != "always"
        return
    parent = concepts()[concept.asked_if.concept]
    asked = [bool(answered(row, parent) & set(concept.asked_if.codes)) for row in rows]
    given = [bool(answered(row, concept)) for row in rows]
    assert not any(given[rank] and not asked[rank] for rank in range(len(rows)))
    assert sum(given) > 0.9 * sum(a and bool(row["submitdate"]) for a, row in zip(asked, rows, strict=True))


def test_exclusive_answers_stand_alone_and_limits_hold(rows):
    for row in rows:
        for concept in concepts().values():
            if concept.kind is Kind.MULTIPLE:
                said = answered(row, concept)
                alone = {"aucune", "aucun", "rien", "nsp", "refus"} & said
                assert not alone or len(said) == 1
                assert concept.most is None or len(said) <= concept.most


def test_the_most_recent_fact_is_one_of_those_told(adults):
    both = [row for row in adults if row["evenementdomaine"] and answered(row, concepts()["domains"])]
    known = [row for row in both if not {"nsp", "refus"} & answered(row, concepts()["domains"])]
    told = [row for row in known if row["evenementdomaine"] not in {"NSP", "REF"}]
    assert len(told) > 150
    assert all(answered(row, concepts()["event_domain"]) <= answered(row, concepts()["domains"]) for row in told)


@pytest.mark.parametrize("seed", [SURVEY_SEED, 1, 2])
def test_whatever_the_seed_each_group_has_its_prevalence(seed):
    people = [person for person in draw_people(np.random.default_rng(seed)) if person.finished and person.adult]
    for group in groups():
        exposed = [person.exposed for person in people if person.group == group]
        assert len(exposed) == group.respondents
        assert abs(sum(exposed) - group.prevalence * group.respondents) <= 1
    exposed = [person for person in people if person.exposed]
    assert 0.25 < len(exposed) / len(people) < 0.28
    assert 0.72 < sum(person.no_step for person in exposed) / len(exposed) < 0.78


def test_a_share_of_people_is_chosen_to_one_unit():
    rng = np.random.default_rng(3)
    chances = rng.uniform(0, 0.9, 500)
    assert abs(select(rng, chances).sum() - chances.sum()) <= 1
    assert select(rng, np.array([0.0, 1.0, 0.0])).tolist() == [False, True, False]


def test_the_declaration_is_the_one_the_kit_writes(written):
    codebook = load_codebook(written[1])
    names = {f"Q{rank:02d}": code for rank, code in enumerate(QPV, start=1)}
    plan = Plan(
        territory_name="CA du Grand Valbrecques", generation=2015, qpv=dict.fromkeys(QPV, "Nom"),
        regime="anonyme", basis="quotas", modes=("en_ligne", "face_a_face"), start=codebook.debut,
        end=codebook.fin, deletion=codebook.date_suppression, commissioner=codebook.commanditaire,
        population=codebook.population,
    )  # fmt: skip
    expected = declared(plan).model_dump(exclude={"titre", "taux_reponse"})
    assert codebook.model_dump(exclude={"titre", "taux_reponse"}) == expected
    assert codebook.quartier.modalites == names
    assert tomllib.loads(written[1].read_text("utf-8"))["regime"] == "anonyme"


def test_the_export_is_recognised_and_every_question_found(written):
    assert recognise_survey(written[0]) == "limesurvey"
    export = read_export(written[0])
    assert export.answers.shape == (900, 193)
    assert int(export.completed.sum()) == 860
    found = {one.concept.code: one.question.kind for one in match(export, load_codebook(written[1]))}
    multiple = {code for code, kind in found.items() if kind is QuestionKind.MULTIPLE}
    assert multiple == {code for code in found if concepts()[code].kind is Kind.MULTIPLE}


def test_what_is_read_back_is_what_was_written(tables, adults):
    identity = tables.identity
    assert (identity.rows, identity.kept, identity.incomplete, identity.minors) == (900, 858, 40, 2)
    statuses = tables.responses["qpv_status"].value_counts()
    assert statuses.to_dict() == {"inside": 821, "outside": 24, "unknown": 13, "undecided": 0}
    for concept in concepts().values():
        if f"{concept.code}{STATE_SUFFIX}" not in tables.responses:
            continue
        wanted = Counter(code for row in adults for code in answered(row, concept) - {"nsp", "refus"})
        if concept.kind is Kind.MULTIPLE:
            got = tables.choices.loc[tables.choices["concept"] == concept.code, "option"].astype(str)
        else:
            got = tables.responses[concept.code].dropna().astype(str)
        assert Counter(got) == wanted


def test_states_tell_refusals_blanks_and_questions_not_put(tables, adults):
    for code in ("experience_12m", "motives", "steps", "no_step_reasons", "step_outcome", "witness_reactions"):
        concept, parent = concepts()[code], concepts()[concepts()[code].asked_if.concept]
        states = Counter(tables.responses[f"{code}{STATE_SUFFIX}"].astype(str))
        put = [row for row in adults if answered(row, parent) & set(concept.asked_if.codes)]
        said = [answered(row, concept) for row in put]
        assert states["not_asked"] == len(adults) - len(put)
        assert states["dont_know"] == said.count({"nsp"})
        assert states["refused"] == said.count({"refus"})
        assert states["empty"] == said.count(set())
        assert sum(states.values()) == len(adults)


def test_nothing_personal_survives_the_privacy_rules(written):
    kept, _ = strip(read_export(written[0]))
    assert not set(kept.answers) & set(SYSTEM)
    free = [f"{concepts()[code].title}[other]" for code in TYPED] + ["commentaire"]
    assert all((kept.answers[name] == "").all() for name in free if name in kept.answers)
    every = "\n".join(kept.answers.to_numpy().ravel().tolist())
    for trace in (
        "06 39 98",
        "01 99 00",
        "exemple.invalid",
        "Karim",
        "Sandrine",
        "Ostrevelle",
        "Verriers",
        "2025-0",
    ):
        assert trace not in every
    answers = [name for name in read_export(written[0]).answers if name not in {*SYSTEM, *free}]
    assert set(answers) <= set(kept.answers)
