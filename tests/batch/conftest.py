"""A batch of the fictional territory's neighbourhoods: two territories, the second with one neighbourhood."""

import hashlib
from datetime import date
from functools import partial

import pytest

from diagnostic.batch import make, processes, read_list
from diagnostic.batch.jobs import attempt
from diagnostic.demo import write_territory

DAY = date(2026, 1, 31)
LINES = "# deux\nQP099001, QP099002, QP099003\n\nQP099004\n"
MADE = ("reports", "territoires")
KEPT = {"reports", "public"}


@pytest.fixture(scope="session")
def day():
    return DAY


@pytest.fixture(scope="session")
def produced():
    """Give the documents and the public tables of a batch, by path."""

    def read(folder):
        return {
            path.relative_to(folder): path.read_bytes()
            for place in MADE
            for path in sorted((folder / place).rglob("*"))
            if path.is_file() and KEPT & set(path.relative_to(folder).parts)
        }

    return read


@pytest.fixture(scope="session")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sources") / "fichiers publiés"
    write_territory(folder)
    return folder


@pytest.fixture(scope="session")
def members(tmp_path_factory):
    path = tmp_path_factory.mktemp("liste") / "liste.txt"
    path.write_text(LINES, encoding="utf-8")
    return read_list(path, generation=2015)


@pytest.fixture(scope="session")
def made(files, members):
    """Make a batch of the fictional files, or of others."""

    def run(folder, given=members, sources=files, *, engine=None, **options):
        engine = engine or partial(processes.work, processes=2)
        return make(folder, given, engine=engine, day=DAY, title="Essai", sources=[sources], **options)

    return run


@pytest.fixture(scope="session")
def lot(tmp_path_factory, made):
    folder = tmp_path_factory.mktemp("lot") / "lot entier"
    return folder, made(folder)


# The same in this process with two small documents a territory, for what does not depend on what they hold.


def sketched(tables, *, texts, **_):
    """Stand in for every document of a territory: made of the same tables, in no time."""
    digest = hashlib.sha256(tables.indicators.to_csv().encode()).hexdigest()
    return {"diagnostic.pdf": f"{tables.identity.name} {sorted(texts)}".encode(), "manifest.json": digest.encode()}


def here(jobs):
    """Work in this process."""
    return map(attempt, jobs)


@pytest.fixture(scope="module")
def light(made):
    """Make a batch quickly."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("diagnostic.publication.documents.write_all", sketched)
        yield partial(made, engine=here)


@pytest.fixture(scope="module")
def light_lot(tmp_path_factory, light):
    folder = tmp_path_factory.mktemp("esquisse") / "lot"
    return folder, light(folder)
