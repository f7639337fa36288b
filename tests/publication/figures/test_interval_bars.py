"""Shares of a survey are read by their artists: bars, order, bases, what is named instead of shown."""

import numpy as np
import pandas as pd
import pytest

from diagnostic.publication.figures import NO_COMPARISON, Caption, describe_interval_bars, interval_bars, svg
from diagnostic.publication.figures.lettering import width
from diagnostic.publication.figures.theme import artists

CAPTION = Caption("Motifs cités", source="enquête", generation=2015, count=219)


def table(**columns):
    rows = pd.DataFrame({
        "label": ["le quartier", "l’âge", "le sexe"], "estimate": [35.2, 14.6, 24.2], "ci_low": [28.8, 10.1, 18.6],
        "ci_high": [41.9, 20.1, 30.5], "n": [219.0, 219.0, 219.0],
    })  # fmt: skip
    return rows.assign(**columns)


def texts(figure, prefix):
    return [artist.get_text().replace("\u00a0", " ").replace("\u202f", " ") for artist in artists(figure, prefix)]


def test_rows_keep_their_order_and_are_rounded_to_the_unit():
    figure = interval_bars(table(), caption=CAPTION)
    assert texts(figure, "name-0") == ["Le quartier", "L’âge", "Le sexe"]
    assert texts(figure, "share") == ["35 %", "15 %", "24 %"]
    assert texts(figure, "range") == ["de 28 à 42 %", "de 10 à 21 %", "de 18 à 31 %"]


def test_intervals_are_wide_visible_bars_around_their_dot():
    figure = interval_bars(table(), caption=CAPTION)
    bars, dots = artists(figure, "interval"), artists(figure, "value")
    assert len(bars) == len(dots) == 3
    for bar, dot in zip(bars, dots, strict=True):
        assert bar.get_height() >= 1.5
        assert bar.get_x() < dot.get_xdata()[0] < bar.get_x() + bar.get_width()


def test_two_bases_share_a_row_with_two_marks():
    rows = pd.concat([table(series="parmi eux"), table(series="parmi tous", n=855.0)])
    figure = interval_bars(rows, caption=CAPTION)
    assert texts(figure, "name-0") == ["Le quartier", "L’âge", "Le sexe"]
    assert {mark.get_marker() for mark in artists(figure, "value")} == {"o", "s"}
    assert texts(figure, "key-0") == ["parmi eux (n = 219)"]
    assert texts(figure, "key-1") == ["parmi tous (n = 855)"]


def test_an_answer_hidden_in_one_base_says_which():
    few = table(series="parmi eux", n=[219.0, 20.0, 219.0])
    figure = interval_bars(pd.concat([few, table(series="parmi tous", n=855.0)]), caption=CAPTION)
    assert texts(figure, "hidden") == ["Moins de 30 personnes, pas de pourcentage (parmi eux) : L’âge."]
    assert len(artists(figure, "value")) == 5


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"status": "masked"}, "Masqué pour protéger l’anonymat : L’âge."),
        ({"status": "suppressed"}, "Masqué pour protéger l’anonymat : L’âge."),
        ({"status": "estimated", "n": 29.0}, "Moins de 30 personnes, pas de pourcentage : L’âge."),
        ({"reliability": "suppress"}, "Précision insuffisante, pas de pourcentage : L’âge."),
        ({"status": "missing", "estimate": np.nan}, "Sans réponse exploitable : L’âge."),
    ],
)
def test_what_may_not_be_written_is_named_and_drawn_nowhere(columns, reason):
    rows = table(status="estimated", note="", reliability="publish")
    for name, value in columns.items():
        rows.loc[1, name] = value
    figure = interval_bars(rows, caption=CAPTION)
    assert texts(figure, "hidden") == [reason]
    assert len(artists(figure, "value")) == 2
    said = describe_interval_bars(rows, caption=CAPTION).replace("\u00a0", " ").replace("\u202f", " ")
    assert reason in said
    assert "15 %" not in said
    assert "15 %" not in svg(figure).decode().replace("\u00a0", " ")


def test_nothing_to_show_is_still_a_figure():
    figure = interval_bars(table(status="masked"), caption=CAPTION)
    assert not artists(figure, "value")
    assert texts(figure, "hidden") == ["Masqué pour protéger l’anonymat : Le quartier ; L’âge ; Le sexe."]


def test_the_limit_is_always_written():
    assert NO_COMPARISON in texts(interval_bars(table(), caption=CAPTION), "foot")
    assert describe_interval_bars(table(), caption=CAPTION).endswith(NO_COMPARISON)


def test_long_answers_stay_on_the_sheet():
    rows = table(label=["mot " * 60, "court", "été " * 30], section="Un titre", series="parmi tous")
    figure = interval_bars(rows, caption=CAPTION)
    wide, high = figure.get_size_inches() * 25.4
    for label in [*artists(figure, "name-"), *artists(figure, "hidden"), *artists(figure, "key-0")]:
        x, y = label.get_position()
        assert 0 <= x <= wide - width(label.get_text(), label.get_fontsize())
        assert 0 <= y <= high


def test_the_same_rows_give_the_same_bytes():
    assert svg(interval_bars(table(), caption=CAPTION)) == svg(interval_bars(table(), caption=CAPTION))


def test_a_base_hidden_as_a_whole_is_said_once():
    few = table(series="parmi eux", n=20.0)
    figure = interval_bars(pd.concat([few, table(series="parmi tous", n=855.0)]), caption=CAPTION)
    assert texts(figure, "hidden") == [
        "Moins de 30 personnes, pas de pourcentage (parmi eux) : toutes les réponses."
    ]
