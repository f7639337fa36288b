import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def puzzles():
    repository = Path(__file__).parents[3]
    shared = Path(os.environ.get("DIAGNOSTIC_SHARED", repository.parent / "shared"))
    folder = shared / "reference" / "disclosure"
    if folder.is_dir():
        return folder
    reason = "reference puzzles not found: set DIAGNOSTIC_SHARED"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    return pytest.skip(reason)
