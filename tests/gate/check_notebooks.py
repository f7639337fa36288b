"""Every notebook runs from its first cell to its last, and none is committed with an output."""

import nbformat
import pytest
from nbclient import NotebookClient

from diagnostic.notebooks import notebooks

NOTEBOOKS = notebooks()


def test_there_are_notebooks():
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path, demonstration):
    # Where a lead opens them.
    folder = demonstration.root / "notebooks"
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(folder)}}).execute()
    shown = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    warned = [output.text for output in shown if output.get("name") == "stderr"]
    assert not warned, warned


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_committed_without_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in cells)
    assert [cell.id for cell in notebook.cells] == [str(rank) for rank in range(len(notebook.cells))]
