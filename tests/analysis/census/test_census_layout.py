"""The codes are the producer's: the dictionary of 2016 says so, not memory."""

import pytest

from diagnostic.analysis.census import DIMENSIONS
from diagnostic.analysis.census.layout import dimensions
from diagnostic.errors import InputError

SAID = {
    "women": "Femmes", "men": "Hommes", "immigrant": "Immigrés", "non_immigrant": "Non immigrés",
    "french": "Français", "foreign": "Etrangers", "none": "Aucun diplôme ou au mieux BEPC",
    "vocational": "CAP, BEP", "baccalaureate": "Baccalauréat", "higher": "Diplôme d'études supérieures",
    "employed": "Actifs ayant un emploi", "unemployed": "Chômeurs", "retired": "Retraités", "studying": "Élèves",
    "at_home": "Femmes ou hommes au foyer", "otherwise_inactive": "Autres inactifs",
}  # fmt: skip


def test_immigration_and_nationality_are_coded_the_official_way(dictionary):
    assert dictionary["IMMI"] == {"1": "Immigrés", "2": "Non immigrés"}
    assert DIMENSIONS["immigration"].codes == {"1": "immigrant", "2": "non_immigrant"}
    assert dictionary["INATC"] == {"1": "Français", "2": "Etrangers"}
    assert DIMENSIONS["nationality"].codes == {"1": "french", "2": "foreign"}


@pytest.mark.parametrize("name", [name for name, axis in DIMENSIONS.items() if axis.codes])
def test_every_code_is_in_the_dictionary_under_its_meaning(dictionary, name):
    axis = DIMENSIONS[name]
    assert set(axis.codes) == set(dictionary[axis.column])
    for code, word in axis.codes.items():
        expected = SAID.get(word, "oins de 14 ans")
        assert expected in dictionary[axis.column][code]
        assert axis.labels[word]


def test_every_column_is_in_the_dictionary(dictionary):
    assert {axis.column for axis in DIMENSIONS.values()} <= set(dictionary)


def test_the_fictional_file_has_the_columns_and_codes_of_the_dictionary_in_its_order(dictionary, columns):
    assert list(columns) == list(dictionary)
    coded = {name: codes for name, codes in columns.items() if codes}
    assert coded == {name: list(dictionary[name]) for name in coded}
    assert set(columns) - set(coded) == {
        "CANTVILLE", "NUMMI", "ARM", "DEPT", "DNAI", "IPONDI", "IRIS", "REGION", "TRIRIS",
    }  # fmt: skip


def test_unknown_dimensions_are_named_together():
    with pytest.raises(InputError) as told:
        dimensions(["sex", "race", "religion"])
    assert {fault.found for fault in told.value.faults} == {"race", "religion"}
