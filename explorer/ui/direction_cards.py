"""How good each direction is: scores, what its edits do to a judge's eyes, what hangs together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import streamlit as st

from explorer.figures.effects import effect_curves
from explorer.figures.heatmap import heatmap
from explorer.figures.sheet import contact_sheet
from explorer.latent import METHODS, Direction, cosines, entanglement
from explorer.ui import words
from explorer.ui.cautions import cautions
from explorer.ui.direction_table import row, summary
from explorer.ui.facts import noun
from explorer.ui.frame import sentences

if TYPE_CHECKING:
    from explorer.bundle import Bundle
    from explorer.ui.resources import Opened

METHOD, TABLE, MATRIX = "card_method", "direction_table", "matrix"
STEPS = (-2.0, -1.0, 0.0, 1.0, 2.0, 3.0)
EXPLAINED = {
    "mean": "The difference of two means: the average code of the {noun}s with it, minus that of "
    "the others.",
    "logistic": "The normal of the plane that best tells {noun}s with it from the others.",
    "conditional": "The difference of the means, without the part that would move attributes "
    "tied to it.",
}
HELP = {
    "Examples": "Training pictures with it.",
    "AUC": "How often an unseen picture with it stands above one without; 0.5 is guessing.",
    "Accuracy": "Share of unseen pictures on the right side, both sides counted equally.",
    "Effect size": "d′: distance of the two groups along the direction, in standard deviations.",
    "Takes": "Share of unseen {noun}s without it on which a judge, a small network trained on "
    "pictures, sees it after the edit.",
    "Leaks": "Share of the judge's other verdicts that changed with it.",
}


def draw(opened: Opened) -> None:
    """The table of all directions, the card of the chosen one, the matrix of all."""
    with sentences():
        found = opened.bundle.directions
        if not found:
            st.info(
                "This model came without attributes, so there is no direction to judge. Make one "
                "of your own: two groups of pictures are enough.",
                icon=":material/label_off:",
            )
            return
        method = _choose_method(found)
        of_method = [direction for direction in found if direction.method == method]
        left, right = st.columns([1.15, 1], gap="large")
        with left:
            chosen = _choose_direction(of_method, opened.bundle)
        with right:
            show_card(chosen, opened.bundle)
        show_matrix(of_method, opened.bundle)


def _choose_method(found: tuple[Direction, ...]) -> str:
    methods = [name for name in METHODS if any(item.method == name for item in found)]
    if st.session_state.get(METHOD) not in methods:
        st.session_state.pop(METHOD, None)
    chosen = st.segmented_control(
        "Method", methods, default=methods[0], required=True, key=METHOD, format_func=str.title
    )
    return str(chosen)


def _choose_direction(directions: list[Direction], bundle: Bundle) -> Direction:
    """The table; a click on a row chooses it."""
    st.caption(EXPLAINED[directions[0].method].format(noun=noun(bundle.config)))
    table = _whole(summary(directions, bundle.effects).drop(columns="Method"))
    event = st.dataframe(
        table,
        on_select="rerun",
        selection_mode="single-row-required",
        selection_default={"selection": {"rows": [0]}},
        hide_index=True,
        key=f"{TABLE}_{directions[0].method}",
        column_config=_columns(table, noun(bundle.config)),
        height=440,
    )
    rows: list[int] = event.selection.rows
    name = table["Name"].iloc[rows[0] if rows and rows[0] < len(table) else 0]
    return next(item for item in directions if words.readable(item.name) == name)


def _columns(table: pd.DataFrame, kind: str) -> dict[str, Any]:
    """How the columns of figures are written; shares are whole percent, see :func:`_whole`."""
    return {
        title: st.column_config.NumberColumn(
            title,
            format="%d" if title == "Examples" else "%d %%" if _is_share(title) else "%.2f",
            help=HELP.get(title.split(" at ")[0], "").format(noun=kind),
        )
        for title in map(str, table.columns)
        if title not in ("Name", "Method")
    }


def _whole(table: pd.DataFrame) -> pd.DataFrame:
    """Shares as whole percent."""
    shares = [title for title in map(str, table.columns) if _is_share(title)]
    return table.assign(**{title: (100 * table[title]).round() for title in shares})


def _is_share(title: str) -> bool:
    return title.startswith(("Takes", "Leaks", "Accuracy"))


def show_card(direction: Direction, bundle: Bundle) -> None:
    """One direction: what it does to the average picture, its figures, what to beware of."""
    kind = noun(bundle.config)
    st.subheader(words.plain(words.readable(direction.name)), anchor=False)
    st.image(average_walk(direction, bundle), width="stretch")
    steps = " · ".join(f"{step:+g}" if step else "0" for step in STEPS)
    st.caption(f"The average {kind} moved to {steps}; 0 is the mean without, 1 the mean with.")
    for sentence in _cautions(direction, bundle):
        st.markdown(f":orange[:material/warning:] {words.plain(sentence)}")
    if direction.locks:
        names = ", ".join(words.readable(name) for name in direction.locks)
        st.markdown(f":material/lock: Leaves where they are: {words.plain(names)}.")
    _show_methods(direction, bundle)
    _show_effects(direction, bundle)


def average_walk(direction: Direction, bundle: Bundle) -> np.ndarray:
    """The average picture at some positions along the direction, side by side, (H, W, C)."""
    centre = bundle.latents.mu.mean(axis=0, keepdims=True)
    here = float(direction.position(centre)[0])
    codes = [direction.apply(centre, alpha=step - here)[0] for step in STEPS]
    return contact_sheet(bundle.decode(np.stack(codes)), columns=len(STEPS))


def _cautions(direction: Direction, bundle: Bundle) -> tuple[str, ...]:
    return cautions(
        direction,
        classifiers=[item for item in bundle.directions if item.method == "logistic"],
        items=bundle.items,
        attribute_names=bundle.config.data.attribute_names,
        effects=bundle.effects,
    )


def _show_methods(direction: Direction, bundle: Bundle) -> None:
    """The methods against one another."""
    same = [item for item in bundle.directions if item.name == direction.name]
    table = pd.DataFrame([row(item, bundle.effects) for item in same])
    table["Method"] = table["Method"].str.title()
    table = _whole(table.drop(columns=["Name", "Examples"]))
    st.dataframe(table, hide_index=True, column_config=_columns(table, noun(bundle.config)))


def _show_effects(direction: Direction, bundle: Bundle) -> None:
    """Success and leakage over alpha, and which other things changed most."""
    effects = bundle.effects
    if effects is None or direction.name not in effects.names:
        st.caption(
            "No judge has looked at edits of this model yet: `python train_cli.py judge "
            f"{bundle.path.parent.name}/{bundle.path.name}` trains one and measures."
        )
        return
    curves = {
        method: (
            effects.success_of(direction.name, method),
            effects.leakage_of(direction.name, method),
        )
        for method in effects.methods
    }
    st.plotly_chart(effect_curves(effects.alphas, curves), width="stretch", key="effect_curves")
    flips = effects.worst_flips(direction.name, direction.method, 1.0, 4)
    if flips:
        named = ", ".join(f"{words.readable(name)} {100 * share:.0f} %" for name, share in flips)
        st.caption(f"What else changed most often at 1: {words.plain(named)}.")
    st.caption(
        f"The judge itself is right about {words.plain(words.readable(direction.name))} on "
        f"{100 * effects.accuracy_of(direction.name):.0f} % of unseen originals."
    )


def show_matrix(directions: list[Direction], bundle: Bundle) -> None:
    """How each direction lies to each other one."""
    if len(directions) < 2:
        return
    expander = st.expander(
        "How they hang together", icon=":material/grid_on:", key="together", on_change="rerun"
    )
    if not expander.open:
        return
    with expander:
        which = st.segmented_control(
            "Matrix",
            ["Cosine", "Entanglement"],
            default="Cosine",
            required=True,
            key=MATRIX,
            help="Cosine: do two directions point the same way? Entanglement: how far an edit of "
            "1 (row) moves another attribute (column), in that attribute's own slider units.",
        )
        classifiers = [
            next(item for item in bundle.directions if item.name == one.name and _reads(item))
            for one in directions
        ]
        values = (
            cosines(directions) if which == "Cosine" else entanglement(directions, classifiers)
        )
        labels = [words.readable(item.name) for item in directions]
        st.plotly_chart(
            heatmap(values, labels, title=str(which)), width="stretch", key="matrix_plot"
        )


def _reads(direction: Direction) -> bool:
    return direction.method in ("logistic", "mean")
