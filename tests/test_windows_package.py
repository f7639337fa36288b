"""The archive for Windows laptops: what a batch file may hold, and that the archive is whole."""

import hashlib
import importlib.util
import re
import zipfile
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent.parent / "packaging" / "windows"


@pytest.fixture(scope="module")
def build():
    spec = importlib.util.spec_from_file_location("windows_build", FOLDER / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["installer.bat", "diagnostic.bat"])
def test_batch_files_hold_plain_letters_and_jump_to_places_that_exist(name):
    text = (FOLDER / name).read_text(encoding="ascii")
    for place in re.findall(r"goto :(\w+)", text):
        assert re.search(rf"^:{place}$", text, re.MULTILINE)
    assert re.search(r"^exit /b \d|cmd /k$", text, re.MULTILINE)


def test_the_archive_holds_the_wheels_their_hashes_and_windows_line_ends(build, tmp_path):
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    (wheels / "a-1-py3-none-any.whl").write_bytes(b"wheel")
    build.write(tmp_path / "one.zip", wheels, version="3.13")
    build.write(tmp_path / "two.zip", wheels, version="3.13")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        hashes = archive.read("diagnostic-windows/empreintes.txt").decode("utf-8-sig")
        assert hashes.split() == [hashlib.sha256(b"wheel").hexdigest(), "a-1-py3-none-any.whl"]
        assert archive.read("diagnostic-windows/paquets/a-1-py3-none-any.whl") == b"wheel"
        for name in build.TEXTS:
            body = archive.read(f"diagnostic-windows/{name}")
            assert b"\r\n" in body
            assert b"\n" not in body.replace(b"\r\n", b"")
            assert b"{python}" not in body
        assert b"py -3.13 -c" in archive.read("diagnostic-windows/installer.bat")
        assert b"Python 3.13, 64" in archive.read("diagnostic-windows/LISEZMOI.txt")
