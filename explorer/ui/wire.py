"""What travels between Python and the browser, packed small."""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict

import numpy as np

HEAD = struct.Struct("<I")
LEVELS = 65_535  # coordinates are uint16 over the map's extent: 1/65 of a pixel at 1,000 pixels


class Picture(TypedDict):
    """A picture as raw bytes: browsers draw them without decoding and without a request."""

    width: int
    height: int
    channels: int
    pixels: str


@dataclass(frozen=True, eq=False)
class Codes:
    """A question of the live socket: what its header says, and codes float32 (M, D)."""

    header: dict[str, object]
    values: np.ndarray


@dataclass(frozen=True)
class PackedPlane:
    """Coordinates of a map: base64 of uint16 (N, 2), and their extent x0, x1, y0, y1."""

    xy: str
    bounds: list[float]


def pack_picture(image: np.ndarray) -> Picture:
    """A uint8 picture (H, W, C), C 1 or 3."""
    height, width, channels = image.shape
    return Picture(width=width, height=height, channels=channels, pixels=to_text(image.tobytes()))


def pack_frame(header: Mapping[str, object], images: np.ndarray | None) -> bytes:
    """An answer of the live socket: header length (uint32), header as JSON, pixels.

    With a picture (H, W, C), or pictures (M, H, W, C), the shape of one is added to the header.
    """
    shape: dict[str, object] = {}
    if images is not None:
        height, width, channels = images.shape[-3:]
        shape = {"picture": {"width": width, "height": height, "channels": channels}}
    text = json.dumps({**header, **shape}).encode("utf-8")
    return HEAD.pack(len(text)) + text + (b"" if images is None else images.tobytes())


def pack_codes(header: Mapping[str, object], codes: np.ndarray) -> bytes:
    """A question of the live socket: header length (uint32), header as JSON, float32 (M, D).

    The number of codes is added to the header as ``count``.
    """
    text = json.dumps({**header, "count": len(codes)}).encode("utf-8")
    return HEAD.pack(len(text)) + text + codes.astype("<f4").tobytes()


def unpack_codes(blob: bytes) -> Codes | None:
    """The inverse of :func:`pack_codes`; None when it is not one (it comes from outside)."""
    if len(blob) < HEAD.size:
        return None
    (length,) = HEAD.unpack_from(blob)
    try:
        header = json.loads(blob[HEAD.size : HEAD.size + length])
    except ValueError:  # no JSON, or not UTF-8
        return None
    numbers = blob[HEAD.size + length :]
    count = header.get("count") if isinstance(header, dict) else None
    if type(count) is not int or count < 1 or not numbers or len(numbers) % (4 * count):
        return None
    return Codes(header, np.frombuffer(numbers, "<f4").reshape(count, -1))


def pack_floats(values: np.ndarray) -> str:
    """Numbers of any shape as base64 of float32, row by row."""
    return to_text(np.ascontiguousarray(values, "<f4").tobytes())


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
