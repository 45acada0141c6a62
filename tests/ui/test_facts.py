from __future__ import annotations

from dataclasses import replace

import pytest

from explorer.bundle import Bundle
from explorer.ui import facts


def test_a_sentence_says_what_the_model_is(bundle: Bundle) -> None:
    assert facts.sentence(bundle.config) == (
        "A variational autoencoder of 300 colour pictures (procedural cartoon faces, 32 × 32), "
        "each kept as 8 numbers."
    )


def test_a_plain_autoencoder_has_no_beta(bundle: Bundle) -> None:
    plain = replace(bundle.config, model=replace(bundle.config.model, variational=False))
    assert "plain autoencoder" in facts.sentence(plain)
    assert facts.figures(plain)["β"] == "none"
    assert "β" not in facts.summary(plain)


def test_the_summary_ends_with_the_result(bundle: Bundle) -> None:
    assert facts.summary(bundle.config).endswith("β = 1 · 21.5 dB on unseen pictures")
    unmeasured = replace(bundle.config, results={})
    assert facts.summary(unmeasured).endswith("β = 1")
    assert "PSNR" not in facts.figures(unmeasured)


@pytest.mark.parametrize(
    ("source", "noun"), [("toy-faces", "face"), ("mnist", "digit"), ("folder", "picture")]
)
def test_the_noun_fits_the_data(bundle: Bundle, source: str, noun: str) -> None:
    data = replace(bundle.config.data, source=source)
    assert facts.noun(replace(bundle.config, data=data)) == noun


def test_a_card_is_shown_without_its_front_matter() -> None:
    assert facts.without_front_matter("---\nlicense: mit\n---\n\n# Title\n") == "# Title\n"
    assert facts.without_front_matter("# Title\n---\n") == "# Title\n---\n"
    assert facts.without_front_matter("---\nnever closed") == "---\nnever closed"
