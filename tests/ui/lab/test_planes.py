from __future__ import annotations

import numpy as np

from explorer.latent import Cloud
from explorer.ui.lab.columns import Plane
from explorer.ui.lab.planes import cloud_curves, on_plane, prior_plane
from tests.ui.lab.conftest import OpenTiny


def test_codes_of_two_numbers_are_shown_as_they_are(open_tiny: OpenTiny) -> None:
    opened = open_tiny(latent_dim=2, attribute_names=())
    plane = prior_plane(opened)
    np.testing.assert_array_equal(plane.axes, np.eye(2))
    shown = {tuple(point) for point in plane.points.tolist()}
    assert shown == {tuple(code) for code in opened.bundle.latents.mu.tolist()}


def test_a_plane_of_more_numbers_goes_through_the_origin(open_tiny: OpenTiny) -> None:
    plane = prior_plane(open_tiny())
    np.testing.assert_array_equal(plane.base, np.zeros(8))
    np.testing.assert_allclose(plane.axes @ plane.axes.T, np.eye(2), atol=1e-5)
    np.testing.assert_allclose(on_plane(3 * plane.axes, plane), 3 * np.eye(2), atol=1e-5)


def test_ellipses_are_those_of_the_cloud_seen_on_the_plane() -> None:
    plane = Plane(
        points=np.zeros((1, 2)),
        classes=np.zeros(1, int),
        base=np.zeros(3, np.float32),
        axes=np.array([[1, 0, 0], [0, 0, 1]], np.float32),
        centre=(0, 0),
        half=1,
    )
    cloud = Cloud("7", "label", np.array([1, 2, 3.0]), np.array([0.5, 9, 2.0]), 20)
    one, two = cloud_curves(cloud, plane)
    np.testing.assert_allclose(one.points.max(axis=0), [1.5, 5.0], rtol=1e-3)
    np.testing.assert_allclose(two.points.min(axis=0), [0.0, -1.0], atol=1e-2)
