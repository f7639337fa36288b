"""The only home of python-pptx: blocks of ``seance.md`` in, slides out."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, Any, Final

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Mm, Pt

from diagnostic.formatting import long_date, typographic
from diagnostic.publication.figures import Paper, png
from diagnostic.publication.report.chapters import TEXTS, mapped
from diagnostic.publication.report.edition import Edition
from diagnostic.publication.slides.archive import steady
from diagnostic.publication.slides.charts import declared_bars, gap_bars

if TYPE_CHECKING:
    from collections.abc import Mapping

    from diagnostic.analysis.disclosure.public import PublicTables
    from diagnostic.publication.kept import Kept
    from diagnostic.publication.report.blocks import Block
    from diagnostic.publication.slides.charts import Bars

    Slide = Any  # python-pptx publishes no types

WIDE, HIGH = Mm(338.7), Mm(190.5)  # 16:9
_LEFT: Final = Mm(18)
_BODY_TOP: Final = Mm(44)
_PICTURE_TOP: Final = Mm(36)  # under a title of one line
_PICTURE: Final = Paper(180.0, (302.7, 140.0))  # what the slide leaves to a map: its letters are read from afar
_BLUE: Final = RGBColor(0x17, 0x3F, 0x73)
_GREY: Final = RGBColor(0x5F, 0x66, 0x72)
_MID: Final = RGBColor(0xB9, 0xB4, 0xA9)
_INK: Final = RGBColor(0x1D, 0x24, 0x33)
_SKY: Final = RGBColor(0xAE, 0xC6, 0xE0)
_ACCENT: Final = RGBColor(0xB5, 0x54, 0x1C)
_SIZES: Final = ((90, 28), (140, 22))  # a title of fewer characters takes this size, in points
_LEAST: Final = 18
_TITLE_ONLY: Final = 5  # layout of the default template


def write_slides(
    tables: PublicTables, *, texts: Mapping[str, str] | None = None, kept: Kept | None = None
) -> bytes:
    """Make the slides of the session.

    Parameters
    ----------
    tables
        What may be published.
    texts
        The lead's own texts; ``seance.md`` replaces the whole deck.
    kept
        Maps already drawn from the same tables.

    Returns
    -------
    bytes
        A pptx file, the same for the same arguments: titles in their placeholders, charts that stay editable, the
        facilitator's script in the notes.

    Raises
    ------
    ConfigurationError, TerritoryError
        As :func:`diagnostic.publication.report.write_report`.
    """
    edition = Edition(tables, texts, paper=_PICTURE, write=png, kept=kept)
    deck = _template()
    for title, body in _slides(edition.prose.blocks("seance", _values(edition))):
        _slide(deck, title, body, edition)
    properties = deck.core_properties
    properties.title = typographic(f"Rendre visibles les discriminations — {edition.reader.identity.name}")
    properties.author = edition.reader.identity.author
    properties.language = "fr-FR"
    buffer = io.BytesIO()
    deck.save(buffer)
    return steady(buffer.getvalue(), day=edition.reader.identity.edition_date)


def _values(edition: Edition) -> dict[str, Any]:
    reader = edition.reader
    gaps, declared = gap_bars(reader), declared_bars(edition.survey)
    return {
        "territoire": f"{reader.identity.name}, {long_date(reader.identity.edition_date)}",
        "generation": str(reader.identity.generation),
        "situation": [edition.situation],
        "carte": next((found for theme in TEXTS if (found := mapped(reader, edition.album, theme))), []),
        "titre_ecarts": gaps.title if gaps else "Quels écarts avec les autres territoires ?",
        "graphique_ecarts": [{"kind": "bars", "bars": gaps}] if gaps else [],
        "titre_ressenti": declared.title if declared else "Comment prendre en compte le ressenti ?",
        "graphique_ressenti": [{"kind": "bars", "bars": declared}] if declared else [],
        "quadrant": [],
    }


def _slides(blocks: list[Block]) -> list[tuple[str, list[Block]]]:
    """Cut the text at its first-level headings."""
    found: list[tuple[str, list[Block]]] = []
    for block in blocks:
        if block["kind"] == "heading" and block["level"] == 1:
            found.append((block["text"], []))
        elif found:
            found[-1][1].append(block)
    return found


def _template() -> Any:  # noqa: ANN401 - no type is published
    """Make the 16:9 template: one layout, a title placeholder, the document's colours and font."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDE, HIGH
    layout = deck.slide_layouts[_TITLE_ONLY]
    for holder in list(layout.placeholders):
        if holder.placeholder_format.type is not None and holder.placeholder_format.idx != 0:
            holder._element.getparent().remove(holder._element)  # noqa: SLF001 - no public way
        else:
            holder.left, holder.top, holder.width, holder.height = _LEFT, Mm(12), WIDE - 2 * _LEFT, Mm(28)
    for holder in deck.slide_master.placeholders:
        if holder.placeholder_format.idx == 0:
            holder.left, holder.top, holder.width, holder.height = _LEFT, Mm(12), WIDE - 2 * _LEFT, Mm(28)
    return deck


