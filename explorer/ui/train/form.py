"""The controls of the train page: from choices to an order, its command and the button."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from explorer.bundle import BundleError
from explorer.bundle.jobs import Queue, require_place
from explorer.bundle.orders import Order, check_order
from explorer.bundle.presets import PRESETS, Preset, preset_for
from explorer.data.at_hand import AtHand
from explorer.ui.train import actions, choices
from explorer.ui.words import plain
from explorer.vae import WARMUPS

ONE, GRID = "One model", "A grid of models"
BY_DATA = "the data's own"
NAME, REPLACE = "train_name", "train_replace"
LINKED: dict[str, Any] = {"bind": "query-params", "persist_state": "session"}
HELP = {
    "beta": (
        "Weight of the KL term: 1 is the bound itself, more keeps codes nearer to the prior, 0 "
        "drops the term."
    ),
    "latent_dim": "Numbers in a code, 2 to 512; empty takes the preset's.",
    "name": "Of the folder; empty takes the one shown.",
    "warmup": "How β grows at the start; the classic remedy for a posterior that collapses.",
    "free_bits": "Nats per dimension that cost nothing, another remedy for collapse.",
    "limit": "Only the first so many pictures.",
    "width": "Channels at full resolution, a multiple of 8.",
    "seed": "Decides weights, order and noise.",
}


@dataclass(frozen=True)
class Draft:
    """What stands in the form: an order, or the sentence that says why there is none."""

    order: Order | None
    problem: str = ""


def draw(queue: Queue) -> None:
    """The form; what is chosen is in the link."""
    with st.container(border=True, key="train_form"):
        is_grid = _choose_task() == GRID
        source = _choose_source()
        preset_name = _choose_preset()
        preset = PRESETS[preset_name or preset_for(source.source)]
        draft = _draft(source, preset_name, preset, queue, is_grid=is_grid)
        if draft.problem:
            st.warning(plain(draft.problem), icon=":material/edit:")
        if draft.order is not None:
            st.code(draft.order.long_command(queue.out), language="bash")
        _offer_start(draft, queue)


def _choose_task() -> str:
    chosen = st.segmented_control(
        "Train", [ONE, GRID], default=ONE, required=True, key="task", **LINKED
    )
    return str(chosen)


def _choose_source() -> AtHand:
    """A source whose pictures are there; the others are explained."""
    found = choices.sources()
    ready = {title: one for title, one in found.items() if not one.missing}
    if st.session_state.get("data") not in ready:
        st.session_state.pop("data", None)
    title = st.selectbox("Data", list(ready), key="data", **LINKED)
    if missing := [one.missing for one in found.values() if one.missing]:
        with st.expander(f"{len(missing)} other sources are not here yet"):
            for sentence in missing:
                st.caption(plain(sentence))
            st.caption(
                "Pictures of your own: put a folder or a zip of them beside these, and reload."
            )
    return ready[str(title)]


def _choose_preset() -> str | None:
    about = "; ".join(f"{name}: {preset.description}" for name, preset in PRESETS.items())
    chosen = st.selectbox("Preset", [BY_DATA, *PRESETS], key="preset", help=about, **LINKED)
    return None if chosen == BY_DATA else str(chosen)


def _draft(
    source: AtHand, preset_name: str | None, preset: Preset, queue: Queue, *, is_grid: bool
) -> Draft:
    """The order that the rest of the form describes."""
    try:
        betas, dims = _choose_axes(preset, is_grid=is_grid)
        problem = ""
    except BundleError as error:
        betas, dims, problem = (1.0,), (), str(error)
    name = _choose_name(source, queue, is_grid=is_grid)
    more = _choose_more(preset)
    try:
        order = Order(
            name=name,
            task="sweep" if is_grid else "train",
            data=source.source,
            root=choices.root_of(source),
            preset=preset_name,
            betas=betas,
            latent_dims=dims,
            **more,
        )
        check_order(order)
    except (BundleError, ValueError) as error:
        return Draft(None, problem or str(error))
    return Draft(None, problem) if problem else _placed(order, queue)


def _choose_axes(preset: Preset, *, is_grid: bool) -> tuple[tuple[float, ...], tuple[int, ...]]:
    """Betas and latent_dims: one of each, or lists of them.

    Raises:
        BundleError: A list holds what is no number.
    """
    left, right = st.columns(2)
    if is_grid:
        text = left.text_input("β", "0 1 4", key="betas", help=HELP["beta"], **LINKED)
        other = right.text_input("latent_dim", "2 8 32", key="latent_dims", **LINKED)
        return choices.numbers(text, of="β"), choices.whole_numbers(other, of="latent_dim")
    beta = left.number_input(
        "β", 0.0, 1000.0, 1.0, step=0.5, format="%g", key="beta", help=HELP["beta"], **LINKED
    )
    dim = _whole(right, "latent_dim", preset.latent_dim, least=2, most=512, linked=True)
    return (float(beta),), () if dim is None else (dim,)


def _choose_name(source: AtHand, queue: Queue, *, is_grid: bool) -> str:
    there = {path.name for path in queue.out.glob("*")}
    there |= {job.order.name for job in queue.listing().jobs}
    own = source.root.stem if source.source == "folder" and source.root else source.source
    suggested = choices.free_name(f"{own}-grid" if is_grid else own, there)
    typed = st.text_input("Name", key=NAME, placeholder=suggested, help=HELP["name"])
    return typed.strip() or suggested


def _choose_more(preset: Preset) -> dict[str, Any]:
    with st.expander("More", key="train_more"):
        left, right = st.columns(2)
        found: dict[str, Any] = {
            "epochs": _whole(left, "epochs", preset.epochs, most=10_000),
            "limit": _whole(right, "limit", preset.limit, most=10_000_000),
            "warmup": left.selectbox("warm-up", WARMUPS, key="train_warmup", help=HELP["warmup"]),
        }
        if found["warmup"] != "none":
            found["warmup_epochs"] = float(
                right.number_input("warm-up epochs", 0.5, 1000.0, 3.0, step=0.5, format="%g")
            )
        found["free_bits"] = float(
            left.number_input(
                "free bits", 0.0, 10.0, 0.0, 0.05, "%g", "train_bits", HELP["free_bits"]
            )
        )
        found["width"] = _whole(right, "width", preset.width, least=8, most=512, step=8)
        found["seed"] = _whole(left, "seed", 0, least=0, most=2**31) or 0
    return found


def _whole(
    column: Any,
    name: str,
    preset: int | None,
    *,
    least: int = 1,
    most: int,
    step: int = 1,
    linked: bool = False,
) -> int | None:
    """A whole number; None leaves it to the preset, whose value is shown."""
    value = column.number_input(
        name,
        least,
        most,
        None,
        step=step,
        key=name if linked else f"train_{name}",
        placeholder="all" if preset is None else str(preset),
        help=HELP.get(name),
        **(LINKED if linked else {}),
    )
    return None if value is None else int(value)


def _placed(order: Order, queue: Queue) -> Draft:
    """The order if its name is free, or what is there is to be replaced."""
    try:
        require_place(queue.out / order.name, order)
        return Draft(order)
    except BundleError as error:
        problem = str(error)
    replacing = replace(order, overwrite=True)
    try:
        require_place(queue.out / order.name, replacing)
    except BundleError:
        return Draft(None, problem)
    if order.task == "train" and st.checkbox(
        f"Replace {plain(order.name)}; what is there is lost when the new model is ready",
        key=REPLACE,
    ):
        return Draft(replacing)
    return Draft(None, problem)


def _offer_start(draft: Draft, queue: Queue) -> None:
    is_free = not any(job.is_active for job in queue.listing().jobs)
    st.button(
        "Start" if is_free else "Add to the queue",
        type="primary",
        icon=":material/play_arrow:" if is_free else ":material/playlist_add:",
        disabled=draft.order is None,
        on_click=_start,
        args=(draft.order,),
        key="train_start",
    )


def _start(order: Order) -> None:
    if actions.submit(order):
        # The next one is called otherwise, and replaces nothing unasked.
        st.session_state[NAME] = ""
        st.session_state.pop(REPLACE, None)
