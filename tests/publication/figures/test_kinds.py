"""What holds for every kind of figure: odd inputs, hidden values, legends, papers, bytes, words."""

import re
from dataclasses import replace

import pandas as pd
import pytest

from diagnostic.errors import InputError
from diagnostic.publication.figures import FIGURES, POSTER, SLIDE, Caption, pdf, png, svg
from diagnostic.publication.figures.lettering import width
from diagnostic.publication.figures.theme import artists

KINDS = [kind.name for kind in FIGURES]
CASES = ("plain", "one", "suppressed", "equal", "extreme", "long", "missing")
DRAWN_FROM_VALUES = sorted(set(KINDS) - {"situation", "locator", "coverage", "ladder", "two_generations"})
SPOILT = re.compile(r"\b(nan|inf|None|NaT)\b")
MM = 25.4
CAPTION = Caption("Ce que montre la figure", source="Insee")


def texts(figure):
    return [one for one in artists(figure, "") if hasattr(one, "get_text") and one.get_text()]


def box(text, zoom=1.0):
    """Left, right, top and bottom of an upright text, in the sheet's millimetres; letters only."""
    weight = "semibold" if text.get_fontweight() >= 600 else "regular"
    wide = width(text.get_text(), text.get_fontsize() / zoom, weight)
    x, y = text.get_position()
    left = x - wide * {"left": 0, "center": 0.5, "right": 1}[text.get_horizontalalignment()]
    return left, left + wide, y - text.get_fontsize() / zoom * 0.24, y


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("kind", KINDS)
def test_an_odd_input_gives_a_sensible_figure_and_sensible_words(samples, kind, case):
    call = samples.call(kind, case)
    figure = FIGURES[kind].draw(*call.given, **call.options)
    words = FIGURES[kind].describe(*call.given, **call.options)
    for text in [*(one.get_text() for one in texts(figure)), words]:
        assert not SPOILT.search(text), text
        assert "97,5" not in text
    assert words.endswith(".")
    assert "NaN" not in svg(figure).decode()
    upright = [(one, box(one)) for one in texts(figure) if one.get_rotation() == 0]
    inside(upright, figure)
    apart(upright)


def inside(upright, figure):
    right, bottom = figure.axes[0].get_xlim()[1], figure.axes[0].get_ylim()[0]
    for one, (left, end, top, low) in upright:
        assert left >= -0.5, one.get_text()
        assert end <= right + 0.5, one.get_text()
        assert top >= -0.5, one.get_text()
        assert low <= bottom + 0.5, one.get_text()


def apart(upright):
    for rank, (one, here) in enumerate(upright):
        for other, there in upright[rank + 1 :]:
            across = min(here[1], there[1]) - max(here[0], there[0])
            down = min(here[3], there[3]) - max(here[2], there[2])
            assert across < 0.3 or down < 0.3, (one.get_text(), other.get_text())


@pytest.mark.parametrize("kind", DRAWN_FROM_VALUES)
def test_nothing_published_is_said_and_no_legend_is_empty(samples, kind):
    call = samples.call(kind, "suppressed")
    figure = FIGURES[kind].draw(*call.given, **call.options)
    assert not artists(figure, "class-limit")
    said = " ".join(one.get_text() for one in texts(figure))
    assert re.search(r"Aucun|secret statistique|[Ss]ans réponse|[Mm]asqué|imprécis", said)


@pytest.mark.parametrize("kind", DRAWN_FROM_VALUES)
def test_a_hidden_value_changes_neither_the_image_nor_its_words(samples, kind):
    call = samples.call(kind, "missing")
    table = call.given[0]
    hidden = table.filter(regex="status$").iloc[:, 0] != "observed"
    images, words = [], []
    for value in (12.0, 88.0):
        changed = table.copy()
        changed.loc[hidden.to_numpy(), call.main] = value
        images.append(svg(FIGURES[kind].draw(changed, *call.given[1:], **call.options)))
        words.append(FIGURES[kind].describe(changed, *call.given[1:], **call.options))
    assert images[0] == images[1]
    assert words[0] == words[1]


