"""The leads' notebooks, as they travel with the package."""

from __future__ import annotations

from pathlib import Path

from diagnostic.workspace import copy_file, explained

# In the wheel they lie inside the package, in a checkout beside `src`.
_PLACES = (Path(__file__).parent / "notebooks", Path(__file__).parents[2] / "notebooks")


def notebooks() -> list[Path]:
    """List the notebooks in the order they are read.

    Returns
    -------
    list of Path
        Files ``NN_title.ipynb``, without outputs.
    """
    place = next((folder for folder in _PLACES if folder.is_dir()), None)
    return sorted(place.glob("[0-9]*.ipynb")) if place else []


def copy_notebooks(folder: Path) -> tuple[list[str], list[str]]:
    """Copy the notebooks into a working folder; one that the lead already has is left as it is.

    Parameters
    ----------
    folder
        The working folder's ``notebooks``.

    Returns
    -------
    tuple of list of str
        Names of those copied, then of those left because they are no longer the one that travels with the package:
        worked in, or of another version.

    Raises
    ------
    WorkspaceError
        When the folder cannot be read or written.
    """
    copied, left = [], []
    for notebook in notebooks():
        target = folder / notebook.name
        with explained(target):
            if not target.exists():
                copy_file(notebook, target)
                copied.append(notebook.name)
            elif target.read_bytes() != notebook.read_bytes():
                left.append(notebook.name)
    return copied, left
