"""Whether somebody is at work in a folder: a lock that dies with the process that holds it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from explorer.bundle.errors import BundleError
from explorer.bundle.format import RESUME

LOCK = "run.lock"
# Longer than a look by `is_held` takes, so that looking never keeps a run from starting.
PATIENCE_S = 1.0


@contextmanager
def running(bundle: Path) -> Iterator[None]:
    """Holds the folder of a run while it is trained.

    Raises:
        BundleError: Another process trains there, or the disk refuses.
    """
    try:
        with held(bundle / RESUME / LOCK, busy=_busy(bundle)):
            yield
    finally:
        _remove_empty(bundle)


def is_running(bundle: Path) -> bool:
    """Whether a process trains there now; a killed one does not."""
    return is_held(bundle / RESUME / LOCK)


def require_idle(bundle: Path) -> None:
    """Refuse a folder in which a run is going on.

    Raises:
        BundleError: Another process trains there.
    """
    if is_running(bundle):
        raise BundleError(_busy(bundle))


@contextmanager
def held(path: Path, *, busy: str, patience_s: float | None = None) -> Iterator[None]:
    """Holds a lock file, which is removed at the end.

    Args:
        path: The file; its folder is made.
        busy: What to say when another process holds it.
        patience_s: How long to wait for that one; by default no longer than a look may take.

    Raises:
        BundleError: Another process holds it, or the disk refuses.
    """
    patience_s = PATIENCE_S if patience_s is None else patience_s
    lock = FileLock(path, timeout=patience_s, is_singleton=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise BundleError(busy) from error
    except OSError as error:
        raise BundleError(
            f"{path.parent}: cannot be written ({error.strerror or error}); free some space or "
            "choose another --out."
        ) from error
    try:
        yield
    finally:
        # While it is held: whoever opened it before gets a file without a name, and tries again.
        with suppress(OSError):
            path.unlink()
        lock.release()


def is_held(path: Path) -> bool:
    """Whether a living process holds a lock file."""
    if not path.is_file():
        return False
    try:
        with FileLock(path, timeout=0, is_singleton=False):
            return False
    except Timeout:
        return True
    except OSError:  # not ours to lock, as in a folder that is read only
        return False


def _busy(bundle: Path) -> str:
    return f"{bundle}: another process trains there now; wait for it, or choose another --name."


def _remove_empty(bundle: Path) -> None:
    with suppress(OSError):
        (bundle / RESUME).rmdir()
        bundle.rmdir()
