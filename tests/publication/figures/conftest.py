"""One sample of arguments for each kind of figure, in each of the cases that must not break it."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from diagnostic.publication.figures import Caption, Comparator

LONG = "Quartier intercommunal de la Résidence du Parc et du Faubourg de la Gare aux Œillets"
SECRET = 97.531
CASES = ("plain", "one", "suppressed", "equal", "extreme", "long", "missing")
CAPTION = Caption("Ce que montre la figure", subtitle="Mesure, population, année", source="Insee", generation=2015,
                  fictional=True)  # fmt: skip


@dataclass
class Call:
    """Arguments of a figure."""

    given: tuple
    options: dict[str, Any]
    main: str = "value"  # column of the values in the first table

    def on(self, paper):
        caption = self.options.get("caption")
        options = self.options | ({"caption": replace(caption, paper=paper)} if caption else {})
        options |= {"enlarged": False} if "enlarged" in options else {}
        return Call(self.given, options, self.main)


def column(count, case, *, low=20.0, high=50.0):
    """Values and statuses of a case: what is hidden keeps a value that no figure may show."""
    values = np.round(np.linspace(low, high, count) + 0.3 * np.sin(np.arange(count)), 1)
    status = np.array(["observed"] * count, dtype=object)
    if case == "equal":
        values[:] = 42.0
    if case == "extreme" and count > 1:
        values[-1] = 4000.0 if high > 100 else 99.0
    if case == "missing":
        status[::2], status[1::4] = "missing", "masked"
    if case == "suppressed":
        status[:] = "suppressed"
    if case == "plain" and count > 3:
        status[1], status[2], status[3] = "suppressed", "not_released", "not_applicable"
    values[status != "observed"] = SECRET
    return values, status


class Samples:
    def __init__(self, public_tables):
        self.public_tables = public_tables

    def call(self, kind, case):
        count = 1 if case == "one" else 9
        names = {"names": [LONG]} if case == "long" else {}
        self.tables = self.public_tables(count, **names)
        self.codes = [f"QP099{rank:03d}" for rank in range(1, count + 1)]
        self.count, self.case = count, case
        return getattr(self, f"_{kind}")()

    def name(self, text):
        return f"{text} {LONG}"[:80] if self.case == "long" else text

    def values(self, **more):
        values, status = column(self.count, self.case)
        return pd.DataFrame({"code": self.codes, "value": values, "status": status, **more})

    def _map(self, **more):
        options = {"unit": "percent", "caption": CAPTION, "comparators": [Comparator(self.name("région"), 31.0)]}
        return Call((self.values(), self.tables.territories), options | more)

    def _circles_map(self):
        return self._map()

    def _choropleth(self):
        return self._map(method="quantiles", closed="right", enlarged=True)

    def _national_map(self):
        return self._map(crowded={"Autour": (3.8, 50.1, 4.2, 50.4)})

    def _small_multiples(self):
        parts = [self.values(panel=self.name(str(year))) for year in (2017, 2018)]
        return Call((pd.concat(parts), self.tables.territories), {"unit": "percent", "caption": CAPTION})

    def _bivariate(self):
        x, status = column(self.count, self.case)
        y, _ = column(self.count, "plain" if self.case == "plain" else "long")
        table = pd.DataFrame({"code": self.codes, "x": x, "x_status": status, "y": y[::-1]})
        options = {"labels": (self.name("pauvreté"), self.name("emploi")), "units": ("percent", "percent")}
        return Call((table, self.tables.territories), options | {"caption": CAPTION}, "x")

    def _situation(self):
        return Call((self.tables.territories,), {"caption": CAPTION}, "")

    def _locator(self):
        return Call((self.tables.territories, "QP099001"), {"source": "ANCT"}, "")

    def _two_generations(self):
        own = self.tables.territories[self.tables.territories["level"] == "qpv"]
        moved = own.assign(code=own["code"].str.replace("QP099", "QN0990"), vintage=2024,
                           geometry=own.geometry.translate(0.002, 0.001))  # fmt: skip
        pairs = pd.DataFrame({"code_2024": moved["code"].to_numpy(), "code_2015": own["code"].to_numpy(),
                              "share_of_2024": 0.8})  # fmt: skip
        both = pd.concat([own.assign(vintage=2015), moved])
        return Call((pairs, both, self.tables.territories), {"caption": CAPTION}, "")

    def _gap_chart(self):
        label = self.name("CA des Trois Rivières")
        compared = pd.DataFrame({"code": self.codes, "comparator_kind": "epci", "comparator_label": label,
                                 "comparator_value": 33.0})  # fmt: skip
        compared = compared.iloc[:0] if self.case == "missing" else compared
        more = {"low": lambda table: table["value"] - 4, "high": lambda table: table["value"] + 4}
        options = {"territories": self.tables.territories, "unit": "percent", "caption": CAPTION}
        return Call((self.values().assign(**more), compared), options)

    def _group_gap_chart(self):
        options = {"territories": self.tables.territories, "group": "women", "caption": CAPTION}
        return Call((self.values(),), options)

    def _interval_bars(self):
        return Call((self.estimates("sexe", "âge", "origine"),), {"caption": CAPTION}, "estimate")

    def estimates(self, *labels, codes=None):
        share, status = column(len(codes or labels), self.case)
        table = pd.DataFrame({
            "label": [self.name(label) for label in labels] if labels else "", "estimate": share,
            "ci_low": share - 6, "ci_high": np.minimum(share + 6, 100), "n": 120.0, "status": status,
            "reliability": "publish", "note": "",
        })  # fmt: skip
        hidden = status != "observed"
        table.loc[hidden, ["reliability"]] = "suppress"
        return table.assign(code=codes) if codes else table

    def _forest(self):
        table = self.estimates(codes=["", *self.codes])
        return Call((table,), {"territories": self.tables.territories, "caption": CAPTION}, "estimate")

    def _heat_table(self):
        pairs = [(self.name(one), self.name(other)) for one in ("sexe", "âge") for other in ("emploi", "logement")]
        pairs = pairs[:1] if self.case == "one" else pairs
        values, status = column(len(pairs), self.case)
        table = pd.DataFrame(pairs, columns=["criterion", "domain"]).assign(value=values, status=status)
        return Call((table,), {"unit": "percent", "caption": CAPTION})

    def _coverage(self):
        pairs = [(self.name(one), self.name(other)) for one in ("emploi", "santé") for other in ("sexe", "âge")]
        pairs = pairs[:1] if self.case == "one" else pairs
        absent = np.nan if self.case in {"missing", "suppressed"} else 0
        table = pd.DataFrame(pairs, columns=["domain", "criterion"])
        return Call((table.assign(signals=2, data=absent, actions=absent),), {"caption": CAPTION}, "")

    def _quadrant(self):
        y, _ = column(self.count, "extreme" if self.case == "extreme" else "long")
        x, status = column(self.count, self.case, low=-5.0, high=15.0)
        table = pd.DataFrame({
            "label": [self.name(f"domaine {rank}") for rank in range(self.count)],
            "number": range(1, self.count + 1), "x": x, "x_low": x - 2, "x_high": x + 2, "x_status": status,
            "y": y, "y_low": y - 4, "y_high": y + 4,
            "cell": "undetermined",
        })  # fmt: skip
        return Call((table,), {"lines": (5.0, 30.0), "caption": CAPTION}, "x")

    def _upset(self):
        criteria = ["origine", "sexe", "origine|sexe", "âge", "origine|âge", "lieu de résidence"]
        criteria = ["|".join(self.name(one) for one in names.split("|")) for names in criteria]
        criteria = criteria[: 1 if self.case == "one" else None]
        values, status = column(len(criteria), self.case)
        table = pd.DataFrame({"criteria": criteria, "value": values, "status": status})
        return Call((table,), {"unit": "persons", "caption": CAPTION})

    def _ladder(self):
        count = 1 if self.case == "one" else 4
        rungs = {"equal": [3] * 4, "missing": [np.nan] * 4, "suppressed": [np.nan] * 4}.get(
            self.case, [0, 5, 2, 1]
        )
        table = pd.DataFrame({
            "finding": [self.name(f"Constat {rank}") for rank in range(count)], "evidence": rungs[:count],
            "sources": self.name("écart statistique"),
        })  # fmt: skip
        return Call((table,), {"caption": CAPTION}, "")

    def _flow(self):
        steps = [("aucune démarche", "n’y croyaient pas"), ("aucune démarche", "ne savaient pas"),
                 ("une démarche", "orientées"), ("une démarche", "sans suite")]  # fmt: skip
        steps = [(self.name(one), self.name(other)) for one, other in steps][: 1 if self.case == "one" else None]
        values, status = column(len(steps), self.case)
        table = pd.DataFrame(steps, columns=["step", "outcome"]).assign(value=values, status=status)
        return Call((table,), {"unit": "percent", "caption": CAPTION})

    def _time_series(self):
        years = [2017, 2018, 2019, 2020]
        parts = []
        for name in ("quartier", "commune")[: self.count]:
            values, status = column(len(years), self.case)
            parts.append(pd.DataFrame({
                "series": self.name(name), "period": years, "value": values, "status": status,
                "role": "qpv" if name == "quartier" else "comparator",
                "break_before": ["", "", "nouvelle méthode", ""],
            }))  # fmt: skip
        return Call((pd.concat(parts),), {"unit": "percent", "caption": CAPTION})


@pytest.fixture
def samples(public_tables):
    return Samples(public_tables)
