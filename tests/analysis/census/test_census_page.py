"""The example of the page runs, on the fictional census."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[3] / "docs" / "census.md"


@pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")
def test_the_example_of_the_page_runs(census_file):
    code = re.search(r"```python\n(.*?)```", PAGE.read_text("utf-8"), flags=re.DOTALL)[1]
    code = code.replace('"RP2016_indcvi.parquet"', repr(str(census_file))).replace('["32"]', '["99"]')
    told = {}
    exec(compile(code, str(PAGE), "exec"), told)  # noqa: S102 - the project's own page
    assert told["gap"].gap.value > told["gap"].adjusted.value > 0
    assert told["gap"].adjusted.se > 0
    assert set(told["page"]["immigration"]) == {"immigrés", "non-immigrés", "Ensemble"}
