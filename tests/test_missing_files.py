"""A folder that lacks files gives a shorter diagnostic, or one clear sentence: never a traceback."""

import io
import shutil

import openpyxl
import pytest

from diagnostic import load
from diagnostic.demonstration import prepare
from diagnostic.errors import TerritoryError
from diagnostic.ingestion import intake
from diagnostic.pipeline import run
from diagnostic.publication.workbook import write_workbook
from diagnostic.workspace import Workspace

OUTLINES = "qp-politiquedelaville-shp.zip"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    return prepare(tmp_path_factory.mktemp("manque") / "tout").root


def left_with(prepared, tmp_path, kept):
    folder = tmp_path / "partiel"
    shutil.copytree(prepared, folder)
    workspace = Workspace(folder)
    for entry in intake.inventory(workspace):
        if not kept(entry.file.rsplit("/", 1)[-1]):
            intake.remove(workspace, entry.file)
    return workspace


@pytest.mark.parametrize(
    "kept",
    [
        lambda name: name in {OUTLINES, "DEMO_2022.xlsx"},
        lambda name: name in {OUTLINES, "data_filo19_qp_revdis.csv"},
        lambda name: not name.endswith(".geojson"),
        lambda name: not name.startswith(("IPRO", "pop_qp", "EPCI", "commune", "region", "departement")),
    ],
    ids=["demography only", "incomes only", "no ground", "no employment nor lists"],
)
def test_what_is_there_is_published(prepared, tmp_path, kept):
    result = run(left_with(prepared, tmp_path, kept))
    assert result.documents[0].stat().st_size > 10_000


@pytest.mark.parametrize(
    ("kept", "absent"),
    [(lambda name: name == OUTLINES, "aucun chiffre"), (lambda name: name == "DEMO_2022.xlsx", "aucun contour")],
    ids=["outlines alone", "figures alone"],
)
def test_without_outlines_or_figures_one_sentence_says_so(prepared, tmp_path, kept, absent):
    with pytest.raises(TerritoryError, match=absent):
        run(left_with(prepared, tmp_path, kept))


def test_an_imposed_edition_that_is_absent_is_an_error(prepared, tmp_path):
    workspace = left_with(prepared, tmp_path, lambda name: name in {OUTLINES, "DEMO_2022.xlsx"})
    settings = workspace.root / "diagnostic.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + 'insee_qpv_demo = "2035"\n', encoding="utf-8")
    with pytest.raises(TerritoryError, match="édition 2035"):
        run(workspace)


def test_short_names_that_serve_nowhere_are_told(prepared, tmp_path, monkeypatch):
    monkeypatch.setattr("diagnostic.publication.documents.write_all", lambda *_, **__: {"vide.txt": b""})
    workspace = left_with(prepared, tmp_path, lambda name: name in {OUTLINES, "DEMO_2022.xlsx"})
    rows = "code;nom court\nQP099001;Le Faubourg\nQP099999;Ailleurs\nQN09901M;Après\n"
    (workspace.root / "noms_courts.csv").write_text(rows, encoding="utf-8")
    (told,) = (note for note in run(workspace).notes if "noms_courts.csv" in note)
    assert "QP099999 et QN09901M" in told
    assert "QP099001" not in told
    assert told in run(workspace).notes  # nothing was computed again
    (workspace.root / "noms_courts.csv").write_text(rows.splitlines()[0] + "\n", encoding="utf-8")
    assert not any("noms_courts.csv" in note for note in run(workspace).notes)
    (workspace.root / "noms_courts.csv").write_text("QP099001;Le Faubourg\n", encoding="utf-8")  # without a title
    run(workspace)
    shown = load(workspace.root).territories.set_index("code")["short_label"]
    assert shown["QP099001"] == "Le Faubourg"


def test_places_with_coordinates_give_distances_in_every_document_table(prepared, tmp_path, monkeypatch):
    monkeypatch.setattr("diagnostic.publication.documents.write_all", lambda *_, **__: {"vide.txt": b""})
    workspace = left_with(prepared, tmp_path, lambda name: name in {OUTLINES, "DEMO_2022.xlsx"})
    outlines = load(prepared_run(workspace)).territories.query("level == 'qpv'").set_index("code").geometry
    spot = outlines["QP099001"].representative_point()
    lines = f"latitude;longitude;lieu;source;qpv;minutes\n{spot.y:.6f};{spot.x:.6f};Maison;carte;;\n"
    (workspace.root / "actions").mkdir(exist_ok=True)
    (workspace.root / "actions" / "acces_droit.csv").write_text(lines, encoding="utf-8")
    tables = load(prepared_run(workspace)).public
    found = tables.access.set_index("code")
    assert list(found.index) == list(outlines.index)
    assert found.loc["QP099001", "edge"] == 0
    assert found.loc["QP099001", "inside"] < 10  # degrees and metres put it apart
    assert (found["inside"] >= found["edge"]).all()
    assert found["vintage"].eq(2015).all()
    rows = openpyxl.load_workbook(io.BytesIO(write_workbook(tables)))["Accès au droit"].iter_rows(values_only=True)
    assert next(rows)[0] == "Code"


def prepared_run(workspace):
    run(workspace)
    return workspace.root
