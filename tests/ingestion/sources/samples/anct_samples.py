"""Cut the samples ``anct_*``, ``ign_*`` and ``cog_*`` out of the real files, in the producers' formats."""

import gzip
import json
import sys
import tempfile
import zipfile
from pathlib import Path

import geopandas as gpd

HERE = Path(__file__).parent
STAMP = (2020, 1, 1, 0, 0, 0)
LAYERS = {
    "QP_METROPOLE_LB93": ["QP059011", "QP059019", "QP060001", "QP062035"],
    "QP_LAREUNION_RGR92_UTM40S": ["QP974001"],
    "QP_GUYANE_RGF95_UTM22N": ["QP973001"],
}
WHOLE = "QP_METROPOLEOUTREMER_WGS84_EPSG4326"
FEATURES = {
    "anct_qpv_2024.geojson": (
        "boundaries/qpv2024_derived_4decimals.geojson", "code_qp",
        {"QN05993N", "QN05919M", "QN00101M", "QN97801M"},
    ),
    "anct_communes_qpv_2024.geojson": (
        "boundaries/centroide-4326_qpv.geojson", "insee_com", {"59392", "59365", "01053"},
    ),
    "ign_communes.geojson": (
        "geography/communes-hauts-de-france.geojson", "code", {"59392", "59365", "59291", "59424", "59225"},
    ),
    "ign_iris.geojson": ("geography/iris_lille.geojson", "iris_code", {"593500101", "593500104"}),
    "ign_departements.geojson": ("geography/departements-hauts-de-france.geojson", "code", {"80"}),
}  # fmt: skip
LISTS = {
    "cog_EPCI_2020.csv": ("EPCI_2020.csv", [b"59392", b"59350", b"59365", b"29155"]),
    "cog_commune_2021.csv": ("commune_2021.csv", [b"COM,59392", b"COM,59350", b"COMA,59298", b"ARM,75101"]),
    "cog_departement2021.csv": ("departement2021.csv", [b"59", b"62"]),
    "cog_region2021.csv": ("region2021.csv", [b"32"]),
    "cog_communes_info_supra.csv.gz": ("communes_info_supra.csv.gz", [b'"59392"', b'"59350"']),
    "cog_epci.csv.gz": ("epci.csv.gz", [b'"200093201"']),
}
ETALAB = "geography/etalab-decoupage-administratif-6.0.0_epci.json.gz"


def shapefiles(source):
    """Write the archive again with a few quarters, one of them drawn invalid by the producer."""
    listed = {**LAYERS, WHOLE: [code for codes in LAYERS.values() for code in codes]}
    with zipfile.ZipFile(source) as official, zipfile.ZipFile(HERE / "anct_qpv_2015.zip", "w") as archive:
        for layer, codes in listed.items():
            frame = gpd.read_file(f"/vsizip/{{{source}}}/{layer}.shp")
            folder = Path(tempfile.mkdtemp())
            frame[frame["CODE_QP"].isin(codes)].to_file(folder / f"{layer}.shp", encoding="cp1252")
            members = {kind: (folder / f"{layer}.{kind}").read_bytes() for kind in ("dbf", "shp", "shx")}
            members["dbf"] = members["dbf"][:1] + bytes([120, 1, 1]) + members["dbf"][4:]  # no date of the day
            members["prj"] = official.read(f"{layer}.prj")
            for kind, content in members.items():
                info = zipfile.ZipInfo(f"{layer}.{kind}", STAMP)
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, content)


def compact(value):
    """Write JSON without blanks, accents kept."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def main(real):
    """Write every sample again."""
    shapefiles(real / "boundaries" / "qp-politiquedelaville-shp.zip")
    for name, (path, column, kept) in FEATURES.items():
        collection = json.loads((real / path).read_bytes())
        rows = [row for row in collection["features"] if row["properties"][column] in kept]
        (HERE / name).write_text(compact(collection | {"features": rows}) + "\n", encoding="utf-8")
    for name, (path, kept) in LISTS.items():
        raw = (real / "geography" / path).read_bytes()
        head, *rows = (gzip.decompress(raw) if path.endswith("gz") else raw).split(b"\n")
        content = b"\n".join([head, *(row for row in rows if row.startswith(tuple(kept)))]) + b"\n"
        (HERE / name).write_bytes(gzip.compress(content, 9, mtime=0) if name.endswith("gz") else content)
    bodies = json.loads(gzip.decompress((real / ETALAB).read_bytes()))
    kept = [body for body in bodies if body["code"] == "200043396"]
    (HERE / "cog_etalab_epci.json.gz").write_bytes(gzip.compress(compact(kept).encode(), 9, mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
