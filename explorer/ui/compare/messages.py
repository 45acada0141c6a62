"""What the pieces of the Compare page are sent, as plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from explorer.data import original
from explorer.figures import CATEGORICAL
from explorer.ui.attributes.edits import REACH
from explorer.ui.compare.sliders import Move
from explorer.ui.compare.strips import Row, Spots, codes_at
from explorer.ui.facts import noun
from explorer.ui.wire import pack_floats, pack_picture, pack_plane, to_text

if TYPE_CHECKING:
    from explorer.ui.compare.choice import Chosen
    from explorer.ui.compare.cohorts import Cohort
    from explorer.ui.resources import Opened

Message = dict[str, Any]
MAX_POINTS = 4_000  # of a map; more are not told apart at a quarter of the page's width


def panel_message(number: int, chosen: Chosen) -> Message:
    """A model's own head; what it draws is added where it can be shown."""
    return {
        "number": number,
        "name": chosen.name,
        "title": chosen.title,
        "subtitle": "" if chosen.opened is None else subtitle(chosen.opened),
        "colour": CATEGORICAL[number % len(CATEGORICAL)],
        "steered": chosen.steered,
        "problem": chosen.problem,
        "bundle": "" if chosen.opened is None else chosen.opened.identity,
        "code": None,
        "vector": None,
        "note": "",
    }


def subtitle(opened: Opened) -> str:
    """How true and how dear a model's codes are, in a few words, as far as it was measured."""
    config = opened.bundle.config
    parts = [f"{config.results['psnr']:.1f} dB"] if "psnr" in config.results else []
    if config.model.variational and "rate" in config.results:
        parts.append(f"rate {config.results['rate']:.1f} nats")
    return " · ".join(parts)


def live_message(opened: Opened, cohort: Cohort, member: int, spots: Spots, move: Move) -> Message:
    """The code that the slider moves in one model, and along what."""
    code = codes_at(cohort, member, opened, (spots.picture,))[0]
    vector = np.zeros_like(code) if move.vector is None else move.vector
    return {"code": pack_floats(code), "vector": pack_floats(vector), "note": move.note}


def slider_message(title: str, value: float) -> Message:
    """The one slider."""
    return {"title": title, "value": value, "reach": REACH}


def strip_message(key: str, title: str, rows: Sequence[Row], **more: Any) -> Message:
    """A row of pictures for each model; ``more`` is what else the browser is told."""
    return {"key": key, "title": title, "rows": [_row(row) for row in rows], **more}


def original_of(opened: Opened, picture: str) -> np.ndarray | None:
    """The source picture (H, W, C), where it is drawn or lies on this machine."""
    return original(asdict(opened.bundle.config.data), picture)


def packed(image: np.ndarray | None) -> Message | None:
    """A picture for the browser, or none."""
    return None if image is None else dict(pack_picture(image))


def what_one_is(opened: Opened) -> str:
    """A face, a digit or a picture."""
    return noun(opened.bundle.config)


def map_places(cohort: Cohort) -> np.ndarray:
    """Which of the common pictures are drawn on the maps: all, or some chosen by chance."""
    count = len(cohort.ids)
    if count <= MAX_POINTS:
        return np.arange(count)
    return np.sort(np.random.default_rng(0).permutation(count)[:MAX_POINTS])


def map_message(opened: Opened, rows: np.ndarray, *, plane: str) -> Message:
    """Where a model puts the pictures of some of its rows."""
    points = pack_plane(opened.bundle.maps[plane].xy[rows])
    return {
        "xy": points.xy,
        "bounds": points.bounds,
        "rows": to_text(np.ascontiguousarray(rows, "<u4").tobytes()),
        "count": len(rows),
        "plane": plane,
    }


def _row(row: Row) -> Mapping[str, Any]:
    codes = None if row.codes is None else pack_floats(row.codes)
    count = 0 if row.codes is None else len(row.codes)
    return {"member": row.member, "codes": codes, "count": count, "note": row.note}
