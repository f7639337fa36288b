import pytest


@pytest.fixture(scope="session")
def puzzles(shared):
    return shared / "reference" / "disclosure"
