"""The kit: what it asks, what it promises, and what its papers say."""

import datetime as dt
import re
import warnings

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyxform.xls2xform import convert

from diagnostic.errors import ConfigurationError, WorkspaceError
from diagnostic.ingestion.survey.export import QuestionKind
from diagnostic.ingestion.survey.kit import LSS_NAME, SAMPLING_NAME, XLSFORM_NAME, Plan, declared, items, write_kit
from diagnostic.ingestion.survey.kit.declaration import declaration
from diagnostic.ingestion.survey.kit.sampling import Sampling, interviews_needed
from diagnostic.ingestion.survey.reader import read_form
from diagnostic.survey_model import concepts

CHOICES = {
    "territory_name": "Territoire fictif", "generation": 2024,
    "qpv": {"QN09901M": "Les Prés", "QN09902M": "La Gare : « haut »"}, "regime": "anonyme",
    "commissioner": "Ville fictive", "start": dt.date(2026, 3, 1), "end": dt.date(2026, 4, 30),
    "deletion": dt.date(2027, 12, 31),
}  # fmt: skip
NAMES = {
    "LISEZ-MOI.md", "aipd.md", "enquete.toml", "fiche_orientation.md", "note_cada.md", "notice_information.md",
    "plan_de_sondage.xlsx", "questionnaire_kobo.xlsx", "questionnaire_limesurvey.lss", "questionnaire_papier.md",
    "registre.md",
}  # fmt: skip
SENSITIVE = ("nationalite", "naissance", "naissance_parents")


def plan(**changes):
    chosen = {**CHOICES, "basis": "volontaires", "mode": ("en_ligne",), "population": "habitants", **changes}
    return Plan(modes=tuple(chosen.pop("mode")), **chosen)


@pytest.fixture(params=["anonyme", "consentement"])
def regime(request):
    return request.param


@pytest.fixture
def kit(tmp_path, regime):
    write_kit(tmp_path / "kit", **{**CHOICES, "regime": regime}, dpo_reference="AV-1")
    return tmp_path / "kit"


def test_every_file_is_written_twice_the_same(kit, tmp_path, regime):
    assert {path.name for path in kit.iterdir()} == NAMES
    write_kit(tmp_path / "again", **{**CHOICES, "regime": regime}, dpo_reference="AV-1")
    for path in kit.iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes(), path.name


def test_a_kit_is_not_overwritten_by_surprise(kit, regime):
    with pytest.raises(WorkspaceError, match="déjà un kit"):
        write_kit(kit, **{**CHOICES, "regime": regime})
    assert write_kit(kit, **{**CHOICES, "regime": regime}, overwrite=True)


def test_pyxform_converts_the_xlsform(kit):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pyxform's own deprecations are not ours
        result = convert(kit / XLSFORM_NAME, validate=False)
    assert result.xform.startswith(("<?xml", "<h:html"))
    assert "${" not in result.xform
    assert not [text for text in result.warnings if "language" not in text.casefold()]


@pytest.mark.parametrize("name", [LSS_NAME, XLSFORM_NAME])
def test_our_reader_finds_every_question_and_answer(kit, name, regime):
    form = read_form(kit / name)
    expected = items(plan(regime=regime))
    found = {question.code: question for question in form.questions}
    assert list(found) == [item.title for item in expected]
    for item in expected:
        question = found[item.title]
        assert list(question.options) == [choice.code for choice in item.choices]
        assert (question.kind is QuestionKind.MULTIPLE) == item.multiple
    assert found["majeur"].relevance == "1"
    assert "majeur" in found["experience5ans"].relevance


def test_both_forms_say_the_same_words(kit):
    one, other = read_form(kit / LSS_NAME), read_form(kit / XLSFORM_NAME)
    assert [(q.code, q.text, dict(q.options)) for q in one.questions] == [
        (q.code, q.text, dict(q.options)) for q in other.questions
    ]


@pytest.mark.parametrize("basis", ["aleatoire", "quotas", "volontaires"])
def test_adults_of_the_dwelling_are_asked_for_a_draw_only(basis):
    titles = [item.title for item in items(plan(basis=basis))]
    assert ("adulteslogement" in titles) == (basis == "aleatoire")


