"""What the gate's checks share: the demonstration, made once."""

import pytest

from diagnostic.demonstration import prepare
from diagnostic.pipeline import run


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory):
    """The fictional territory's working folder, every document made."""
    workspace = prepare(tmp_path_factory.mktemp("gate") / "demonstration")
    run(workspace)
    return workspace
