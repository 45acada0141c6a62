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


def test_several_pictures_make_one_frame() -> None:
    images = np.arange(24, dtype=np.uint8).reshape(2, 2, 2, 3)
    frame = wire.pack_frame({"count": 2}, images)
    (length,) = struct.unpack_from("<I", frame)
    header = json.loads(frame[4 : 4 + length])
    assert header == {"count": 2, "picture": {"width": 2, "height": 2, "channels": 3}}
    assert frame[4 + length :] == images.tobytes()


def test_codes_come_back() -> None:
    values = np.random.default_rng(0).normal(size=(3, 5)).astype(np.float32)
    back = wire.unpack_codes(wire.pack_codes({"bundle": "abc"}, values))
    assert back is not None
    assert back.header == {"bundle": "abc", "count": 3}
    np.testing.assert_array_equal(back.values, values)


GOOD = wire.pack_codes({}, np.zeros((2, 3)))


@pytest.mark.parametrize(
    "blob",
    [
        b"",
        b"\x00\x00",
        GOOD[:-1],
        GOOD[: GOOD.index(b"}") + 1],
        GOOD.replace(b'"count": 2', b'"count": 4'),
        GOOD.replace(b'"count": 2', b'"count":-2'),
        GOOD.replace(b'"count": 2', b'"count":""'),
        GOOD.replace(b'"count": 2', b"no json at"),
        GOOD.replace(b'{"count": 2}', b'["count", 2]'),
        b"\xff\xff\xff\x7f" + GOOD[4:],
    ],
)
def test_bytes_that_are_no_codes_are_nothing(blob: bytes) -> None:
    assert wire.unpack_codes(blob) is None


def test_floats_are_packed_row_by_row() -> None:
    values = np.arange(6, dtype=np.float64).reshape(2, 3).T
    raw = np.frombuffer(base64.b64decode(wire.pack_floats(values)), "<f4")
    assert raw.tolist() == [0, 3, 1, 4, 2, 5]
