"""Public tables of an invented territory, as publication receives them."""

from dataclasses import replace
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from diagnostic import schemas
from diagnostic.analysis.disclosure.public import Identity, PublicTables
from diagnostic.analysis.indicator import INDICATORS
from diagnostic.formatting import typographic
from diagnostic.survey_model import concepts
from diagnostic.vocabulary import KNOWN

COMMUNES = [
    "Ardenay-sur-Lys", "Bellecourt", "Coudrelles", "Saint-Aubert-lès-Marais", "Vieux-Œuilly", "Nauroy",
    "Le Plessis", "Hautmesnil", "Quessy-la-Fosse", "Wambrecourt", "Rosières", "Fontaine",
]  # fmt: skip
NAMES = [
    "Les Hauts Champs", "Centre Ancien - Gare", "Résidence du Parc", "Bellevue", "Les Oiseaux",
    "Quartier Intercommunal Ardenay-Bellecourt - Blanc Sceau - Croix Basse - Saint-Pierre", "La Roseraie",
    "Cité des Provinces", "Épinette", "Le Moulin", "Jean Macé", "Faubourg de l’Est", "Trois Ponts",
    "Le Clair Logis", "Les Arcades", "Vallon", "Sainte-Barbe", "Pont de Bois", "L’Alouette", "Mont Liébaut",
]  # fmt: skip
VINTAGE = 2015
REFERENCES = {
    "median_living_standard": ("commune", "epci", "region"), "first_quartile_living_standard": ("commune", "epci"),
    "interdecile_ratio": ("epci", "region"), "poverty_rate": ("qpv_departement_median",),
    "employment_rate": ("qpv_departement_median",), "rsa_share": ("qpv_departement_median",),
    "fixed_term_share": ("qpv_departement_median",), "activity_income_share": ("commune", "epci", "region"),
}  # fmt: skip
LABELS = {
    "epci": "CA des Trois Rivières", "region": "Hauts-de-Fiction",
    "qpv_departement_median": "médiane des QPV du département (84 sur 91 publiés)",
}  # fmt: skip
CENTRES = {
    "poverty_rate": (44, 7), "employment_rate": (42, 6), "median_living_standard": (13400, 1300),
    "first_quartile_living_standard": (10200, 700), "first_decile_living_standard": (8100, 500),
    "third_quartile_living_standard": (17800, 900), "ninth_decile_living_standard": (23500, 1200),
    "foreign_share": (12, 6), "immigrant_share": (17, 7), "population": (3200, 1900),
    "priority_population_share": (22, 9), "youth_index": (1.8, 0.5), "rsa_share": (24, 5),
    "gini_index": (0.23, 0.02),
    "s80_s20_ratio": (3.1, 0.3), "interdecile_ratio": (2.8, 0.3), "foreign_overrepresentation": (1.5, 0.4),
    "employment_gap_women_men": (-12, 5), "employment_gap_foreign_french": (-9, 8), "taxes_share": (-9, 1),
}  # fmt: skip


def _ground(count, rng, origin):
    """Communes as squares pushed out of true, and neighbourhoods inside some of them."""
    side = int(np.ceil(np.sqrt(len(COMMUNES))))
    step = 0.045
    corners = {
        (i, j): (origin[0] + step * i + rng.normal(0, 0.006), origin[1] + step * 0.7 * j + rng.normal(0, 0.004))
        for i in range(side + 1)
        for j in range(side + 1)
    }
    shapes = [
        shapely.Polygon([corners[i, j], corners[i + 1, j], corners[i + 1, j + 1], corners[i, j + 1]])
        for j in range(side)
        for i in range(side)
    ][: len(COMMUNES)]
    places = []
    for rank in range(count):
        home = shapes[rank % 5 if rank % 3 else 1]
        around = home.representative_point()
        x, y = around.x + rng.normal(0, 0.008), around.y + rng.normal(0, 0.006)
        turn = np.linspace(0, 2 * np.pi, 12)[:-1]
        reach = rng.uniform(0.002, 0.005) * rng.uniform(0.7, 1.2, len(turn))
        places.append(shapely.Polygon(np.column_stack([x + reach * np.cos(turn), y + 0.7 * reach * np.sin(turn)])))
    return shapes, places


