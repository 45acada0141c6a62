"""A picture's posterior as the experiments need it: its model, its numbers, draws from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from explorer.bundle import BundleError
from explorer.latent.codes import Floats
from explorer.ui.lab.pieces import need
from explorer.ui.resources import Opened, find_bundles, open_bundle

if TYPE_CHECKING:
    from explorer.bundle import Bundle
    from explorer.ui.faces import Face

WANTED = "faces"


@dataclass(frozen=True, eq=False)
class Posterior:
    """N(mu, diag(sigma²)) of one picture; both (D,)."""

    mu: Floats
    sigma: Floats

    @property
    def kl(self) -> Floats:
        """(D,) what each number tells, in nats: its KL to the prior N(0, 1)."""
        variance = self.sigma**2
        return np.asarray((self.mu**2 + variance - 1 - np.log(variance)) / 2, np.float32)

    def draw(self, count: int, *, width: float = 1.0, seed: int = 0) -> Floats:
        """Codes (count, D): mu + width · sigma · eps."""
        eps = np.random.default_rng(seed).standard_normal((count, len(self.mu)))
        return np.asarray(self.mu + width * self.sigma * eps, np.float32)


def find_model() -> Opened | None:
    """The shipped faces, or any variational model; draws how to train it when there is none."""
    entries = [one for one in find_bundles().bundles if one.config.model.variational]
    entries.sort(key=lambda one: (one.name != WANTED, one.sweep is not None))
    for entry in entries:
        try:
            return open_bundle(entry.path, sha256=entry.config.weights_sha256)
        except BundleError:
            continue  # the gallery says why
    return need(WANTED)


def posterior_of(face: Face, bundle: Bundle) -> Posterior:
    """That of a picture of the data, or of what the model draws for any other face.

    Raises:
        BundleError: The picture cannot be encoded.
    """
    if face.index is not None:
        mu, logvar = bundle.latents.mu[face.index], bundle.latents.logvar[face.index]
    else:
        (mu,), (logvar,) = bundle.encode(face.image[None])
    return Posterior(np.asarray(mu, np.float32), np.exp(np.asarray(logvar, np.float32) / 2))
