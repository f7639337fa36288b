# ruff: noqa: INP001 - a script beside the page it writes
"""Write ``docs/reference.md`` from the docstrings of what a colleague imports.

``python docs/build_reference.py`` writes the page; a test says when it is no longer what the docstrings say.
"""

from __future__ import annotations

import inspect
import re
from dataclasses import is_dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE: Final = Path(__file__).resolve().parent / "reference.md"
CHAPTERS: Final = {
    "A working folder": ("api", "pipeline", "reception", "batch", "demonstration", "notebooks"),
    "Statistical secrecy": ("analysis.disclosure",),
    "Surveys": ("analysis.survey",),
    "Testing campaigns": ("analysis.testing",),
    "Census of individuals": ("analysis.census",),
    "Indicators and gaps": (
        "analysis.indicator", "analysis.gaps", "analysis.wholes", "analysis.similar", "analysis.trends",
    ),
    "Crossings": ("analysis.crossing", "analysis.evidence"),
    "Inequality, space, composition": ("analysis.inequality", "analysis.spatial", "analysis.composition"),
    "Territory": (
        "territory.overlay", "territory.areal", "territory.points", "territory.generations", "territory.vintages",
    ),
    "Documents": (
        "publication.report", "publication.atlas", "publication.workbook", "publication.opendata",
        "publication.slides", "publication.documents",
    ),
    "Figures": ("publication.figures",),
    "Words": ("errors", "formatting", "registry"),
}  # fmt: skip
HEAD: Final = """# Reference

Written from the docstrings by `python docs/build_reference.py`; in Python, `help(name)` says the same.
`diagnostic` itself gives `load`, `Diagnostic`, `SurveyDesign`, `protect`, `attack` and `DiagnosticError`."""
WIDTH: Final = 100  # beyond, an argument a line
_HEADING = re.compile(r"^(\w[\w ]+)\n-{3,}\n", re.MULTILINE)
_ROLE = re.compile(r":\w+:`~?([^`]+)`")


def public(module: Any) -> list[tuple[str, Any]]:  # noqa: ANN401 - a module's own names
    """Give the functions and classes that a module offers: its ``__all__``, else what it defines.

    Parameters
    ----------
    module
        An imported module.
    """
    listed = getattr(module, "__all__", None)
    names = listed or [name for name in vars(module) if not name.startswith("_")]
    found = [(name, getattr(module, name)) for name in names]
    return [
        (name, one)
        for name, one in found
        if (inspect.isfunction(one) or inspect.isclass(one)) and (listed or one.__module__ == module.__name__)
        if one.__module__.startswith("diagnostic")
    ]


def rendered(docstring: str) -> Iterator[str]:
    """Turn a numpydoc docstring into Markdown paragraphs, one item a parameter.

    Parameters
    ----------
    docstring
        As ``inspect.getdoc`` gives it.
    """
    start, *sections = _HEADING.split(_ROLE.sub(r"`\1`", docstring).replace("``", "`"))
    yield start.strip()
    for title, body in zip(sections[::2], sections[1::2], strict=True):
        if title == "Examples":
            yield f"```pycon\n{body.strip()}\n```"
            continue
        yield f"**{title}**"
        yield "\n".join(_items(body)) if title in {"Parameters", "Returns", "Raises"} else body.strip()


def _items(body: str) -> Iterator[str]:
    """Give one line of a list an entry: its name, and what is said of it."""
    for entry in re.split(r"\n(?=\S)", body.strip()):
        name, _, said = entry.partition("\n")
        words = " ".join(line.strip() for line in said.splitlines())
        yield f"- `{name.strip()}`{': ' if words else ''}{words}"


def signature(name: str, one: Any) -> str:  # noqa: ANN401 - a function or a class
    """Write how a thing is called, an argument a line when it is long.

    Parameters
    ----------
    name
        As it is imported.
    one
        The function or the class.
    """
    found = inspect.signature(one)
    arguments, starred = [], False
    for parameter in found.parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and not starred:
            arguments.append("*")
        starred = starred or parameter.kind in {parameter.KEYWORD_ONLY, parameter.VAR_POSITIONAL}
        arguments.append(_argument(parameter))
    answer = "" if inspect.isclass(one) or found.return_annotation is found.empty else found.return_annotation
    gives = f" -> {answer}" if answer else ""
    short = f"{name}({', '.join(arguments)}){gives}"
    return short if len(short) <= WIDTH else f"{name}(\n    " + ",\n    ".join(arguments) + f",\n){gives}"


def _argument(parameter: inspect.Parameter) -> str:
    """Write an argument as in the code: its type, and its default by name rather than by address."""
    stars = "*" * (parameter.kind is parameter.VAR_POSITIONAL) + "**" * (parameter.kind is parameter.VAR_KEYWORD)
    typed = "" if parameter.annotation is parameter.empty else f": {parameter.annotation}"
    value = parameter.default
    if value is parameter.empty:
        return f"{stars}{parameter.name}{typed}"
    named = getattr(value, "__name__", None) or repr(value)
    return f"{parameter.name}{typed} = {'...' if named == '<factory>' else named}"


def _members(one: type) -> Iterator[tuple[str, Any]]:
    """Give the public methods of a class, those it inherits from the package too."""
    for name, member in inspect.getmembers(one, inspect.isfunction):
        if not name.startswith("_") and member.__module__.startswith("diagnostic"):
            yield name, member


def entry(name: str, one: Any) -> Iterator[str]:  # noqa: ANN401 - a function or a class
    """Write what is said of a function, or of a class and its methods.

    Parameters
    ----------
    name
        As it is imported.
    one
        The function or the class.
    """
    yield f"#### `{name}`"
    if not inspect.isclass(one) or is_dataclass(one) or inspect.isfunction(vars(one).get("__init__")):
        yield f"```python\n{signature(name, one)}\n```"
    yield from rendered(inspect.getdoc(one) or "")
    if inspect.isclass(one):
        for method, member in _members(one):
            yield f"##### `{name}.{method}`"
            yield f"```python\n{signature(method, member)}\n```"
            yield from rendered(inspect.getdoc(member) or "")


def page() -> str:
    """Write the whole page."""
    parts = [HEAD]
    for title, modules in CHAPTERS.items():
        parts.append(f"## {title}")
        for short in modules:
            module = import_module(f"diagnostic.{short}")
            parts += [f"### `diagnostic.{short}`", *rendered(inspect.getdoc(module) or "")]
            for name, one in public(module):
                parts += entry(name, one)
    return "\n\n".join(part for part in parts if part) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
