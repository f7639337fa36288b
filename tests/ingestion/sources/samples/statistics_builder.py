"""Small invented files in the published layout of every table read beside those of the quarters.

Codes are those of the fictional département 099. Names of columns and titles are the producers'; figures are not.
"""

import csv
from dataclasses import dataclass
from itertools import count, product

import geopandas as gpd
import shapely
import xlsxwriter

IRIS = ("990010101", "990010102", "990020000")
COMMUNES = ("99001", "99002")
AGES = ("00", "15", "25", "55")


@dataclass(frozen=True, repr=False)
class Sample:
    """One published layout: its rows, how the file is written, and what is known of it."""

    name: str
    source: str
    edition: str
    rows: tuple[tuple[str, ...], ...]
    sheet: str | None = None
    titles: tuple[str, ...] = ()
    level: str = "iris"
    layer: str | None = None

    def __repr__(self):
        return self.name

    @property
    def delimited(self):
        return self.sheet is None and self.layer is None

    def write(self, folder):
        path = folder / self.name
        if self.layer:
            write_squares(path, self.rows, layer=self.layer)
        elif self.sheet:
            write_workbook(path, self.rows, sheet=self.sheet, titles=self.titles)
        else:
            write_text(path, self.rows, titles=self.titles)
        return path


def write_text(path, rows, *, titles=(), delimiter=";", encoding="utf-8"):
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.writer(stream, delimiter=delimiter)
        writer.writerows([[title] for title in titles])
        writer.writerows(rows)


def write_workbook(path, rows, *, sheet, titles=(), extra=()):
    with xlsxwriter.Workbook(path) as book:
        for name in [*extra[:1], sheet, *extra[1:]]:
            page = book.add_worksheet(name)
            if name != sheet:
                page.write_row(0, 0, ["Documentation", "sans chiffre"])
                continue
            for line, cells in enumerate([*([title] for title in titles), *rows]):
                for column, cell in enumerate(cells):
                    number = cell.replace(".", "", 1).isdigit() and column > 1 and not cell.startswith("0")
                    page.write(line, column, float(cell) if number else cell)


def write_squares(path, rows, *, layer):
    header, *body = rows
    columns = {name: [row[at] for row in body] for at, name in enumerate(header)}
    data = {
        name: cells if cells[0].startswith(("CRS", "99")) else [float(cell) for cell in cells]
        for name, cells in columns.items()
    }
    shapes = [shapely.box(k, 0, k + 1, 1) for k in range(len(body))]
    gpd.GeoDataFrame(data, geometry=shapes, crs="EPSG:2154").to_file(path, layer=layer, engine="pyogrio")


def figures(width, *, start=1):
    """Give a row of different counts, some with decimals as estimates of the census have."""
    numbers = count(start, 3)
    return [f"{number / 2:g}" for number, _ in zip(numbers, range(width), strict=False)]


def _census(names, year):
    columns = [f"{name[0]}{year[2:]}_{name[2:]}" for name in names]
    rows = [(code, code[:5], "H", "1", *figures(len(columns), start=10 * k + 1)) for k, code in enumerate(IRIS)]
    return (("IRIS", "COM", "TYP_IRIS", "LAB_IRIS", *columns), *map(tuple, rows))


def _census_book(names, year):
    header, *rows = _census(names, year)
    title = ("IRIS", "REG", "DEP", "UU2020", "COM", "LIBCOM", "TRIRIS", "GRD_QUART", "LIBIRIS", "TYP_IRIS",
             "MODIF_IRIS", "LAB_IRIS", *header[4:])  # fmt: skip
    body = [
        (row[0], "99", "99", "99000", row[1], "Ville fictive", "ZZZZZZ", row[0][:7], "Iris fictif", "H", "00", "1",
         *row[4:])
        for row in rows
    ]  # fmt: skip
    return (title, *body)


