"""What the kit's questionnaire exports reads back as it was answered, with the kit's own codebook."""

import csv
import datetime as dt
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diagnostic.ingestion.survey.canonical import canonical
from diagnostic.ingestion.survey.codebook import check, load_codebook
from diagnostic.ingestion.survey.kit import LSS_NAME, XLSFORM_NAME, Plan, items, write_kit
from diagnostic.ingestion.survey.reader import read_export, read_form
from diagnostic.survey_model import Role, concept_keys
from diagnostic.territory.places import Territory

QPV = {"QN09901M": "Les Prés", "QN09902M": "La Gare"}
HOME = Territory("Territoire fictif", 2024, tuple(QPV), ("990000001",), (), ("99",), ("99",), None)
CHOICES = {
    "territory_name": "Territoire fictif", "generation": 2024, "qpv": QPV, "commissioner": "Ville fictive",
    "start": dt.date(2026, 3, 1), "end": dt.date(2026, 4, 30), "deletion": dt.date(2027, 12, 31),
}  # fmt: skip
REGIMES = ("anonyme", "consentement")
PLANS = {
    regime: Plan(
        **CHOICES, regime=regime, basis="volontaires", modes=("en_ligne", "papier"), population="habitants",
        dpo_reference="AV-1",
    )
    for regime in REGIMES
}  # fmt: skip


