"""The lab page: a chooser, and one experiment drawn at a time."""

from __future__ import annotations

import streamlit as st

from explorer.ui.frame import sentences
from explorer.ui.lab import (
    annealing,
    architecture,
    autoencoder,
    class_cloud,
    convolution,
    kl_term,
    latent_dimension,
    preprocessing,
    reparameterisation,
)
from explorer.ui.lab.experiment import Experiment

# In the order of the course.
EXPERIMENTS: tuple[Experiment, ...] = (
    convolution.EXPERIMENT,
    reparameterisation.EXPERIMENT,
    kl_term.EXPERIMENT,
    autoencoder.EXPERIMENT,
    latent_dimension.EXPERIMENT,
    annealing.EXPERIMENT,
    preprocessing.EXPERIMENT,
    class_cloud.EXPERIMENT,
    architecture.EXPERIMENT,
)
PARAMETER = "experiment"  # in the link: the key of the experiment
CHOOSER = "lab_experiment"


def draw() -> None:
    """The whole page below its head."""
    found = {experiment.key: experiment for experiment in EXPERIMENTS}
    experiment = found[_choose(found)]
    with st.container(key=f"lab_{experiment.key}"):
        st.header(experiment.question, anchor=False)
        with sentences():
            experiment.draw()
    _offer_neighbours(experiment)


def _choose(found: dict[str, Experiment]) -> str:
    """The chosen experiment; the link's own keys are shorter than the titles that are shown."""
    asked = st.query_params.get(PARAMETER)
    if asked in found:
        st.session_state[CHOOSER] = asked
    elif st.session_state.get(CHOOSER) not in found:
        st.session_state[CHOOSER] = next(iter(found))
    with st.container(key="lab_chooser"):
        chosen = st.pills(
            "Experiment",
            list(found),
            required=True,
            key=CHOOSER,
            format_func=lambda key: _title(found[key]),
            on_change=_tell_link,
            label_visibility="collapsed",
            persist_state="session",
        )
    return str(chosen)


def _title(experiment: Experiment) -> str:
    return f"{EXPERIMENTS.index(experiment) + 1} · {experiment.title}"


def _tell_link() -> None:
    _go(st.session_state[CHOOSER])


def _go(key: str) -> None:
    """Opens an experiment; what the link says about another one's controls means nothing to it."""
    st.query_params.from_dict({PARAMETER: key})


def _offer_neighbours(experiment: Experiment) -> None:
    """The experiments before and after it, for those who go through the course."""
    place = EXPERIMENTS.index(experiment)
    with st.container(horizontal=True, horizontal_alignment="distribute", key="lab_neighbours"):
        for step, icon in ((-1, "arrow_back"), (1, "arrow_forward")):
            if 0 <= place + step < len(EXPERIMENTS):
                neighbour = EXPERIMENTS[place + step]
                st.button(
                    _title(neighbour),
                    key=f"lab_go_{step}",
                    icon=f":material/{icon}:",
                    type="tertiary",
                    on_click=_go,
                    args=(neighbour.key,),
                )