_BANDS = ("0014", "1529", "3044", "4559", "6074", "75P", "0019", "2064", "65P")
_LEVELS = ("", "_DIPLMIN", "_BEPC", "_CAPBEP", "_BAC", "_SUP2", "_SUP34", "_SUP5")
CENSUS = {
    "evol-struct-pop": [
        "P_POP", "P_POP0002", "P_POP0305", "P_POP0610", "P_POP1117", "P_POP1824", "P_POP2539", "P_POP4054",
        "P_POP5564", "P_POP6579", "P_POP80P", *(f"P_POP{band}" for band in _BANDS), "P_POPH",
        *(f"P_H{band}" for band in _BANDS), "P_POPF", *(f"P_F{band}" for band in _BANDS), "C_POP15P",
        "C_POP15P_CS1", "P_POP_FR", "P_POP_ETR", "P_POP_IMM", "P_PMEN", "P_PHORMEN",
    ],
    "diplomes-formation": [
        "P_POP0205", "P_POP1517", "P_POP1824", "P_SCOL1517", "P_SCOL1824",
        *(f"P_{sex}NSCOL15P{level}" for sex in ("", "H", "F") for level in _LEVELS),
    ],
    "activite-residents": [
        *(f"P_{head}{band}" for head in ("POP", "H", "F", "ACT", "HACT", "FACT", "ACTOCC", "HACTOCC", "FACTOCC")
          for band in ("1564", "1524", "2554", "5564")),
        "P_CHOM1564", "P_CHOM1524", "P_CHOM2554", "P_CHOM5564", "P_HCHOM1564", "P_FCHOM1564", "P_INACT1564",
        "P_ETUD1564", "P_AINACT1564", "C_ACT1564", "C_ACT1564_CS1", "P_ACTOCC15P", "P_SAL15P", "P_SAL15P_TP",
        "P_SAL15P_CDI", "P_SAL15P_CDD",
    ],
    "logement": [
        "P_LOG", "P_RP", "P_RSECOCC", "P_LOGVAC", "P_MAISON", "C_RP_HSTU1P", "C_RP_HSTU1P_SUROCC", "P_RP_PROP",
        "P_RP_LOC", "P_RP_LOCHLMV", "P_RP_GRAT", "P_RP_VOIT1P",
    ],
    "couples-familles-menages": [
        "C_MEN", "C_MENPSEUL", "C_MENHSEUL", "C_MENFSEUL", "C_MENFAM", "C_PMEN", "C_FAM", "C_COUPAENF",
        "C_FAMMONO", "C_HMONO", "C_FMONO", "C_COUPSENF", "C_NE24F4P",
    ],
}  # fmt: skip
HOUSING_2022 = [
    "P_LOG", "P_RP", "C_RP_NORME", "C_RP_SOUSOCC_MOD", "C_RP_SUROCC_MOD", "C_RP_SUROCC_ACC", "P_RP_PROP",
    "P_RP_LOC", "P_RP_LOCHLMV", "P_RP_VOIT1P",
]  # fmt: skip


def _of_census():
    for file, names in CENSUS.items():
        for year in ("2017", "2019", "2021"):
            yield Sample(f"base-ic-{file}-{year}.CSV", "insee_rp_iris", year, _census(names, year))
        yield Sample(
            f"base-ic-{file}-2020.xlsx", "insee_rp_iris", "2020", _census_book(names, "2020"), sheet="IRIS",
            titles=("Recensement de la population", "", "Géographie au 01/01/2022", "", "libellés longs"),
        )  # fmt: skip
    yield Sample("base-ic-logement-2022.CSV", "insee_rp_iris", "2022", _census(HOUSING_2022, "2022"))


def _crossed(subject):
    return [f"AGE4{age}_{subject}{rank}_SEXE{sex}" for age, rank, sex in product(AGES, "12", "12")]


def _wide(subject):
    rows = [(code, f"Ville {code}", *figures(16, start=10 * k + 1)) for k, code in enumerate(COMMUNES)]
    return (("CODGEO", "LIBGEO", *_crossed(subject)), *rows)


def _long(subject):
    rows = [
        ("COM", code, f"Ville {code}", age, rank, sex, f"{(10 * k + at * 3 + 1) / 2:g}")
        for k, code in enumerate(COMMUNES)
        for at, (age, rank, sex) in enumerate(product(AGES, "12", "12"))
    ]
    return (("NIVGEO", "CODGEO", "LIBGEO", "AGE4", subject, "SEXE", "NB"), *rows)


