from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from explorer.bundle import Bundle
from explorer.ui.interpolate import album as module
from explorer.ui.interpolate.album import Album


class Counting:
    """A bundle that counts what it decodes."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self.batches: list[int] = []

    def decode(self, codes: np.ndarray, *, quick: bool) -> np.ndarray:
        self.batches.append(len(codes))
        return self.bundle.decode(codes, quick=quick)


@pytest.fixture
def opened(bundle: Bundle) -> Any:
    return SimpleNamespace(identity="abc", bundle=Counting(bundle))


def test_what_is_known_is_not_decoded_again(opened: Any, bundle: Bundle) -> None:
    codes = np.asarray(bundle.latents.mu[:6], np.float32)
    album = Album()
    album.pictures(opened, codes[:4])
    seen = album.pictures(opened, codes[[5, 0, 3, 4, 0]])
    assert opened.bundle.batches == [4, 2]
    assert (seen == bundle.decode(codes[[5, 0, 3, 4, 0]])).all()


def test_what_was_decoded_elsewhere_is_known(opened: Any, bundle: Bundle) -> None:
    code = np.asarray(bundle.latents.mu[0], np.float32)
    album = Album()
    album.know(opened, code, bundle.decode(code[None])[0])
    album.pictures(opened, code[None])
    assert opened.bundle.batches == []


def test_another_bundle_knows_nothing(opened: Any, bundle: Bundle) -> None:
    codes = np.asarray(bundle.latents.mu[:2], np.float32)
    album = Album()
    album.pictures(opened, codes)
    album.pictures(SimpleNamespace(identity="other", bundle=opened.bundle), codes)
    assert opened.bundle.batches == [2, 2]


def test_the_oldest_are_forgotten(
    opened: Any, bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_PICTURES", 3)
    codes = np.asarray(bundle.latents.mu[:4], np.float32)
    album = Album()
    album.pictures(opened, codes)
    assert len(album) == 3
    album.pictures(opened, codes[:1])
    assert opened.bundle.batches == [4, 1]
