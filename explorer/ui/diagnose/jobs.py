"""Measurements that take seconds, beside the page and kept: a second look finds them done."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import streamlit as st

from explorer.bundle import BundleError
from explorer.latent import LatentError

_LOGGER = logging.getLogger(__name__)
MAX_KEPT = 48  # a result is some megabytes at most
Told = Callable[[float], object]
Work = Callable[[Told], Any]


class Job:
    """One measurement.

    Attributes:
        share: Done so far, 0 to 1.
        result: What it found; None before, and where it failed.
        problem: Why it failed, in a sentence; empty otherwise.
        done: Set when it has ended, well or not.
    """

    def __init__(self) -> None:
        self.share = 0.0
        self.result: Any = None
        self.problem = ""
        self.done = threading.Event()
        self._begun: float | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether another measurement goes first."""
        return self._begun is None

    @property
    def seconds_left(self) -> float | None:
        """As it went so far; None while that tells nothing."""
        if self._begun is None or self.share <= 0:
            return None
        return (time.monotonic() - self._begun) * (1 - self.share) / self.share

    def carry_out(self, work: Work) -> None:
        """Does the work in this thread; nothing is raised."""
        self._begun = time.monotonic()
        try:
            self.result = work(self._tell)
        except (BundleError, LatentError) as error:
            self.problem = str(error)
        except Exception as error:  # a page may show any model, damaged ones too
            _LOGGER.exception("A measurement failed")
            self.problem = f"This could not be measured ({type(error).__name__}: {error})."
        finally:
            self.share = 1.0
            self.done.set()

    def _tell(self, share: float) -> None:
        self.share = share


class Desk:
    """All measurements of the app, by name; one is carried out at a time.

    Several at once would only share the cores, and each visitor would wait for all of them.
    """

    def __init__(self) -> None:
        self._jobs: OrderedDict[tuple[str, ...], Job] = OrderedDict()
        self._looking = threading.Lock()
        self._working = threading.Lock()

    def begin(self, name: tuple[str, ...], work: Work) -> Job:
        """The job of this name, begun now unless it has been before."""
        with self._looking:
            job = self._jobs.get(name)
            if job is None:
                job = self._jobs[name] = Job()
                threading.Thread(target=self._carry_out, args=(job, work), daemon=True).start()
            self._jobs.move_to_end(name)
            self._forget_oldest()
        return job

    def forget(self, name: tuple[str, ...]) -> None:
        """The next to begin it does the work again."""
        with self._looking:
            self._jobs.pop(name, None)

    def _carry_out(self, job: Job, work: Work) -> None:
        with self._working:
            job.carry_out(work)

    def _forget_oldest(self) -> None:
        done = [name for name, job in self._jobs.items() if job.done.is_set()]
        for name in done[: max(0, len(self._jobs) - MAX_KEPT)]:
            del self._jobs[name]


@st.cache_resource(show_spinner=False)
def desk() -> Desk:
    """The one of this app."""
    return Desk()
