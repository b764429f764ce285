"""A chart as a plotly figure, for the browser: what plotly.js draws when it comes into view."""

import textwrap
from typing import Any

import plotly.graph_objects as go

from nextgen.charts.chart import Chart, shown
from nextgen.charts.colours import PATTERNS, Scheme, hexadecimal
from nextgen.formats import NBSP

TYPE = "Hanken Grotesk, system-ui, sans-serif"
LINE, BAR, GAP = 20, 18, 16
LEGEND, HIGH = 34, 320
AROUND = 400  # title, button and source of an embedded chart, where a phone wraps them most
NARROW = 30  # signs of a label that stand beside a value on a phone
# Not with tags: the policy forbids the styles that plotly.js would write for them.
BOLD = {"font": {"weight": 700}}
DASHES = {"muted": "dot", "on-track": "dash"}


def height(chart: Chart) -> int:
    """How high the drawing is, in CSS pixels, at any width."""
    legend = LEGEND * -(-len(chart.drawn) // 3) if len(chart.drawn) > 1 else 0
    if chart.kind == "bars":
        return legend + max(1, len(chart.drawn_rows)) * _pitch(chart)
    return legend + HIGH


def frame_height(chart: Chart) -> int:
    """How high a frame has to be that shows it with its title and source, also on a phone."""
    return height(chart) + AROUND


def _plain(words: str) -> str:
    """A text as plotly.js shows it: it would read tags, and write their styles into the page."""
    return words.replace("&", "&amp;").replace("<", "&lt;")


def _label(words: str) -> list[str]:
    return [_plain(line) for line in textwrap.wrap(words, NARROW)] or [""]


def _pitch(chart: Chart) -> int:
    """The height of one bar with its label."""
    lines = max((len(_label(row.label)) for row in chart.drawn_rows), default=1)
    return lines * LINE + BAR + GAP


def plotted(chart: Chart, scheme: Scheme = "light") -> dict[str, Any]:
    """The figure as plotly.js reads it, in the colours of this scheme.

    Each bar carries the address of its selection as `customdata`.
    """
    figure = go.Figure(
        layout={
            "template": go.layout.Template(),
            "height": height(chart),
            "barmode": "stack",
            "dragmode": False,
            "showlegend": len(chart.drawn) > 1,
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom",
                       "traceorder": "normal", "itemclick": False, "itemdoubleclick": False},
            "font": {"family": TYPE, "size": 14, "color": hexadecimal("ink", scheme)},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "hoverlabel": {"font": {"family": TYPE, "size": 14}},
            "margin": {"l": 0, "r": 0, "t": 0, "b": 0, "pad": 0},
        }
    )  # fmt: skip
    {"bars": _bars, "columns": _columns, "lines": _lines}[chart.kind](figure, chart, scheme)
    described: dict[str, Any] = figure.to_plotly_json()
    return described


def _traces(chart: Chart, scheme: Scheme) -> list[dict[str, Any]]:
    """What bars and columns share: their parts, colours, patterns, words and addresses."""
    rows, traces = chart.drawn_rows, []
    for place, series in chart.drawn:
        colours = [hexadecimal(chart.colour(row, series), scheme) for row in rows]
        marker: dict[str, Any] = {
            "color": colours[0] if chart.stacked else colours,
            "line": {"color": hexadecimal("paper", scheme), "width": 1},
        }
        if chart.stacked and series.colour in PATTERNS:
            marker["pattern"] = {
                "shape": PATTERNS[series.colour],
                "fgcolor": hexadecimal("paper", scheme),
                "fillmode": "overlay",
                "size": 7,
                "solidity": 0.2,
            }
        traces.append(
            {
                "name": _plain(series.label),
                "marker": marker,
                "customdata": [row.cells[place].address or row.address for row in rows],
                "hovertext": [
                    f"{_plain(row.label)}<br>{_plain(series.label)}:"
                    f" {shown(row.cells[place].value, series.unit)}"
                    for row in rows
                ],
                "hovertemplate": "%{hovertext}<extra></extra>",
                "values": [row.cells[place].value for row in rows],
            }
        )
    return traces


