from __future__ import annotations

import re

import pytest

from explorer.ui import registry
from explorer.ui.folders import ROOT
from explorer.ui.glossary.terms import SECTIONS, matching
from explorer.ui.lab.page import EXPERIMENTS, PARAMETER

TERMS = [term for terms in SECTIONS.values() for term in terms]


def names(wanted: str) -> list[str]:
    return [term.name for terms in matching(wanted).values() for term in terms]


def test_every_term_is_there_once_and_leads_to_a_page() -> None:
    assert len({term.name.casefold() for term in TERMS}) == len(TERMS)
    for term in TERMS:
        assert (ROOT / term.page).is_file(), term.name


def test_links_into_the_lab_name_an_experiment() -> None:
    asked = {term.query[PARAMETER] for term in TERMS if term.page == registry.LAB}
    assert asked <= {experiment.key for experiment in EXPERIMENTS}


def test_formulas_are_whole() -> None:
    for term in TERMS:
        assert term.formula.count("{") == term.formula.count("}"), term.name
        assert len(re.findall(r"\\\\left", term.formula)) == term.formula.count(r"\right")


@pytest.mark.parametrize(
    ("wanted", "first"),
    [
        ("slerp", "Straight and round"),
        ("BURDA", "Active unit"),
        ("annealing", "Warm-up"),
        ("kl  threshold", "Free bits"),
    ],
)
def test_a_search_finds_other_names_and_authors_too(wanted: str, first: str) -> None:
    assert names(wanted)[0] == first


def test_all_words_of_a_search_must_occur() -> None:
    assert "Rate" in names("alemi nats")
    assert names("alemi slerp") == []
    assert len(names("")) == len(TERMS)
    assert list(matching("dci")) == ["Disentanglement"]
