"""The edition is that of the content; a name is believed last."""

import re
from pathlib import Path

import pytest

from diagnostic.errors import InputError
from diagnostic.ingestion.document import open_document
from diagnostic.ingestion.editions import LOCKS, lock_text
from diagnostic.ingestion.source import SOURCES
from diagnostic.ingestion.sources import insee_qpv_demo, insee_qpv_ipro, insee_qpv_revn

SAMPLES = Path(__file__).parent / "samples"
DEMO = SOURCES["insee_qpv_demo"]
THEMATIC = [
    (insee_qpv_demo.TABLE, "*DEMO_*.csv"),
    (insee_qpv_ipro.TABLE, "IPRO_*.csv"),
    (insee_qpv_revn.TABLE, "REVN_*.csv"),
]
PLAIN = [
    ("insee_filosofi_qpv", "insee_qpv/data_filo*"),
    ("insee_filosofi_supra", "filosofi/FILO*"),
    ("insee_demographie_2010", "insee_qpv/demographie_2010*"),
    ("insee_population_qpv_2013", "insee_qpv/pop_qp_2013.xls"),
]


def copy(sample, folder, name, change=lambda text: text, codec="utf-8"):
    path = folder / name
    text = (SAMPLES / sample).read_text(encoding="utf-8-sig")
    path.write_bytes(change(text).encode(codec))
    return path


def year_of(path):
    found = re.search(r"(20\d\d)", path.name)
    return found[1] if found else f"20{re.search(r'filo(.*?)_', path.name)[1]}"


@pytest.mark.parametrize(("table", "pattern"), THEMATIC, ids=lambda value: getattr(value, "source", ""))
def test_locks_of_thematic_tables_are_up_to_date(shared, table, pattern):
    seen = [open_document(path) for path in sorted((shared / "real" / "insee_qpv").glob(pattern))]
    text = lock_text([(document, year_of(document.path), table.probed(document)) for document in seen])
    assert (LOCKS / f"{table.source}.toml").read_text(encoding="utf-8") == text


@pytest.mark.parametrize(("source", "pattern"), PLAIN)
def test_locks_of_other_tables_are_up_to_date(shared, source, pattern):
    seen = [open_document(path) for path in sorted((shared / "real").glob(pattern))]
    text = lock_text([(document, year_of(document.path), {}) for document in seen])
    assert (LOCKS / f"{source}.toml").read_text(encoding="utf-8") == text


def test_locks_are_small():
    assert sum(path.stat().st_size for path in LOCKS.glob("insee_*")) < 200_000


def test_a_file_that_was_seen_is_known_whatever_its_name(shared, tmp_path):
    path = tmp_path / "export.csv"
    path.write_bytes((shared / "real" / "insee_qpv" / "DEMO_2021.csv").read_bytes())
    assert DEMO.recognise(open_document(path)).basis == "empreinte connue"


@pytest.mark.parametrize("year", ["2017", "2019", "2021", "2022"])
@pytest.mark.parametrize("table", ["demo", "ipro", "revn"])
def test_an_extract_is_recognised_by_its_values(tmp_path, table, year):
    path = copy(
        f"insee_qpv_{table}_{year}.csv", tmp_path, "sans_annee.csv",
        change=lambda text: text.replace("\u202f", " ").replace(";", "\t").replace("\r\n", "\n"), codec="cp1252",
    )  # fmt: skip
    found = SOURCES[f"insee_qpv_{table}"].recognise(open_document(path))
    assert (found.edition, found.basis) == (year, "valeurs reconnues")


def test_values_win_over_the_name_and_the_basis_says_so(tmp_path):
    found = DEMO.recognise(open_document(copy("insee_qpv_demo_2022.csv", tmp_path, "DEMO_2021.csv")))
    assert found.edition == "2022"
    assert found.basis == "valeurs reconnues ; le nom du fichier dit 2021"


def test_a_stated_edition_that_the_values_deny_is_refused(tmp_path):
    document = open_document(copy("insee_qpv_demo_2022.csv", tmp_path, "x.csv"), edition="2021")
    with pytest.raises(InputError) as caught:
        DEMO.recognise(document)
    (fault,) = caught.value.faults
    assert fault.what == "les valeurs ne sont pas celles de l’édition 2021"
    assert fault.found == "celles de l’édition 2022"


