"""Who says it, and where it plays out: convergence of sources, and the micro, meso and macro levels."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from diagnostic.analysis.crossing import (
    NO_ACTIONS,
    NO_SURVEY,
    Material,
    Side,
    bounded,
    crossing,
    lacking,
    perceived,
    row,
)
from diagnostic.analysis.evidence import TERRITORY, degree_label
from diagnostic.formatting import number
from diagnostic.vocabulary import SCALE_LABELS, THEME_LABELS, Scale, Theme

if TYPE_CHECKING:
    from collections.abc import Iterator


@crossing(
    id="CRO07", label="Convergence des sources, par domaine",
    formula="plus grand nombre de sortes de sources concordantes pour un même domaine, un même critère et le même "
    "périmètre, de 0 à 5",
    says="De combien de côtés différents un domaine est éclairé.",
    does_not_say="Qu’une discrimination est établie ; une décomposition n’y ajoute jamais rien.",
    ask="À chaque partenaire : quelle source manque, et qui peut l’apporter ?",
)  # fmt: skip
def convergence(material: Material) -> Iterator[dict[str, object]]:
    """Give the highest degree of each theme over the whole territory (CRO07)."""
    whole = material.evidence[material.evidence["perimeter"] == TERRITORY]
    for theme in Theme:
        rows = whole[whole["theme"] == str(theme)].sort_values(
            ["degree", "criterion"], ascending=[False, True], kind="stable"
        )
        if theme is Theme.POPULATION or rows.empty:
            continue
        best = rows.iloc[0]
        degree = int(best["degree"])
        told = (
            f"{best['sources']}, critère « {best['criterion_label']} »" if degree else "aucune source concordante"
        )
        yield row(Side(degree, degree, degree, degree_label(degree), "index"), None, domain=str(theme),
                  reading=f"{THEME_LABELS[theme]} : {told}.") | {"domain_label": THEME_LABELS[theme]}  # fmt: skip


@crossing(
    id="CRO08", label="Faits et actions aux niveaux micro, méso et macro",
    formula="part des personnes concernées qui attribuent le fait à une personne, une organisation ou une règle "
    "(%) × part des actions de ce niveau (%)",
    says="Si l’on agit au niveau où les faits sont situés : faits d’organisation, actions sur les personnes ?",
    does_not_say="Qui est responsable : c’est ce que les personnes déclarent, plusieurs réponses possibles.",
    ask="Aux employeurs, bailleurs et guichets : quelle procédure, et non quelle personne, est en cause ?",
)  # fmt: skip
def levels(material: Material) -> Iterator[dict[str, object]]:
    """Put the level of the authors beside the level of the actions (CRO08)."""
    sides = {scale: perceived(material, "event_authors", str(scale), base="concerned") for scale in Scale}
    absent = [] if any(sides.values()) else [f"{NO_SURVEY}, auteurs du fait"]
    if material.actions is None or material.actions.empty:
        absent.append(NO_ACTIONS)
    if absent or material.actions is None:
        yield lacking(*absent)
        return
    done = material.actions.drop_duplicates("action")["level"].value_counts(normalize=True) * 100
    for scale, y in sides.items():
        share = float(done.get(str(scale), 0.0))
        x = Side(share, share, share, f"actions de niveau {SCALE_LABELS[scale]}", "percent")
        missing = "" if y is not None else f"part publiable du niveau {SCALE_LABELS[scale]}"
        told = "" if y is None else bounded(material, (
            f"Niveau {SCALE_LABELS[scale]} : cité par {number(math.floor(y.low))} à {number(math.ceil(y.high))} % "
            f"des personnes concernées, {number(share)} % des actions."
        ))  # fmt: skip
        yield row(x, y, reading=told, missing=missing, cell=str(scale), cell_label=SCALE_LABELS[scale])
