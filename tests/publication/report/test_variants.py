"""The note, the residents' pages, the posters, the sheets for partners."""

import io
import re

import page
import pypdf
import pytest

from diagnostic.publication.report import write_documents
from diagnostic.publication.report.prose import shipped

LONGEST = 16  # words a sentence of the residents' pages may have
FOOT = 70  # points that the running foot takes


@pytest.fixture(scope="module")
def documents(public_tables, declared_tables):
    cache = {}

    def build(count, *, survey=False):
        if (count, survey) not in cache:
            tables = public_tables(count)
            cache[count, survey] = write_documents(declared_tables(tables) if survey else tables)
        return cache[count, survey]

    return build


def sheets(pdf):
    return pypdf.PdfReader(io.BytesIO(pdf)).pages


def words(pdf):
    text = " ".join(sheet.extract_text() for sheet in sheets(pdf))
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ").replace("\u202f", " "))


@pytest.mark.parametrize("count", [1, 9, 26])
def test_the_note_fits_on_two_pages(documents, count):
    assert len(sheets(documents(count, survey=True)["note_prefet.pdf"])) <= 2


@pytest.mark.parametrize("count", [1, 9, 26])
def test_residents_have_four_pages_in_large_type(documents, count):
    assert len(sheets(documents(count, survey=True)["habitants.pdf"])) == 4


def plain_words():
    """What residents read, by text: references and marks of lists and headings taken off."""
    return {
        name: re.sub(r"\{\{.*?\}\}|^[#-]+ *", " ", text, flags=re.MULTILINE)
        for name, text in shipped().items()
        if name.startswith("habitants")
    }


@pytest.mark.parametrize("name", sorted(plain_words()))
def test_sentences_for_residents_are_short_and_say_people_not_percentages(name):
    text = plain_words()[name]
    assert "%" not in text
    for sentence in re.split(r"[.?!:\n]", text):
        assert len(sentence.split()) <= LONGEST, sentence


@pytest.mark.parametrize("name", sorted(plain_words()))
def test_residents_read_figures_in_digits_and_no_abbreviation(name):
    text = plain_words()[name]
    assert not re.findall(r"\b(deux|trois|quatre|cinq|six|sept|huit|neuf|dix|vingt|cent|mille)s?\b", text)
    assert set(re.findall(r"\b[A-ZÉ]{2,}\b", text)) <= {"CV"}
    assert not re.findall(r"[();]|…|\betc\b", text)  # one idea a sentence, nothing aside, nothing left to guess


def test_every_question_and_enumeration_for_residents_stands_on_its_own_line():
    for name, text in shipped().items():
        if name.startswith("habitants"):
            for chunk in re.split(r"\n\s*\n", text):
                if chunk.startswith("- "):
                    assert all(line.startswith("- ") for line in chunk.strip().splitlines()), name
                assert "\n" not in chunk.strip() or chunk.startswith("- "), name


@pytest.mark.parametrize("survey", [False, True])
@pytest.mark.parametrize("count", [1, 9, 26])
def test_no_page_for_residents_is_half_empty(documents, count, survey):
    for sheet in sheets(documents(count, survey=survey)["habitants.pdf"]):
        heights = []
        sheet.extract_text(visitor_text=lambda text, at, *_, found=heights: found.append((text.strip(), at[5])))
        body = [height for text, height in heights if text and height > FOOT]
        assert min(body) < float(sheet.mediabox.height) / 2


def test_the_survey_is_said_in_people_among_a_hundred_only_where_it_may_be(documents):
    assert "disent avoir vécu une discrimination" in words(documents(9, survey=True)["habitants.pdf"])
    assert "disent avoir vécu une discrimination" not in words(documents(9)["habitants.pdf"])


def test_posters_are_a3_with_room_to_write(documents):
    for sheet in sheets(documents(9)["affiches.pdf"]):
        assert float(sheet.mediabox.width) == pytest.approx(1190.55, abs=1)
    assert "Deux explications possibles" in words(documents(9)["affiches.pdf"])


def test_a_sheet_for_each_domain_with_data(documents):
    names = [name for name in documents(9) if name.startswith("fiche_")]
    assert "fiche_emploi.pdf" in names
    assert all("Ce que nous demandons" in words(documents(9)[name]) for name in names)


@pytest.mark.parametrize("profile", ["ua1", "3a"])
def test_every_variant_is_accessible_and_archivable(documents, profile):
    for name, pdf in documents(9, survey=True).items():
        found = page.validate_pdf_bytes(pdf, profile=profile)
        assert found.is_compliant, (name, [failure.message for failure in found.failures])
