"""The table of correspondence of both generations, as its columns are described; no real file was at hand."""

from pathlib import Path

import pytest

from diagnostic.errors import InputError
from diagnostic.ingestion.document import open_document
from diagnostic.ingestion.source import SOURCES
from diagnostic.schemas import LINK_COLUMNS

SAMPLE = Path(__file__).parent / "samples" / "anct_correspondance_qpv.csv"
NAME = "anct_correspondance_qpv"


def read(path):
    document = open_document(path)
    assert [one.name for one in SOURCES if one.recognise(document)] == [NAME]
    recognition = SOURCES[NAME].recognise(document)
    return recognition, SOURCES[NAME].read(document, recognition).links


def damaged(tmp_path, old, new):
    path = tmp_path / "table.csv"
    path.write_bytes(SAMPLE.read_bytes().replace(old.encode(), new.encode()))
    return path


def test_each_quarter_of_2024_names_its_quarters_of_2015_in_order():
    recognition, links = read(SAMPLE)
    assert (recognition.edition, recognition.fictional) == ("2024", False)
    assert list(links.columns) == LINK_COLUMNS
    assert set(links["vintage"]) == {2024}
    former = links[links["parent_vintage"] == 2015]
    assert former["parent_code"].tolist() == ["QP059072", "QP059063", "QP062001", "QP062002", "QP062003"]
    assert former["rank"].tolist() == [0, 0, 0, 1, 2]
    assert former["label"].tolist()[-2:] == ["Triolet", "Centre"]


def test_a_new_quarter_has_no_former_one_and_keeps_its_name():
    _, links = read(SAMPLE)
    new = links[links["code"] == "QN05903N"]
    assert new[["parent_code", "parent_vintage", "label"]].to_numpy().tolist() == [
        ["QN05903N", 2024, "Centre Ville"]
    ]


def test_fictional_quarters_are_recognised(tmp_path):
    content = SAMPLE.read_text(encoding="utf-8-sig").splitlines()
    path = tmp_path / "table.csv"
    path.write_text(f"{content[0]}\nQN09901M;Ici;Modifié;QP099001;Là;;;;\n", encoding="utf-8")
    assert read(path)[0].fictional


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("QN05902I", "QN05901M", "plusieurs lignes"),
        ("QN05902I", "5902", "QP2024"),
        ("QP059063", "QN05902I", "QP2015_1"),
    ],
)
def test_what_is_damaged_is_refused_with_its_column(tmp_path, old, new, said):
    with pytest.raises(InputError, match=said) as caught:
        read(damaged(tmp_path, old, new))
    assert "table.csv" in str(caught.value)
