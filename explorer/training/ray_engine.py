"""Cells of a sweep on a Ray cluster: each a task in a process of its own on some machine.

All machines need Ray (`requirements-ray.txt`) and, at the same paths, this program, the pictures,
the folder the command is given in and the one that ``--out`` names. Where there is no cluster to
join, Ray starts one on this machine.
"""

from __future__ import annotations

import os
from contextlib import ExitStack, redirect_stderr, redirect_stdout, suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from explorer.training import cell
from explorer.training.engines import require_jobs, search_path, threads_of
from explorer.training.errors import TrainingError
from explorer.training.settings import RunSettings

KILLED = -9


def run_on_worker(module: str, settings: str, log: str, place: str) -> int:
    """Run one cell in this process, its output added to a file.

    Args:
        module: What runs it, by the name of the module.
        settings: Path of the cell's settings.
        log: Path of the file.
        place: Where the command was given, from which a relative ``--root`` counts.
    """
    with ExitStack() as stack:
        os.chdir(place)
        output = stack.enter_context(Path(log).open("a", encoding="utf-8"))
        stack.enter_context(redirect_stdout(output))
        stack.enter_context(redirect_stderr(output))
        code: int = import_module(module).run_cell(Path(settings))
    return code


class RayEngine:
    """Cells as tasks; Ray decides which machine takes which, and tries again where one dies.

    Args:
        settings: What the cells share; each takes as many cores as ``threads``, or one GPU where
            the cluster has any and the device is not ``cpu``.
        slots: Tasks handed over at once.

    Raises:
        ConfigError: ``slots`` is less than 1.
        TrainingError: Ray is not installed, or its cluster cannot be reached.
    """

    def __init__(self, settings: RunSettings, *, slots: int) -> None:
        require_jobs(slots)
        self.slots = slots
        self._ray = _ray()
        threads = threads_of(settings)
        try:
            self._ray.init(
                runtime_env={"env_vars": _environ(threads)},
                log_to_driver=False,
                logging_level="ERROR",
                include_dashboard=False,
            )
        except (ConnectionError, ValueError, RuntimeError) as error:
            raise TrainingError(
                f"the Ray cluster cannot be reached ({error}); start it with `ray start --head`, "
                "or set RAY_ADDRESS."
            ) from error
        on_gpu = settings.device != "cpu" and self._ray.cluster_resources().get("GPU", 0) > 0
        needs = {"num_gpus": 1} if on_gpu else {"num_cpus": threads}
        # max_calls: the process ends with its cell, and takes nothing along to the next one.
        self._task = self._ray.remote(max_calls=1, **needs)(run_on_worker)

    def start(self, settings: Path, log: Path, *, slot: int) -> RayCell:
        """Hand over the cell whose settings are in a file; its output is added to ``log``."""
        del slot  # Ray has its own
        paths = (str(path.resolve()) for path in (settings, log, Path.cwd()))
        return RayCell(self._ray, self._task.remote(cell.MODULE, *paths), log=log)

    def close(self) -> None:
        """Leave the cluster, or end the one that was started for this sweep."""
        self._ray.shutdown()


class RayCell:
    """A task on the cluster."""

    def __init__(self, ray: Any, task: Any, *, log: Path) -> None:
        self._ray, self._task, self._log = ray, task, log

    def poll(self) -> int | None:
        """The exit code; negative where its process or machine was lost."""
        ready, _ = self._ray.wait([self._task], timeout=0)
        return self._result() if ready else None

    def stop(self) -> None:
        """Interrupt it as Ctrl-C does."""
        self._ray.cancel(self._task)

    def end(self, patience_s: float) -> None:
        """Wait for it, then kill its process."""
        ready, _ = self._ray.wait([self._task], timeout=patience_s)
        if not ready:
            self._ray.cancel(self._task, force=True)

    def _result(self) -> int:
        errors = self._ray.exceptions
        try:
            code: int = self._ray.get(self._task)
        except errors.TaskCancelledError:
            return cell.STOPPED
        except (errors.WorkerCrashedError, errors.NodeDiedError, errors.OutOfMemoryError):
            return KILLED
        except errors.RayError as error:
            # The machine may not have got as far as the log, as when it does not share the folder.
            with suppress(OSError), self._log.open("a", encoding="utf-8") as file:
                file.write(f"\n{error}\n")
            return cell.FAILED
        return code


def _ray() -> Any:
    try:
        import ray
    except ImportError as error:
        raise TrainingError(
            "Ray is not installed here; install it with `pip install -r requirements-ray.txt`, or "
            "leave --engine ray out."
        ) from error
    return ray


def _environ(threads: int) -> dict[str, str]:
    chosen = {"OMP_NUM_THREADS": str(threads), "NUMBA_NUM_THREADS": str(threads)}
    # The pictures decoded here are found again by processes on this machine.
    with suppress(KeyError):
        chosen["LATENT_EXPLORER_CACHE"] = os.environ["LATENT_EXPLORER_CACHE"]
    return chosen | {"PYTHONPATH": search_path()}
