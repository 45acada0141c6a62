"""Training curves over each other, and the rate–distortion plane."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from explorer.figures.rate_distortion import Dot, rate_distortion
from explorer.figures.training_curves import Run, training_curves
from explorer.latent.pareto import pareto_front
from explorer.ui.compare.choice import PLAIN, Chosen, beta_title
from explorer.ui.compare.cohorts import scale_of
from explorer.ui.words import plain

if TYPE_CHECKING:
    import pandas as pd

    from explorer.bundle import Config
    from explorer.bundle.sweeps import Sweep

CURVES = {
    "elbo": "ELBO (nats per picture)",
    "rate": "Rate (nats per picture)",
    "distortion": "Distortion (nats per picture)",
    "psnr": "PSNR (dB)",
    "active_units": "Active units",
    "beta": "β in force",
}
SPLITS = {"valid": "unseen pictures", "train": "training pictures"}
CURVE, SPLIT = "curve", "split"


def show_training(chosen: Sequence[Chosen]) -> None:
    """One figure of all models, epoch by epoch."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        name = _choose("Figure", list(CURVES), CURVE)
        split = _choose("Measured on", list(SPLITS), SPLIT)
    runs, missing = [], []
    for each in chosen:
        found = make_run(each, name, split=split)
        runs.append(found)
        if not len(found.values):
            missing.append(each.title)
    st.plotly_chart(training_curves(runs, title=CURVES[name]), key="compare_curves")
    if missing:
        listed = ", ".join(f"**{plain(title)}**" for title in missing)
        st.caption(
            f"No such line for {listed}: the log has no {name} of {SPLITS[split]}, or there is no "
            "model."
        )
    if name in ("elbo", "distortion") and _num_scales(chosen) > 1:
        st.caption("Not all of these are on one scale: data, size or likelihood differ.")


def make_run(chosen: Chosen, name: str, *, split: str) -> Run:
    """A figure of a model's log at the end of each epoch; empty where it is not there."""
    nothing = np.zeros(0)
    if chosen.opened is None:
        return Run(chosen.title, nothing, nothing)
    log = chosen.opened.bundle.metrics
    if name not in log or not {"epoch", "split"} <= set(log.columns):
        return Run(chosen.title, nothing, nothing)
    return Run(chosen.title, *_by_epoch(log[log["split"] == split], name))


def _by_epoch(log: pd.DataFrame, name: str) -> tuple[np.ndarray, np.ndarray]:
    known = log[["epoch", name]].dropna().groupby("epoch")[name].mean()
    return known.index.to_numpy(np.float64), known.to_numpy(np.float64)


def _choose(label: str, options: list[str], key: str) -> str:
    titles = CURVES | SPLITS
    chosen = st.selectbox(
        label,
        options,
        format_func=titles.__getitem__,
        key=key,
        bind="query-params",
        persist_state="session",
        width=260,
    )
    return str(chosen)


# ---- rate and distortion ----


def show_plane(chosen: Sequence[Chosen], sweep: Sweep | None) -> None:
    """One dot a model; the grid's other cells faintly behind them."""
    known = [(number, each) for number, each in enumerate(chosen) if each.opened is not None]
    configs = {number: _config(each) for number, each in known}
    if not configs:
        return
    scale = scale_of(next(iter(configs.values())))
    dots, left_out = make_dots(
        {number: (chosen[number].name, config) for number, config in configs.items()},
        others=[] if sweep is None else _other_cells(sweep, chosen),
        scale=scale,
    )
    if dots:
        st.plotly_chart(rate_distortion(dots), key="compare_plane")
        st.caption(
            "Left is cheaper: fewer nats to send a code. Down is truer: fewer nats to send the "
            "picture, given its code. No model on the dotted line is beaten in both by another "
            "one here. All is measured on unseen test pictures."
        )
    for reason, names in left_out.items():
        st.caption(f"Not drawn: {', '.join(plain(name) for name in names)}. {reason}")


def make_dots(
    models: dict[int, tuple[str, Config]],
    *,
    others: Sequence[tuple[str, Config]],
    scale: tuple[object, ...],
) -> tuple[list[Dot], dict[str, list[str]]]:
    """The dots, and by reason the names of the models that have none.

    Args:
        models: Name and configuration by number.
        others: Models that are only there for context.
        scale: What the nats of all must agree in, see :func:`~.cohorts.scale_of`.
    """
    left_out: dict[str, list[str]] = {}
    found: list[tuple[int | None, str, Config]] = []
    for number, (name, config) in [*models.items(), *((None, each) for each in others)]:
        reason = _why_no_dot(config, scale)
        if not reason:
            found.append((number, name, config))
        elif number is not None:
            left_out.setdefault(reason, []).append(name)
    costs = np.array([[c.results["rate"], c.results["distortion"]] for _, _, c in found])
    front = pareto_front(costs.reshape(-1, 2))
    dots = [
        Dot(name, _label(config), float(rate), float(distortion), number, bool(on))
        for (number, name, config), (rate, distortion), on in zip(found, costs, front, strict=True)
    ]
    return dots, left_out


def _why_no_dot(config: Config, scale: tuple[object, ...]) -> str:
    if not config.model.variational:
        return "An autoencoder's code is a point: it has no rate."
    if not {"rate", "distortion"} <= set(config.results):
        return "Its config.json holds no rate or no distortion."
    if scale_of(config) != scale:
        return "Its nats are on another scale: data, size or likelihood differ."
    return ""


def _label(config: Config) -> str:
    beta = config.objective.beta if config.model.variational else PLAIN
    return f"{beta_title(beta)}, {config.model.latent_dim}"


def _other_cells(sweep: Sweep, chosen: Sequence[Chosen]) -> list[tuple[str, Config]]:
    shown = {each.opened.bundle.path for each in chosen if each.opened is not None}
    return [
        (f"{sweep.name}/{cell.index.name}", cell.config)
        for cell in sweep.cells
        if cell.config is not None and cell.path not in shown
    ]


def _config(chosen: Chosen) -> Config:
    assert chosen.opened is not None
    return chosen.opened.bundle.config


def _num_scales(chosen: Sequence[Chosen]) -> int:
    return len({scale_of(_config(each)) for each in chosen if each.opened is not None})
