"""What the page on extending shows runs as it is printed, from a folder beside the package."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[1] / "docs" / "extending.md"
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
PROGRAM = """
import sys
from pathlib import Path
from diagnostic.analysis.crossing import CROSSINGS
from diagnostic.analysis.indicator import INDICATORS
from diagnostic.ingestion import intake
from diagnostic.ingestion.document import open_document
from diagnostic.ingestion.source import SOURCES

folder = Path(sys.argv[1])
for registry, name in ((INDICATORS, "indicator"), (CROSSINGS, "crossing"), (SOURCES, "source")):
    registry.load_folder(folder / name)
document = open_document(folder / "table.csv")
recognition = intake.recognise(document)
measures = SOURCES[recognition.source].read(document, recognition).measures
print(INDICATORS["my_share"].id, "CRO09" in {one.id for one in CROSSINGS})
print(measures[["code", "value", "status"]].to_csv(index=False))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("entries")
    for name, mark in (("indicator", "@indicator("), ("crossing", "@crossing("), ("source", "SOURCES.register(")):
        (block,) = [block for block in BLOCKS if mark in block]
        (made / name).mkdir()
        # A name serves once, and the indicator that the page shows is the package's own.
        (made / name / "mine.py").write_text(block.replace("def rsa_share", "def my_share"), encoding="utf-8")
    return made


def run(folder, rows):
    (folder / "table.csv").write_text(f"insee_com;nom_com;places_creche\n{rows}", encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-X", "utf8", "-c", PROGRAM, folder], capture_output=True, check=False, text=True,
        encoding="utf-8",
    )  # fmt: skip


def test_an_indicator_a_crossing_and_a_source_join_the_package(folder):
    done = run(folder, "59392;Maubeuge;120\n59291;Hautmont;\n")
    assert done.returncode == 0, done.stderr
    joined, _, *rows = done.stdout.split("\n")
    assert joined == "RES03 True"
    assert rows[:2] == ["59392,120.0,observed", "59291,,not_released"]


@pytest.mark.parametrize(
    ("rows", "words"), [("1053;Bourg;30\n", "tableur"), ("59392;Maubeuge;9x\n", "ce n’est pas un nombre")]
)
def test_the_source_of_the_page_refuses_by_itself(folder, rows, words):
    done = run(folder, rows)
    assert done.returncode != 0
    assert words in done.stderr