def territories(count, *, rng, communes=True, origin=(3.9, 50.2), names=NAMES):
    shapes, polygons = _ground(count, rng, origin)
    rows = []
    for rank, polygon in enumerate(polygons):
        name = names[rank % len(names)] + ("" if rank < len(names) else f" {rank // len(names) + 1}")
        home = rank % 5 if rank % 3 else 1
        rows.append({
            "level": "qpv", "code": f"QP099{rank + 1:03d}", "vintage": VINTAGE, "label": name, "short_label": name,
            "number": rank + 1, "communes": [f"99{home + 1:03d}"], "commune_labels": [COMMUNES[home]],
            "epci": "990000001", "departement": "99", "region": "99",
            "population": float(int(rng.uniform(1000, 9000))), "area": float(rng.uniform(12, 80)),
            "geometry": polygon,
        })  # fmt: skip
    for rank, shape in enumerate(shapes if communes else []):
        rows.append({
            "level": "commune", "code": f"99{rank + 1:03d}", "vintage": 2020, "label": COMMUNES[rank],
            "short_label": COMMUNES[rank], "number": 0, "communes": [], "commune_labels": [], "epci": "990000001",
            "departement": "99", "region": "99", "population": np.nan, "area": np.nan, "geometry": shape,
        })  # fmt: skip
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=4326)[schemas.TERRITORY_COLUMNS]


def _status(variable, group, rank, rng):
    if "foreign" in variable + group and rank % 3 == 0:
        return "not_released"
    if variable.endswith("_job_seekers") and rank % 4 == 1:
        return "suppressed"
    return "missing" if rng.random() < 0.03 else "estimated" if "gap" in variable else "observed"


def indicators(codes, *, rng):
    rows = []
    for one in INDICATORS:
        centre, width = CENTRES.get(one.name, (22, 5))
        for group in one.groups:
            for rank, code in enumerate(codes):
                status = _status(one.name, group, rank, rng)
                value = rng.normal(centre - (4 if group != "all" else 0), width)
                value = abs(value) if centre > 0 else value
                half = 4.0 if one.base != "none" else np.nan
                known = status in KNOWN
                edition = one.theme in {"health", "population"}
                rows.append({
                    "level": "qpv", "code": code, "vintage": VINTAGE, "period": 2022 if edition else 2018,
                    "variable": one.name, "group": group,
                    "source": "insee_qpv_demo" if edition else "insee_qpv_revn", "edition": "2022",
                    "value": round(value, 2) if known else np.nan, "unit": one.unit, "status": status, "note": "",
                    "period_basis": "edition" if edition else "stated",
                    "low": value - half if known else np.nan, "high": value + half if known else np.nan,
                    "reliability": "publish", "headline": True,
                })  # fmt: skip
    table = pd.DataFrame(rows)
    foreign = (table["group"] == "foreign") & table["value"].notna()
    table.loc[foreign & (table.groupby(foreign).cumcount() % 4 == 1), "reliability"] = "caution"
    table.loc[foreign & (table.groupby(foreign).cumcount() % 4 == 3), "reliability"] = "suppress"
    return table[schemas.INDICATOR_COLUMNS]


def gaps(values, places):
    home = dict(zip(places["code"], places["commune_labels"], strict=True))
    rows = []
    for row in values[values["group"] == "all"].to_dict("records"):
        one = INDICATORS[row["variable"]]
        centre, width = CENTRES.get(one.name, (22, 5))
        sign = 1 if one.direction == "less_is_worse" else -1
        for kind in REFERENCES.get(row["variable"], ()):
            shift = {"commune": 2.5, "epci": 3, "region": 3.5}.get(kind, 0.3)
            label = home[row["code"]][0] if kind == "commune" else LABELS[kind]
            reference = round(centre + sign * shift * width + (len(label) % 5 if kind == "commune" else 0), 1)
            difference = row["value"] - reference
            worse = bool(difference * sign < 0)
            rows.append({
                **{name: row[name] for name in (*schemas.PLACE, "variable", "group", "period", "period_basis",
                   "edition", "unit", "value", "status", "note", "headline")},
                "comparator_kind": kind, "comparator_code": kind, "comparator_label": label,
                "comparator_period": row["period"], "comparator_value": reference, "difference": difference,
                "ratio": row["value"] / reference, "half_width": 4.0, "direction": str(one.direction),
                "worse": worse, "notable": worse and abs(difference) > 5,
            })  # fmt: skip
    return pd.DataFrame(rows)[schemas.GAP_COLUMNS]


def catalogue():
    rows = [
        {name: getattr(one, name, None) for name in schemas.CATALOGUE_COLUMNS} | {
            "variable": one.name, "theme": str(one.theme), "direction": str(one.direction),
            "scale": str(one.scale), "criteria": ", ".join(one.criteria),
        }
        for one in INDICATORS
    ]  # fmt: skip
    return pd.DataFrame(rows)[schemas.CATALOGUE_COLUMNS]


FINDINGS = [
    ("employment", "employment_gap_women_men", "Le taux d’emploi des femmes est plus bas que celui des hommes."),
    ("resources", "median_living_standard", "Le niveau de vie médian est inférieur à celui de la commune."),
    ("employment", "employment_rate", "Le taux d’emploi s’écarte peu de la médiane des QPV du département."),
    ("resources", "poverty_rate", "Le taux de pauvreté est publié sans comparateur communal."),
    ("employment", "foreign_overrepresentation", "La part d’étrangers parmi les inscrits est peu publiée."),
]


