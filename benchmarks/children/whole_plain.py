"""From published files to a PDF and a workbook, as one would write it in an afternoon without the package."""

from __future__ import annotations

import hashlib
import io
import json
import sys
from html import escape
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib as mpl
import pandas as pd
import weasyprint
from map_plain import draw
from matplotlib.figure import Figure

OLD_SIREN = 245900410
EPCI = 200093201
SHEET = "QP_METROPOLE_LB93.shp"
STYLE = """
@page { size: A4; margin: 18mm 23mm; @bottom-right { content: counter(page) "/" counter(pages); font-size: 8pt } }
body { font: 9.5pt sans-serif } .page { break-before: page }
table { width: 100%; border-collapse: collapse; font-size: 8pt }
td, th { padding: .8mm 1.3mm; border-top: .3pt solid #ccc; text-align: right } td:first-child { text-align: left }
img { width: 100% } .small img { width: 62mm } figure { margin: 4mm 0; break-inside: avoid }
"""
SHARES = {
    "TX_TOT_0A24": "Moins de 25 ans (%)", "TX_TOT_60ETPLUS": "60 ans et plus (%)", "TX_F": "Femmes (%)",
    "TX_TOT_ET": "Étrangers (%)", "TX_TOT_MEN1": "Ménages d’une personne (%)", "TX_TOT_MEN6": "Grands ménages (%)",
    "IND_JEUNE": "Indice de jeunesse",
}  # fmt: skip
WORK = {
    "TX_TOT_EMPL": "Taux d’emploi (%)", "TX_F_EMPL": "Taux d’emploi des femmes (%)",
    "TX_ET_EMPL": "Taux d’emploi des étrangers (%)", "TX_TOT_EDLIM": "Emplois à durée limitée (%)",
}  # fmt: skip
MONEY = {
    "DISP_TP60": "Taux de pauvreté (%)", "DISP_MED": "Niveau de vie médian (€)", "DISP_D1": "Premier décile (€)",
    "DISP_D9": "Neuvième décile (€)", "DISP_Q1": "Premier quartile (€)", "DISP_GINI": "Gini",
    "DISP_PACT": "Part des revenus d’activité (%)", "DISP_PPSOC": "Part des prestations (%)",
}  # fmt: skip
WIDER = {"DISP_MED": "Q2", "DISP_D1": "D1", "DISP_D9": "D9", "DISP_Q1": "Q1", "DISP_GINI": "GINI"}
LABELS = {**SHARES, **WORK, **MONEY}

_counts = {"figures": 0, "tables": 0}


def read(path: Path) -> pd.DataFrame:
    """Read a published table, its narrow blanks taken out of numbers."""
    table = pd.read_csv(path, sep=";", decimal=",", dtype={"CODGEO": str}, low_memory=False)
    for name in table.columns.drop(["CODGEO", "LIBGEO", "LIB_COM"], errors="ignore"):
        if table[name].dtype.kind not in "if":
            text = table[name].str.replace("[\u202f\u00a0 ]", "", regex=True).str.replace(",", ".")
            table[name] = pd.to_numeric(text, errors="coerce")
    return table


def figures(real: Path) -> pd.DataFrame:
    """Join the tables of neighbourhoods of the whole country."""
    table = read(real / "insee_qpv/DEMO_2022.csv").dropna(axis="columns", how="all")
    for name in ("IPRO_2022.csv", "REVN_2022.csv"):
        other = read(real / "insee_qpv" / name).dropna(axis="columns", how="all")
        fresh = ["CODGEO", *other.columns.difference(table.columns)]
        table = table.merge(other[fresh], on="CODGEO", how="left")
    income = read(real / "insee_qpv/data_filo19_qp_revdis.csv")
    income.columns = [name.removesuffix("_A19") for name in income.columns]
    table = table.drop(columns=table.columns.intersection(income.columns).drop("CODGEO"))
    return table.merge(income, on="CODGEO", how="left")


