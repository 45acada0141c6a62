"""What all pages share: page settings, the model picker, errors as sentences."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

import streamlit as st

from explorer.bundle import BundleError
from explorer.data import DataError
from explorer.lab.errors import LabError
from explorer.latent import LatentError
from explorer.ui import picker
from explorer.ui.components import ASSETS
from explorer.ui.resources import Opened, find_bundles, open_bundle
from explorer.ui.words import plain

if TYPE_CHECKING:
    from explorer.bundle import Catalogue, Entry

_LOGGER = logging.getLogger(__name__)
PICKER = "model"  # the picker's key, and its name in links
HANDED = "model_looked_at"  # from page to page, in the session
SIDEBAR_PX = 248
HOW_TO_TRAIN = "python train_cli.py"


def configure() -> None:
    """Page settings; the icon is an emoji, so that nothing is asked of other servers."""
    st.set_page_config(
        page_title="Latent Explorer",
        page_icon="🧭",
        layout="wide",
        initial_sidebar_state=SIDEBAR_PX,
    )
    st.html(ASSETS / "frame.css")
    st.logo(str(ASSETS / "logo.svg"), size="large")


def slugs(found: Catalogue) -> dict[str, Entry]:
    """Names for the picker and for links: a bundle's own, with its folder's when shared.

    A cell of a sweep has the sweep's name before its own, and comes after the single bundles.
    """
    entries = sorted(found.bundles, key=lambda entry: entry.sweep is not None)
    names = [_name(entry) for entry in entries]
    return {
        name if names.count(name) == 1 else f"{_shelf(entry)}/{name}": entry
        for name, entry in zip(names, entries, strict=True)
    }


def _name(entry: Entry) -> str:
    return f"{entry.sweep}/{entry.path.name}" if entry.sweep else entry.name


def _shelf(entry: Entry) -> str:
    return (entry.path.parent.parent if entry.sweep else entry.path.parent).name


def pick_bundle() -> Opened:
    """The model picker in the sidebar, and the model picked; stops the page without one."""
    choices = slugs(find_bundles())
    if not choices:
        invite_to_train()
        st.stop()
    name = _looked_at(choices)
    picker.draw(choices, name, key=PICKER, take=_look_at)
    entry = choices[name]
    try:
        return open_bundle(entry.path, sha256=entry.config.weights_sha256)
    except BundleError as error:
        st.error(f"**{plain(name)}** cannot be opened. {plain(str(error))}")
        st.stop()


def _looked_at(choices: Mapping[str, Entry]) -> str:
    """The model that the address names, or the one looked at before, or the first."""
    first = next(iter(choices))
    asked = st.query_params.get(PICKER)
    names = (asked, st.session_state.get(HANDED))
    name = next((str(name) for name in names if name in choices), first)
    if asked not in (None, name):
        st.toast(f"There is no model {plain(str(asked))} here; this is {plain(name)}.")
    st.session_state[HANDED] = name
    # The first one needs no mention: a short address for the most frequent visit.
    if st.query_params.get(PICKER, first) != name:
        st.query_params[PICKER] = name
    return name


def _look_at(name: str) -> None:
    st.session_state[HANDED] = st.query_params[PICKER] = name


def headline(title: str, what_to_do: str) -> None:
    """The head of a page: its name and, in one sentence, what to do here."""
    st.title(title, anchor=False)
    st.caption(what_to_do)


def invite_to_train() -> None:
    """What to do when there is nothing to look at yet."""
    st.info(
        "No model yet. Train one in a few minutes, then refresh this page; "
        "the faces it learns from are drawn on the fly, nothing is downloaded.",
        icon=":material/rocket_launch:",
    )
    st.code(HOW_TO_TRAIN, language="bash")


def report(error: Exception) -> bool:
    """What a page shows for an error nobody foresaw; the traceback goes to the terminal."""
    _LOGGER.error("Unforeseen error on a page", exc_info=error)
    st.error(
        f"Something went wrong here ({type(error).__name__}). Reload the page; if it happens "
        "again, the terminal that runs the app shows where."
    )
    return True  # Streamlit's own traceback is not shown


@contextmanager
def sentences() -> Iterator[None]:
    """Shows the project's own errors, which are written for users, in place of what failed."""
    try:
        yield
    except (BundleError, DataError, LabError, LatentError) as error:
        st.error(plain(str(error)))
