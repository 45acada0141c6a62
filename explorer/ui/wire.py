"""What travels between Python and the browser, packed small."""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict

import numpy as np

LEVELS = 65_535  # coordinates are uint16 over the map's extent: 1/65 of a pixel at 1,000 pixels


class Picture(TypedDict):
    """A picture as raw bytes: browsers draw them without decoding and without a request."""

    width: int
    height: int
    channels: int
    pixels: str


@dataclass(frozen=True)
class PackedPlane:
    """Coordinates of a map: base64 of uint16 (N, 2), and their extent x0, x1, y0, y1."""

    xy: str
    bounds: list[float]


def pack_picture(image: np.ndarray) -> Picture:
    """A uint8 picture (H, W, C), C 1 or 3."""
    height, width, channels = image.shape
    return Picture(width=width, height=height, channels=channels, pixels=to_text(image.tobytes()))


def pack_frame(header: Mapping[str, object], image: np.ndarray | None) -> bytes:
    """An answer of the live socket: header length (uint32), header as JSON, pixels.

    With a picture (H, W, C) its shape is added to the header.
    """
    shape: dict[str, object] = {}
    if image is not None:
        height, width, channels = image.shape
        shape = {"picture": {"width": width, "height": height, "channels": channels}}
    text = json.dumps({**header, **shape}).encode("utf-8")
    return struct.pack("<I", len(text)) + text + (b"" if image is None else image.tobytes())


def pack_plane(xy: np.ndarray) -> PackedPlane:
    """Coordinates (N, 2), quantised over their extent."""
    low = xy.min(axis=0).astype(np.float64)
    high = xy.max(axis=0).astype(np.float64)
    span = np.where(high > low, high - low, 1.0)
    packed = np.rint((xy - low) / span * LEVELS).astype("<u2")
    bounds = [float(low[0]), float(low[0] + span[0]), float(low[1]), float(low[1] + span[1])]
    return PackedPlane(to_text(packed.tobytes()), bounds)


def pack_bits(indices: np.ndarray, *, count: int) -> str:
    """A set of points out of ``count`` as a base64 bit field, lowest bit first."""
    chosen = np.zeros(count, np.uint8)
    chosen[indices] = 1
    return to_text(np.packbits(chosen, bitorder="little").tobytes())


def unpack_bits(text: object, *, count: int) -> np.ndarray:
    """Indices in a bit field of ``count`` points; none when it is not one (browsers may lie)."""
    nothing = np.zeros(0, np.int64)
    if not isinstance(text, str) or len(text) > count:
        return nothing
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:  # not ASCII, or not base64
        return nothing
    if len(raw) != (count + 7) // 8:
        return nothing
    bits = np.unpackbits(np.frombuffer(raw, np.uint8), count=count, bitorder="little")
    return np.flatnonzero(bits)


def to_text(raw: bytes) -> str:
    """Bytes as base64, the form that JSON can carry."""
    return base64.b64encode(raw).decode("ascii")
