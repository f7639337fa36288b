"""What happens to a file on its way: the same table, or a French refusal that names file, line and column."""

import numpy as np
import open_tables as made
import pandas as pd
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diagnostic.errors import InputError
from diagnostic.ingestion.described import THEMES
from diagnostic.ingestion.document import open_document
from diagnostic.ingestion.source import SOURCES
from diagnostic.schemas import MEASURE_KEY

IDS = {"ids": lambda one: one.name}
CODED = [
    (made.CAF_IRIS, ("010040101", "10040101"), (2, "CODGEO")),
    (made.CAF_COMMUNES, ("01004", "1004"), (2, "numcomdo")),
    (made.FILOSOFI_2021, ("01004", "1004"), (2, "GEO")),
    (made.FILOSOFI_2021, ("200042935", "2,00E+08"), (6, "GEO")),
    (made.POPULATIONS, ("01", "1"), (5, "GEO")),
    (made.BPE_COUNTS, ("01004", "1004"), (2, "GEO")),
]


def read(path, source):
    document = open_document(path)
    recognition = SOURCES[source].recognise(document)
    return recognition and SOURCES[source].read(document, recognition).measures


def comparable(rows):
    return rows.sort_values(MEASURE_KEY, ignore_index=True)[sorted(rows.columns)]


def same(found, expected):
    pd.testing.assert_frame_equal(comparable(found), comparable(expected))


@pytest.mark.parametrize("one", made.TABLES, **IDS)
@given(
    journey=st.tuples(
        st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]),
        st.sampled_from([";", "\t", ","]),
        st.integers(0, 6),
    ),
    chance=st.randoms(use_true_random=False),
)
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
def test_another_encoding_separator_order_of_columns_or_header_line_changes_nothing(
    tmp_path, one, journey, chance
):  # fmt: skip
    encoding, delimiter, above = journey
    expected = read(one.write(tmp_path), one.source)
    rows = one.rows
    order = list(range(len(rows[0])))
    chance.shuffle(order)
    moved = [[row[place] for place in order] for row in rows]
    titles = [[f"Titre {line}"] + [""] * (len(order) - 1) for line in range(above)]
    path = one.write(tmp_path, rows=[*titles, *moved], encoding=encoding, delimiter=delimiter)
    same(read(path, one.source), expected)


@pytest.mark.parametrize("one", made.TABLES, **IDS)
def test_a_workbook_with_other_sheets_gives_the_same_table(tmp_path, one):
    expected = read(one.write(tmp_path), one.source)
    path = (tmp_path / one.name).with_suffix(".xlsx")
    with xlsxwriter.Workbook(path) as book:
        for name in ("Présentation", "Données", "Documentation"):
            sheet = book.add_worksheet(name)
            rows = one.rows if name == "Données" else [["Insee"], ["Champ : France"]]
            for line, row in enumerate(rows):
                sheet.write_row(line, 0, row, book.add_format({"num_format": "@"}))
    same(read(path, one.source), expected)


@pytest.mark.parametrize("one", made.TABLES, **IDS)
def test_a_letter_among_figures_is_refused_with_its_place(tmp_path, one):
    head, *body = one.rows
    place = next(place for place, name in enumerate(head) if is_figure(one, name) and body[0][place])
    body[0][place] = "beaucoup"
    with pytest.raises(InputError) as caught:
        read(one.write(tmp_path, rows=[head, *body]), one.source)
    assert [(fault.file, fault.line, fault.column) for fault in caught.value.faults] == [
        (one.name, 2, head[place])
    ]


def is_figure(one, name):
    if one.source in THEMES:
        return THEMES[one.source].base(name) in THEMES[one.source].words()
    return name in ("OBS_VALUE", "PERCOU", "indfoy_rsa")


@pytest.mark.parametrize(("one", "change", "place"), CODED)
def test_codes_turned_into_numbers_are_refused_with_their_place(tmp_path, one, change, place):
    code, damaged = change
    rows = [[damaged if cell == code else cell for cell in row] for row in one.rows]
    with pytest.raises(InputError, match="codes devenus des nombres") as caught:
        read(one.write(tmp_path, rows=rows), one.source)
    fault = caught.value.faults[0]
    assert (fault.file, fault.line, fault.column) == (one.name, *place)


@pytest.mark.parametrize("one", [one for one in made.TABLES if len(one.rows) > 2], **IDS)
def test_a_row_that_was_shortened_is_refused_with_its_line(tmp_path, one):
    rows = one.rows
    rows[1] = rows[1][:-2]
    with pytest.raises(InputError) as caught:
        read(one.write(tmp_path, rows=rows), one.source)
    assert (caught.value.faults[0].what, caught.value.faults[0].line) == ("ligne incomplète", 2)


def mutated(data, chance):
    """Cut, flip, insert or delete bytes under the first line."""
    place = int(chance.integers(data.find(b"\n") + 2, len(data)))
    noise = bytes(chance.integers(0, 256, size=8, dtype="uint8"))
    return [data[:place], data[:place] + noise + data[place + 8 :], data[:place] + noise + data[place:],
            data[:place] + data[place + 40 :]][int(chance.integers(4))]  # fmt: skip


def refusal(path, source):
    try:
        read(path, source)
    except InputError as refused:
        return refused.faults
    return ()


@pytest.mark.parametrize("one", made.TABLES, **IDS)
def test_altered_bytes_are_read_or_refused_never_broken(tmp_path, one):
    chance = np.random.default_rng(len(one.name))
    path = one.write(tmp_path)
    data = path.read_bytes()
    for _ in range(8):
        path.write_bytes(mutated(data, chance))
        faults = refusal(path, one.source)
        assert all(fault.remedy or fault.found or fault.what.startswith("et ") for fault in faults)


@pytest.mark.parametrize("make", ["contract_points", "contract_outlines", "CONTRACT_LIST"])
def test_altered_files_of_contracts_are_read_or_refused_never_broken(tmp_path, make):
    text = getattr(made, make)
    data = (text if isinstance(text, str) else text()).encode()
    chance = np.random.default_rng(59)
    path = tmp_path / "contrats.json"
    for _ in range(20):
        path.write_bytes(mutated(data, chance))
        assert all(fault.remedy for fault in refusal(path, "anct_contrats"))


def test_a_list_of_facilities_that_was_cut_is_refused(tmp_path):
    path = made.facilities(tmp_path / "BPE24.parquet")
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(InputError, match="parquet tronqué"):
        read(path, "insee_bpe")
