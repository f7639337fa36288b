"""The whole set of documents: what the lead's texts do not change is made once, and changes no byte."""

import pytest

from diagnostic.publication import documents
from diagnostic.publication.kept import Kept

TEXT = {"contexte.md": "Une phrase du chef de projet.\n"}


@pytest.fixture
def fresh(public_tables):
    return documents.write_all(public_tables(2), texts=TEXT, settings="x")


def test_what_is_kept_gives_the_bytes_of_what_is_made(public_tables, fresh, monkeypatch):
    kept = Kept()
    before = documents.write_all(public_tables(2), texts={}, settings="x", kept=kept)
    assert kept.grown
    for name in ("write_opendata", "write_workbook"):
        monkeypatch.delattr(documents, name)
    monkeypatch.delattr("diagnostic.publication.figures.theme.Figure.savefig")
    again = Kept(kept.packed())
    assert documents.write_all(public_tables(2), texts=TEXT, settings="x", kept=again) == fresh
    assert not again.grown
    assert {name for name in fresh if fresh[name] != before[name]} == {"diagnostic.pdf", "manifest.json"}