def _slide(deck: Any, title: str, body: list[Block], edition: Edition) -> None:  # noqa: ANN401
    slide = deck.slides.add_slide(deck.slide_layouts[_TITLE_ONLY])
    slide.shapes.title.text = title
    frame = slide.shapes.title.text_frame
    frame.word_wrap = True
    size = next((points for most, points in _SIZES if len(title) < most), _LEAST)
    for paragraph in frame.paragraphs:
        paragraph.alignment = 1
        for run in paragraph.runs:
            run.font.size, run.font.bold, run.font.color.rgb = Pt(size), True, _BLUE
    notes: list[str] = []
    words: list[tuple[str, bool]] = []
    for block in body:
        _place(slide, block, edition, words=words, notes=notes)
    if words:
        _write(slide, words)
    _foot(slide, edition, rank=len(deck.slides))
    slide.notes_slide.notes_text_frame.text = "\n".join(notes)


def _place(
    slide: Slide, block: Block, edition: Edition, *, words: list[tuple[str, bool]], notes: list[str]
) -> None:
    kind = block["kind"]
    if kind == "aside":
        for inner in block["body"]:
            _place(slide, inner, edition, words=words, notes=notes)
        notes.append(_text(block["runs"]))
    elif kind == "list":
        words += [(_text(item), True) for item in block["items"]]
    elif kind == "paragraph":
        words.append((_text(block["runs"]), False))
    elif kind == "bars":
        _chart(slide, block["bars"])
    elif kind == "figure":
        _picture(slide, edition.album.files[block["file"]], block["alt"])


def _text(runs: list[dict[str, str]]) -> str:
    return "".join(run["t"] for run in runs)


def _write(slide: Slide, words: list[tuple[str, bool]]) -> None:
    box = slide.shapes.add_textbox(_LEFT, _BODY_TOP, WIDE - 2 * _LEFT, HIGH - _BODY_TOP - Mm(22))
    box.text_frame.word_wrap = True
    for rank, (text, bullet) in enumerate(words):
        paragraph = box.text_frame.paragraphs[0] if rank == 0 else box.text_frame.add_paragraph()
        run = paragraph.add_run()
        run.text = f"–\u00a0{text}" if bullet else text
        run.font.size, run.font.color.rgb = Pt(24), _INK
        paragraph.space_after = Pt(12)


def _small(slide: Slide, text: str, *, top: Emu, colour: RGBColor = _GREY, size: int = 12) -> None:
    box = slide.shapes.add_textbox(_LEFT, top, WIDE - 2 * _LEFT, Mm(8))
    box.text_frame.word_wrap = True
    run = box.text_frame.paragraphs[0].add_run()
    run.text, run.font.size, run.font.color.rgb = typographic(text), Pt(size), colour


def _foot(slide: Slide, edition: Edition, *, rank: int) -> None:
    identity = edition.reader.identity
    banner = f"{edition.reader.banner} · " if edition.reader.banner else ""
    text = (
        f"{banner}{identity.name} · génération {identity.generation} · {long_date(identity.edition_date)} · {rank}"
    )
    _small(slide, text, top=HIGH - Mm(12), colour=_ACCENT if banner else _GREY, size=11)


