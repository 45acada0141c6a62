from __future__ import annotations

import numpy as np
import pytest

from explorer.ui.lab.kl_term import facts
from tests.ui.lab.conftest import OpenTiny


def test_figures_that_were_not_measured_are_left_out(open_tiny: OpenTiny) -> None:
    told = dict(facts(open_tiny(beta=10.0)))
    assert list(told) == ["Rate", "Posterior σ", "All codes to prior"]
    assert told["Rate"] == "18.2 nats"
    assert float(told["Posterior σ"]) == pytest.approx(np.exp(-1), abs=0.005)
