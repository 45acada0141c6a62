from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest

from explorer.bundle.strict import LATER, StrictError, parse, plain


@dataclass(frozen=True)
class Inner:
    count: int
    share: float

    def __post_init__(self) -> None:
        if self.count < 0:
            raise ValueError(f"count is {self.count}; 0 or more is needed.")


@dataclass(frozen=True)
class Outer:
    name: str
    flag: bool
    limit: int | None
    names: tuple[str, ...]
    figures: Mapping[str, float]
    inner: Inner


@dataclass(frozen=True)
class Grown:
    count: int
    share: float = 0.5
    shift: int = field(default=0, metadata=LATER)


GOOD: dict[str, Any] = {
    "name": "a",
    "flag": True,
    "limit": None,
    "names": ["x", "y"],
    "figures": {"psnr": 1.5},
    "inner": {"count": 3, "share": 0.5},
}


def test_values_come_back_typed() -> None:
    assert parse(Outer, GOOD) == Outer("a", True, None, ("x", "y"), {"psnr": 1.5}, Inner(3, 0.5))


def test_plain_is_the_inverse() -> None:
    assert plain(parse(Outer, GOOD)) == GOOD


def test_whole_numbers_are_fine_floats() -> None:
    parsed = parse(Inner, {"count": 1, "share": 2})
    assert isinstance(parsed.share, float)


def test_numpy_scalars_become_plain_numbers() -> None:
    value = plain(Inner(np.int64(2), np.float32(0.5)))  # type: ignore[arg-type]
    assert [type(item) for item in value.values()] == [int, float]


def test_figures_that_are_not_finite_are_left_out() -> None:
    outer = replace(parse(Outer, GOOD), figures={"psnr": math.inf, "rate": math.nan, "mse": 0.5})
    assert plain(outer)["figures"] == {"mse": 0.5}


def test_a_field_that_came_later_may_be_missing_and_no_other() -> None:
    assert parse(Grown, {"count": 1, "share": 0.1}) == Grown(1, 0.1, shift=0)
    assert parse(Grown, {"count": 1, "share": 0.1, "shift": 3}) == Grown(1, 0.1, shift=3)
    with pytest.raises(StrictError, match=r"^share is missing"):
        parse(Grown, {"count": 1})


def test_versions_of_before_can_read_what_has_nothing_new() -> None:
    assert plain(Grown(1, 0.1)) == {"count": 1, "share": 0.1}
    assert plain(Grown(1, 0.1, shift=3)) == {"count": 1, "share": 0.1, "shift": 3}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": 3}, r"^name is 3; a text is needed\.$"),
        ({"flag": 1}, r"^flag is 1; true or false is needed\.$"),
        ({"limit": True}, r"^limit is True; a whole number is needed\.$"),
        ({"limit": 1.0}, r"^limit is 1\.0; a whole number is needed\.$"),
        ({"names": "xy"}, r"^names is 'xy'; a list is needed\.$"),
        ({"names": ["x", 2]}, r"^names\[1\] is 2; a text is needed\.$"),
        ({"figures": [1]}, r"^figures is \[1\]; an object of keys and values is needed\.$"),
        ({"figures": {"psnr": "9"}}, r"^figures\.psnr is '9'; a finite number is needed\.$"),
        ({"figures": {"psnr": math.nan}}, r"^figures\.psnr is nan; a finite number is needed\.$"),
        ({"inner": None}, r"^inner is None; an object of keys and values is needed\.$"),
        ({"inner": {"count": 1}}, r"^inner\.share is missing; restore the file"),
        ({"inner": {"count": -1, "share": 1}}, r"^inner\.count is -1; 0 or more is needed\.$"),
        ({"betta": 1}, r"^betta is not a known key; the keys there are name, .* Remove it"),
    ],
)
def test_a_wrong_value_names_its_field(change: dict[str, Any], message: str) -> None:
    with pytest.raises(StrictError, match=message):
        parse(Outer, GOOD | change)


def test_a_long_value_is_cut_short() -> None:
    with pytest.raises(StrictError) as caught:
        parse(Outer, GOOD | {"limit": "9" * 1000})
    assert len(str(caught.value)) < 120