@pytest.fixture(scope="module")
def kits(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kits")
    for regime in REGIMES:
        write_kit(folder / regime, **CHOICES, regime=regime, mode=("en_ligne", "papier"), dpo_reference="AV-1")
    return folder


@st.composite
def respondents(draw, regime):
    """Answers in the order of the questionnaire: ``None`` when not asked, ``()`` when left blank."""
    given_answers = {}
    for item in items(PLANS[regime]):
        asked = item.asked_if
        shown = asked is None or bool(set(given_answers[asked[0]] or ()) & set(asked[1]))
        gate = [given_answers.get(name) for name in ("majeur", "consentement")[: 1 + (regime == "consentement")]]
        if item.title not in ("majeur", "consentement"):
            shown = shown and all(answer == ("O",) for answer in gate)
        if not shown:
            given_answers[item.title] = None
            continue
        codes = [choice.code for choice in item.choices]
        if not codes:
            given_answers[item.title] = (draw(st.sampled_from(["lune12", "soleil 9", ""])),)
        elif item.mandatory:
            given_answers[item.title] = (draw(st.sampled_from([*codes, codes[0], codes[0]])),)
        elif not item.multiple:
            given_answers[item.title] = tuple(draw(st.lists(st.sampled_from(codes), max_size=1)))
        else:
            plain = [choice.code for choice in item.choices if not choice.exclusive]
            several = st.lists(st.sampled_from(plain), unique=True, max_size=item.most or 4).map(tuple)
            alone = st.sampled_from([(choice.code,) for choice in item.choices if choice.exclusive] or [()])
            given_answers[item.title] = draw(st.one_of(several, alone))
    return given_answers


def silent(regime):
    """Somebody who answers what is mandatory and leaves all the rest blank."""
    opened = {"majeur", "consentement"}
    return {
        item.title: ("O",) if item.mandatory else None if item.asked_if and item.asked_if[0] not in opened else ()
        for item in items(PLANS[regime])
    }


def written(header, rows, *, delimiter, quoting=csv.QUOTE_ALL):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def limesurvey(people, regime):
    """As ``CsvWriter`` does: code headers, short answers, nothing between not shown and not ticked."""
    header = ["id", "submitdate", "lastpage", "startlanguage", "seed"]
    rows = [[str(rank), "1980-01-01 00:00:00", "9", "fr", "77"] for rank in range(1, len(people) + 1)]
    for item in items(PLANS[regime]):
        if item.multiple:
            header += [f"{item.title}[{choice.code}]" for choice in item.choices]
        else:
            header.append(item.title)
        for row, person in zip(rows, people, strict=True):
            answer = person[item.title] or ()
            if item.multiple:
                row += ["Y" if choice.code in answer else "" for choice in item.choices]
            else:
                row.append("".join(answer))
    return "\ufeff" + written(header, rows, delimiter=",") + "\r\n"


def kobo(people, regime):
    """As formpack does: XML names with groups, both summary and details, 1/0 once the question is answered."""
    header, rows = [], [[] for _ in people]
    for item in items(PLANS[regime]):
        name = f"partie_{item.section}/{item.title}"
        header.append(name)
        if item.multiple:
            header += [f"{name}/{choice.code}" for choice in item.choices]
        for row, person in zip(rows, people, strict=True):
            answer = person[item.title] or ()
            row.append(" ".join(answer))
            if item.multiple:
                row += [str(int(choice.code in answer)) if answer else "" for choice in item.choices]
    header += ["_id", "_uuid", "_submission_time", "_validation_status", "_status", "_index"]
    for rank, row in enumerate(rows, start=1):
        row += [str(1000 + rank), f"u-{rank}", "2026-03-11T14:01:12", "", "submitted_via_web", str(rank)]
    return written(header, rows, delimiter=";")


def expected(person, item):
    """Our answers and the state of the question."""
    concept = concept_keys()[item.key]
    answer = person[item.title]
    if answer is None:
        return (), "not_asked"
    options = [option for option in concept.options if option.short in answer]
    roles = {option.role for option in options}
    values = tuple(option.code for option in options if option.role not in {Role.DONT_KNOW, Role.REFUSED})
    if values:
        return values, "answered"
    if Role.REFUSED in roles:
        return (), "refused"
    return (), "dont_know" if Role.DONT_KNOW in roles else "empty"


PLATFORMS = {"limesurvey": (limesurvey, LSS_NAME), "kobo": (kobo, XLSFORM_NAME)}


@pytest.mark.parametrize("regime", REGIMES)
@pytest.mark.parametrize("platform", list(PLATFORMS))
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_was_answered_is_read_back(kits, platform, regime, data):
    people = data.draw(st.lists(respondents(regime), min_size=4, max_size=12))
    people.append(silent(regime))
    write, form = PLATFORMS[platform]
    path = kits / f"{platform}_{regime}.csv"
    path.write_text(write(people, regime), encoding="utf-8", newline="")
    export = read_export(path, form=read_form(kits / regime / form))
    assert export.platform == platform
    book = load_codebook(kits / regime / "enquete.toml")
    assert not check(export, book).faults
    tables = canonical(export, book, territory=HOME, labels=QPV)
    kept = [
        person for person in people
        if person["majeur"] == ("O",) and person.get("consentement", ("O",)) == ("O",)
    ]  # fmt: skip
    assert len(tables.responses) == len(kept)
    assert tables.identity.minors == sum(person["majeur"] == ("N",) for person in people)
    for rank, person in enumerate(kept, start=1):
        row = tables.responses.iloc[rank - 1]
        for item in items(PLANS[regime]):
            if item.key in {None, "quartier"}:
                continue
            concept = concept_keys()[item.key]
            values, state = expected(person, item)
            assert row[f"{concept.code}__state"] == state, (item.title, person[item.title])
            if item.multiple:
                chosen = tables.choices[
                    (tables.choices["respondent"] == rank) & (tables.choices["concept"] == concept.code)
                ]
                assert set(chosen["option"]) == set(values), item.title
            else:
                assert (row[concept.code],) == values if values else str(row[concept.code]) == "nan", item.title
        quarter = {"Q01": "QN09901M", "Q02": "QN09902M"}.get("".join(person["quartier"] or ()))
        assert (row["qpv"] == quarter) if quarter else str(row["qpv"]) == "nan"
    text = tables.responses.to_csv() + tables.choices.to_csv() + " ".join(tables.notes)
    assert "lune12" not in text
    assert "1980" not in text


@pytest.mark.parametrize("platform", list(PLATFORMS))
def test_without_the_form_the_filters_of_the_codebook_settle_the_blanks(kits, platform):
    people = [
        {item.title: None for item in items(PLANS["anonyme"])}
        | {"majeur": ("O",), "quartier": ("Q01",), "experience5ans": ("JAM",), "situations": ("D04", "D13")},
        {item.title: (item.choices[0].code,) for item in items(PLANS["anonyme"])}
        | {"quartier": ("HORS",), "motifs": ("M11", "M02"), "situations": ()},
    ]
    path = kits / f"{platform}_seul.csv"
    path.write_text(PLATFORMS[platform][0](people, "anonyme"), encoding="utf-8", newline="")
    tables = canonical(
        read_export(path), load_codebook(kits / "anonyme" / "enquete.toml"), territory=HOME, labels=QPV
    )
    assert tables.responses["experience_5y"].tolist() == ["jamais", "souvent"]
    assert tables.responses["motives__state"].tolist() == ["not_asked", "answered"]
    assert tables.responses["qpv_status"].tolist() == ["inside", "outside"]
    ticked = tables.choices[tables.choices["concept"].isin(["situations", "motives"])]
    found = ticked.groupby("respondent", observed=True)["option"].agg(set).to_dict()
    assert found == {1: {"logement_social", "police_gendarmerie"}, 2: {"quartier", "couleur_peau"}}
