"""What the editor in the browser is sent, as plain values."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from explorer.latent import default_locks
from explorer.ui.attributes.edits import REACH, Edit
from explorer.ui.attributes.panel import Panel
from explorer.ui.attributes.scores import grade, score_sentence, success_of, success_sentence
from explorer.ui.attributes.sliders import Slider
from explorer.ui.cautions import WEAK_AUC
from explorer.ui.facts import noun
from explorer.ui.wire import pack_floats, pack_picture

if TYPE_CHECKING:
    from explorer.bundle import Bundle
    from explorer.latent import Effects
    from explorer.ui.faces import Face

ALPHAS = tuple(np.arange(-2, 2.5, 0.5).tolist())  # of the strip
MAX_LOCKS = 3  # that one click sets
STRAINED = 2.0  # times as long as without locks; those that are suggested stay below
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


def worth_locking(key: str, panel: Panel) -> list[Slider]:
    """What a slider moves besides its own and can do without, what it moves most first.

    See :func:`explorer.latent.default_locks`. Nothing that is locked already; never a class for a
    class, as a picture that becomes one stops being of the other; nor what the codes hardly know,
    which a lock could not keep.
    """
    slider = panel.sliders[panel.keys.index(key)]
    step = panel.steps[key]
    others = {
        other.reader.name: other
        for other in panel.sliders
        if other.key != key
        and not step.kind == other.direction.kind == "label"
        and other.reader.scores.get("auc", 0) >= WEAK_AUC
    }
    readers = [other.reader for other in others.values()]
    found = default_locks(slider.direction, readers, own=slider.reader) if readers else []
    return [others[item.name] for item in found if item.name not in step.locks][:MAX_LOCKS]


def strain(key: str, panel: Panel) -> str:
    """A sentence on a slider that its locks leave little to move along; empty if they do not."""
    slider, step = panel.sliders[panel.keys.index(key)], panel.steps[key]
    longer = step.scale / slider.direction.scale
    if key in panel.problems or longer < STRAINED:
        return ""
    return (
        f"What is locked is nearly the same thing: for the same effect this slider now goes "
        f"{longer:.1f} times as far, where no picture is. Unlock something if the picture falls "
        "apart."
    )


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
    return {key: note_message(key, texts, panel) for key, texts in notes.items()}


def note_message(key: str, texts: Sequence[str], panel: Panel) -> Message:
    """The cautions of one slider; one that is strained already needs no more locks."""
    strained = strain(key, panel)
    lockable = [] if strained else worth_locking(key, panel)
    return {
        "texts": [text for text in (strained, *texts) if text],
        "is_grave": bool(strained),
        "lockable": [{"key": slider.key, "title": slider.title} for slider in lockable],
    }
