from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.bundles import make_bundle


def pytest_configure() -> None:
    """Ctrl-C works in the tests that send it, also when a shell runs them in the background."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def tiny_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of 300 pictures, 32x32 RGB, 8 dimensions, random weights; not to be changed."""
    return make_bundle(tmp_path_factory.mktemp("bundles") / "tiny")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """The whole suite on all cores; a part of it, and the browser tests, in one process."""
    is_whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    return os.cpu_count() or 1 if is_whole and config.option.markexpr == "not e2e" else 0
