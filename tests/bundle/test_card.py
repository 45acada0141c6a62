from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from explorer.bundle.card import model_card, objective_sentences
from explorer.bundle.cardtext import NOTES
from tests.bundles import Tiny, make_config

SECTIONS = (
    "What it is",
    "Intended use",
    "Out of scope",
    "Bias, risks and limitations",
    "How to open it",
    "Training data",
    "Training procedure",
    "Results",
)


def card(**changes: Any) -> str:
    return model_card(make_config(Tiny(**changes)))


def head(text: str) -> list[str]:
    assert text.startswith("---\n")
    return text.split("---\n")[1].splitlines()


def test_every_section_is_there() -> None:
    titles = [line[3:] for line in card().splitlines() if line.startswith("## ")]
    assert titles == list(SECTIONS)


def test_the_head_says_what_the_hub_reads() -> None:
    lines = head(card())
    for line in (
        "license: apache-2.0",
        "library_name: latent-explorer",
        "- vae",
        '- "toy-faces"',
        '- name: "tiny"',
        '    - type: "psnr"',
        "      value: 21.5",
    ):
        assert line in lines


def test_faces_come_with_their_warnings() -> None:
    text = card(
        source="celeba", license="CelebA: non-commercial research only", title="CelebA", crop=148
    )
    assert "license: other" in head(text)
    assert 'license_name: "CelebA: non-commercial research only"' in head(text)
    for words in ("non-commercial", "light-skinned", "stereotypes", "Identifying", "148 pixels"):
        assert words in text


def test_cartoons_come_without() -> None:
    assert "non-commercial" not in card()


def test_an_unknown_source_claims_nothing() -> None:
    assert "Nothing is known here about how the pictures were chosen" in card(source="folder")


@pytest.mark.parametrize("source", sorted(NOTES))
def test_every_source_has_all_its_words(source: str) -> None:
    text = card(source=source)
    notes = NOTES[source]
    for words in (notes.intended, notes.out_of_scope, notes.risks):
        assert words.strip()
        assert words in text


@pytest.mark.parametrize(
    ("likelihood", "words"),
    [
        ("gaussian", "β multiplies the KL of the calibrated-Gaussian ELBO in nats"),
        ("bernoulli", "β multiplies the KL of the Bernoulli ELBO in nats"),
        ("squared", "this β is not comparable with that of a calibrated ELBO"),
    ],
)
def test_what_beta_multiplies(likelihood: str, words: str) -> None:
    text = card(likelihood=likelihood, beta=0.075)
    assert "with β = 0.075." in text
    assert words in text


def test_an_autoencoder_has_no_beta() -> None:
    assert "there is no noise on the code and no KL term" in card(variational=False)


def test_warm_up_and_free_bits_are_told() -> None:
    objective = make_config(Tiny()).objective
    told = replace(objective, warmup="cyclical", free_bits=0.25)
    text = objective_sentences(told, variational=True)
    assert "in 4 cycles over 2 epochs. 0.25 nats per dimension cost nothing" in text
    assert "grew" not in objective_sentences(replace(told, warmup="none"), variational=True)


def test_results_have_units() -> None:
    assert "| PSNR | 21.5 | dB |" in card()
    assert "| rate (KL) | 18.25 | nats per picture |" in card()


def test_no_results() -> None:
    text = model_card(replace(make_config(Tiny()), results={}))
    assert text.endswith("## Results\n\nNot measured.\n")
    assert "model-index" not in text


def test_names_cannot_break_out() -> None:
    text = card(name='x"\n---\n# <script>', attribute_names=("a|b", "**c**"))
    assert '- name: "x\\" --- # <script>"' in head(text)
    assert '\n# x" --- \\# \\<script\\>\n' in text
    assert r"Attributes: a\|b, \*\*c\*\*." in text
