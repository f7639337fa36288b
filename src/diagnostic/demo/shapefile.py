"""Shapefiles as the State's agency published them in 2015, byte for byte in their layout.

They are written here and not by GDAL, which would repair what must stay broken (an invalid ring), add a
``.cpg`` that the official archive lacks, and stamp its own projection names.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Ring = NDArray[np.float64]
    Rings = Sequence[Ring]

LAMBERT_93 = (
    'PROJCS["RGF93_Lambert_93",GEOGCS["GCS_RGF_1993",DATUM["D_RGF_1993",SPHEROID["GRS_1980",6378137.0,'
    '298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],'
    'PROJECTION["Lambert_Conformal_Conic"],PARAMETER["False_Easting",700000.0],'
    'PARAMETER["False_Northing",6600000.0],PARAMETER["Central_Meridian",3.0],'
    'PARAMETER["Standard_Parallel_1",44.0],PARAMETER["Standard_Parallel_2",49.0],'
    'PARAMETER["Latitude_Of_Origin",46.5],UNIT["Meter",1.0]]'
)
WGS_84 = (
    'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
)

_POLYGON = 5
_LANGUAGE_ANSI = 0x57
_PUBLISHED = (2015 - 1900, 8, 12)
_FIELDS = (("CODE_QP", 8), ("NOM_QP", 254), ("COMMUNE_QP", 254))


def shapefile(rows: Iterable[Sequence[str]], shapes: Sequence[Rings], *, projection: str) -> dict[str, bytes]:
    """Build the four members of a polygon shapefile.

    Parameters
    ----------
    rows
        Code, name and communes of each quarter.
    shapes
        Outer rings of each quarter, closed, arrays of shape ``(n, 2)`` in the units of ``projection``;
        written as they are, valid or not, clockwise.
    projection
        Text of the ``.prj`` member.

    Returns
    -------
    dict of str to bytes
        Content by extension: ``dbf``, ``prj``, ``shp``, ``shx``.

    Examples
    --------
    >>> triangle = np.array([(0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (0.0, 0.0)])
    >>> members = shapefile([("QP099001", "Râperie", "Valbrecques")], [[triangle]], projection=WGS_84)
    >>> {extension: len(content) for extension, content in members.items()}
    {'dbf': 647, 'prj': 145, 'shp': 220, 'shx': 108}
    """
    records = [_record([_clockwise(ring) for ring in rings]) for rings in shapes]
    lengths = [len(record) // 2 for record in records]
    offsets = 50 + np.concatenate(([0], np.cumsum([4 + length for length in lengths])))
    box = _box([ring for rings in shapes for ring in rings])
    body = b"".join(
        struct.pack(">2i", number, length) + record
        for number, (length, record) in enumerate(zip(lengths, records, strict=True), start=1)
    )
    index = b"".join(
        struct.pack(">2i", int(offset), length) for offset, length in zip(offsets[:-1], lengths, strict=True)
    )
    return {
        "dbf": _table([tuple(row) for row in rows]),
        "prj": projection.encode("ascii"),
        "shp": _header(len(body), box) + body,
        "shx": _header(len(index), box) + index,
    }


def _clockwise(ring: Ring) -> Ring:
    """Turn a ring the way outer rings turn in this format."""
    x, y = ring[:, 0], ring[:, 1]
    doubled = float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]))
    return ring[::-1] if doubled > 0 else ring


def _box(rings: Rings) -> bytes:
    """Pack the bounds of rings."""
    points = np.concatenate(list(rings))
    return np.concatenate((points.min(axis=0), points.max(axis=0))).astype("<f8").tobytes()


def _record(rings: Rings) -> bytes:
    """Pack one polygon, without its record number and length."""
    starts = np.concatenate(([0], np.cumsum([len(ring) for ring in rings])))
    return (
        struct.pack("<i", _POLYGON)
        + _box(rings)
        + struct.pack("<2i", len(rings), int(starts[-1]))
        + starts[:-1].astype("<i4").tobytes()
        + np.concatenate(list(rings)).astype("<f8").tobytes()
    )


def _header(size: int, box: bytes) -> bytes:
    """Pack the hundred bytes that open the geometry and its index (lengths in 16-bit words)."""
    words = (100 + size) // 2
    return struct.pack(">i20xi", 9994, words) + struct.pack("<2i", 1000, _POLYGON) + box + bytes(32)


def _table(rows: Sequence[Sequence[str]]) -> bytes:
    """Pack the attributes: dBase III, Windows ANSI, fixed widths."""
    head = 32 + 32 * len(_FIELDS) + 1
    width = 1 + sum(size for _, size in _FIELDS)
    opening = struct.pack("<4BIHH17xB2x", 3, *_PUBLISHED, len(rows), head, width, _LANGUAGE_ANSI)
    fields = b"".join(struct.pack("<11sc4xB15x", name.encode("ascii"), b"C", size) for name, size in _FIELDS)
    lines = b"".join(
        b" " + b"".join(value.encode("cp1252").ljust(size) for value, (_, size) in zip(row, _FIELDS, strict=True))
        for row in rows
    )
    return opening + fields + b"\r" + lines + b"\x1a"
