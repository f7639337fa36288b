"""Speed and information loss of the suppression, as size grows.

Run ``python benchmarks/disclosure.py [--long]``. Counts are random, profiles uneven, one seed. Shapes:

* *linked*: ``k`` tables QPV × criteria, each by its own list of criteria, that share the QPV totals;
* *crossed*: one table QPV × criteria × ``k`` groups with all its margins.
"""

from __future__ import annotations

import argparse
import importlib.util
import itertools
import tempfile
import time

import numpy as np
import pandas as pd

from diagnostic import attack, protect

RESPONDENTS = 300
THRESHOLD = 11


def labels(prefix: str, size: int) -> list[str]:
    return [f"{prefix}{number:03d}" for number in range(size)]


def crossed(shape: tuple[int, ...], respondents: float, *, seed: int = 0) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    mean = random.lognormal(0.0, 0.4, shape[0])
    for size in shape[1:]:
        mean = np.multiply.outer(mean, random.lognormal(0.0, 1.0, size))
    inner = random.poisson(mean / mean.sum() * respondents * shape[0])
    for axis in range(len(shape)):
        inner = np.concatenate([inner, inner.sum(axis=axis, keepdims=True)], axis=axis)
    names = [[*labels(f"{axis}-", size), "Ensemble"] for axis, size in enumerate(shape)]
    rows = [(*key, int(n)) for key, n in zip(itertools.product(*names), inner.ravel(), strict=True)]
    return pd.DataFrame(rows, columns=[*(f"d{axis}" for axis in range(len(shape))), "n"])


def linked(places: int, criteria: int, tables: int) -> tuple[pd.DataFrame, list[str]]:
    random = np.random.default_rng(0)
    totals = random.poisson(random.lognormal(np.log(RESPONDENTS), 0.4, places))
    names = ["qpv", *(f"list{table}" for table in range(tables))]
    rows = []
    for table in range(tables):
        inner = np.array([random.multinomial(n, random.dirichlet(np.full(criteria, 0.8))) for n in totals])
        inner = np.vstack([inner, inner.sum(axis=0)])
        for place, row in zip([*labels("QP", places), "Ensemble"], inner, strict=True):
            rows += [
                (place, f"list{table}", criterion, int(n))
                for criterion, n in zip(labels("c", criteria), row, strict=True)
            ]
    cells = pd.DataFrame(rows, columns=["qpv", "list", "criterion", "n"])
    wide = pd.DataFrame(
        {name: np.where(cells["list"] == name, cells["criterion"], "Ensemble") for name in names[1:]}
    )
    wide.insert(0, "qpv", cells["qpv"])
    wide["n"] = cells["n"]
    margin = pd.DataFrame({"qpv": [*labels("QP", places), "Ensemble"], "n": [*totals, totals.sum()]})
    return pd.concat([wide, margin.assign(**dict.fromkeys(names[1:], "Ensemble"))], ignore_index=True), names


def report(title: str, cells: pd.DataFrame, dimensions: list[str]) -> None:
    start = time.perf_counter()
    result = protect(cells, dimensions, threshold=THRESHOLD)
    middle = time.perf_counter()
    failed = len(attack(result, dimensions, threshold=THRESHOLD))
    end = time.perf_counter()
    primary, hidden = result["status"] == "primary", result["status"] != "published"
    counts = cells["n"].sum()
    print(
        f"| {title} | {len(cells)} | {middle - start:.1f} | {end - middle:.1f} | {failed} "
        f"| {100 * primary.mean():.1f} | {100 * hidden.mean():.1f} "
        f"| {100 * cells['n'][primary].sum() / counts:.2f} | {100 * cells['n'][hidden].sum() / counts:.2f} |",
        flush=True,
    )


def show_crossed(shape: tuple[int, ...], respondents: float) -> None:
    names = [f"d{axis}" for axis in range(len(shape))]
    report(" × ".join(map(str, shape)) + " crossed", crossed(shape, respondents), names)


def peer(shape: tuple[int, ...]) -> None:
    """Run tau-Argus (optimal and modular) on the same table, and attack what it leaves."""
    pytauargus = importlib.import_module("pytauargus")
    cells, names = crossed(shape, RESPONDENTS), [f"d{axis}" for axis in range(len(shape))]
    inner = cells[(cells[names] != "Ensemble").all(axis=1)]
    persons = inner.loc[inner.index.repeat(inner["n"]), names].assign(one=1).reset_index(drop=True)
    for method in ("OPT(1)", "MOD(1)"):
        # It leaves its intermediate files behind, microdata included: they get a folder that is deleted.
        with tempfile.TemporaryDirectory() as folder:
            start = time.perf_counter()
            found = pytauargus.protect(
                persons, names, "one", safety_rules="FREQ(11,10)", suppress=method, workdir=folder
            )
            seconds = time.perf_counter() - start
            status = found.tables[0].dataframe()[[*names, "status"]].replace("Total", "Ensemble")
        merged = cells.merge(status, on=names, how="left")
        hidden = merged["status"].isin(["U", "M"])
        small = (merged["n"] > 0) & (merged["n"] < THRESHOLD)
        merged["status"] = np.select([hidden & small, hidden], ["primary", "secondary"], "published")
        merged["n"] = merged["n"].astype("Int64").mask(hidden)
        failed = len(attack(merged, names, threshold=THRESHOLD))
        lost = 100 * cells.loc[hidden, "n"].sum() / cells["n"].sum()
        title = " × ".join(map(str, shape))
        print(
            f"| {title} by tau-Argus {method} | {len(cells)} | {seconds:.1f} | | {failed} | "
            f"{100 * small.mean():.1f} | {100 * hidden.mean():.1f} | | {lost:.2f} |",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--long", action="store_true", help="also the largest crossed table")
    options = parser.parse_args()
    columns = "table | cells | protect (s) | attack (s) | found"
    print(f"| {columns} | primary cells % | hidden cells % | primary counts % | hidden counts % |")
    print("|---|---|---|---|---|---|---|---|---|")
    for shape in ((10, 10), (26, 30), (200, 30), (10, 10, 3), (26, 30, 3)):
        show_crossed(shape, RESPONDENTS)
    for size in ((26, 30, 3), (60, 30, 10), (200, 30, 10)):
        report("{} × {}, {} linked".format(*size), *linked(*size))
    if options.long:
        for shape in ((60, 30, 10), (200, 30, 10)):
            show_crossed(shape, 3 * RESPONDENTS)
    if importlib.util.find_spec("pytauargus"):
        for shape in ((10, 10), (26, 30), (10, 10, 3)):
            peer(shape)


if __name__ == "__main__":
    main()