def _page(labels):
    bands = ("", "Moins de 15 ans", "15 à 24 ans", "25 à 54 ans", "55 ans ou plus", "Ensemble")
    rows = [("Population par sexe, âge et origine en 2022",), ("Commune de Ville fictive (99001)",), ("",)]
    for start, sex in enumerate(("Ensemble", "Hommes", "Femmes")):
        rows += [(sex,), bands]
        rows += [(label, *figures(5, start=100 * start + 20 * at + 1)) for at, label in enumerate(labels)]
        rows += [("Ensemble", *figures(5, start=100 * start + 41)), ("",)]
    return tuple(row + ("",) * (6 - len(row)) for row in rows)


def _of_origin():
    for subject, table in (("IMMI", "IMG1A"), ("INATC", "NAT1")):
        for name, edition in ((f"BTX_TD_{table}_2017.xlsx", "2017"), (f"TD_{table}_2020.xlsx", "2020")):
            yield Sample(
                name, "insee_rp_origin", edition, _wide(subject), sheet="COM", level="commune",
                titles=(f"{table} - Population par sexe et âge", f"RP{edition}", "", "", "", "", "", "", "", ""),
            )  # fmt: skip
        yield Sample(f"TD_{table}_2022.csv", "insee_rp_origin", "2022", _long(subject), level="commune")
    for labels, table in ((("Immigrés", "Non immigrés"), "img1A"), (("Français", "Étrangers"), "nat1")):
        yield Sample(f"rp2022_td_{table}.csv", "insee_rp_origin", "2022", _page(labels), level="commune")


_DISPOSABLE = (
    "TP60", "Q1", "MED", "Q3", "EQ", *(f"D{rank}" for rank in (1, 2, 3, 4, 6, 7, 8, 9)), "RD", "S80S20", "GI",
    "PACT", "PTSA", "PCHO", "PBEN", "PPEN", "PPAT", "PPSOC", "PPFAM", "PPMINI", "PPLOGT", "PIMPOT",
)  # fmt: skip
_DECLARED = ("PIMP", *_DISPOSABLE[:16], "PACT", "PTSA", "PCHO", "PBEN", "PPEN", "PAUT")


def _incomes(prefix, names, year, *, note="NOTE", marks=()):
    short = year[2:]
    header = ("IRIS", "LIBIRIS", "COM", "LIBCOM", *(f"{prefix}_{name}{short}" for name in names))
    header += (f"{prefix}_{note}{short}" if note == "NOTE" else note,)
    rows = []
    for k, code in enumerate(IRIS):
        cells = [f"{7 + k + at / 10:.1f}".replace(".", ",") for at, _ in enumerate(names)]
        cells = list(marks[k]) + cells[len(marks[k]) :] if k < len(marks) else cells
        rows.append((code, f"Iris {k}", code[:5], "Ville fictive", *cells, "0"))
    return (header, *rows)


def _of_incomes():
    source = "insee_filosofi_iris"
    for year in ("2017", "2019"):
        rows = _incomes("DISP", _DISPOSABLE, year)
        yield Sample(f"BASE_TD_FILO_DISP_IRIS_{year}.csv", source, year, rows)
    marked = _incomes("DISP", _DISPOSABLE, "2021", marks=(("ns", "10950"), ("s", "nd", "so")))
    yield Sample("BASE_TD_FILO_IRIS_2021_DISP.csv", source, "2021", marked)
    older = tuple("PTSAC" if name == "PTSA" else name for name in _DISPOSABLE)
    yield Sample("BASE_TD_FILO_DISP_IRIS_2014.csv", source, "2014", _incomes("DISP", older, "2014", note="note"))
    yield Sample(
        "BASE_TD_FILO_DISP_IRIS_2018.xlsx", source, "2018", _incomes("DISP", _DISPOSABLE, "2018"),
        sheet="IRIS_DISP", titles=("Revenus, pauvreté et niveau de vie en 2018", "", "", "", "libellés longs"),
    )  # fmt: skip
    yield Sample("BASE_TD_FILO_DEC_IRIS_2019.csv", source, "2019", _incomes("DEC", _DECLARED, "2019"))


