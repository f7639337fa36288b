"""Lists, regions, shares."""

import pytest

from diagnostic.batch import in_regions, read_list, share
from diagnostic.errors import ConfigurationError, TerritoryError


def listed(tmp_path, text, generation=2015):
    path = tmp_path / "liste.txt"
    path.write_text(text, encoding="utf-8")
    return read_list(path, generation=generation)


def test_a_line_is_a_siren_a_name_a_contract_or_codes(tmp_path):
    found = listed(
        tmp_path,
        "\ufeff# en-tête\n200093201\n\nCC du Pays Noyonnais\nCV192\n"
        "QP059074, QP062035\nCA Maubeuge Val de Sambre\n",
    )
    assert [one.name.split("-")[0] for one in found] == [
        "200093201",
        "246000756",
        "cv192",
        "qp059074",
        "200043396",
    ]
    assert found[3].territory.qpv == ("QP059074", "QP062035")


def test_a_territory_written_twice_is_made_once(tmp_path):
    assert len(listed(tmp_path, "200093201\nMétropole européenne de Lille\n245900410\n")) == 1


def test_two_lists_of_quarters_that_begin_alike_have_two_folders(tmp_path):
    first, second = listed(tmp_path, "QP059074\nQP059074 QP062035\n")
    assert first.name != second.name


def test_every_unknown_line_is_named_at_once(tmp_path):
    with pytest.raises(TerritoryError) as caught:
        listed(tmp_path, "200093201\nAtlantide\n999999999\nQP059999\nCV9999\n")
    assert [fault.line for fault in caught.value.faults] == [2, 3, 4, 5]
    assert "Atlantide" in str(caught.value)


@pytest.mark.parametrize("text", ["", "# rien\n\n"])
def test_an_empty_list_is_refused(tmp_path, text):
    with pytest.raises(ConfigurationError, match="aucun territoire"):
        listed(tmp_path, text)


def test_an_unreadable_list_is_told(tmp_path):
    (tmp_path / "latin.txt").write_bytes("Métropole".encode("latin-1"))
    with pytest.raises(ConfigurationError, match="UTF-8"):
        read_list(tmp_path / "latin.txt", generation=2015)
    with pytest.raises(ConfigurationError, match="introuvable"):
        read_list(tmp_path / "absente.txt", generation=2015)


def test_the_country_holds_every_quarter():
    for generation, count in ((2015, 1514), (2024, 1584)):
        whole = in_regions([], generation=generation)
        assert len({code for one in whole for code in one.territory.qpv}) == count
        assert len({one.name for one in whole}) == len(whole)


def test_every_unknown_region_is_named_at_once():
    with pytest.raises(TerritoryError) as caught:
        in_regions(["32", "999", "xx"], generation=2015)
    assert len(caught.value.faults) == 2


def test_shares_are_even_and_the_same_for_every_machine():
    whole = in_regions(["32"], generation=2015)
    shares = [share(reversed(whole), part=part, parts=4) for part in (1, 2, 3, 4)]
    assert shares == [share(whole, part=part, parts=4) for part in (1, 2, 3, 4)]
    assert sorted(one.name for each in shares for one in each) == [one.name for one in whole]
    assert max(map(len, shares)) - min(map(len, shares)) <= 1
    with pytest.raises(ConfigurationError, match="part inconnue"):
        share(whole, part=5, parts=4)
