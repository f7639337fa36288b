"""A canary in every forbidden cell: whatever is written, unpacked to its last byte, does not hold its number."""

import datetime as dt
import io
import json
import re
import shutil
import stat
import zipfile

import numpy as np
import pandas as pd
import pikepdf
import pypdf
import pytest

import diagnostic as dg
from diagnostic.analysis.perception import shielding
from diagnostic.cli import main
from diagnostic.demonstration import prepare
from diagnostic.errors import RefusedError
from diagnostic.ingestion.store import read_table, write_table
from diagnostic.pipeline import release, run
from diagnostic.workspace import Workspace

CODES = [f"QP09900{rank}" for rank in range(1, 10)]
SMALL = 10**8
HEAD = """
[table]
nom = "canari"
titre = "Table d’essai"
producteur = "Producteur fictif"
citation = "Producteur fictif, table d’essai"
adresse = "https://exemple.invalid/"
licence = "Licence Ouverte"
publie = "2024"
edition = "2031"
niveau = "qpv"
cle = "code"
generation = 2015
periode = 2023
vide = "manquant"
diffusion = "{shared}"
seuil = 100000000
"""


def declared(path, rows, *, shared):
    columns = list(rows[0])[1:]
    lines = [";".join(rows[0]), *(";".join(map(str, row.values())) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    groups = "".join(
        f'[colonnes."{group}"]\nvariable = "job_seekers_abc"\ngroupe = "{group}"\nunite = "persons"\n'
        for group in columns
    )
    declaration = path.with_name(f"{path.name}.toml")
    declaration.write_text(HEAD.format(shared=shared) + groups, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def flown(tmp_path_factory):
    """A demonstration whose hidden cells are distinctive: counts of seven digits, weights of ten."""
    place = tmp_path_factory.mktemp("canari")
    workspace = prepare(place / "dossier")
    rng = np.random.default_rng(3)
    draws = rng.permutation(np.arange(1_000_003, 9_000_000, 7919))[: 4 * len(CODES)].reshape(-1, 4)
    rows = [
        # Women are under the threshold: hidden; men and the total are not, and one of them goes with the women.
        {"code": code, "all": int(women + 2 * SMALL + men), "women": int(women), "men": int(2 * SMALL + men)}
        for code, (women, men, _, _) in zip(CODES, draws, strict=True)
    ]
    own = [{"code": code, "all": int(one)} for code, (_, _, one, _) in zip(CODES, draws, strict=True)]
    for name, table, shared in (("publique.csv", rows, "publique"), ("restreinte.csv", own, "restreinte")):
        path = declared(place / name, table, shared=shared)
        text = path.with_name(f"{name}.toml").read_text(encoding="utf-8").replace('"canari"', f'"{name[:-4]}"')
        path.with_name(f"{name}.toml").write_text(text, encoding="utf-8")
        for one in (path, path.with_name(f"{name}.toml")):
            (workspace.raw / "tables_locales").mkdir(exist_ok=True)
            shutil.copyfile(one, workspace.raw / "tables_locales" / one.name)
    responses = read_table(workspace.survey / "responses.parquet")
    write_table(
        workspace.survey / "responses.parquet", responses.assign(weight=rng.uniform(0.6, 1.8, len(responses)))
    )
    card = workspace.survey / "enquete.json"
    content = json.loads(card.read_text(encoding="utf-8"))
    content["identite"] |= {"weighted": True, "weighting": "poids d’essai"}
    card.write_text(json.dumps(content), encoding="utf-8")
    run(workspace)
    return workspace, rows, own


def unpacked(path):
    """Every byte of a file, and of what it packs, as text."""
    content = path.read_bytes()
    yield content.decode("utf-8", errors="replace")
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield archive.read(name).decode("utf-8", errors="replace")
    if path.suffix == ".parquet":
        table = read_table(path)
        for name in table.columns:
            yield " ".join(repr(value) for value in table[name].tolist())
    if path.suffix == ".pdf":
        yield "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
        with pikepdf.open(path) as pdf:
            for one in pdf.objects:
                if isinstance(one, pikepdf.Stream):
                    try:
                        yield one.read_bytes().decode("utf-8", errors="replace")
                    except pikepdf.PdfError:
                        yield one.read_raw_bytes().decode("utf-8", errors="replace")
                else:
                    yield str(one)
            for attached in pdf.attachments.values():
                yield attached.get_file().read_bytes().decode("utf-8", errors="replace")


def outputs(workspace):
    for path in sorted(workspace.root.rglob("*")):
        if (
            path.is_file()
            and not path.is_relative_to(workspace.raw)
            and not path.is_relative_to(workspace.restricted)
        ):
            yield path


def squeezed(text):
    """Write numbers alike: no space between thousands, a decimal point."""
    return re.sub(r"(?<=\d)[\s\u00a0\u202f](?=\d{3})", "", text).replace(",", ".")


def forbidden(workspace, rows, own):
    counts = read_table(workspace.public / "measures.parquet").query("source == 'local_publique'")
    shown = counts.dropna(subset=["value"]).set_index(["code", "group"])["value"].astype(int).to_dict()
    hidden = {
        str(row[group]) for row in rows for group in ("all", "women", "men") if (row["code"], group) not in shown
    }
    return hidden | {str(row["all"]) for row in own}


def test_no_hidden_count_of_a_local_table_is_in_any_output(flown):
    workspace, rows, own = flown
    wanted = forbidden(workspace, rows, own)
    assert {str(row["women"]) for row in rows} < wanted
    assert len(wanted) == 3 * len(CODES)  # the women, what would give them back, and the whole restricted table
    seen = {str(row["all"]) for row in rows} | {str(row["men"]) for row in rows}
    found = 0
    for path in outputs(workspace):
        for text in unpacked(path):
            digits = set(re.findall(r"\d{7,9}", squeezed(text)))
            assert not digits & wanted, path
            found += len(digits & (seen - wanted))
    assert found  # the search does find what is shown


def test_no_hidden_estimate_of_the_survey_is_in_any_output(flown):
    workspace, *_ = flown
    tables = dg.load(workspace.root, restricted=True)
    key = ["level", "code", "by", "group", "indicator", "concept", "answer", "base"]
    public = tables.estimates.set_index(key)
    masked = public.index[public["status"] == "masked"]
    assert len(masked) > 1000
    truth = tables.restricted["estimates"].set_index(key).loc[masked]
    numbers = ["estimate", "se", "ci_low", "ci_high"]
    wanted = {f"{value:.9f}" for value in truth[numbers].to_numpy().ravel() if value > 10}
    assert len(wanted) > 300
    assert public.loc[masked, [*numbers, "n", "count", "n_eff", "deff", "df"]].isna().all(axis=None)
    assert not public.loc[masked, "note"].str.contains(r"\d").any()
    for path in outputs(workspace):
        for text in unpacked(path):
            found = re.findall(r"\d{2}\.\d{9,}", squeezed(text))
            assert not {f"{float(one):.9f}" for one in found} & wanted, path


def test_what_may_not_leave_is_for_its_owner_only(flown):
    workspace, *_ = flown
    raw = workspace.raw / "tables_locales" / "restreinte.csv"
    kept = [raw, *(path for path in workspace.restricted.rglob("*") if path.is_file())]
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept} == {0o600}
    assert stat.S_IMODE(workspace.restricted.stat().st_mode) == 0o700


def test_the_console_says_no_hidden_number(flown, monkeypatch, capfd):
    workspace, rows, own = flown
    monkeypatch.setattr("sys.argv", ["diagnostic", "run", str(workspace.root)])
    with pytest.raises(SystemExit):
        main()
    said = capfd.readouterr()
    assert not set(re.findall(r"\d{7,9}", squeezed(said.out + said.err))) & forbidden(workspace, rows, own)


def test_an_attack_that_succeeds_leaves_the_folder_as_it_was(flown, tmp_path, monkeypatch):
    copy = Workspace(tmp_path / "copie")
    shutil.copytree(flown[0].root, copy.root)
    before = {path: path.read_bytes() for path in outputs(copy)}
    (copy.root / "released.json").write_text('{"format": 1, "diffusions": []}\n', encoding="utf-8")

    def only_small(cells, dimensions, *, primary, threshold, **_):
        small = cells[primary] | cells["n"].between(1, threshold - 1)
        assert dimensions
        return cells.assign(status=small.map({True: "primary", False: "published"}), n=cells["n"].mask(small))

    monkeypatch.setattr(shielding, "protect", only_small)
    with pytest.raises(RefusedError, match="se retrouvent par différence"):
        run(copy)
    assert {path: path.read_bytes() for path in before} == before


def test_what_leaves_is_written_in_the_ledger_and_next_run_agrees(flown, tmp_path, monkeypatch, capfd):
    copy = Workspace(tmp_path / "copie")
    shutil.copytree(flown[0].root, copy.root)
    before = read_table(copy.public / "estimates.parquet")
    words = [
        "publier",
        str(copy.root),
        "--elu",
        "Mme A., 2 mars 2031",
        "--dpo",
        "avis 31-04",
        "--lecture",
        "Bailleur B.",
    ]
    monkeypatch.setattr("sys.argv", ["diagnostic", *words])
    with pytest.raises(SystemExit) as done:
        main()
    assert done.value.code == 0
    assert "inscrite au registre" in capfd.readouterr().out
    (archive,) = (copy.root / "diffusions").glob("*.zip")
    names = set(zipfile.ZipFile(archive).namelist())
    assert "reports/diagnostic.pdf" in names
    assert not [name for name in names if "restricted" in name]
    (release,) = json.loads((copy.root / "released.json").read_text(encoding="utf-8"))["diffusions"]
    assert release["validations"]["elu"] == "Mme A., 2 mars 2031"
    assert set(release["fichiers"]) == names
    hidden = [cell for cell in release["cellules"] if cell[-1] is None]
    assert hidden
    assert not forbidden(*flown) & set(re.findall(r"\d{7,9}", json.dumps(release)))
    run(copy)
    pd.testing.assert_frame_equal(read_table(copy.public / "estimates.parquet"), before)


def test_a_withdrawn_answer_is_not_found_by_difference(flown, tmp_path):
    """Two people leave after a release: nothing new of the survey is shown, and the lead is told why."""
    copy = Workspace(tmp_path / "copie")
    shutil.copytree(flown[0].root, copy.root)
    release(copy, date=dt.date(2031, 3, 2), validations={"elu": "Mme A."})
    cells = json.loads((copy.root / "released.json").read_text(encoding="utf-8"))["diffusions"][0]["cellules"]
    assert [cell for cell in cells if cell[1] == "lieu"]
    kept = ("estimates", "card", "crossings", "evidence", "findings", "hidden")
    before = {name: read_table(copy.public / f"{name}.parquet") for name in kept}
    everybody = read_table(copy.survey / "responses.parquet")
    write_table(copy.survey / "responses.parquet", everybody.iloc[2:])
    done = run(copy)
    assert any("désigneraient par différence" in note for note in done.notes)
    for name, table in before.items():
        pd.testing.assert_frame_equal(read_table(copy.public / f"{name}.parquet"), table)