_SQUARE = (
    "ind", "men", "men_pauv", "men_1ind", "men_5ind", "men_prop", "men_fmp", "ind_snv", "men_surf", "men_coll",
    "men_mais", "log_av45", "log_45_70", "log_70_90", "log_ap90", "log_inc", "log_soc", "ind_0_3", "ind_4_5",
    "ind_6_10", "ind_11_17", "ind_18_24", "ind_25_39", "ind_40_54", "ind_55_64", "ind_65_79", "ind_80p", "ind_inc",
)  # fmt: skip
CORNERS = ("N3068000E3817600", "N3068000E3817800", "N3068200E3817600")


def _squares(identifier, flag, *, names=_SQUARE, case=str):
    header = (identifier, flag, "lcog_geo", *map(case, names))
    rows = [
        (f"CRS3035RES200m{corner}", str(k % 2), "99001", *figures(len(names), start=5 * k + 1))
        for k, corner in enumerate(CORNERS)
    ]
    return (header, *rows)


def _of_squares():
    source = "insee_filosofi_grid"
    old = _squares("IdINSPIRE", "I_est_cr", case=str.capitalize)
    yield Sample("Filosofi2015_carreaux_200m_metropole.gpkg", source, "2015", old, level="", layer="carreaux")
    middle = _squares("Idcar_200m", "I_est_200", case=str.capitalize)
    yield Sample("carreaux_200m_met.gpkg", source, "2017", middle, level="", layer="carreaux_200m_met")
    for year in ("2019", "2021"):
        rows = _squares("idcar_200m", "i_est_200")
        yield Sample(f"Filosofi{year}_carreaux_200m.csv", source, year, rows, level="")
    rows = _squares("id", "imputed", names=("num_people", "mean_std_living", "poverty_ratio"))
    yield Sample("pack_2017.gpkg", source, "2017", rows, level="", layer="enriched_grid")


SCHOOLS = ("0990001A", "0990002B")


def _old_index(kind):
    header = (
        "Rentrée scolaire", "Académie", "Code du département", "Département", "UAI", "Nom de l'établissment",
        "Code INSEE de la commune", "Nom de la commune", "Secteur", "IPS",
    )  # fmt: skip
    rows = [
        ("2021-2022", "FICTION", "099", "FICTION", code, f"{kind} {k}", "99001", "VILLE FICTIVE", "public",
         f"{90 + k}.5")
        for k, code in enumerate(SCHOOLS)
    ]  # fmt: skip
    return (header, *rows)


def _new_index(kind, *, machine=False):
    header = [
        "Rentrée scolaire", "Code région", "Région académique", "Code académie", "Académie", "Code du département",
        "Département", "Code INSEE de la commune", "Nom de la commune", "UAI", "Nom de l'établissement", "Secteur",
        "Effectifs", "IPS", "Ecart type de l'IPS", "IPS national privé", "IPS national public", "IPS national",
        "IPS académique privé", "IPS académique public", "IPS académique", "num_ligne",
    ]  # fmt: skip
    if machine:
        header = [
            "rentree_scolaire", "code_region", "region_academique", "code_academie", "academie",
            "code_du_departement", "departement", "code_insee_de_la_commune", "nom_de_la_commune", "uai",
            "nom_de_l_etablissement", "secteur", "effectifs", "ips", "ecart_type_de_l_ips", "ips_national_prive",
            "ips_national_public", "ips_national", "ips_academique_prive", "ips_academique_public",
            "ips_academique", "num_ligne",
        ]  # fmt: skip
    rows = [
        (
            year, "99", "Fiction", "9", "Fiction", "099", "Fiction", "99001", "Ville fictive", code, f"{kind} {k}",
            "privé sous contrat", "120", "NS" if k else f"8{at}.4", "30.1", *["100"] * 6, "1",
        )
        for at, year in enumerate(("2022-2023", "2023-2024"))
        for k, code in enumerate(SCHOOLS)
    ]  # fmt: skip
    return (tuple(header), *rows)


