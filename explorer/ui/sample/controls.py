"""The controls of the sample page; every one is part of the link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from explorer.latent.sampling import MAX_SEED
from explorer.ui.sample.plan import (
    BETWEEN,
    CLASS,
    COUNTS,
    MIXTURE,
    RINGS,
    SAMPLERS,
    SOURCES,
    TRUNCATIONS,
    Plan,
)
from explorer.ui.words import readable

if TYPE_CHECKING:
    from explorer.bundle import Bundle

SOURCE, KIND, OTHER = "sampler", "class", "towards"
TEMPERATURE, TRUNCATION, SEED, COUNT = "temperature", "truncation", "seed", "count"
HOTTEST = 2.0
DEFAULT_TEMPERATURE = 0.8  # the sampler itself is 1; a little below, fewer pictures fail
FAVOURITES = ("Smiling", "7", "Eyeglasses")  # the first class a newcomer sees
LINKED: dict[str, Any] = {"bind": "query-params", "persist_state": "session"}
HELP = {
    SOURCE: (
        "The mixture follows where the codes of the data lie; the prior is the normal "
        "distribution that training pulled them towards; a class is the cloud of its pictures. "
        "Rings, corners and the way between two classes are places worth a look."
    ),
    TEMPERATURE: (
        "Factor on how far samples scatter: 1 is the sampler itself, below 1 pictures are more "
        "typical and less varied, 0 gives the centres."
    ),
    TRUNCATION: "Draws none of a code's numbers from beyond so many standard deviations.",
    SEED: "The same seed gives the same samples, on any machine.",
}


def choose_plan(bundle: Bundle) -> Plan:
    """What is to be drawn."""
    source = _choose_source()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        kind, other = _choose_classes(bundle, source)
        temperature, truncation = DEFAULT_TEMPERATURE, "off"
        if source in (*SAMPLERS, BETWEEN):
            temperature = _choose_temperature()
            truncation = _choose_one("Truncation, in σ", list(TRUNCATIONS), TRUNCATION, "off")
        count = _choose_one("How many", COUNTS, COUNT, 36) if source in SAMPLERS else 36
        seed = _choose_seed() if source in (*SAMPLERS, RINGS, BETWEEN) else 0
    return Plan(source, kind, other, temperature, TRUNCATIONS[truncation], seed, count)


def class_names(bundle: Bundle) -> list[str]:
    """Attributes and classes that can be drawn from."""
    return [cloud.name for cloud in bundle.clouds]


def reroll() -> None:
    """Another seed."""
    st.session_state[SEED] = int(np.random.default_rng().integers(MAX_SEED, endpoint=True))


def forget_unless(key: str, options: list[str]) -> None:
    """Another bundle may not have what was chosen for the last one."""
    if st.session_state.get(key) not in options:
        st.session_state.pop(key, None)


def _choose_source() -> str:
    chosen = st.segmented_control(
        "Draw from",
        SOURCES,
        default=MIXTURE,
        required=True,
        key=SOURCE,
        help=HELP[SOURCE],
        **LINKED,
    )
    return str(chosen)


def _choose_classes(bundle: Bundle, source: str) -> tuple[str, str]:
    """The class drawn from, and the one walked to; both empty without classes."""
    names = class_names(bundle)
    if not names:
        return "", ""
    first = next((name for name in FAVOURITES if name in names), names[0])
    second = next((name for name in names if name != first), first)
    kind, other = _kept(KIND, names, first), _kept(OTHER, names, second)
    if source in (CLASS, BETWEEN):
        kind = _select("From" if source == BETWEEN else "Which", names, KIND, first)
    if source == BETWEEN:
        other = _select("To", names, OTHER, second)
    return kind, other


def _kept(key: str, names: list[str], default: str) -> str:
    """What was chosen before, although its control is not shown now."""
    chosen = st.session_state.get(key)
    return chosen if chosen in names else default


def _select(label: str, names: list[str], key: str, first: str) -> str:
    forget_unless(key, names)
    chosen = st.selectbox(
        label,
        names,
        index=names.index(first),
        key=key,
        format_func=readable,
        width=165,
        **LINKED,
    )
    return str(chosen)


def _choose_temperature() -> float:
    chosen = st.slider(
        "Temperature",
        min_value=0.0,
        max_value=HOTTEST,
        value=DEFAULT_TEMPERATURE,
        step=0.05,
        key=TEMPERATURE,
        help=HELP[TEMPERATURE],
        width=160,
        **LINKED,
    )
    return float(chosen)


def _choose_one(label: str, options: Any, key: str, first: Any) -> Any:
    return st.select_slider(
        label, options, value=first, key=key, help=HELP.get(key), width=145, **LINKED
    )


def _choose_seed() -> int:
    chosen = st.number_input(
        "Seed",
        min_value=0,
        max_value=MAX_SEED,
        step=1,  # and no value: the reroll sets it, which Streamlit takes for a contradiction
        key=SEED,
        help=HELP[SEED],
        width=150,
        **LINKED,
    )
    st.button("Reroll", key="reroll", icon=":material/casino:", on_click=reroll, type="primary")
    return int(chosen)
