"""What the editor in the browser is sent, as plain values."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from explorer.latent import Direction, entanglement
from explorer.ui.attributes.edits import REACH, Edit
from explorer.ui.attributes.panel import Panel
from explorer.ui.attributes.scores import grade, score_sentence, success_of, success_sentence
from explorer.ui.attributes.sliders import Slider
from explorer.ui.cautions import TANGLED, WEAK_AUC
from explorer.ui.facts import noun
from explorer.ui.wire import pack_floats, pack_picture

if TYPE_CHECKING:
    from explorer.bundle import Bundle
    from explorer.latent import Effects
    from explorer.ui.faces import Face

ALPHAS = tuple(np.arange(-2, 2.5, 0.5).tolist())  # of the strip
MAX_TANGLED = 3  # others that one click locks; with many, little is left to move along
Message = dict[str, Any]


def panel_message(panel: Panel, bundle: Bundle, *, has_locks: bool) -> Message:
    """All sliders: what they are called, what they are worth, what they move along."""
    # The judge looked at the directions as they are, not at what some locks leave of them.
    effects = None if has_locks else bundle.effects
    kind = noun(bundle.config)
    return {
        "sliders": [slider_message(slider, panel, effects, kind) for slider in panel.sliders],
        "vectors": pack_floats(panel.vectors),
    }


def slider_message(slider: Slider, panel: Panel, effects: Effects | None, kind: str) -> Message:
    """One slider without its vector."""
    auc = slider.direction.scores.get("auc", math.nan)
    success = success_of(panel.steps[slider.key], effects)
    return {
        "key": slider.key,
        "title": slider.title,
        "auc": None if math.isnan(auc) else round(auc, 2),
        "grade": grade(auc),
        "score": score_sentence(slider.direction, noun=kind),
        "judged": success_sentence(success, noun=kind),
        "success": [[alpha, share] for alpha, share in success.items()],
        "problem": panel.problems.get(slider.key, ""),
    }


def tangled(key: str, panel: Panel) -> list[Slider]:
    """What a slider moves most besides its own, strongest first; what is locked is not moved.

    Never a class for a class: a picture that becomes one stops being of the other. Nor what the
    codes hardly know, which a lock could not keep.
    """
    step = panel.steps[key]
    others = [
        slider
        for slider in panel.sliders
        if slider.key != key
        and not step.kind == slider.direction.kind == "label"
        and slider.reader.scores.get("auc", 0) >= WEAK_AUC
    ]
    if not others or key in panel.problems:
        return []
    readers: Sequence[Direction] = [slider.reader for slider in others]
    moves = np.abs(entanglement([step], readers)[0])
    order = np.argsort(-moves, kind="stable")[:MAX_TANGLED]
    return [others[place] for place in order if moves[place] > TANGLED]


def face_message(face: Face) -> Message:
    """The face as it is, before any edit."""
    return {
        "key": hashlib.sha256(face.code.tobytes()).hexdigest()[:16],
        "title": face.title,
        "code": pack_floats(face.code),
        "picture": pack_picture(face.image),
        "photo": None if face.original is None else pack_picture(face.original),
    }


def others_message(rows: np.ndarray, bundle: Bundle) -> Message:
    """The other faces, as codes: the browser asks for their pictures."""
    return {
        "rows": rows.tolist(),
        "codes": pack_floats(bundle.latents.mu[rows]),
        "titles": bundle.items["id"].iloc[rows].astype(str).tolist(),
    }


def edit_message(edit: Edit) -> Message:
    """What the browser starts from."""
    return {
        "values": dict(edit.values),
        "locks": list(edit.locks),
        "shown": list(edit.shown),
        "last": edit.last,
    }


def frame_message(bundle: Bundle, identity: str, *, socket: str) -> Message:
    """What stays the same as long as the model does."""
    return {
        "bundle": identity,
        "socket": socket,
        "noun": noun(bundle.config),
        "reach": REACH,
        "alphas": list(ALPHAS),
    }


def notes_message(notes: Mapping[str, Sequence[str]], panel: Panel) -> Message:
    """Cautions by slider, and whom to lock against what they warn of."""
    return {
        key: {
            "texts": list(texts),
            "tangled": [{"key": one.key, "title": one.title} for one in tangled(key, panel)],
        }
        for key, texts in notes.items()
    }
