"""Who lives where in the fictional territory: names that exist nowhere, codes of the department 099.

The story is told by the profiles: in « Les Hauts D'Orvelle » women are much further from employment than men,
in « La Râperie » foreigners are employed more often than the French, in « Le Clos Des Houblons » there is no
gap between the sexes.
"""

from __future__ import annotations

from dataclasses import dataclass

REGION_CODE, REGION_LABEL = "99", "Plaines-du-Septentrion"
DEPARTMENT_CODE, DEPARTMENT_LABEL = "99", "Orvelle-et-Brecque"
EPCI_CODE, EPCI_LABEL = "990000011", "CA du Grand Valbrecques"
NEIGHBOUR_CODE, NEIGHBOUR_LABEL = "990000029", "CC du Pays d'Osterlou"
EPCI_LABELS = {EPCI_CODE: EPCI_LABEL, NEIGHBOUR_CODE: NEIGHBOUR_LABEL}


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune of the fictional department.

    Parameters
    ----------
    code
        Five characters, the first two ``99``.
    label
        Name as in the official geographic code.
    epci
        Code of its intercommunality.
    population
        Inhabitants, its quarters included.
    median
        Median disposable income per consumption unit, in euros of 2018.
    centre
        Metres east and north of the centre of the agglomeration.
    """

    code: str
    label: str
    epci: str
    population: int
    median: int
    centre: tuple[float, float]


COMMUNES = (
    Commune("99001", "Valbrecques", EPCI_CODE, 58_400, 17_900, (0, 0)),
    Commune("99002", "Quenebrecq", EPCI_CODE, 18_600, 18_700, (5_200, 1_500)),
    Commune("99003", "Marbœuvre", EPCI_CODE, 9_700, 20_300, (-2_200, 5_600)),
    Commune("99004", "Saint-Orvain", EPCI_CODE, 12_300, 19_400, (-5_400, -1_200)),
    Commune("99005", "Noyelloy", EPCI_CODE, 6_900, 20_900, (1_200, -5_600)),
    Commune("99006", "Osterlou", NEIGHBOUR_CODE, 34_500, 18_300, (9_800, -3_800)),
    Commune("99007", "Tilleroy-sur-Brecque", NEIGHBOUR_CODE, 3_150, 21_800, (7_600, 7_400)),
    Commune("99008", "Cauvremoy", NEIGHBOUR_CODE, 24_200, 19_100, (-8_800, 4_600)),
    Commune("99009", "Wambrecelle", NEIGHBOUR_CODE, 1_900, 22_600, (-4_800, -7_200)),
)


@dataclass(frozen=True, slots=True)
class Quarter:
    """A priority quarter of the 2015 generation and what its tables are drawn around.

    Parameters
    ----------
    code, label
        Official code and name, with the capitals that the official list puts everywhere.
    parts
        Inhabitants by commune code, the first commune named first.
    foreign
        Share of foreigners, in percent.
    employment
        Employment rate, in percent.
    women_gap, foreign_gap
        Employment rate of women minus men and of foreigners minus French, in points.
    median
        Median disposable income per consumption unit, in euros of 2018.
    young
        Share of inhabitants under 25, in percent.
    hectares
        Area of its polygon.
    centre
        Metres east and north of the centre of the agglomeration.
    """

    code: str
    label: str
    parts: tuple[tuple[str, int], ...]
    foreign: float
    employment: float
    women_gap: float
    foreign_gap: float
    median: int
    young: float
    hectares: float
    centre: tuple[float, float]


LONG_NAME = (
    "Quartier Intercommunal Valbrecques-Quenebrecq - Cité Des Verriers - Basse Écluse"
    " - Résidence Du Moulin Des Ocriers"
)

# One line a quarter reads as the table it is.
# fmt: off
QUARTERS = (
    Quarter("QP099001", "Faubourg De La Brecque", (("99001", 3_240),),
            21.0, 43.5, -11.0, -9.0, 13_400, 36.5, 46, (-900, 650)),
    Quarter("QP099002", "Les Hauts D'Orvelle", (("99001", 8_640),),
            26.5, 38.0, -24.0, -7.5, 12_200, 43.0, 118, (-1_450, -1_100)),
    Quarter("QP099003", LONG_NAME, (("99001", 3_610), ("99002", 2_260)),
            18.0, 41.5, -13.0, -8.0, 12_700, 40.5, 96, (2_600, 750)),
    Quarter("QP099004", "Jacquemart - Les Toiliers", (("99001", 2_150),),
            14.5, 46.0, -9.5, -10.5, 14_300, 34.0, 31, (550, 1_750)),
    Quarter("QP099005", "La Râperie", (("99001", 1_480),),
            16.0, 44.0, -12.0, 6.0, 13_900, 38.0, 22, (450, -1_750)),
    Quarter("QP099006", "Cité Des Mariniers D'Orvelle", (("99002", 3_020),),
            9.5, 40.0, -14.0, -8.5, 12_900, 39.5, 52, (5_600, 400)),
    Quarter("QP099007", "Le Clos Des Houblons", (("99003", 1_130),),
            7.0, 49.5, 0.0, -5.0, 15_300, 33.0, 17, (-2_000, 5_100)),
    Quarter("QP099008", "La Briqueterie Saint-Éloi", (("99004", 2_360),),
            11.0, 45.0, -12.5, -11.0, 14_600, 36.0, 38, (-4_900, -1_500)),
    Quarter("QP099009", "Fosse Amicale", (("99005", 720),),
            3.2, 47.0, -10.0, -6.0, 15_700, 31.5, 11, (1_000, -5_100)),
    Quarter("QP099010", "Porte De Brecque", (("99006", 4_410),),
            22.5, 41.0, -13.5, -8.0, 12_800, 41.0, 64, (9_100, -3_500)),
    Quarter("QP099011", "Les Égalières", (("99006", 2_870),),
            15.5, 43.0, -11.5, -7.0, 13_500, 38.5, 41, (10_300, -3_000)),
    Quarter("QP099012", "Rietz Fleuri", (("99006", 1_690),),
            12.0, 45.5, -10.5, -9.5, 14_100, 35.0, 24, (9_800, -4_700)),
    Quarter("QP099013", "Cité Du Four À Chaux", (("99006", 980),),
            5.5, 46.5, -12.0, -6.5, 14_900, 33.5, 14, (10_900, -4_300)),
    Quarter("QP099014", "Le Vieux Rivage - Couturelle", (("99008", 2_240),),
            8.5, 44.5, -12.0, -8.0, 14_000, 36.5, 35, (-8_300, 4_200)),
    Quarter("QP099015", "Les Tanneurs", (("99008", 1_350),),
            6.5, 47.5, -9.0, -7.5, 15_000, 34.5, 19, (-9_400, 4_900)),
    Quarter("QP099016", "Le Grand Ocrier", (("99008", 6_020),),
            27.5, 36.5, -15.5, -9.0, 11_900, 44.5, 88, (-8_700, 5_700)),
)
# fmt: on

MULTIPOLYGON_QUARTER = "QP099008"
INVALID_QUARTER = "QP099006"

COMMUNE_LABELS = {commune.code: commune.label for commune in COMMUNES}


def commune_list(quarter: Quarter, *, separator: str = ", ") -> str:
    """Name the communes of a quarter, in the order of the official list.

    Examples
    --------
    >>> commune_list(QUARTERS[2])
    'Valbrecques, Quenebrecq'
    """
    return separator.join(COMMUNE_LABELS[code] for code, _ in quarter.parts)


def epci_of(quarter: Quarter) -> str:
    """Give the intercommunality of a quarter (no quarter here lies over two).

    Examples
    --------
    >>> epci_of(QUARTERS[15])
    '990000029'
    """
    return next(commune.epci for commune in COMMUNES if commune.code == quarter.parts[0][0])