def places(real: Path) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Give the neighbourhoods of the territory with their communes, and the communes."""
    archive = real / "boundaries/qp-politiquedelaville-shp.zip"
    contours = gpd.read_file(f"/vsizip/{archive.resolve()}/{SHEET}")
    contours["geometry"] = contours.make_valid()
    listed = pd.read_excel(real / "insee_qpv/pop_qp_2013.xls", header=8, engine="calamine")
    ours = listed[(listed["epci1"] == OLD_SIREN) | (listed["epci2"] == OLD_SIREN)]["qp"]
    communes = gpd.read_file(real / "geography/communes-hauts-de-france.geojson").to_crs(2154)
    communes = communes.rename(columns={"nom": "label", "code": "commune"})
    quarters = contours[contours["CODE_QP"].isin(ours)].sort_values("CODE_QP").reset_index(drop=True)
    points = quarters.assign(geometry=quarters.representative_point())
    joined = gpd.sjoin(points, communes, predicate="within", how="left").drop_duplicates("CODE_QP")
    quarters["commune"] = joined["commune"].to_numpy()
    quarters["commune_label"] = joined["label"].to_numpy()
    quarters["area"] = quarters.area / 1e4
    return quarters.rename(columns={"CODE_QP": "CODGEO", "NOM_QP": "label"}), communes


def comparators(real: Path, quarters: gpd.GeoDataFrame) -> pd.DataFrame:
    """Give each neighbourhood's commune, EPCI, département and région for the incomes."""
    found = quarters[["CODGEO", "commune"]].copy()
    for year in (18, 19):
        for level, code in (("COM", None), ("EPCI", EPCI), ("DEP", 59), ("REG", 32)):
            table = read(real / f"filosofi/FILO20{year}_DISP_{level}.csv").set_index("CODGEO")
            for name, wide in WIDER.items():
                column = f"{wide}{year}"
                if column in table:
                    keys = found["commune"] if code is None else pd.Series(str(code), index=found.index)
                    found[f"{name}_{level}_{year}"] = keys.map(table[column])
    return found


def embed(figure: Figure | bytes, scratch: dict[str, bytes], alt: str) -> str:
    """Keep a figure as SVG and give its tag."""
    if isinstance(figure, Figure):
        stream = io.BytesIO()
        figure.savefig(stream, format="svg")
        figure = stream.getvalue()
    name = f"figure-{len(scratch)}.svg"
    scratch[name] = figure
    _counts["figures"] += 1
    return f'<figure><img src="{name}" alt="{escape(alt)}"></figure>'


def grid(table: pd.DataFrame) -> str:
    """Write a table as HTML, French commas."""
    _counts["tables"] += 1
    return table.to_html(index=False, border=0, na_rep="–", decimal=",", float_format="{:.1f}".format)


def bars(table: pd.DataFrame, name: str, line: float | None) -> Figure:
    """Draw neighbourhoods beside one comparator."""
    shown = table.sort_values(name)
    figure = Figure(figsize=(6.5, 6))
    axes = figure.add_subplot()
    axes.plot(shown[name], shown["label"].str[:30], "o", color="#173f73")
    if line is not None:
        axes.axvline(line, color="#b5541c", linewidth=1)
    axes.tick_params(labelsize=7)
    axes.set_title(LABELS[name], fontsize=10, loc="left")
    figure.tight_layout()
    return figure


def close(quarter: gpd.GeoDataFrame, communes: gpd.GeoDataFrame) -> Figure:
    """Draw one neighbourhood seen close."""
    figure = Figure(figsize=(2.44, 1.97))
    axes = figure.add_axes((0, 0, 1, 1))
    communes.plot(ax=axes, color="#f4f2ed", edgecolor="#d3cec5", linewidth=0.5)
    quarter.plot(ax=axes, color="#7299c4", edgecolor="#12335d", linewidth=0.6)
    west, south, east, north = quarter.total_bounds
    axes.set(xlim=(west - 500, east + 500), ylim=(south - 500, north + 500))
    axes.set_axis_off()
    return figure


def chapter(
    title: str, names: dict[str, str], data: pd.DataFrame, sides: pd.DataFrame, kept: dict[str, bytes]
) -> list[str]:
    """Write a chapter: the table, a chart an indicator, a table of comparators where there are."""
    parts = [f'<h1 class="page">{title}</h1>', grid(data[["number", "label", *names]].rename(columns=LABELS))]
    for name in list(names)[:3]:
        wider = [column for column in sides.columns if column.startswith(f"{name}_") and column.endswith("19")]
        line = float(sides[wider[-1]].iloc[0]) if wider else float(data[name].median())
        parts += [f"<h2>{LABELS[name]}</h2>", embed(bars(data, name, line), kept, LABELS[name])]
        if wider:
            beside = data[["number", "label", name]].join(sides.set_index("CODGEO")[wider], on=data["CODGEO"])
            for column in wider:
                beside[f"écart {column.split('_')[-2]}"] = beside[name] - beside[column]
            parts.append(grid(beside))
    return parts


