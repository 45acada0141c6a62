"""The classes of a model's pictures, read once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

if TYPE_CHECKING:
    from explorer.ui.resources import Opened

NO_CLASSES = (
    "The pictures of this model have no classes, which this experiment needs: train it on MNIST."
)


@dataclass(frozen=True, eq=False)
class Labels:
    """What is known of N pictures.

    Attributes:
        classes: (N,) indices into the names, -1 for not known.
        split: (N,) 0 training, 1 validation, 2 test.
        names: Of the classes.
    """

    classes: NDArray[np.integer]
    split: NDArray[np.integer]
    names: tuple[str, ...]

    @property
    def present(self) -> tuple[str, ...]:
        """The classes that pictures are known of."""
        return tuple(self.names[number] for number in np.unique(self.classes) if number >= 0)


def labels_of(opened: Opened) -> Labels:
    """The classes of a model's pictures; reading the table takes some milliseconds."""
    return _labels_of(opened.identity, _opened=opened)


@st.cache_resource(max_entries=16, show_spinner=False)
def _labels_of(identity: str, *, _opened: Opened) -> Labels:
    known = _opened.bundle.known
    return Labels(known.labels, known.split, known.label_names)