def _bars(figure: go.Figure, chart: Chart, scheme: Scheme) -> None:
    """Lying bars, each below its own label, so that no label ever takes the width of the bars."""
    rows, pitch = chart.drawn_rows, _pitch(chart)
    for trace in _traces(chart, scheme):
        values = trace.pop("values")
        figure.add_trace(
            go.Bar(orientation="h", x=values, y=list(range(len(rows))), width=BAR / pitch, **trace)
        )
    places = [place for place, _series in chart.drawn]
    beside = {"xref": "paper", "yref": "y", "yanchor": "bottom", "yshift": BAR / 2 + 2,
              "showarrow": False}  # fmt: skip
    for number, row in enumerate(rows):
        published = any(row.cells[place].value is not None for place in places)
        whole = shown(chart.height_of(row) if published else None, chart.unit)
        figure.add_annotation(
            x=0, y=number, xanchor="left", align="left", text="<br>".join(_label(row.label)),
            **beside,
        )  # fmt: skip
        figure.add_annotation(x=1, y=number, xanchor="right", text=whole, **beside, **BOLD)
    below = (BAR / 2 + GAP / 2) / pitch
    figure.update_xaxes(visible=False, fixedrange=True, range=[0, chart.largest])
    figure.update_yaxes(visible=False, fixedrange=True, range=[len(rows) - 1 + below, below - 1])
    legend = height(chart) - len(rows) * pitch
    figure.update_layout(margin_t=legend)


def _columns(figure: go.Figure, chart: Chart, scheme: Scheme) -> None:
    """Standing columns, each with its sum above."""
    labels = [_plain(row.label).replace(NBSP, "<br>") for row in chart.drawn_rows]
    for trace in _traces(chart, scheme):
        values = trace.pop("values")
        figure.add_trace(go.Bar(x=labels, y=values, **trace))
    for number, row in enumerate(chart.drawn_rows):
        figure.add_annotation(
            x=number, y=chart.height_of(row), yanchor="bottom", showarrow=False,
            text=shown(chart.height_of(row), chart.unit), **BOLD,
        )  # fmt: skip
    figure.update_xaxes(
        type="category", fixedrange=True, linecolor=hexadecimal("muted", scheme), tickangle=0
    )
    figure.update_yaxes(visible=False, fixedrange=True, range=[0, chart.largest * 1.1])
    figure.update_layout(margin_t=height(chart) - HIGH, margin_b=48)


def _lines(figure: go.Figure, chart: Chart, scheme: Scheme) -> None:
    """Lines that differ in colour and dash; years below."""
    rows = chart.drawn_rows
    for place, series in chart.drawn:
        figure.add_trace(
            go.Scatter(
                mode="lines",
                name=_plain(series.label),
                x=[row.label for row in rows],
                y=[row.cells[place].value for row in rows],
                line={
                    "color": hexadecimal(series.colour, scheme),
                    "dash": DASHES.get(series.colour, "solid"),
                    "width": 3,
                },
                customdata=[row.address for row in rows],
                hovertemplate=f"%{{x}}<br>{_plain(series.label)}: %{{y}}<extra></extra>",
            )
        )
    years = {row.label: str(row.code)[:4] for row in rows if str(row.code).endswith("-Q1")}
    figure.update_xaxes(
        type="category", tickvals=list(years), ticktext=list(years.values()), fixedrange=True,
        linecolor=hexadecimal("muted", scheme), ticks="outside", tickangle=0, showgrid=False,
    )  # fmt: skip
    figure.update_yaxes(
        fixedrange=True, gridcolor=hexadecimal("line", scheme), rangemode="tozero", side="right",
        tickformat="d", zeroline=False,
    )  # fmt: skip
    figure.update_layout(
        margin_t=height(chart) - HIGH, margin_b=40, margin_r=44, hovermode="closest"
    )
