"""What every test may ask for."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared():
    """Real public files and reference results, kept beside the repository and never in it."""
    folder = Path(os.environ.get("DIAGNOSTIC_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        reason = f"real files are not at {folder}: set DIAGNOSTIC_SHARED to their folder"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder
