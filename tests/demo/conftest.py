"""The fictional territory, written once."""

import io

import pandas as pd
import pytest

from diagnostic.demo import write_territory


@pytest.fixture(scope="session")
def territory(tmp_path_factory):
    """Folder of the raw files written with the default seed."""
    folder = tmp_path_factory.mktemp("territory")
    write_territory(folder)
    return folder


@pytest.fixture(scope="session")
def published(territory):
    """Read a csv of the territory as numbers, independently of the package's readers."""

    def read(name, *, separator=";"):
        text = (territory / name).read_bytes().decode("utf-8-sig")
        frame = pd.read_csv(io.StringIO(text), sep=separator, dtype=str, keep_default_na=False)
        frame = frame[[column for column in frame if not column.startswith("Unnamed")]]
        frame = frame.set_index(frame.columns[0])
        named = [column for column in frame if column.startswith("LIB")]
        figures = frame.drop(columns=named)
        figures = figures.apply(lambda cells: cells.str.replace("[\u202f\u00a0]", "", regex=True))
        figures = figures.apply(lambda cells: pd.to_numeric(cells.str.replace(",", ".")))
        return figures.join(frame[named])

    return read