def test_the_first_question_and_the_order_of_words():
    asked = items(plan())
    assert asked[0].title == "majeur"
    assert asked[0].mandatory
    before = asked[: [item.title for item in asked].index("experience5ans")]
    shown = " ".join(
        " ".join([item.text, item.hint, *(choice.label for choice in item.choices)]) for item in before
    )
    assert "discrimin" not in shown.casefold()
    assert len(before) == 3


def test_nothing_typed_and_nothing_sensitive_unless_asked(regime):
    asked = items(plan(regime=regime))
    keys = {item.key for item in asked}
    assert not keys & set(SENSITIVE)
    assert [item.title for item in asked if not item.choices] == ([] if regime == "anonyme" else ["coderetrait"])
    more = {item.key for item in items(plan(optional=SENSITIVE))}
    assert set(SENSITIVE) <= more


def test_several_modes_are_told_apart():
    assert items(plan(mode=("en_ligne", "papier")))[-1].title == "mode"
    assert items(plan())[-1].title != "mode"


def test_the_codebook_needs_nothing_more(regime):
    book = declared(plan(regime=regime, dpo_reference="AV-1"))
    assert book.quartier.modalites == {"Q01": "QN09901M", "Q02": "QN09902M"}
    assert set(book.questions) == {
        concept.key for concept in concepts().values() if concept.kit == "always" and concept.code != "qpv"
    }


def test_consent_without_the_dpo_is_not_read():
    with pytest.raises(ConfigurationError, match="reference_dpo"):
        declared(plan(regime="consentement"))


def test_a_sensitive_question_waits_for_its_decision():
    with pytest.raises(ConfigurationError, match="decisions > nationalite > motif"):
        declared(plan(optional=("nationalite",)))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"optional": ("religion",)}, "facultative inconnue"), ({"qpv": {}}, "liste de quartiers"),
        ({"deletion": dt.date(2026, 4, 1)}, "dates"), ({"mode": ()}, "aucun mode"),
    ],
)  # fmt: skip
def test_choices_that_do_not_hold(tmp_path, change, said):
    with pytest.raises(ConfigurationError, match=said):
        write_kit(tmp_path, **{**CHOICES, **change})
    assert not list(tmp_path.iterdir())


def texts(kit):
    return {path.name: path.read_text(encoding="utf-8") for path in kit.glob("*.md")}


def test_papers_are_complete_and_typographic(kit):
    for name, text in texts(kit).items():
        assert "$" not in text, name
        assert not re.search(r"\[[SMDI]\d*\]", text), name
        assert not re.search(r" [:;?!»](\s|$)|« ", text), name
        assert "'" not in text, name


def test_papers_follow_the_regime(kit, regime):
    papers = texts(kit)
    notice = papers["notice_information.md"]
    anonymous = regime == "anonyme"
    assert ("anonymes dès la collecte" in notice) == anonymous
    assert ("code de retrait" in notice) == (not anonymous)
    assert "AIPD requise\u00a0: oui" in papers["aipd.md"]
    assert ("par prudence" in papers["aipd.md"]) == anonymous
    assert "31\u00a0décembre 2027" in notice
    for name in ("notice_information.md", "questionnaire_papier.md", "LISEZ-MOI.md"):
        assert "Ne citez personne\u00a0: ceci n’est pas un signalement." in papers[name]
    for name in ("registre.md", "aipd.md", "note_cada.md", "LISEZ-MOI.md"):
        assert "vérifier par votre DPO" in papers[name]
    assert "39 28" in papers["fiche_orientation.md"].replace("\u202f", " ").replace("\u00a0", " ")
    assert "article 40 du code de procédure pénale\u00a0: à vérifier" in papers["LISEZ-MOI.md"]


def test_articles_cited_are_those_that_were_read(kit):
    cited = set(re.findall(r"articles? (L?\d[\d-]*)", " ".join(texts(kit).values())))
    assert cited <= {"226-19", "L312-1-2", "9", "40"}


def test_no_identity_is_recorded_by_limesurvey(kit):
    text = (kit / LSS_NAME).read_text(encoding="utf-8")
    for name, value in {
        "anonymized": "Y", "datestamp": "N", "ipaddr": "N", "refurl": "N", "savetimings": "N", "usetokens": "N",
    }.items():  # fmt: skip
        assert f"<{name}><![CDATA[{value}]]></{name}>" in text