def _picture(slide: Slide, drawn: bytes, alt: str) -> None:
    """Place a map as a picture: PowerPoint has no native one."""
    high, wide = HIGH - _PICTURE_TOP - Mm(14), WIDE - 2 * _LEFT
    picture = slide.shapes.add_picture(io.BytesIO(drawn), _LEFT, _PICTURE_TOP, height=high)
    if picture.width > wide:
        picture.width, picture.height = wide, Emu(picture.height * wide // picture.width)
    picture.left = Emu((WIDE - picture.width) // 2)
    picture._element.nvPicPr.cNvPr.set("descr", alt)  # noqa: SLF001 - no public way


def _chart(slide: Slide, bars: Bars) -> None:
    _small(slide, bars.subtitle, top=_BODY_TOP - Mm(6), size=14)
    data = CategoryChartData(number_format=bars.number_format)
    data.categories = bars.names
    for name, values in bars.series.items():
        data.add_series(name, values)
    top, high = _BODY_TOP + Mm(3), HIGH - _BODY_TOP - Mm(30)
    frame = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, _LEFT, top, WIDE - 2 * _LEFT, high, data)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", _alternative(bars))  # noqa: SLF001 - no public way
    chart = frame.chart
    chart.font.size, chart.font.color.rgb = Pt(14), _INK
    chart.has_title = False
    chart.has_legend = len(bars.series) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    chart.category_axis.reverse_order = True
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    chart.category_axis.format.line.color.rgb = _GREY
    chart.value_axis.visible = chart.value_axis.has_major_gridlines = False
    chart.value_axis.minimum_scale = 0
    plot = chart.plots[0]
    plot.gap_width, plot.has_data_labels = 45, True
    plot.data_labels.number_format, plot.data_labels.number_format_is_linked = bars.number_format, False
    plot.data_labels.font.size = Pt(13)
    if bars.below:  # else the interval crosses the number
        plot.data_labels.position = XL_LABEL_POSITION.INSIDE_BASE
    for series, colour in zip(plot.series, (_SKY if bars.below else _BLUE, _MID), strict=False):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = colour
    if bars.above:
        _intervals(plot.series[0], bars)
        chart.value_axis.maximum_scale = _highest(bars)
    _small(slide, bars.source, top=HIGH - Mm(24))


def _highest(bars: Bars) -> float:
    """Give the end of the axis that shows every interval whole, to the ten above."""
    shares = next(iter(bars.series.values()))
    return 10 * math.ceil(max((one or 0.0) + up for one, up in zip(shares, bars.above, strict=True)) / 10)


def _alternative(bars: Bars) -> str:
    first = next(iter(bars.series.values()))
    said = [f"{name} : {value:g}".replace(".", ",") for name, value in zip(bars.names, first, strict=True)
            if value is not None]  # fmt: skip
    return typographic(f"{bars.title}. {bars.subtitle}. {' ; '.join(said)}.")


def _intervals(series: Any, bars: Bars) -> None:  # noqa: ANN401 - no type is published
    """Add the bounds as error bars: python-pptx knows none."""
    sides = "".join(
        f"<c:{name}><c:numLit><c:formatCode>General</c:formatCode><c:ptCount val='{len(lengths)}'/>"
        + "".join(
            f"<c:pt idx='{rank}'><c:v>{max(length, 0):.10g}</c:v></c:pt>" for rank, length in enumerate(lengths)
        )
        + f"</c:numLit></c:{name}>"
        for name, lengths in (("plus", bars.above), ("minus", bars.below))
    )
    bounds = parse_xml(
        f"<c:errBars {nsdecls('c')}><c:errBarType val='both'/><c:errValType val='cust'/><c:noEndCap val='0'/>"
        f"{sides}</c:errBars>"
    )
    series._element.find(qn("c:cat")).addprevious(bounds)  # noqa: SLF001 - no public way