def tables(count=9, *, seed=20240301, communes=True, fictional=True, origin=(3.9, 50.2), names=NAMES, found=True):
    rng = np.random.default_rng(seed)
    places = territories(count, rng=rng, communes=communes, origin=origin, names=names)
    neighbourhoods = places[places["level"] == "qpv"]
    values = indicators(list(neighbourhoods["code"]), rng=rng)
    hidden = values[values["value"].isna()].groupby(
        ["source", "edition", "variable", "group", "status"], sort=True
    )
    return PublicTables(
        identity=Identity(
            name="CA des Trois Rivières", generation=VINTAGE, edition_date=date(2024, 3, 1), fictional=fictional,
            author="Service politique de la ville", commissioner="Préfecture et agglomération", version="0.1.0",
            comparator_label="CA des Trois Rivières",
        ),
        territories=places, indicators=values, gaps=gaps(values, neighbourhoods), catalogue=catalogue(),
        findings=pd.DataFrame([
            {"rank": rank, "theme": theme, "variable": variable, "group": "all", "kind": "gap",
             "message": message, "detail": "Quatre quartiers sont concernés.",
             "caveat": "L’âge et le diplôme ne sont pas neutralisés.",
             "question": "Qu’en disent les employeurs et les habitants ?", "codes": "QP099001, QP099002"}
            for rank, (theme, variable, message) in enumerate(FINDINGS if found else [], start=1)
        ], columns=schemas.FINDING_COLUMNS),
        sources=pd.DataFrame([
            {"source": name, "edition": "2022", "label": label, "producer": "Insee", "title": title,
             "citation": f"Insee, {title}, édition 2022", "url": "https://www.insee.fr/fr/statistiques/2500477",
             "licence": "Licence Ouverte", "published": "2022", "file": f"{name}_2022.csv", "sha256": digit * 64,
             "rows": 1400, "basis": "empreinte connue"}
            for name, label, title, digit in (
                ("insee_qpv_demo", "Insee, base Démographie des QPV", "Démographie en 2022", "a"),
                ("insee_qpv_revn", "Insee, base Revenus des QPV", "Revenus en 2018", "b"),
            )
        ])[schemas.SOURCE_COLUMNS],
        hidden=pd.DataFrame([
            {"source": source, "edition": edition, "variable": variable, "group": group,
             "label": INDICATORS[variable].label, "status": status,
             "reason": "valeur vide dans le fichier publié", "cells": len(rows), "total": count}
            for (source, edition, variable, group, status), rows in hidden
        ], columns=schemas.HIDDEN_COLUMNS),
    )  # fmt: skip


@pytest.fixture(scope="session")
def public_tables():
    """Builds the tables of an invented territory with so many neighbourhoods."""
    cache = {}

    def build(count=9, **options):
        key = (count, repr(sorted(options.items())))
        if key not in cache:
            cache[key] = tables(count, **options)
        return cache[key]

    return build


ANY = "au_moins_une"
MASK = "masqué pour protéger l’anonymat (règle du projet)"
VAGUE = "précision insuffisante : pas de pourcentage"
# Indicator, concept, predicate of an answer, answers that sum up, whether only some are asked, base of all too.
ASKED = [
    ("PER01", "experience_5y", "répondent « {} »", {"oui": "déclarent avoir vécu des discriminations"}, 0, 0),
    ("PER02", "experience_12m", "répondent « {} » sur douze mois", {}, 1, 1),
    ("PER03", "situations", "citent la situation « {} »", {ANY: "citent au moins une situation concrète"}, 0, 0),
    ("PER05", "motives", "citent le motif « {} »", {}, 1, 1),
    ("PER08", "domains", "citent le domaine « {} »", {}, 1, 1),
    ("PER09", "event_authors", "", {
        "micro": "attribuent le fait le plus récent à : « Une personne » (niveau micro)",
        "meso": "attribuent le fait le plus récent à : « Un service » ou « Une entreprise » (niveau méso)",
        "macro": "attribuent le fait le plus récent à : « Une règle » (niveau macro)",
    }, 1, 0),
    ("PER11", "consequences", "citent la conséquence « {} »", {ANY: "citent au moins une conséquence"}, 1, 0),
    ("PER12", "renouncements", "ont renoncé : « {} »", {ANY: "ont renoncé à quelque chose"}, 0, 0),
    ("PER13", "steps", "ont répondu « {} »", {ANY: "ont engagé au moins une démarche"}, 1, 0),
    ("PER14", "no_step_reasons", "en donnent la raison « {} »", {}, 1, 0),
    ("PER16", "law_knowledge", "répondent « {} » à « est-il puni par la loi »", {}, 0, 0),
    ("PER17", "known_actors", "citent comme pouvant aider : « {} »", {ANY: "citent au moins un acteur"}, 0, 0),
    ("PER18", "trusted_actors", "s’adresseraient à : « {} »", {}, 0, 0),
    ("PER19", "witness", "répondent « {} »", {}, 0, 0),
    ("PER20", "stigma", "répondent « {} »", {"accord": "trouvent que l’image de leur quartier les dessert"}, 0, 0),
    ("PER21", "expectations", "mettent parmi leurs priorités « {} »", {}, 0, 0),
]  # fmt: skip
HIDDEN = {("motives", "famille"): MASK, ("motives", "argent"): VAGUE}
METHODS = {True: "linéarisation de Taylor", False: "indicatif : répondants volontaires"}