def altered(text):
    """Make values of no edition, as a later edition would have."""
    head, *rows = text.splitlines()
    place = head.split(";").index("PERCOU")
    cells = [row.split(";") for row in rows]
    for row in cells:
        row[place] = row[place] and "123456"
    return "\n".join([head, *(";".join(row) for row in cells)])


def test_an_unknown_edition_is_taken_from_the_name_to_be_checked(tmp_path):
    found = DEMO.recognise(
        open_document(copy("insee_qpv_demo_2022.csv", tmp_path, "DEMO_2023.csv", change=altered))
    )
    assert (found.edition, found.basis) == ("2023", "déduite du nom du fichier, à vérifier")


def test_a_name_that_the_values_deny_is_refused(tmp_path):
    document = open_document(copy("insee_qpv_demo_2022.csv", tmp_path, "DEMO_2021.csv", change=altered))
    with pytest.raises(InputError, match="les valeurs ne sont pas celles de l’édition 2021"):
        DEMO.recognise(document)


def test_the_user_may_say_the_edition(tmp_path):
    path = copy("insee_qpv_demo_2022.csv", tmp_path, "x.csv", change=altered)
    found = DEMO.recognise(open_document(path, edition="2023"))
    assert (found.edition, found.basis) == ("2023", "indiquée par vous")


def test_without_any_sign_the_edition_is_asked_for(tmp_path):
    document = open_document(copy("insee_qpv_demo_2022.csv", tmp_path, "x.csv", change=altered))
    with pytest.raises(InputError) as caught:
        DEMO.recognise(document)
    (fault,) = caught.value.faults
    assert fault.what == "édition impossible à établir"
    assert "--edition" in fault.remedy


def test_a_workbook_states_its_edition():
    found = DEMO.recognise(open_document(SAMPLES / "insee_qpv_demo_2022_fictif.xlsx"))
    assert (found.edition, found.basis, found.fictional) == ("2022", "annoncée dans le fichier", True)


@pytest.mark.parametrize(("table", "pattern"), THEMATIC, ids=lambda value: getattr(value, "source", ""))
def test_expected_columns_are_those_of_every_file_of_the_edition(shared, table, pattern):
    common = {}
    for path in sorted((shared / "real" / "insee_qpv").glob(pattern)):
        (header,) = open_document(path).headers(table.needles)
        there = {table.layout.base(name) for name in header.columns}
        common[year_of(path)] = common.get(year_of(path), there) & there
    labels = {table.layout.code, *table.layout.labels}
    assert {year: set(table.expected(year)) for year in common} == {
        year: names - labels for year, names in common.items()
    }
    assert table.expected("2031") == []


def without(*names):
    def change(text):
        rows = [row.split(";") for row in text.splitlines()]
        kept = [place for place, name in enumerate(rows[0]) if name.strip() not in names]
        return "\n".join(";".join(row[place] for place in kept) for row in rows) + "\n"

    return change


def test_an_edition_that_lost_columns_is_refused_with_their_names(tmp_path):
    path = copy("insee_qpv_demo_2022.csv", tmp_path, "x.csv", change=without("TX_F", "NOTE_RP"))
    with pytest.raises(InputError) as caught:
        DEMO.recognise(open_document(path))
    (fault,) = caught.value.faults
    assert (fault.what, fault.found) == ("colonnes manquantes", "sans TX_F et NOTE_RP")
    assert "2022" in fault.expected


def test_thousands_separators_lost_by_a_save_are_said(tmp_path):
    path = copy(
        "insee_qpv_demo_2022.csv", tmp_path, "x.csv", change=lambda text: text.replace("\u202f", "?"),
        codec="cp1252",
    )  # fmt: skip
    with pytest.raises(InputError, match="séparateurs de milliers détruits") as caught:
        DEMO.recognise(open_document(path))
    (fault,) = caught.value.faults
    assert (fault.line, fault.column) == (2, "POP_MUN")
    assert "téléchargez de nouveau" in fault.remedy
