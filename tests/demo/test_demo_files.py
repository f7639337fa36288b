"""The same seed gives the same bytes, and nothing comes from the clock."""

import zipfile

from diagnostic.demo import write_territory
from diagnostic.demo.territory import DEFAULT_SEED
from diagnostic.vocabulary import is_fictional

NAMES = {
    *(f"{theme}_2021.csv" for theme in ("DEMO", "IPRO", "REVN")),
    *(f"{theme}_2022.xlsx" for theme in ("DEMO", "IPRO", "REVN")),
    *(f"FILO{year}_DISP_{level}.csv" for year in (2018, 2019) for level in ("COM", "EPCI", "DEP")),
    *("data_filo18_qp_revdis.csv", "data_filo19_qp_revdis.csv", "pop_qp_2013.xlsx"),
    *("qp-politiquedelaville-shp.zip", "commune_2021.csv", "departement2021.csv", "region2021.csv"),
    *("EPCI_2020.csv", "communes-plaines-du-septentrion.geojson"),
    *("departements-plaines-du-septentrion.geojson", "EDUC_2022.xlsx", "LOGT_2023.xlsx", "rpls_qpv_2020.csv"),
    *("BPE24.parquet", "DS_BPE_2024_data.csv", "fr-en-ips_colleges_2022.csv", "fr-en-ips_ecoles_2022.csv"),
    "fr-en-adresse-et-geolocalisation-etablissements-2021.csv",
    "QP2024_France_Hexagone_Outre_Mer_WGS84.geojson",
}


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_writes_the_files_under_their_published_names(territory):
    assert set(contents(territory)) == NAMES


def test_returns_the_paths_in_order_and_makes_the_folder(tmp_path):
    paths = write_territory(tmp_path / "data" / "raw")
    assert [path.name for path in paths] == sorted(NAMES)
    assert all(path.is_file() for path in paths)


def test_same_seed_same_bytes(territory, tmp_path):
    write_territory(tmp_path, seed=DEFAULT_SEED)
    assert contents(tmp_path) == contents(territory)


def test_another_seed_changes_every_table_of_figures_but_no_list(territory, tmp_path):
    write_territory(tmp_path, seed=1)
    same = {name for name, content in contents(tmp_path).items() if content == contents(territory)[name]}
    assert same == {"commune_2021.csv", "departement2021.csv", "region2021.csv", "EPCI_2020.csv"}


def test_no_archive_carries_the_date_of_its_writing(territory):
    archives = [path for path in territory.iterdir() if path.suffix in {".zip", ".xlsx"}]
    assert len(archives) == 7
    for path in archives:
        with zipfile.ZipFile(path) as archive:
            assert {info.date_time[0] for info in archive.infolist()} <= {1980, 2018}
            if path.suffix == ".xlsx":
                assert b"2021-11-30T00:00:00Z" in archive.read("docProps/core.xml")


def test_every_code_is_fictional(published):
    levels = {"DEMO_2021.csv": "qpv", "data_filo19_qp_revdis.csv": "qpv", "FILO2019_DISP_COM.csv": "commune"}
    levels |= {"FILO2019_DISP_EPCI.csv": "epci", "FILO2019_DISP_DEP.csv": "departement"}
    for name, level in levels.items():
        assert all(is_fictional(level, code) for code in published(name).index)
