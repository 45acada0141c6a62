from __future__ import annotations

import numpy as np
import pytest
import torch

from explorer.latent.clouds import Cloud, all_clouds, attribute_clouds, cloud, label_clouds
from explorer.latent.codes import LatentError
from explorer.latent.groups import Known

COUNT, DIM = 200, 3


def make_codes(*, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(COUNT, DIM)), rng.normal(-1, 0.5, size=(COUNT, DIM))


HAS = (np.arange(COUNT) % 4 == 0).astype(np.int8)
SPLIT = np.where(np.arange(COUNT) % 8 == 0, 2, 0)  # half of those with it are held out


def test_centre_and_spread_of_the_means_are_those_of_the_training_pictures_with_it() -> None:
    mu, _ = make_codes()
    found = cloud(mu, HAS, split=SPLIT, name="Hat")
    chosen = mu[(HAS == 1) & (SPLIT == 0)]
    np.testing.assert_allclose(found.mean, chosen.mean(axis=0), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(found.std, chosen.std(axis=0), rtol=1e-5)
    assert (found.name, found.kind, found.count) == ("Hat", "attribute", 25)


def test_with_log_variances_it_is_the_spread_of_the_aggregate_posterior() -> None:
    """The law of total variance against the moments of the mixture of all posteriors."""
    mu, logvar = make_codes()
    found = cloud(mu, HAS, split=SPLIT, logvar=logvar)
    chosen = (HAS == 1) & (SPLIT == 0)
    posteriors = torch.distributions.Independent(
        torch.distributions.Normal(
            torch.from_numpy(mu[chosen]), torch.from_numpy(np.exp(0.5 * logvar[chosen]))
        ),
        1,
    )
    equal = torch.distributions.Categorical(torch.ones(int(chosen.sum())))
    aggregate = torch.distributions.MixtureSameFamily(equal, posteriors)
    np.testing.assert_allclose(found.mean, aggregate.mean, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(found.std, aggregate.stddev, rtol=1e-5)


def test_drawn_codes_have_its_centre_and_spread_times_the_temperature() -> None:
    item = Cloud("Hat", "attribute", np.array([1, -2, 0], "f4"), np.array([1, 0.5, 2], "f4"), 30)
    drawn = item.sample(20_000, temperature=0.5, rng=np.random.default_rng(0))
    assert (drawn.shape, drawn.dtype) == ((20_000, 3), np.float32)
    np.testing.assert_allclose(drawn.mean(axis=0), item.mean, atol=0.03)
    np.testing.assert_allclose(drawn.std(axis=0), 0.5 * item.std, rtol=0.03)
    again = item.sample(20_000, temperature=0.5, rng=np.random.default_rng(0))
    np.testing.assert_array_equal(drawn, again)
    cold = item.sample(2, temperature=0, rng=np.random.default_rng(0))
    np.testing.assert_array_equal(cold, [item.mean, item.mean])


def test_draws_that_cannot_be() -> None:
    item = Cloud("Hat", "attribute", np.zeros(2, "f4"), np.ones(2, "f4"), 30)
    rng = np.random.default_rng(0)
    with pytest.raises(LatentError, match="n is -1; ask for 0 codes or more"):
        item.sample(-1, rng=rng)
    with pytest.raises(LatentError, match=r"temperature is -0.5; choose 0 \(the centre\) or more"):
        item.sample(1, temperature=-0.5, rng=rng)


def test_fewer_than_twenty_are_skipped_with_a_sentence() -> None:
    mu, logvar = make_codes()
    rare = (np.arange(COUNT) < 19).astype(np.int8)
    table = np.stack([HAS, rare], axis=1)
    names = ("Hat", "Monocle")
    done = attribute_clouds(mu, table, names=names, split=np.zeros(COUNT), logvar=logvar)
    assert [item.name for item in done.found] == ["Hat"]
    assert done.skipped == (
        "Monocle: 19 training pictures with it; at least 20 are needed for a centre and a spread.",
    )


def test_each_class_of_a_label() -> None:
    mu, _ = make_codes()
    labels = np.arange(COUNT) % 3
    labels[:30] = -1
    done = label_clouds(mu, labels, names=("a", "b", "c"), split=np.zeros(COUNT))
    assert [(item.name, item.kind) for item in done.found] == [(n, "label") for n in "abc"]
    expected = mu[(labels == 1) & (np.arange(COUNT) >= 30)]
    np.testing.assert_allclose(done.found[1].mean, expected.mean(axis=0), rtol=1e-4, atol=1e-6)


def test_attributes_come_before_labels() -> None:
    mu, logvar = make_codes()
    labels = (np.arange(COUNT) % 2).astype(np.int16)
    known = Known(SPLIT, HAS[:, None], ("Hat",), labels, ("even", "odd"))
    done = all_clouds(mu, known, logvar=logvar)
    assert [item.name for item in done.found] == ["Hat", "even", "odd"]


def test_log_variances_of_other_pictures_are_refused() -> None:
    mu, logvar = make_codes()
    with pytest.raises(LatentError, match="logvar has 10 rows; 200 are needed, as in mu"):
        cloud(mu, HAS, split=SPLIT, logvar=logvar[:10])
    with pytest.raises(LatentError, match="logvar has 2 numbers per row; 3 are needed"):
        attribute_clouds(mu, HAS[:, None], names="x", split=SPLIT, logvar=logvar[:, :2])
