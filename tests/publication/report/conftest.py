"""The same invented territory with everything that the analysis says of it."""

from dataclasses import fields, replace

import pandas as pd
import pytest

from diagnostic.analysis.crossing import CROSSING_COLUMNS, crossing_catalogue
from diagnostic.analysis.synthesis import Synthesis, synthesis

LACKING = "statistique publique comparée, pour ce domaine"
FIRST = {
    "id": "CRO01", "label": "Écart mesuré et ressenti, par domaine", "domain": "emploi_prive",
    "level": "territoire", "domain_label": "L’emploi dans une entreprise", "theme": "employment",
    "x": 12.0, "x_low": 8.0, "x_high": 17.0,
    "y": 8.0, "y_low": 6.0, "y_high": 10.0, "cell": "convergence", "x_unit": "points", "y_unit": "percent",
    "x_label": "Taux d’emploi", "y_label": "citent le domaine", "cell_label": "écart et ressenti",
}  # fmt: skip
SECOND = {
    "id": "CRO01", "label": FIRST["label"], "domain": "logement_social", "domain_label": "Le logement social",
    "level": "territoire", "theme": "housing", "y": 5.0, "y_low": 3.0, "y_high": 7.0, "cell": "undetermined",
    "missing": LACKING,
}  # fmt: skip
BESIDE = {
    "id": "CRO06", "label": "Motif « quartier » et distance au reste de la ville", "level": "territoire",
    "x": 7.5, "x_low": 7.5, "x_high": 7.5, "x_label": "Taux de pauvreté", "x_unit": "points", "y": 35.0,
    "y_low": 29.0, "y_high": 42.0, "y_label": "citent leur quartier", "y_unit": "percent",
    "reading": "Deux mesures côte à côte, sans lien mesuré.",
}  # fmt: skip
ABSENT = {"id": "CRO02", "label": "Indice de non-recours", "level": "territoire", "missing": "réclamations"}


def crossed():
    """Crossings of each sort: drawn, lacking for one domain, written in a table, lacking altogether."""
    table = pd.DataFrame([FIRST, SECOND, BESIDE, ABSENT]).reindex(columns=CROSSING_COLUMNS)
    words = [name for name in CROSSING_COLUMNS if table[name].dtype.kind not in "fi"]
    return table.assign(**{name: table[name].fillna("") for name in words})


@pytest.fixture(scope="session")
def said_tables(public_tables, declared_tables):
    """Adds to public tables what the analysis says of them, crossings included where there is a survey."""
    names = {one.name for one in fields(Synthesis)}

    def build(count=9, *, survey=False, years=(2015, 2018), **options):
        tables = public_tables(count, **options)
        codes = set(tables.territories.loc[tables.territories["level"] == "qpv", "code"])
        later = tables.indicators
        before = later[later["variable"].eq("rsa_share")].assign(period=years[0], headline=False)
        over = pd.concat([before.assign(value=before["value"] - 4), later], ignore_index=True)
        found = synthesis(over, tables.gaps, territory=codes)
        whole = {name: getattr(found, name) for name in names - {"signals"}}
        tables = replace(tables, indicators=over, **whole)
        if not survey:
            return tables
        return replace(declared_tables(tables), crossings=crossed(), crossing_catalogue=crossing_catalogue())

    return build
