"""The tour for a first visit: five steps, each at the top of the page it is about."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from explorer.ui import registry

KEY = "tour"  # number of the step, or OVER; kept for the session
OVER = -1


@dataclass(frozen=True)
class Step:
    """A stop of the tour.

    Attributes:
        page: Where it is shown, a path of the registry.
        title: What one meets there.
        text: What to do there, in two or three sentences.
    """

    page: str
    title: str
    text: str


STEPS = (
    Step(
        registry.MAP,
        "Everything the model has seen, on one map",
        "Each dot is a training picture. **Move over the map**: the model draws what lies under "
        "the pointer, also where no dot is. **Click** to keep a picture; it goes with you.",
    ),
    Step(
        registry.ATTRIBUTES,
        "Change one thing",
        "The picture you kept is here, or one from the data. **Drag a slider** and watch; beside "
        "it stands how well the slider works and what else it moves.",
    ),
    Step(
        registry.SAMPLE,
        "New pictures from nothing",
        "The model makes these up. **Click one** to see the training pictures nearest to it: is "
        "it new, or learnt by heart?",
    ),
    Step(
        registry.COMPARE,
        "What did the settings do?",
        "Models of the same pictures side by side. **Move β or the size of the codes**: sharper "
        "pictures or a tidier latent space, seldom both.",
    ),
    Step(
        registry.LAB,
        "The theory, to touch",
        "Nine questions about these models, each with an experiment. **Choose one and move its "
        "controls.** Words you do not know are in the Glossary.",
    ),
)


def show(page: StreamlitPage) -> None:
    """What the tour has to say on a page: an invitation at home, a step where it belongs."""
    at = st.session_state.get(KEY)
    if page.url_path == "":
        _show_at_home(at)
    elif at not in (None, OVER) and page.url_path == registry.url_of(STEPS[at].page):
        _show_step(at)


def _show_at_home(at: int | None) -> None:
    if at == OVER:
        return
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", key="tour_invitation"
    ):
        st.markdown(
            f"**First time here?** See what this is for, in {len(STEPS)} short steps."
            if at is None
            else f"You were at step {at + 1} of {len(STEPS)} of the tour."
        )
        label = "Take the tour" if at is None else "Go on"
        if st.button(label, key="tour_start", icon=":material/directions_walk:"):
            _go(at or 0)
        st.button("No, thanks", key="tour_skip", type="tertiary", on_click=_end)


def _show_step(at: int) -> None:
    step = STEPS[at]
    with st.container(border=True, key="tour_step"):
        st.markdown(f"**{at + 1} of {len(STEPS)} · {step.title}**")
        st.markdown(step.text)
        with st.container(horizontal=True):
            if at + 1 < len(STEPS):
                if st.button("Next", key="tour_next", icon=":material/arrow_forward:"):
                    _go(at + 1)
            elif st.button("Done", key="tour_done", icon=":material/check:"):
                _end()
                st.switch_page(registry.MODELS)
            if at and st.button("Back", key="tour_back", type="tertiary"):
                _go(at - 1)
            st.button("End the tour", key="tour_end", type="tertiary", on_click=_end)


def _go(at: int) -> None:
    st.session_state[KEY] = at
    st.switch_page(STEPS[at].page)


def _end() -> None:
    st.session_state[KEY] = OVER