def sheet(
    row: pd.DataFrame, national: pd.DataFrame, communes: gpd.GeoDataFrame, kept: dict[str, bytes]
) -> list[str]:
    """Write the page of one neighbourhood, beside the median of its département's."""
    one = row.iloc[0]
    lines = pd.DataFrame({
        "Indicateur": list(LABELS.values()),
        "Valeur": [one[name] for name in LABELS],
        "Médiane des QPV du département": [national[name].median() for name in LABELS],
    })  # fmt: skip
    lines["Écart"] = lines["Valeur"] - lines["Médiane des QPV du département"]
    return [
        f'<h2 class="page">{escape(one["label"])}</h2>',
        f'<div class="small">{embed(close(row, communes), kept, one["label"])}</div>',
        f"<p>Commune : {escape(one['commune_label'])}. Population : {one['population']:.0f}.</p>",
        f"<p>{one['area']:.1f} ha.</p>",
        grid(lines),
    ]


def report(real: Path, folder: Path) -> dict[str, Any]:
    """Write the PDF and the workbook."""
    mpl.rcParams["svg.fonttype"] = "none"
    national = figures(real)
    quarters, communes = places(real)
    data = quarters.merge(national, on="CODGEO", how="left")
    data = data.assign(number=range(1, len(data) + 1), population=data["POP_MUN"])
    sides = comparators(real, quarters)
    beside = national[national["CODGEO"].str.startswith("QP059")]
    near = communes.cx[slice(*quarters.total_bounds[[0, 2]]), slice(*quarters.total_bounds[[1, 3]])]
    kept: dict[str, bytes] = {}
    parts = ["<h1>Métropole Européenne de Lille</h1>"]
    parts.append(embed(draw(near, data.assign(value=data["population"])), kept, "Carte de situation"))
    parts += [
        '<h1 class="page">Le territoire</h1>',
        grid(data[["number", "label", "commune_label", "population", "area"]]),
    ]
    parts.append(grid(data[["number", "label", *SHARES]].rename(columns=LABELS)))
    parts.append(embed(draw(near, data.assign(value=data["DISP_TP60"])), kept, "Taux de pauvreté"))
    parts += chapter("Ressources", MONEY, data, sides, kept)
    parts.append(embed(draw(near, data.assign(value=data["TX_TOT_EMPL"])), kept, "Taux d’emploi"))
    parts += chapter("Emploi", WORK, data, sides, kept)
    for position in range(len(data)):
        parts += sheet(data.iloc[[position]], beside, near, kept)
    inputs = sorted((real / "insee_qpv").glob("*_2022.csv")) + sorted((real / "filosofi").glob("FILO*.csv"))
    hashes = [hashlib.sha256(path.read_bytes()).hexdigest() for path in inputs]
    parts += [
        '<h1 class="page">Sources</h1>',
        grid(pd.DataFrame({"fichier": [path.name for path in inputs], "sha256": hashes})),
    ]
    hidden = data[list(LABELS)].isna().sum().rename(index=LABELS).reset_index(name="absentes")
    parts += ['<h1 class="page">Valeurs absentes</h1>', grid(hidden)]
    return write(folder, parts, kept, {"quartiers": data, "departement": beside, "comparateurs": sides})


def write(
    folder: Path, parts: list[str], kept: dict[str, bytes], sheets: dict[str, pd.DataFrame]
) -> dict[str, Any]:
    """Write everything to the disk."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, body in kept.items():
        (folder / name).write_bytes(body)
    with pd.ExcelWriter(folder / "indicateurs.xlsx", engine="xlsxwriter") as book:
        for name, table in sheets.items():
            pd.DataFrame(table.drop(columns="geometry", errors="ignore")).to_excel(
                book, sheet_name=name, index=False
            )
    source = f'<html lang="fr"><head><style>{STYLE}</style></head><body>{"".join(parts)}</body></html>'
    document = weasyprint.HTML(string=source, base_url=f"{folder}/").render()
    document.write_pdf(folder / "diagnostic.pdf")
    return {"pages": len(document.pages), **_counts}


if __name__ == "__main__":
    print(json.dumps(report(Path(sys.argv[1]), Path(sys.argv[2]))))
