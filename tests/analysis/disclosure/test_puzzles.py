import json
import subprocess
import sys

import pandas as pd

from diagnostic import attack, protect


def _case(folder, name):
    cases = json.loads((folder / "cases.json").read_text(encoding="utf-8"))
    return next(case for case in cases if case["id"] == name)


def _one_way(case):
    cells = pd.DataFrame({"part": list(case["cells"]), "n": list(case["cells"].values())})
    total = case["equations"][0][0]
    return cells.assign(part=cells["part"].replace(total, "Ensemble"), hide=cells["part"].isin(case["primary"]))


def _outsider_succeeds(folder, pattern, tmp_path):
    file = tmp_path / "pattern.json"
    file.write_text(json.dumps(pattern), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, folder / "attack.py", folder / "cases.json", file],
        capture_output=True,
        text=True,
        check=False,
    )
    return run.returncode == 1


def test_hidden_parts_of_a_published_total_reach_the_threshold(puzzles):
    # github.com/sdcTools/UserSupport/issues/307: tau-Argus "Optimal" hides A, "Modular" does not
    result = protect(_one_way(_case(puzzles, "tauargus-307")), ["part"], threshold=11)
    assert result["status"].tolist() == ["secondary", "primary", "primary", "published"]


def test_a_single_cell_is_enough_where_every_line_has_two_and_one_is_recomputable(puzzles, tmp_path):
    # sdcTools/sdcTable, test-simpleheuristic.R
    case = _case(puzzles, "sdctable-exact-recompute")
    inner = pd.DataFrame(case["matrix"], index=case["rows"], columns=case["cols"])
    inner.loc["Ensemble"] = inner.sum()
    inner["Ensemble"] = inner.sum(axis=1)
    cells = inner.rename_axis("row").reset_index().melt("row", var_name="col", value_name="n")
    cells["hide"] = (cells["row"] + "|" + cells["col"]).isin(case["primary"])
    result = protect(cells, ["row", "col"], primary="hide")
    added = result.loc[result["status"] == "secondary", ["row", "col"]].agg("|".join, axis=1).tolist()
    assert len(added) == 1
    assert added[0] in [cell for cell, *_ in case["valid_single_additions"]]
    assert attack(result, ["row", "col"]).empty
    assert _outsider_succeeds(puzzles, {}, tmp_path)
    assert not _outsider_succeeds(puzzles, {case["id"]: added}, tmp_path)


def test_lone_contributors_do_not_read_each_other(puzzles):
    # from sdcTools/sdcTable, file test-protectTable.r, test detectSingletons
    result = protect(_one_way(_case(puzzles, "singletons")), ["part"], primary="hide", threshold=2)
    assert result["status"].tolist() == ["primary", "secondary", "primary", "published"]