def test_no_metadata_is_asked_for_by_kobo(kit):
    types = [row[0] for row in openpyxl.load_workbook(kit / XLSFORM_NAME)["survey"].iter_rows(values_only=True)]
    assert not {"start", "end", "deviceid", "phonenumber", "username", "geopoint"} & set(types)


def test_the_sampling_sheet_computes(tmp_path):
    adults = {"QN09901M": 2400, "QN09902M": 320}
    write_kit(tmp_path, **CHOICES, adults=adults)
    formulas = openpyxl.load_workbook(tmp_path / SAMPLING_NAME)["Calcul"]
    values = openpyxl.load_workbook(tmp_path / SAMPLING_NAME, data_only=True)["Calcul"]
    wanted = Sampling()
    for row, (code, population) in enumerate(adults.items(), start=9):
        assert values.cell(row, 1).value == code
        assert str(formulas.cell(row, 4).value).startswith("=IF(")
        assert values.cell(row, 4).value == interviews_needed(wanted, population)
        assert values.cell(row, 5).value >= 30
    assert values.cell(9, 8).value in ("", None)
    assert "territoire" in values.cell(10, 8).value
    assert values.cell(11, 5).value == values.cell(9, 5).value + values.cell(10, 5).value
    marks = openpyxl.load_workbook(tmp_path / SAMPLING_NAME)["Repères"]
    assert [marks.cell(4, column).value for column in (2, 3, 4)] == [48, 72, 96]


@given(
    st.floats(0.02, 0.98), st.floats(0.02, 0.2), st.floats(1, 3), st.integers(1, 100_000), st.integers(1, 100_000)
)
def test_interviews_grow_with_the_population_and_never_pass_it(share, precision, effect, small, large):
    wanted = Sampling(share=share, precision=precision, design_effect=effect)
    first, second = sorted((small, large))
    assert interviews_needed(wanted, first) <= interviews_needed(wanted, second) <= interviews_needed(wanted)
    assert interviews_needed(wanted, first) <= first


def test_a_draw_says_how_to_weight():
    text = declaration(plan(basis="aleatoire"))
    assert "adultes du logement, plafonné à 4" in text
    assert declared(plan(basis="aleatoire")).questions["adultes_logement"].question == "adulteslogement"


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "kit").write_text("un fichier", encoding="utf-8")
    with pytest.raises(WorkspaceError, match="un fichier porte le nom d’un dossier"):
        write_kit(tmp_path / "kit" / "dedans", **CHOICES)


def test_the_largest_number_of_answers_is_held(kit):
    text = (kit / LSS_NAME).read_text(encoding="utf-8")
    assert "<attribute><![CDATA[max_answers]]></attribute>\n    <value><![CDATA[3]]></value>" in text
    sheet = openpyxl.load_workbook(kit / XLSFORM_NAME)["survey"]
    rules = {row[1]: row[6] for row in sheet.iter_rows(values_only=True)}
    assert rules["attentes"].startswith("count-selected(.) <= 3")


def blocks(text):
    """Fields that each block of a .lss declares."""
    return {
        name: set(re.findall(r"<fieldname>(\w+)</fieldname>", body))
        for name, body in re.findall(r"\n\s*<(\w+)>\s*<fields>(.*?)</fields>", text, flags=re.DOTALL)
    }


def test_the_lss_has_the_blocks_and_fields_of_real_ones(kit, shared):
    folder = shared / "survey" / "formats" / "limesurvey"
    real = [blocks((folder / name).read_text(encoding="utf-8")) for name in ("survey.lss", "answers.lss")]
    ours = blocks((kit / LSS_NAME).read_text(encoding="utf-8"))
    assert set(ours) == set(real[0]) | set(real[1])
    for name, fields in ours.items():
        known = real[0].get(name, set()) | real[1].get(name, set())
        assert fields <= known, (name, fields - known)
        if name not in {"surveys", "surveys_languagesettings", "group_l10ns", "question_l10ns"}:
            needed = [found[name] for found in real if name in found]
            assert set.intersection(*needed) <= fields, name
