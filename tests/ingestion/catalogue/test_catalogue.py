"""The catalogue claims no more than was checked, and answers for one territory."""

import csv
import re
from dataclasses import replace

import pytest

from diagnostic.errors import InputError
from diagnostic.ingestion.catalogue.downloads import Download, downloads, select
from diagnostic.ingestion.catalogue.entries import Access, Evidence, catalogue
from diagnostic.ingestion.catalogue.letter import letter
from diagnostic.ingestion.catalogue.territory import COLUMNS, Availability, territory_catalogue
from diagnostic.ingestion.intake import Entry
from diagnostic.territory.catalogue import quarters

ENTRIES = {entry.id: entry for entry in catalogue()}


def seen(generation=2015, present=()):
    table = territory_catalogue(catalogue(), generation=generation, present=list(present))
    return table.set_index("id", drop=False)


def held(source, edition="2022"):
    return Entry(f"{source}/{edition}.csv", "0" * 64, source, edition, "empreinte connue", fictional=False)


# The data.


def test_every_source_of_the_domain_is_there_in_order(shared):
    with (shared / "domain" / "sources.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert list(ENTRIES) == [row["id"] for row in rows]
    for row in rows:
        assert not ENTRIES[row["id"]].verified or "[M]" not in row["preuve"].replace("D1 [M]", "")


def test_no_mark_of_the_research_is_left():
    for entry in catalogue():
        assert not re.search(r"\[(M|I|S\d|D\d)", repr(entry))


def test_identifiers_serve_once():
    assert len(ENTRIES) == len(catalogue()) == 56
    assert len({one.id for one in downloads()}) == len(downloads())
    assert not {one.id for one in downloads()} & set(ENTRIES)


def test_each_entry_says_both_what_it_says_and_what_it_does_not():
    for entry in catalogue():
        assert entry.says.endswith(".")
        assert entry.does_not_say.endswith(".")


def test_what_is_asked_for_names_its_tables_and_its_recipient():
    for entry in catalogue():
        assert bool(entry.ask) == bool(entry.recipient)
        if entry.access is Access.ON_REQUEST:
            assert entry.ask or entry.how


def test_downloads_belong_to_an_entry_that_names_their_reader():
    for one in downloads():
        assert not one.reader or one.reader in ENTRIES[one.source].readers, one.id
        assert one.page.startswith("https://")
        assert not one.url or one.url.startswith("https://")
        assert sum(map(bool, (one.url, one.pattern))) <= 1, one.id
        assert bool(one.digest) == bool(one.seen), one.id
        re.compile(one.pattern)


def test_no_address_pretends_to_have_been_tried():
    assert not any(one.tried for one in downloads())


# For one territory.


def test_each_source_has_one_place():
    table = seen()
    assert list(table.columns) == COLUMNS
    assert len(table) == len(ENTRIES)
    assert set(table["availability"]) == {"fetch", "ask", "absent"}
    assert not table.isna().any().any()


def test_a_file_at_hand_is_had_with_its_edition():
    row = seen(present=[held("insee_qpv_demo"), held("insee_qpv_demo", "2021")]).loc["insee_qpv_demo"]
    assert row["availability"] == Availability.HAVE
    assert row["editions"] == "2021 et 2022"


def test_a_file_of_the_other_generation_is_not_had():
    row = seen(generation=2024, present=[held("insee_qpv_demo")]).loc["insee_qpv_demo"]
    assert row["availability"] == Availability.ABSENT
    assert "2015 seulement" in row["why"]
    assert "--generation 2015" in row["how"]


def test_a_reader_that_does_not_exist_yet_is_tolerated():
    entry = replace(ENTRIES["rpls"], readers=("reader_of_tomorrow",))
    table = territory_catalogue([entry], generation=2015, present=[held("reader_of_tomorrow")])
    assert table["availability"].tolist() == [Availability.HAVE]


@pytest.mark.parametrize(
    ("name", "availability", "word"),
    [
        ("teo2", Availability.ABSENT, "France entière"),
        ("ssmsi_discri", Availability.ABSENT, "département"),
        ("insee_rp_parents", Availability.ABSENT, "pas encore diffusé"),
        ("sne", Availability.ASK, "intercommunalité"),
        ("insee_rp_iris", Availability.FETCH, "estimation"),
        ("insee_qpv_demo", Availability.FETCH, ""),
    ],
)
def test_a_level_that_does_not_exist_is_said(name, availability, word):
    row = seen().loc[name]
    assert row["availability"] == availability
    assert word in row["why"]


def test_what_nobody_checked_is_marked():
    table = seen()
    for entry in catalogue():
        assert table.loc[entry.id, "verified"] == (entry.evidence is Evidence.FILES)
        assert table.loc[entry.id, "evidence"].startswith("à vérifier") != entry.verified


def test_an_address_never_tried_is_said_so():
    assert "non éprouvée" in seen().loc["insee_rp_iris", "how"]


# The letter.


def test_the_letter_names_quarters_generation_tables_and_secrecy():
    codes = ["QP059074", "QP059001"]
    text = letter(ENTRIES["sne"], territory="Métropole européenne de Lille", generation=2015, codes=codes)
    plain = text.replace("\u00a0", " ").replace("\u202f", " ")
    assert "Génération 2015" in plain
    for code in codes:
        assert f"| {code} | {quarters(2015)[code].label} |" in text
    assert plain.index("QP059074") < plain.index("QP059001")
    for table in ENTRIES["sne"].ask:
        assert table in text
    assert "moins de 11" in plain
    assert "Métropole européenne de Lille" in plain
    assert "{" not in text


@pytest.mark.parametrize("entry", [entry for entry in catalogue() if entry.ask], ids=lambda entry: entry.id)
def test_every_source_that_is_asked_for_has_its_letter(entry):
    text = letter(entry, territory="Fiction", generation=2024, codes=["QN05901M"])
    assert entry.recipient in text
    assert "| QN05901M |" in text


def test_a_letter_for_what_is_published_is_refused():
    with pytest.raises(InputError, match="rien à demander"):
        letter(ENTRIES["teo2"], territory="Fiction", generation=2015, codes=["QP059001"])


# Choosing downloads.


def one(identifier, **fields):
    return Download(**{"id": identifier, "source": "s", "page": "https://p", "vintage": "2021", **fields})


REGISTRY = [one("a", reader="r"), one("b", vintage="2022", reader="r"), one("c", asked=True, generation=2024)]


def test_a_word_is_an_identifier_an_entry_or_a_reader():
    assert [found.id for found in select(["a"], among=REGISTRY)] == ["a"]
    assert [found.id for found in select(["r"], among=REGISTRY)] == ["a", "b"]
    assert [found.id for found in select(["s"], among=REGISTRY)] == ["a", "b", "c"]


def test_without_a_word_only_what_the_territory_needs():
    registry = [*REGISTRY, one("d", generation=2024), one("e", generation=2015)]
    assert [found.id for found in select([], generation=2024, among=registry)] == ["a", "b", "d"]


def test_a_missing_vintage_names_those_that_exist():
    with pytest.raises(InputError, match="2021 et 2022") as caught:
        select(["r"], vintage="2023", among=REGISTRY)
    assert "aucun autre millésime" in str(caught.value)


def test_unknown_words_are_all_said_with_their_neighbours():
    with pytest.raises(InputError) as caught:
        select(["insee_rp_irsi", "zzzz"])
    assert len(caught.value.faults) == 2
    assert "insee_rp_iris" in str(caught.value)