def _estimate(rng, *, n, note):
    share = float(rng.uniform(6, 60))
    half = 196 * float(np.sqrt(share / 100 * (1 - share / 100) / n))
    known = {
        "estimate": share, "se": half / 1.96, "ci_low": max(share - half, 0), "ci_high": min(share + half, 100),
        "n": float(n), "count": round(share * n / 100), "status": "estimated", "reliability": "publish",
    }  # fmt: skip
    masked = note == MASK
    hidden = dict.fromkeys(known, np.nan) | {
        "status": "masked" if masked else "estimated",
        "reliability": "suppress",
    }
    hidden |= {} if masked else {"n": float(n)}
    return (hidden | {"note": note}) if note else (known | {"note": "base : toutes les personnes interrogées"})


def _answers(concept, phrase, groups):
    options = concepts()[concept].options if phrase else ()
    found = [(code, label) for code, label in groups.items()]
    found += [(one.code, phrase.format(one.label)) for one in options if one.role not in {"dont_know", "refused"}]
    return [*found, ("sans_reponse", "ne savent pas ou ne souhaitent pas répondre")]


def estimates(codes, *, drawn, size, rng):
    rows = []
    for indicator, concept, phrase, groups, some, both in ASKED:
        for base in ("concerned", "all") if both else ("concerned",) if some else ("all",):
            n = size if base == "all" else max(size // 10, 1)
            for answer, label in _answers(concept, phrase, groups):
                note = HIDDEN.get((concept, answer)) or (MASK if concept == "no_step_reasons" else "")
                rows.append({"level": "territoire", "code": "", "indicator": indicator, "concept": concept,
                             "answer": answer, "label": label, "base": base,
                             **_estimate(rng, n=n, note=note)})  # fmt: skip
    for rank, code in enumerate(["", *codes]):
        hidden = rank == 3
        rows.append({
            "level": "qpv" if code else "territoire", "code": code, "indicator": "PER22", "answer": "n",
            "concept": "respondents", "label": f"répondants : {code}" if code else "répondants", "base": "all",
            "n": np.nan if hidden else float(size if not code else 40 + rank),
            "status": "masked" if hidden else "not_applicable",
            "reliability": "suppress" if hidden else "publish", "note": MASK if hidden else "",
        })  # fmt: skip
    table = pd.DataFrame(rows).assign(vintage=VINTAGE, by="", group="all", method=METHODS[drawn])
    table["label"] = table["label"].map(typographic)
    return table.reindex(columns=schemas.ESTIMATE_COLUMNS)


def card(codes, *, drawn):
    allows = "Les personnes ont été tirées au sort." if drawn else "Les personnes ont répondu d’elles-mêmes."
    rows = [
        ("Commanditaire", "Ville fictive"), ("Collecte", "du 3 mars 2025 au 18 avril 2025"),
        ("Base", "tirage aléatoire" if drawn else "volontaires"), ("Mode", "en face-à-face"),
        ("Période de référence", "5 ans"), *((f"Répondants : {code}", "40") for code in codes),
        ("Répondants : quartier inconnu", "12"),
        ("Ce que ces chiffres permettent", allows),
    ]  # fmt: skip
    return pd.DataFrame([(rank, *row) for rank, row in enumerate(rows, start=1)], columns=schemas.CARD_COLUMNS)


@pytest.fixture(scope="session")
def declared_tables():
    """Adds an invented survey to public tables."""

    def build(tables, *, drawn=False, size=850, shuffled=False):
        rng = np.random.default_rng(11)
        codes = list(tables.territories.loc[tables.territories["level"] == "qpv", "code"])
        rows = estimates(codes, drawn=drawn, size=size, rng=rng)
        if shuffled:
            rows = rows.sort_values(["answer", "label"], ignore_index=True)
        return replace(tables, estimates=rows, card=card(codes, drawn=drawn))

    return build
