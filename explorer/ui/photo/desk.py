"""What a visitor has given on the photo page, and how it is forgotten."""

from __future__ import annotations

from dataclasses import dataclass, field

import streamlit as st

from explorer.data.alignment import Placement
from explorer.ui.faces import Face
from explorer.ui.photo.ink import Stroke
from explorer.ui.photo.subjects import Photo
from explorer.ui.state import Session, session

KEY = "photo_desk"
PIECE_KEYS = ("photo_cropper", "photo_sketch", "photo_place")


@dataclass
class Desk:
    """One visitor's picture; it lies in the session's state and nowhere else.

    Attributes:
        photo: The last one given.
        chosen: The number of the face chosen in it.
        by_hand: Crops moved by hand, by the kind of picture.
        strokes: What is drawn, or nothing.
        problem: Why the last file could not be read, as a sentence.
        round: Counts what was taken; part of the upload's key, so that it is empty again.
        faces: What was put at hand for the picture, by the bundle.
    """

    photo: Photo | None = None
    chosen: int = 0
    by_hand: dict[str, Placement] = field(default_factory=dict)
    strokes: tuple[Stroke, ...] = ()
    problem: str = ""
    round: int = 0
    faces: dict[str, Face] = field(default_factory=dict)

    def take(self, photo: Photo | None, *, problem: str = "") -> None:
        """Puts another photo in the place of the last one; what was put at hand stays there."""
        self.photo = photo
        self.problem = problem
        self.chosen = 0
        self.by_hand = {}
        self.faces = {}
        self.round += 1

    def choose(self, number: int) -> None:
        """Takes another of the faces found."""
        self.chosen = number
        self.by_hand = {}

    def clear(self) -> None:
        """Forgets everything that was given."""
        self.take(None)
        self.strokes = ()


@dataclass(frozen=True, eq=False)
class Guard:
    """Forgets a visitor's pictures when the connection of the tab ends."""

    desk: Desk
    state: Session

    def forget(self) -> None:
        """The picture, and every face made of it that is at hand on any page."""
        self.desk.clear()
        for identity, faces in self.state.kept.items():
            self.state.kept[identity] = [face for face in faces if face.link]
        for slot, face in list(self.state.slots.items()):
            if not face.link:
                del self.state.slots[slot]
        for name in list(self.state.handled):
            if name.startswith(PIECE_KEYS):
                del self.state.handled[name]


def desk() -> Desk:
    """This visitor's desk, guarded."""
    found = _desk()
    _guard()
    return found


def forget() -> None:
    """Forgets this visitor's pictures now."""
    Guard(_desk(), session()).forget()


def _desk() -> Desk:
    if KEY not in st.session_state:
        st.session_state[KEY] = Desk()
    found = st.session_state[KEY]
    assert isinstance(found, Desk)
    return found


# A closed tab's session stays in Streamlit's memory for two minutes and, if nobody comes after,
# for longer. What is cached for a session alone is released as soon as its connection ends.
@st.cache_resource(scope="session", on_release=Guard.forget, show_spinner=False)
def _guard() -> Guard:
    return Guard(_desk(), session())
