from __future__ import annotations

from explorer.ui.compare.figures import Found
from explorer.ui.compare.table_page import make_table, reasons

ONE = Found({"elbo": -100.0, "rate": 12.5, "ssim": 0.5}, {"mig": "true factors are not known"})
OTHER = Found(
    {"elbo": -90.0, "rate": 20.0, "probe": 0.75},
    {"mig": "true factors are not known", "ssim": "the pictures are not here"},
    {"probe": "classes, chance 0.100"},
    "healthy",
)
BOTH = {"one": ONE, "other": OTHER}


def test_a_row_a_figure_the_best_in_bold_where_one_is_better() -> None:
    table = make_table(BOTH, marks_best=True)
    assert table.loc["ELBO, nats"].tolist() == ["−100.0", "**−90.0**"]
    assert table.loc["Rate, nats"].tolist() == ["12.5", "20.0"]
    assert table.loc["SSIM"].tolist() == ["0.500", "–"]
    assert table.loc["Linear probe, accuracy"].tolist() == ["…", "0.750 (classes, chance 0.100)"]
    assert table.loc["Verdict"].tolist() == ["…", "healthy"]


def test_nothing_is_best_of_what_cannot_be_compared() -> None:
    table = make_table(BOTH, marks_best=False)
    assert table.loc["ELBO, nats"].tolist() == ["−100.0", "−90.0"]


def test_what_is_not_known_says_why_once_for_all_models() -> None:
    lines = reasons(BOTH, are_missing=True)
    assert lines == [
        "– MIG of one, other: true factors are not known.",
        "– SSIM of other: the pictures are not here.",
        "… takes longer: press “Measure the rest”.",
    ]
    assert reasons({"one": Found()}, are_missing=False) == []
