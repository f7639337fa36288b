"""Numbers that a lead's text calls by reference."""

from dataclasses import replace

import pytest

from diagnostic.errors import ConfigurationError
from diagnostic.formatting import number
from diagnostic.publication.report.facts import Facts, UnknownFactError
from diagnostic.publication.report.prose import Prose
from diagnostic.publication.report.reading import Reader


@pytest.fixture
def reader(public_tables):
    return Reader(public_tables(5))


def shown(reader, variable):
    return next(code for code, cell in reader.cells(variable).items() if cell.written)


def test_a_value_is_the_one_of_the_table(reader):
    code = shown(reader, "median_living_standard")
    row = reader.rows("median_living_standard").set_index("code").loc[code]
    assert Facts(reader)(f"value:median_living_standard:{code}").startswith(number(row["value"]))


def test_a_gap_is_the_one_of_the_table(reader):
    code = shown(reader, "median_living_standard")
    row = reader.comparison("median_living_standard", code, "epci")
    said = Facts(reader)(f"gap:median_living_standard:{code}:epci")
    assert said.startswith(number(row["difference"], signed=True))


def test_a_hidden_value_is_said_and_not_guessed(reader):
    rows = reader.tables.indicators.copy()
    code = reader.codes[0]
    own = rows["code"].eq(code) & rows["variable"].eq("employment_rate")
    rows.loc[own, ["value", "low", "high"]] = None
    rows.loc[own, "status"] = "suppressed"
    again = Reader(replace(reader.tables, indicators=rows))
    assert Facts(again)(f"value:employment_rate:{code}") == "secret statistique"
    assert "secret" in Facts(again)(f"gap:employment_rate:{code}")


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("value:employment:QP1", "employment_rate"),
        ("value:employment_rate:QP1", "QP"),
        ("value:employment_rate", "value:indicateur:quartier"),
        ("rate:employment_rate:QP1", "gap:indicateur"),
        ("estimate:PER01:oui", "aucune enquête"),
    ],
)
def test_an_unknown_reference_says_what_may_be_written(reader, reference, expected):
    with pytest.raises(UnknownFactError) as caught:
        Facts(reader)(reference)
    assert expected in caught.value.expected


def test_unknown_numbers_of_all_files_are_named_at_once_with_their_lines(reader):
    texts = {"contexte.md": "<!-- a\nb -->\n{{gap:x:y}}", "emploi.md": "# A\n\n{{value:z:t}}"}
    with pytest.raises(ConfigurationError) as caught:
        Prose(texts, facts=Facts(reader), codes=reader.codes)
    assert [(fault.file, fault.line) for fault in caught.value.faults] == [("contexte.md", 3), ("emploi.md", 3)]


def test_what_the_lead_writes_is_printed_and_what_was_not_written_is_not(reader):
    code = reader.codes[0]
    prose = Prose({f"quartier_{code}.md": "Un *marché* ouvre."}, facts=Facts(reader), codes=reader.codes)
    assert [run["t"] for run in prose.quarter(code)[0]["runs"]] == ["Un ", "marché", " ouvre."]
    assert prose.quarter(reader.codes[1]) == prose.own("contexte") == []
    with pytest.raises(ConfigurationError, match="texte inconnu"):
        Prose({"quartier_QP000000.md": "a"}, codes=reader.codes)
