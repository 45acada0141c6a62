from __future__ import annotations

from dataclasses import replace

from explorer.latent import Direction
from explorer.ui.attributes.sliders import methods_of, opening, sliders_of


def test_favourites_come_first_then_what_the_codes_know_best(
    directions: tuple[Direction, ...],
) -> None:
    sliders = sliders_of(directions, method="mean")
    keys = [slider.key for slider in sliders]
    assert keys[:2] == ["Smiling", "Eyeglasses"]
    first, second = (slider.direction.scores["auc"] for slider in sliders[2:])
    assert first >= second
    assert opening(sliders) == ["Smiling", "Eyeglasses"]


def test_a_slider_moves_by_the_method_and_locks_by_the_classifier(
    directions: tuple[Direction, ...],
) -> None:
    for slider in sliders_of(directions, method="conditional"):
        assert slider.direction.method == "conditional"
        assert slider.reader.method == "logistic"


def test_what_a_method_has_not_found_is_moved_by_another(
    directions: tuple[Direction, ...],
) -> None:
    only_mean = [item for item in directions if item.method == "mean"]
    slider = sliders_of(only_mean, method="conditional")[0]
    assert slider.direction.method == slider.reader.method == "mean"


def test_own_sliders_follow_the_favourites_and_open_with_the_page(
    directions: tuple[Direction, ...],
) -> None:
    own = replace(directions[0], name="Smiling", kind="own", scores={})
    sliders = sliders_of(directions, [own], method="mean")
    assert [slider.key for slider in sliders][:3] == ["Smiling", "Eyeglasses", "own:Smiling"]
    assert sliders[2].is_own
    assert opening(sliders) == ["Smiling", "Eyeglasses", "own:Smiling"]


def test_classes_come_last_in_their_own_order(directions: tuple[Direction, ...]) -> None:
    classes = [replace(directions[0], name=name, kind="label") for name in ("7", "0")]
    sliders = sliders_of([*classes, *directions], method="mean")
    assert [slider.title for slider in sliders][-2:] == ["towards 7", "towards 0"]


def test_the_methods_are_those_there_are(directions: tuple[Direction, ...]) -> None:
    assert methods_of(directions) == ["mean", "logistic", "conditional"]
    assert methods_of(directions[:1]) == ["mean"]
    assert methods_of([replace(directions[0], kind="own")]) == []
