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


def test_outputs_of_one_name_in_two_folders_are_told_apart(tmp_path):
    outputs = [tmp_path / place / "measures.parquet" for place in ("public", "restricted")]
    for path in outputs:
        path.parent.mkdir()
        path.write_text(path.parent.name)
    steps = Steps(tmp_path / "steps.json")
    steps.done("étape", "clé", outputs)
    assert steps.current("étape", "clé", outputs)
    outputs[0].write_text("autre")
    assert not steps.current("étape", "clé", outputs)


def test_a_damaged_record_only_means_that_all_is_made_again(tmp_path, output):
    (tmp_path / "steps.json").write_text("{")
    steps = Steps(tmp_path / "steps.json")
    assert not steps.current("étape", steps.key(("errors.py",)), [output])
