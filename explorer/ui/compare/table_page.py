"""The table of figures, with a button for those that take long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from explorer.ui.compare.choice import Chosen
from explorer.ui.compare.cohorts import scale_of
from explorer.ui.compare.figures import FIGURES, Figure, Found, quick, slow
from explorer.ui.resources import Opened
from explorer.ui.words import plain

UNKNOWN, WAITING = "–", "…"
HELP = (
    "**Mixture gain**: nats by which the ELBO would rise if the fitted mixture were the prior; "
    "much of it means that the prior has holes. **Linear probe**: accuracy of a logistic "
    "regression on the codes, fitted to training and scored on test pictures. **Active units**: "
    "dimensions whose mean varies with the picture by more than 0.01 (Burda et al. 2016)."
)


@st.fragment
def show(chosen: Sequence[Chosen]) -> None:
    """The table, measured as far as anybody has asked for it."""
    models = {each.title: each.opened for each in _distinct(chosen) if each.opened is not None}
    missing = [title for title, opened in models.items() if opened.identity not in _measured()]
    if missing and st.button(
        "Measure the rest",
        type="primary",
        icon=":material/speed:",
        help="SSIM, mixture gain, linear probe, disentanglement scores, verdict: some ten seconds "
        "for each model. Kept until the server stops.",
    ):
        _measure({title: models[title] for title in missing})
        st.rerun()
    found = {title: _found(opened) for title, opened in models.items()}
    scales = {scale_of(opened.bundle.config) for opened in models.values()}
    st.table(make_table(found, marks_best=len(scales) == 1))
    for line in reasons(found, are_missing=bool(missing)):
        st.caption(line)
    for each in chosen:
        if each.opened is None:
            st.caption(f"**{plain(each.title)}** has no column. {plain(each.problem)}")
    st.caption(HELP)


def make_table(found: Mapping[str, Found], *, marks_best: bool) -> pd.DataFrame:
    """Titles of the figures by models; the best of each row in bold where one is better."""
    rows = {
        figure.title: _row(name, figure, found, marks_best=marks_best)
        for name, figure in FIGURES.items()
    }
    rows["Verdict"] = {title: each.verdict or WAITING for title, each in found.items()}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=list(found))
    table.index.name = None
    return table


def reasons(found: Mapping[str, Found], *, are_missing: bool) -> list[str]:
    """Why figures are not known, a line for each reason."""
    grouped: dict[str, dict[str, list[str]]] = {}
    for title, each in found.items():
        for name, reason in each.reasons.items():
            if name not in each.values:
                grouped.setdefault(reason, {}).setdefault(title, []).append(FIGURES[name].title)
    lines = []
    for reason, by_model in grouped.items():
        figures = dict.fromkeys(name for names in by_model.values() for name in names)
        lines.append(f"{UNKNOWN} {', '.join(figures)} of {plain(', '.join(by_model))}: {reason}.")
    if are_missing:
        lines.append(f"{WAITING} takes longer: press “Measure the rest”.")
    return lines


def _row(
    name: str, figure: Figure, found: Mapping[str, Found], *, marks_best: bool
) -> dict[str, str]:
    values = {title: each.values[name] for title, each in found.items() if name in each.values}
    best = None
    if marks_best and figure.best and len(values) > 1:
        best = (max if figure.best == "high" else min)(values.values())
    return {title: _cell(name, figure, each, best=best) for title, each in found.items()}


def _cell(name: str, figure: Figure, found: Found, *, best: float | None) -> str:
    if name not in found.values:
        return UNKNOWN if name in found.reasons else WAITING
    value = found.values[name]
    text = f"{value:,.{figure.digits}f}".replace("-", "−")
    text = f"**{text}**" if value == best else text
    note = found.notes.get(name)
    return f"{text} ({plain(note)})" if note else text


def _measure(models: Mapping[str, Opened]) -> None:
    """Measures the models one after the other, telling how far it is."""
    bar = st.progress(0.0, "Measuring …")
    for number, (title, opened) in enumerate(models.items()):

        def tell(share: float, what: str, *, number: int = number, title: str = title) -> None:
            bar.progress((number + share) / len(models), f"{plain(title)}: {what}")

        _measured()[opened.identity] = slow(opened, progress=tell)
    bar.empty()


def _found(opened: Opened) -> Found:
    return quick(opened.bundle).plus(_measured().get(opened.identity, Found()))


@st.cache_resource(show_spinner=False)
def _measured() -> dict[str, Found]:
    """By the bundle's identity, for all visitors: what was measured stays true."""
    return {}


def _distinct(chosen: Sequence[Chosen]) -> list[Chosen]:
    """Each model once: a table has no two columns of one name."""
    return list({each.title: each for each in chosen}.values())
