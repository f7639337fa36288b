"""The benchmark of transfers at a reduced size: same answers as a plain overlay and a plain join, small memory."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

CHILDREN = Path(__file__).resolve().parents[2] / "benchmarks" / "children"
SQUARES, POINTS = 60_000, 100_000


def told(name, *arguments):
    command = [sys.executable, str(CHILDREN / f"{name}.py"), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    return json.loads(done.stdout.splitlines()[-1]) if done.stdout.strip() else {}


@pytest.fixture(scope="module")
def data(shared, tmp_path_factory):
    folder = tmp_path_factory.mktemp("transfers")
    file = shared / "real/boundaries/qpv2024_derived_4decimals.geojson"
    told("transfer_data", file, folder, SQUARES, POINTS)
    return folder


def test_points_are_found_as_by_a_plain_join(data):
    arguments = (data / "points.npz", data / "quarters_lonlat.parquet")
    ours, plain = told("points_ours", *arguments), told("points_sjoin", *arguments)
    assert ours["inside_seconds"] == pytest.approx(plain["inside_seconds"], abs=3)
    assert ours["inside_seconds"] > POINTS / 100


def test_squares_are_shared_out_in_less_than_two_seconds(data):
    found = told("areal_ours", data / "cells.npz", data / "quarters_grid.parquet")
    assert found["squares"] == SQUARES
    assert found["seconds"][1] < 2
    assert found["total"] > 0
