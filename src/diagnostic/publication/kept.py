"""What the lead's texts do not change: drawn and written once for the same tables."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Kept:
    """Files that depend on the tables alone, kept from one publication to the next.

    Parameters
    ----------
    packed
        What :meth:`packed` gave for the same tables; nothing at first.

    Examples
    --------
    >>> kept = Kept()
    >>> kept.once("carte", lambda: {"svg": b"<svg/>"})
    {'svg': b'<svg/>'}
    >>> Kept(kept.packed()).once("carte", lambda: {"svg": b"drawn again"})
    {'svg': b'<svg/>'}
    """

    def __init__(self, packed: bytes = b"") -> None:
        self._files: dict[str, dict[str, bytes]] = {}
        self.grown = False
        if packed:
            with zipfile.ZipFile(io.BytesIO(packed)) as archive:
                for path in archive.namelist():
                    folder, name = path.split("/", 1)
                    self._files.setdefault(folder, {})[name] = archive.read(path)

    def once(self, folder: str, make: Callable[[], Mapping[str, bytes]]) -> dict[str, bytes]:
        """Give the files of a folder, made if they are not there."""
        if folder not in self._files:
            self._files[folder], self.grown = dict(make()), True
        return dict(self._files[folder])

    def packed(self) -> bytes:
        """Give everything as one zip."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for folder, files in self._files.items():
                for name, body in files.items():
                    archive.writestr(f"{folder}/{name}", body)
        return buffer.getvalue()