def _of_schools():
    place = {"level": "etablissement"}
    for kind, word in (("ecoles", "ECOLE PRIMAIRE"), ("colleges", "COLLEGE")):
        yield Sample(f"fr-en-ips_{kind}_2022.csv", "depp_ips", "2021", _old_index(word), **place)
        yield Sample(f"fr-en-ips-{kind}-ap2022.csv", "depp_ips", "2023", _new_index(word.capitalize()), **place)
        machine = _new_index(word, machine=True)
        yield Sample(f"fr-en-ips-{kind}-ap2023.csv", "depp_ips", "2023", machine, **place)
    header = (
        "numero_uai", "appellation_officielle", "denomination_principale", "secteur_public_prive_libe",
        "adresse_uai", "libelle_commune", "coordonnee_x", "coordonnee_y", "epsg", "latitude", "longitude",
        "appariement", "localisation", "code_commune",
    )  # fmt: skip
    rows = [
        (SCHOOLS[0], "École des Lilas", "ECOLE", "Public", "1 rue", "Ville", "1", "2", "EPSG:2154", "50.63",
         "3.06", "Parfaite", "Numéro de rue", "99001"),
        (SCHOOLS[1], "Collège des Roses", "COLLEGE", "Public", "2 rue", "Ville", *[""] * 7, "99001"),
    ]  # fmt: skip
    yield Sample("fr-en-adresse-et-geolocalisation-2025.csv", "depp_directory", "2025", (header, *rows), level="")
    header = (
        "Identifiant_de_l_etablissement", "Nom_etablissement", "Type_etablissement", "Telephone", "Mail",
        "Code_commune", "Nom_commune", "latitude", "longitude", "precision_localisation",
    )  # fmt: skip
    rows = [(SCHOOLS[0], "Lilas", "Ecole", "0300000000", "a@b.fr", "99001", "Ville", "50.63", "3.06", "Numéro")]
    yield Sample("fr-en-annuaire-education-2025.csv", "depp_directory", "2025", (header, *rows), level="")


def _of_offences():
    names = ("Homicides", "Violences sexuelles")
    for level, column, code in (("departement", "Code.département", "99"), ("region", "Code.région", "99")):
        header = ("classe", "annee", column, "unité.de.compte", "millPOP", "millLOG", "faits", "POP", "LOG",
                  "tauxpourmille")  # fmt: skip
        rows = [
            (name, year, code, "victime", "16", "16", "5", "638425", "308491,16", "7,83e-03")
            for name, year in product(names, ("16", "23"))
        ]
        short = {"departement": "dep", "region": "reg"}[level]
        yield Sample(f"donnee-{short}-2023.csv", "ssmsi_crime", "2023", (header, *rows), level=level)
    header = (
        "CODGEO_2025", "annee", "indicateur", "unite_de_compte", "nombre", "taux_pour_mille", "est_diffuse",
        "insee_pop", "insee_pop_millesime", "insee_log", "insee_log_millesime", "complement_info_nombre",
        "complement_info_taux",
    )  # fmt: skip
    rows = [
        ("99001", "2024", "Cambriolages de logement", "Infraction", "3", "7,9679000", "diff", "860", "2024",
         "400", "2024", "NA", "NA"),
        ("99001", "2024", "Trafic de stupéfiants", "Mis en cause", "NA", "NA", "ndiff", "860", "2024", "400",
         "2024", "0,4", "0,0000000"),
        ("99002", "2024", "Violences sexuelles", "Victime", "0", "1,2e-05", "diff", "860", "2024", "400", "2024",
         "NA", "NA"),
    ]  # fmt: skip
    yield Sample(
        "donnee-data.gouv-2025-geographie2025.csv", "ssmsi_crime", "2025", (header, *rows), level="commune"
    )
    header = ("Code_departement", "Code_region", "annee", "indicateur", "unite_de_compte", "nombre",
              "taux_pour_mille", "insee_pop", "insee_log")  # fmt: skip
    rows = [("99", "99", "2024", "Tentatives d'homicide", "Victime", "7", "0,0109645", "638425", "308491")]
    yield Sample("donnee-dep-2024.csv", "ssmsi_crime", "2024", (header, *rows), level="departement")


SAMPLES = [
    *_of_census(), *_of_origin(), *_of_incomes(), *_of_squares(), *_of_schools(), *_of_offences(),
]  # fmt: skip
