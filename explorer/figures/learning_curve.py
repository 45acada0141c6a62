"""How well something is told against how many examples it was learnt from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from plotly import graph_objects as go

from explorer.figures.palette import CATEGORICAL
from explorer.figures.style import DASHES, FAINT, MARKERS, dress

HEIGHT = 300


def learning_curves(
    counts: Sequence[int], curves: Mapping[str, Sequence[Sequence[float]]], *, chance: float
) -> go.Figure:
    """Accuracies of several learners, with the spread over choices of the examples.

    Args:
        counts: (K,) examples, ascending; drawn at even distances.
        curves: For each learner K lists of accuracies, 0 to 1, one for each choice.
        chance: What a guess gets, drawn as a line.
    """
    figure = go.Figure()
    for number, (name, points) in enumerate(curves.items()):
        means = [float(np.mean(each)) for each in points]
        colour = CATEGORICAL[number % len(CATEGORICAL)]
        figure.add_scatter(
            x=list(range(len(counts))),
            y=means,
            error_y={
                "array": [max(each) - mean for each, mean in zip(points, means, strict=True)],
                "arrayminus": [mean - min(each) for each, mean in zip(points, means, strict=True)],
                "thickness": 1.5,
                "width": 5,
            },
            mode="lines+markers",
            name=name,
            line={"color": colour, "width": 2.5, "dash": DASHES[number % len(DASHES)]},
            marker={"symbol": MARKERS[number % len(MARKERS)], "size": 9},
            hovertemplate="%{y:.1%}<extra>" + name + "</extra>",
        )
    figure.add_hline(y=chance, line={"color": FAINT, "width": 1, "dash": "dot"})
    figure.update_xaxes(
        title_text="Labels learnt from",
        tickvals=list(range(len(counts))),
        ticktext=[f"{count:,}" for count in counts],
        range=[-0.3, len(counts) - 0.7],
    )
    figure.update_yaxes(
        title_text="Told rightly,<br>of test pictures", tickformat=".0%", range=[0, 1.02]
    )
    return dress(figure, height=HEIGHT)
