from __future__ import annotations

import base64
import json
import struct

import numpy as np
import pytest

from explorer.ui import wire


def test_a_picture_keeps_its_bytes_and_shape() -> None:
    image = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3)
    packed = wire.pack_picture(image)
    assert (packed["height"], packed["width"], packed["channels"]) == (2, 3, 3)
    assert base64.b64decode(packed["pixels"]) == image.tobytes()


def test_a_plane_comes_back_within_a_fraction_of_a_pixel() -> None:
    xy = np.random.default_rng(0).normal(size=(500, 2)).astype(np.float32) * [3, 40] + [100, -7]
    packed = wire.pack_plane(xy)
    x0, x1, y0, y1 = packed.bounds
    raw = np.frombuffer(base64.b64decode(packed.xy), "<u2").reshape(-1, 2) / wire.LEVELS
    back = raw * [x1 - x0, y1 - y0] + [x0, y0]
    assert np.abs((back - xy) / [x1 - x0, y1 - y0]).max() < 1 / wire.LEVELS
    assert (x0, y1) == pytest.approx((xy[:, 0].min(), xy[:, 1].max()))


def test_a_plane_of_equal_points_has_an_extent() -> None:
    packed = wire.pack_plane(np.full((3, 2), 2.0, np.float32))
    assert packed.bounds == [2, 3, 2, 3]


@pytest.mark.parametrize("count", [1, 8, 9, 1000])
def test_bits_come_back(count: int) -> None:
    chosen = np.flatnonzero(np.random.default_rng(count).random(count) < 0.3)
    text = wire.pack_bits(chosen, count=count)
    np.testing.assert_array_equal(wire.unpack_bits(text, count=count), chosen)


@pytest.mark.parametrize("text", [None, 7, "", "é", "AAA", "not base64!", "A" * 4000, "AAAA"])
def test_bits_that_are_none_choose_nothing(text: object) -> None:
    assert len(wire.unpack_bits(text, count=1000)) == 0


def test_a_frame_is_header_then_pixels() -> None:
    image = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    frame = wire.pack_frame({"seq": 5, "caption": "é"}, image)
    (length,) = struct.unpack_from("<I", frame)
    header = json.loads(frame[4 : 4 + length])
    assert header == {
        "seq": 5,
        "caption": "é",
        "picture": {"width": 2, "height": 2, "channels": 3},
    }
    assert frame[4 + length :] == image.tobytes()


def test_a_frame_without_a_picture_has_no_pixels() -> None:
    frame = wire.pack_frame({"seq": 5}, None)
    assert json.loads(frame[4:]) == {"seq": 5}
