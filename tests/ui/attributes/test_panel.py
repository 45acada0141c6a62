from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from explorer.latent import Direction, conditional
from explorer.ui.attributes.edits import Edit
from explorer.ui.attributes.panel import Panel, make_panel, path_codes, strip_codes
from explorer.ui.attributes.sliders import Slider, sliders_of

CODE = np.linspace(-1, 1, 8).astype(np.float32)


@pytest.fixture
def sliders(directions: tuple[Direction, ...]) -> list[Slider]:
    return sliders_of(directions, method="mean")


def reading(panel: Panel, key: str, code: np.ndarray) -> float:
    slider = panel.sliders[panel.keys.index(key)]
    return float(slider.reader.position(code[None])[0])


def test_values_add_up(sliders: list[Slider]) -> None:
    panel = make_panel(sliders, ())
    edited = panel.apply(CODE, {"Smiling": 1.5, "Male": -1.0})
    steps = {slider.key: slider.direction.vector for slider in sliders}
    np.testing.assert_allclose(edited, CODE + 1.5 * steps["Smiling"] - steps["Male"], rtol=1e-5)
    assert edited.dtype == np.float32


def test_the_browsers_vectors_are_those_that_python_applies(sliders: list[Slider]) -> None:
    panel = make_panel(sliders, ("Male",))
    weights = np.array([0.5, -1, 0, 2], np.float32)
    values = dict(zip(panel.keys, weights.tolist(), strict=True))
    np.testing.assert_allclose(
        panel.apply(CODE, values), CODE + weights @ panel.vectors, rtol=1e-5, atol=1e-6
    )


def test_a_lock_keeps_what_its_classifier_sees(sliders: list[Slider]) -> None:
    free, locked = make_panel(sliders, ()), make_panel(sliders, ("Male",))
    before = reading(free, "Male", CODE)
    values = {"Beard": 1.0}
    assert abs(reading(free, "Male", free.apply(CODE, values)) - before) > 0.3
    kept = locked.apply(CODE, values)
    assert reading(locked, "Male", kept) == pytest.approx(before, abs=1e-5)
    gain = reading(locked, "Beard", kept) - reading(locked, "Beard", CODE)
    assert gain == pytest.approx(1, abs=1e-5)


def test_a_lock_leaves_a_conditional_directions_own_locks_in_force(
    directions: tuple[Direction, ...],
) -> None:
    sliders = sliders_of(directions, method="mean")
    by_key = {slider.key: slider for slider in sliders}
    bound = conditional(
        by_key["Beard"].direction, [by_key["Male"].reader], own=by_key["Beard"].reader
    )
    sliders = [
        replace(slider, direction=bound) if slider.key == "Beard" else slider for slider in sliders
    ]
    panel = make_panel(sliders, ("Smiling",))
    edited = panel.apply(CODE, {"Beard": 1.0})
    for key in ("Male", "Smiling"):
        before = reading(panel, key, CODE)
        assert reading(panel, key, edited) == pytest.approx(before, abs=1e-5)


def test_a_locked_slider_keeps_its_own_way(sliders: list[Slider]) -> None:
    free, locked = make_panel(sliders, ()), make_panel(sliders, ("Male",))
    np.testing.assert_array_equal(locked.steps["Male"].vector, free.steps["Male"].vector)


def test_what_cannot_move_stands_still_and_says_why(sliders: list[Slider]) -> None:
    twin = replace(sliders[0], key="twin", title="twin")
    twin = replace(twin, direction=sliders[0].reader)
    panel = make_panel([*sliders, twin], ("Smiling",))
    assert "nothing is left of the direction when Smiling" in panel.problems["twin"]
    assert not panel.vectors[panel.keys.index("twin")].any()
    np.testing.assert_array_equal(panel.apply(CODE, {"twin": 2.0}), CODE)


def test_what_the_panel_does_not_have_changes_nothing(sliders: list[Slider]) -> None:
    np.testing.assert_array_equal(make_panel(sliders, ()).apply(CODE, {"Hats": 2.0}), CODE)


def test_the_strip_moves_one_slider_and_leaves_the_others(sliders: list[Slider]) -> None:
    panel = make_panel(sliders, ())
    edit = Edit({"Male": 1.0, "Smiling": 2.5}, last="Smiling")
    strip = strip_codes(panel, CODE, edit, alphas=(-2.0, 0.0, 2.0))
    np.testing.assert_allclose(strip[1], panel.apply(CODE, {"Male": 1.0}), rtol=1e-5)
    step = panel.steps["Smiling"].vector
    np.testing.assert_allclose(strip[2] - strip[0], 4 * step, rtol=1e-4, atol=1e-5)


def test_the_path_begins_with_the_face_and_ends_with_the_edit(sliders: list[Slider]) -> None:
    panel = make_panel(sliders, ())
    edit = Edit({"Male": 1.0, "Smiling": 2.0}, last="Male")
    path = path_codes(panel, CODE, edit, steps=9)
    np.testing.assert_allclose(path[0], CODE)
    np.testing.assert_allclose(path[-1], panel.apply(CODE, edit.values), rtol=1e-5)
    lengths = np.linalg.norm(np.diff(path, axis=0), axis=1)
    assert lengths[0] < lengths[4]  # slow at the ends
    assert (lengths > 0).all()
