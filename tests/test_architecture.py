"""The plan of the house, held: who may import whom, and where each heavy library lives."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "diagnostic"

# Floor of each module or package; data goes up, imports go down.
FLOORS = {
    "errors": 0,
    "action_model": 1, "config": 1, "formatting": 1, "notebooks": 1, "provenance": 1, "registry": 1, "schemas": 1,
    "steps": 1,
    "survey_model": 1, "vocabulary": 1, "workspace": 1,
    "territory": 2,
    "ingestion": 3,
    "analysis": 4,
    "publication": 5,
    "api": 6, "batch": 6, "demonstration": 6, "diagnosis": 6, "installation": 6, "inventory": 6, "kit": 6,
    "pipeline": 6, "reception": 6,
    "cli": 7,
}  # fmt: skip
# Beyond the floors: what a part may not see although it lies below.
BLIND = {
    "analysis": ("ingestion", "workspace"),
    "publication": ("ingestion", "territory", "workspace", "steps", "config"),
}
DEMO_SEES = ("vocabulary", "action_model", "survey_model", "errors", "demo")
# Siblings that do not know each other: they meet in tables.
FAMILIES = ("ingestion.sources", "ingestion.survey", "analysis.indicators")
HOMES = {
    "click": ("cli",),
    "distributed": ("batch.cluster",),
    "duckdb": ("ingestion.store", "analysis.census"),
    "ibis": ("ingestion.census_detail",),  # opens the census file; analysis gets the table it gives
    "jenkspy": ("publication.figures",),
    "matplotlib": ("publication.figures",),
    "pandera": ("schemas",),
    "pooch": ("ingestion.fetch",),
    "pptx": ("publication.slides",),
    # The fictional census is written a part at a time, which only pyarrow does.
    "pyarrow": (
        "demo.census",
        "ingestion.store",
        "ingestion.tabular",
        "ingestion.survey.rows",
        "ingestion.survey.sheet",
    ),
    "pyreadstat": ("ingestion.survey",),
    "pyspark": ("ingestion.census_detail",),
    "python_calamine": ("ingestion.document",),
    "requests": ("ingestion.fetch",),
    "rich": ("cli",),
    "truststore": ("ingestion.fetch",),
    "typst": ("publication.report.typeset",),
    "urllib": ("ingestion.fetch",),
    "xlsxwriter": ("publication.workbook", "demo", "ingestion.actions", "ingestion.survey.kit"),
}
VAGUE = {"utils", "helpers", "common", "misc"}

MODULES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}


def imports(path, *, types_too=True):
    """Dotted names that a module imports, lazily or not, those that only types need included unless told."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree) if types_too else _executed(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _executed(tree):
    for node in tree.body:
        if not (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)):
            yield from ast.walk(node)


def part_of(name):
    return name.split(".")[0]


def own_imports(path):
    """Names inside the package that a module imports."""
    return {name.removeprefix("diagnostic.") for name in imports(path) if name.startswith("diagnostic.")}


@pytest.mark.parametrize("module", [name for name in MODULES if name not in {"", "__init__"}])
def test_imports_go_down(module):
    part = part_of(module)
    if part == "demo":
        wrong = {name for name in own_imports(MODULES[module]) if part_of(name) not in DEMO_SEES}
        assert not wrong, (
            f"{module} imports {sorted(wrong)}: the demo knows only {DEMO_SEES}; move it to demonstration"
        )
        return
    assert part in FLOORS, f"{module} has no floor: place it in FLOORS, or in a folder that has one"
    for name in sorted(own_imports(MODULES[module])):
        other = part_of(name)
        if other == part or other.startswith("__") or other not in FLOORS:
            continue
        assert other not in BLIND.get(part, ()), (
            f"{module} imports {name}: {part} may not see {other}; pass a table"
        )
        assert FLOORS[other] <= FLOORS[part], (
            f"{module} (floor {FLOORS[part]}) imports {name} (floor {FLOORS[other]}): "
            f"move the line to {other}, or pass the value in"
        )


@pytest.mark.parametrize("family", FAMILIES)
def test_entries_of_a_registry_do_not_know_each_other(family):
    folder = PACKAGE / Path(*family.split("."))
    registering = {
        name for name, path in MODULES.items()
        if path.parent == folder and ".register(" in path.read_text(encoding="utf-8")
    }  # fmt: skip
    for module in registering:
        known = own_imports(MODULES[module]) & (registering - {module})
        assert not known, f"{module} imports {sorted(known)}: share through a module that registers nothing"


@pytest.mark.parametrize("library", HOMES)
def test_each_heavy_library_has_one_home(library):
    for module, path in MODULES.items():
        names = list(imports(path, types_too=False))
        # urllib.parse only cuts addresses: the network is urllib.request.
        used = [name for name in names if name.split(".")[0] == library and not name.startswith("urllib.parse")]
        at_home = any(module == home or module.startswith(f"{home}.") for home in HOMES[library])
        assert not used or at_home, f"{module} imports {library}: move the line to {HOMES[library]}"


def test_no_vague_module():
    vague = [name for name in MODULES if name.rsplit(".", 1)[-1] in VAGUE]
    assert not vague, f"{vague}: name a module for what it knows"


def test_no_module_is_too_long():
    long = {
        name: count for name, path in MODULES.items() if (count := len(path.read_text("utf-8").splitlines())) > 500
    }
    assert not long, f"{long}: split by what changes together"


def test_no_blanket_except():
    found = []
    for name, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler):
                caught = ast.unparse(node.type) if node.type else "everything"
                if caught in {"everything", "Exception", "BaseException"}:
                    found.append(f"{name}:{node.lineno}")
    assert not found, f"{found}: name the errors that can be mended here"


IMPORT = "import diagnostic"
HELP = """
import sys
from diagnostic.cli import main
sys.argv = ["diagnostic", "--help"]
try:
    main()
except SystemExit:
    pass
"""
LIGHT = """
import sys
heavy = {"pandas", "numpy", "matplotlib", "geopandas", "typst", "pydantic", "rich"} & set(sys.modules)
sys.exit(f"loaded before it is needed: {sorted(heavy)}" if heavy else 0)
"""


@pytest.mark.parametrize("program", [IMPORT, HELP], ids=["import", "help"])
def test_the_door_is_light(program):
    done = subprocess.run(
        [sys.executable, "-c", program + LIGHT], capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
