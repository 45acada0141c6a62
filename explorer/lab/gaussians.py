"""How far a Gaussian posterior is from the prior, and why: its place and its width."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class KlParts:
    """KL(N(mu, sigma²) || N(0, 1)) in nats, as the sum of what its two numbers cost.

    Attributes:
        place: ``mu² / 2``: what lying away from 0 costs.
        width: ``(sigma² - 1 - log sigma²) / 2``: what being narrower or wider than 1 costs.
    """

    place: float
    width: float

    @property
    def total(self) -> float:
        """The KL divergence."""
        return self.place + self.width


def kl_parts(mu: float, sigma: float) -> KlParts:
    """The KL divergence of N(mu, sigma²) to N(0, 1), Kingma & Welling (2014), appendix B.

    ``(mu² + sigma² - 1 - log sigma²) / 2``; both parts are 0 or more, and 0 only at the prior's
    own mu = 0, sigma = 1.

    Raises:
        ValueError: ``sigma`` is not above 0, or a number is not finite.
    """
    if not (np.isfinite(mu) and np.isfinite(sigma) and sigma > 0):
        raise ValueError(f"mu is {mu} and sigma {sigma}; give finite numbers, sigma above 0.")
    return KlParts(place=mu**2 / 2, width=(sigma**2 - 1 - 2 * float(np.log(sigma))) / 2)
