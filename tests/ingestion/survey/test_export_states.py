"""Conditions, splitting, and text forms that never show an answer."""

import numpy as np
import pytest

from diagnostic.errors import InputError
from diagnostic.ingestion.survey.choices import choices, option_codes
from diagnostic.ingestion.survey.reader import read_export
from diagnostic.ingestion.survey.relevance import Operand, asked
from diagnostic.ingestion.survey.splitting import guess_options, split_cell

FREQ = Operand(("souvent", "jamais", ""), np.array([0, 1, 2, 0]))
AGE = Operand(("17", "30", ""), np.array([0, 1, 2, 1]))
SEVERAL = Operand((), np.empty(0, dtype=int), {
    "a": np.array([True, False, False, True]), "b": np.array([True, True, False, False]),
})  # fmt: skip
NAMES = {"freq": FREQ, "age": AGE, "motifs": SEVERAL}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("1", [1, 1, 1, 1]),
        ("", [1, 1, 1, 1]),
        ("${freq}='souvent'", [1, 0, 0, 1]),
        ("${freq} != 'souvent'", [0, 1, 1, 0]),
        ("'jamais' = ${freq}", [0, 1, 0, 0]),
        ("${freq}='souvent' and ${age} >= 18", [0, 0, 0, 1]),
        ("18 <= ${age}", [0, 1, 0, 1]),
        ("not(${freq}='souvent') or ${age} = 30", [0, 1, 1, 1]),
        ("selected(${motifs}, 'b')", [1, 1, 0, 0]),
        ("count-selected(${motifs}) > 1", [1, 0, 0, 0]),
        ("((freq.NAOK == \"souvent\") || (freq.NAOK == 'jamais'))", [1, 1, 0, 1]),
        ("!is_empty(freq.NAOK)", [1, 1, 0, 1]),
        ("freq.NAOK eq 'jamais' && age gt 18", [0, 1, 0, 0]),
        ("true()", [1, 1, 1, 1]),
    ],
)
def test_a_condition_gives_its_mask(condition, expected):
    mask = asked(condition, NAMES.get, rows=4)
    assert mask is not None
    assert mask.astype(int).tolist() == expected


@pytest.mark.parametrize(
    "condition",
    [
        "${inconnue} = 'a'", "regex(${freq}, 's.*')", "${freq} = ${age}", "${freq} =", "((${freq} = 'a')",
        "${freq} > 'souvent'", "${freq} @ 'a'", "selected(${motifs}, 'absente')", "1 + 1 = 2", "${motifs} = 'a'",
        "freq", "${freq}='a' ${age}='b'",
    ],
)  # fmt: skip
def test_a_condition_that_answers_do_not_decide_gives_nothing(condition):
    assert asked(condition, NAMES.get, rows=4) is None


def test_the_longest_option_wins_and_nothing_is_dropped():
    options = ["A", "A, B", "C, D"]
    split = split_cell("A, B, reste, encore, C, D, A", options, separator=", ")
    assert split.options == (1, 2, 0)
    assert split.rest == ("reste, encore",)
    assert "reste" not in repr(split)


def test_an_option_named_twice_is_kept_once_and_its_copy_is_given_back():
    split = split_cell("A;A", ["A"], separator=";")
    assert (split.options, split.rest) == ((0,), ("A",))


def test_what_one_respondent_wrote_is_never_proposed_as_an_option():
    cells = [("Datacenter, WAN", 3), ("WAN", 2), ("WAN, chez Camille Durand", 1)]
    assert guess_options(cells, separator=", ") == ["Datacenter", "WAN"]


def test_text_forms_show_sizes_and_no_answer(shared):
    export = read_export(shared / "survey/formats/emulated/framaforms_separe_utf8.csv")
    shown = repr(export) + repr(export.questions) + repr(choices(export, "Selon vous, pour quels motifs ?"))
    assert "accent" not in shown
    assert "QN07501M" not in shown
    assert "rows=8" in shown


def test_asking_for_what_is_absent_says_where(shared):
    export = read_export(shared / "survey/formats/emulated/limesurvey_code_court_virgule.csv")
    with pytest.raises(InputError, match="absente") as caught:
        export.question("inconnue")
    assert caught.value.faults[0].file == "limesurvey_code_court_virgule.csv"
    with pytest.raises(InputError, match="plusieurs réponses"):
        option_codes(export, "motifs")
