"""True coverage of the 95 % intervals of a proportion, over samples drawn from known populations.

Run: ``python benchmarks/survey_coverage.py [samples]`` (2,000 by default); the table printed is in
``docs/survey-methods.md``. All the samples of a setting are the domains of one survey, each its own stratum: one
call estimates them all.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np
import pandas as pd

from diagnostic.analysis.survey import SurveyDesign

INTERVALS = ("guarded", "nchs", "beta", "wilson", "logit", "wald")
SHARES = (0.03, 0.05, 0.18, 0.50)
SIZES = (30, 60, 120, 300)


@dataclass(frozen=True)
class Setting:
    """How interviews are grouped: so many by cluster, with this intra-cluster correlation; weights 1 or 3."""

    label: str
    per_cluster: int
    correlation: float
    weighted: bool


SETTINGS = (
    Setting("simple random", 1, 0.0, weighted=False),
    Setting("unequal weights (1 or 3)", 1, 0.0, weighted=True),
    Setting("clusters of 5, ICC 0.05", 5, 0.05, weighted=False),
    Setting("clusters of 10, ICC 0.10", 10, 0.10, weighted=False),
    Setting("clusters of 5, ICC 0.05, weights", 5, 0.05, weighted=True),
)


def draw(setting: Setting, share: float, size: int, samples: int, rng: np.random.Generator) -> pd.DataFrame:
    """Draw the samples from a population whose share is exactly ``share``."""
    clusters = size // setting.per_cluster
    shape = (samples, clusters, setting.per_cluster)
    if setting.correlation:
        strength = 1 / setting.correlation - 1
        level = rng.beta(share * strength, (1 - share) * strength, shape[:2])[..., None]
    else:
        level = np.full((*shape[:2], 1), share)
    # Half of the respondents stand for three others; their share is 1.2 times that of the rest.
    heavy = rng.random(shape) < 0.5 if setting.weighted else np.zeros(shape, dtype=bool)
    scale = np.where(heavy, 1.2, 1.0) / (1.15 if setting.weighted else 1.0)
    unit = np.arange(samples * clusters).reshape(shape[:2])
    return pd.DataFrame(
        {
            "yes": (rng.random(shape) < np.minimum(level * scale, 1)).ravel().astype(np.int8),
            "weight": np.where(heavy, 3.0, 1.0).ravel(),
            "cluster": np.broadcast_to(unit[..., None], shape).ravel(),
            "sample": np.broadcast_to(np.arange(samples)[:, None, None], shape).ravel(),
        }
    )


def coverage(frame: pd.DataFrame, share: float) -> dict[str, float]:
    """Give the share of the samples whose interval holds the truth, for each interval."""
    design = SurveyDesign(frame, "weight", strata="sample", clusters="cluster")
    found = {}
    for interval in INTERVALS:
        table = design.proportion("yes", by="sample", interval=interval)
        found[interval] = float(table["ci_low"].le(share).mul(table["ci_high"].ge(share)).mean())
    return found


def main(samples: int) -> None:
    rng = np.random.default_rng(20240229)
    print(f"| sample | share | interviews | {' | '.join(INTERVALS)} |")
    print("|---|---|---|" + "---|" * len(INTERVALS))
    worst = dict.fromkeys(INTERVALS, 1.0)
    for setting in SETTINGS:
        for share in SHARES:
            for size in SIZES:
                found = coverage(draw(setting, share, size, samples, rng), share)
                worst = {name: min(worst[name], found[name]) for name in INTERVALS}
                cells = " | ".join(f"{100 * value:.1f}" for value in found.values())
                print(f"| {setting.label} | {share:.0%} | {size} | {cells} |", flush=True)
    print("| **worst** | | | " + " | ".join(f"**{100 * value:.1f}**" for value in worst.values()) + " |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
