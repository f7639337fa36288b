"""A step is made again exactly when something it depends on changed."""

import pytest

from diagnostic.steps import Steps


@pytest.fixture
def output(tmp_path):
    path = tmp_path / "sortie.txt"
    path.write_text("un")
    return path


def test_a_step_is_current_until_its_key_or_its_output_changes(tmp_path, output):
    steps = Steps(tmp_path / "steps.json")
    key = steps.key(("errors.py",), "entrée")
    assert not steps.current("étape", key, [output])
    steps.done("étape", key, [output])
    again = Steps(tmp_path / "steps.json")
    assert again.current("étape", key, [output])
    assert not again.current("étape", again.key(("errors.py",), "autre entrée"), [output])
    assert not again.current("étape", again.key(("formatting.py",), "entrée"), [output])
    output.write_text("deux")
    assert not again.current("étape", key, [output])


def test_a_damaged_record_only_means_that_all_is_made_again(tmp_path, output):
    (tmp_path / "steps.json").write_text("{")
    steps = Steps(tmp_path / "steps.json")
    assert not steps.current("étape", steps.key(("errors.py",)), [output])
