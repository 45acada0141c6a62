"""What is loaded once for all visitors: bundles, their indices, torch itself."""

from __future__ import annotations

import gc
import hashlib
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import streamlit as st

from explorer.bundle import Bundle, catalogue, load
from explorer.latent.neighbours import CodeIndex
from explorer.ui.folders import bundle_folders

if TYPE_CHECKING:
    from explorer.bundle import Catalogue

DEPTH = 3  # shelf / sweep / bundle / file
MAX_OPEN = 8  # bundles held in memory; each is some 100 MB with 100,000 codes


@dataclass(frozen=True)
class Opened:
    """A bundle ready to answer; ``identity`` changes when it is trained anew."""

    bundle: Bundle
    index: CodeIndex
    identity: str


# For the live socket, which is no Streamlit script. Weak: the cache of open_bundle decides.
_in_use: WeakValueDictionary[str, Opened] = WeakValueDictionary()


def find_bundles() -> Catalogue:
    """What can be opened now, looked up at every run: a new checkpoint appears on refresh.

    Looking into the files takes some 5 ms a bundle and more for large ones, so that is done for
    those that have changed.
    """
    folders = bundle_folders()
    return _find(folders, tuple(stamps(folders)))


@st.cache_resource(max_entries=4, show_spinner=False)
def _find(folders: tuple[Path, ...], stamps: tuple[tuple[str, int, int], ...]) -> Catalogue:
    return catalogue(*folders)


def stamps(folders: tuple[Path, ...]) -> Iterator[tuple[str, int, int]]:
    """Name, time and size of all files of all bundles, those in sweeps too.

    What lies in hidden folders changes all the time while something is trained, and is no bundle.
    """
    for folder in folders:
        yield from _stamps_in(str(folder), DEPTH)


def _stamps_in(folder: str, depth: int) -> Iterator[tuple[str, int, int]]:
    # os.scandir: three times as fast as Path.glob, and this is done in every run.
    try:
        with os.scandir(folder) as entries:
            found = sorted((e for e in entries if not e.name.startswith(".")), key=_path)
    except OSError:
        return  # removed meanwhile, not there yet, or no folder
    for entry in found:
        try:
            status = entry.stat()
        except OSError:
            continue  # removed meanwhile
        yield entry.path, status.st_mtime_ns, status.st_size
        if depth > 1 and entry.is_dir():
            yield from _stamps_in(entry.path, depth - 1)


def _path(entry: os.DirEntry[str]) -> str:
    return entry.path


def open_bundle(path: Path, *, sha256: str) -> Opened:
    """The bundle at ``path``, opened once as long as its weights stay the same.

    Raises:
        BundleError: It cannot be opened, with the reason.
    """
    return _open(str(path), sha256)


@st.cache_resource(max_entries=MAX_OPEN, show_spinner="Opening the model …")
def _open(path: str, sha256: str) -> Opened:
    bundle = load(path)
    identity = hashlib.sha256(f"{path}@{sha256}".encode()).hexdigest()[:16]
    opened = Opened(bundle, CodeIndex(bundle.latents.mu), identity)
    bundle.decode(bundle.latents.mu[:1])
    for plane in bundle.maps.values():
        plane.distance(plane.xy[:1])
    _in_use[identity] = opened
    settle()
    threading.Thread(target=_prepare, args=(bundle, opened.index), daemon=True).start()
    return opened


def _prepare(bundle: Bundle, index: CodeIndex) -> None:
    """What takes a second or two each; the first page must not wait for it."""
    index.typicality(bundle.latents.mu[:1])
    bundle.prepare_quick()


def in_use(identity: object) -> Opened | None:
    """A bundle that a page shows now, by its identity; None when no page does."""
    return _in_use.get(identity) if isinstance(identity, str) else None


def warm_up() -> None:
    """Imports torch, so that the first page need not wait for it."""
    from explorer.bundle.runtime import use_one_thread

    use_one_thread()
    settle()


def settle() -> None:
    """Takes what is loaded out of the garbage collector's sight.

    Streamlit collects after every run; with torch loaded that stops all visitors for 90 ms.
    """
    gc.collect()
    gc.freeze()
