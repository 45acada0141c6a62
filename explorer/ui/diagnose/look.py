"""What the sections of the page look at, and how each is laid out."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from explorer.ui import facts
from explorer.ui.frame import sentences

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from explorer.bundle import Bundle
    from explorer.latent.diagnosis import Figures
    from explorer.ui.resources import Opened

_LOGGER = logging.getLogger(__name__)
PENDING = "Still being measured; the sentence comes with the verdict above."


@dataclass(frozen=True, eq=False)
class Look:
    """One look at one model.

    Attributes:
        opened: The model.
        seed: Of the pictures shown.
        figures: Of the diagnosis; None while it is being measured, or where that failed.
    """

    opened: Opened
    seed: int
    figures: Figures | None

    @property
    def bundle(self) -> Bundle:
        """The model's bundle."""
        return self.opened.bundle

    @property
    def noun(self) -> str:
        """What one picture shows."""
        return facts.noun(self.bundle.config)

    @property
    def is_variational(self) -> bool:
        """Whether there is a posterior with noise, and a prior."""
        return self.bundle.config.model.variational


@contextmanager
def section(title: str, *, key: str) -> Iterator[tuple[DeltaGenerator, DeltaGenerator]]:
    """A head with a place for a picture and, beside it, one for words.

    What fails inside is a sentence, and the page goes on.
    """
    with st.container(key=f"diagnose_{key}"):
        st.subheader(title, anchor=key)
        left, right = st.columns([1.7, 1], gap="large")
        with sentences():
            try:
                yield left, right
            except (ArithmeticError, ValueError) as error:
                if type(error).__module__.startswith("explorer."):
                    raise
                _LOGGER.exception("A section failed")
                st.error(f"This could not be drawn ({type(error).__name__}: {error}).")


def explain(place: DeltaGenerator, meaning: str | None, method: str) -> None:
    """One sentence on what it means here, and how it is measured."""
    with place:
        if meaning is None:
            st.caption(PENDING)
        else:
            st.markdown(meaning)
        st.caption(method)