@pytest.mark.parametrize("kind", sorted(set(DRAWN_FROM_VALUES) - {"interval_bars", "time_series"}))
def test_what_is_left_out_is_counted(samples, kind):
    call = samples.call(kind, "missing")
    figure = FIGURES[kind].draw(*call.given, **call.options)
    foot = " ".join(one.get_text() for one in artists(figure, "foot"))
    assert re.search(r"\(\d+ sur\s\d+ publiés?\)", foot)


@pytest.mark.parametrize("kind", KINDS)
def test_same_tables_give_the_same_bytes(samples, kind):
    first, second = (
        FIGURES[kind].draw(*call.given, **call.options) for call in (samples.call(kind, "plain") for _ in range(2))
    )
    assert svg(first) == svg(second)
    assert png(first, dpi=40) == png(second, dpi=40)


def test_a_tall_figure_turns_the_poster_and_not_the_slide(samples):
    call = samples.call("choropleth", "plain")
    upright = [replace(call.options["caption"], paper=paper) for paper in (POSTER, SLIDE)]
    poster, slide = (
        FIGURES["choropleth"].draw(*call.given, **call.options | {"caption": caption}) for caption in upright
    )
    assert poster.get_figheight() * MM == pytest.approx(420)
    assert slide.get_figwidth() > slide.get_figheight()


def test_a_pdf_has_its_fonts_and_no_date(samples):
    one, other = (pdf(FIGURES["ladder"].draw(*samples.call("ladder", "plain").given, caption=CAPTION))
                  for _ in range(2))  # fmt: skip
    assert one == other
    assert one.startswith(b"%PDF")
    assert b"SourceSans3" in one
    assert b"CreationDate" not in one


@pytest.mark.parametrize("paper", [SLIDE, POSTER], ids=["slide", "poster"])
@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"locator"}))
def test_a_figure_fills_a_slide_or_a_poster_and_nothing_is_cut(samples, kind, paper):
    call = samples.call(kind, "plain").on(paper)
    figure = FIGURES[kind].draw(*call.given, **call.options)
    page = figure.get_size_inches() * MM
    assert sorted(page) == pytest.approx(sorted(paper.page))
    axes = figure.axes[0]
    zoom = axes.get_position().width * page[0] / axes.get_xlim()[1]
    assert zoom >= 1
    for one in texts(figure):
        if one.get_rotation() == 0:
            left, right, *_ = box(one, zoom)
            assert left >= -0.5, one.get_text()
            assert right <= axes.get_xlim()[1] + 0.5, one.get_text()


REFUSING = [
    "bivariate", "choropleth", "coverage", "flow", "forest", "heat_table", "ladder", "national_map", "quadrant",
    "small_multiples", "time_series", "two_generations", "upset",
]  # fmt: skip


@pytest.mark.parametrize("kind", REFUSING)
def test_a_table_without_its_columns_or_rows_is_refused_in_french(samples, kind):
    call = samples.call(kind, "plain")
    table, *others = call.given
    for wrong, words in ((pd.DataFrame({"autre": [1]}), "colonne absente"), (table.iloc[:0], "aucune ligne")):
        for act in (FIGURES[kind].draw, FIGURES[kind].describe):
            with pytest.raises(InputError, match=words):
                act(wrong, *others, **call.options)


@pytest.mark.parametrize("kind", ["choropleth", "circles_map", "small_multiples", "bivariate", "national_map"])
def test_marks_of_absence_differ_in_grey(samples, kind):
    call = samples.call(kind, "plain")
    figure = FIGURES[kind].draw(*call.given, **call.options)
    kinds = ("suppressed", "masked", "not_released", "missing", "not_applicable")
    looks = set()
    for one in kinds:
        mark = artists(figure, f"legend-{one}")[0]
        looks.add((mark.get_hatch(), str(mark.get_linestyle()), type(mark).__name__))
    assert len(looks) == len(kinds)
    labels = {one.get_text().rsplit("\u00a0: ")[-1] for one in artists(figure, "legend-label-")}
    assert "aucun" in labels


def test_every_kind_has_a_sample(samples):
    assert {name for name in KINDS if hasattr(samples, f"_{name}")} == set(KINDS)
