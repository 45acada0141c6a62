from __future__ import annotations

import numpy as np
import pytest

from explorer.figures import MISSING
from explorer.ui.lab.class_way import Said, read_alpha, way_message
from tests.ui.lab.conftest import OpenTiny

SAID = Said(np.array([-0.5, 0.5, 1.5]), (("4", "#0072b2", np.ones(3)), ("other", "", np.zeros(3))))


@pytest.mark.parametrize(
    ("value", "alpha"),
    [("0.75", 0.75), (9, 1.5), ("-3", -0.5), ("nan", 0), ("x", 0), (None, 0), ({}, 0)],
)
def test_a_share_from_outside_is_kept_within_the_way(value: object, alpha: float) -> None:
    assert read_alpha(value, SAID) == alpha


def test_a_curve_without_a_colour_is_grey(open_tiny: OpenTiny) -> None:
    code = np.zeros(8, np.float32)
    message = way_message(open_tiny(), code, code + 1, SAID, ends=("4", "9"))
    assert [curve["colour"] for curve in message["curves"]] == ["#0072b2", MISSING]
    other = way_message(open_tiny("other"), code, code + 2, SAID, ends=("4", "9"))
    assert other["version"] != message["version"]
