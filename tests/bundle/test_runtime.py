from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file
from torch import nn

from explorer.bundle import BundleError
from explorer.bundle.runtime import Runtime
from explorer.vae import VAE, ModelConfig
from tests.bundles import random_weights

CONFIG = ModelConfig(image_size=32, latent_dim=8, width=8)


def made(folder: Path, config: ModelConfig, *, dtype: str = "float32") -> Runtime:
    weights = random_weights(config, seed=0)
    arrays = {name: value.numpy().astype(dtype) for name, value in weights.items()}
    save_file(arrays, folder / "model.safetensors")
    return Runtime(folder / "model.safetensors", config=config)


def codes(count: int, *, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((count, 8), dtype=np.float32)


def pictures(count: int, shape: Sequence[int] = (32, 32, 3)) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (count, *shape), dtype=np.uint8)


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Runtime:
    return made(tmp_path_factory.mktemp("runtime"), CONFIG)


@pytest.fixture(scope="module")
def reference() -> VAE:
    model = VAE(CONFIG)
    model.load_state_dict(random_weights(CONFIG, seed=0))
    return model.eval()


@torch.inference_mode()
def test_decode_is_the_network_rounded(runtime: Runtime, reference: VAE) -> None:
    z = codes(5)
    wanted = 255 * reference.decode(torch.from_numpy(z)).permute(0, 2, 3, 1).numpy()
    images = runtime.decode(z)
    assert (images.shape, images.dtype) == ((5, 32, 32, 3), np.uint8)
    assert np.abs(images - wanted).max() <= 0.5 + 1e-2
    assert images.std(axis=0).mean() > 5  # different codes, different pictures


@torch.inference_mode()
def test_encode_is_the_network_on_unit_pixels(runtime: Runtime, reference: VAE) -> None:
    images = pictures(5)
    posterior = reference.encode(torch.from_numpy(images).permute(0, 3, 1, 2) / 255)
    mu, logvar = runtime.encode(images)
    assert (mu.shape, mu.dtype, logvar.shape, logvar.dtype) == ((5, 8), "f4", (5, 8), "f4")
    np.testing.assert_allclose(mu, posterior.mu.numpy(), rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(logvar, posterior.logvar.numpy(), rtol=1e-4, atol=1e-4)


def test_more_than_a_batch(runtime: Runtime) -> None:
    z = codes(300)
    images = runtime.decode(z)
    one_by_one = np.concatenate([runtime.decode(z[row : row + 1]) for row in (0, 255, 256, 299)])
    # Sums in another order may round a pixel the other way.
    assert np.abs(images[[0, 255, 256, 299]].astype(int) - one_by_one).max() <= 1
    np.testing.assert_allclose(
        runtime.encode(images)[0][299:], runtime.encode(images[299:])[0], rtol=1e-3, atol=1e-4
    )


def test_quick_is_exact_until_it_is_prepared_and_where_it_would_not_pay(runtime: Runtime) -> None:
    z = codes(3)
    np.testing.assert_array_equal(runtime.decode(z, quick=True), runtime.decode(z))
    runtime.prepare_quick(codes(40))  # a small decoder is fast enough
    np.testing.assert_array_equal(runtime.decode(z, quick=True), runtime.decode(z))


@pytest.fixture
def any_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("explorer.bundle.runtime.LARGE", 1)


@pytest.mark.usefixtures("any_is_large")
@pytest.mark.parametrize(("kind", "asked"), [("bfloat16", [0]), ("eight_bit", [96])])
def test_quick_pictures_of_a_large_decoder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, asked: list[int]
) -> None:
    seen: list[int] = []

    def black(decoder: nn.Sequential, codes: torch.Tensor | None = None) -> nn.Sequential:
        seen.append(0 if codes is None else len(codes))
        return nn.Sequential(decoder, nn.Threshold(1e9, -1e9))

    for name, make in (("bfloat16", "Bfloat16"), ("eight_bit", "in_eight_bits")):
        is_it = name == kind
        monkeypatch.setattr(f"explorer.bundle.{name}.is_supported", lambda is_it=is_it: is_it)
        monkeypatch.setattr(f"explorer.bundle.{name}.{make}", black)
    runtime = made(tmp_path, CONFIG)
    z = codes(3)
    exact = runtime.decode(z)
    runtime.prepare_quick(codes(40))
    assert seen == asked
    assert not runtime.decode(z, quick=True).any()
    np.testing.assert_array_equal(runtime.decode(z), exact)


@pytest.mark.usefixtures("any_is_large")
def test_a_processor_for_neither_draws_exactly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("bfloat16", "eight_bit"):
        monkeypatch.setattr(f"explorer.bundle.{name}.is_supported", lambda: False)
    runtime = made(tmp_path, CONFIG)
    runtime.prepare_quick(codes(40))
    np.testing.assert_array_equal(runtime.decode(codes(3), quick=True), runtime.decode(codes(3)))


def test_nothing_in_nothing_out(runtime: Runtime) -> None:
    assert runtime.decode(np.empty((0, 8))).shape == (0, 32, 32, 3)
    assert [part.shape for part in runtime.encode(pictures(0))] == [(0, 8), (0, 8)]


def test_lists_float64_and_read_only_codes_are_welcome(runtime: Runtime) -> None:
    z = codes(2)
    z.flags.writeable = False
    wanted = runtime.decode(z)
    np.testing.assert_array_equal(runtime.decode(z.astype(np.float64)), wanted)
    np.testing.assert_array_equal(runtime.decode(z.tolist()), wanted)


@pytest.mark.parametrize(
    "config",
    [
        ModelConfig(image_size=28, channels=1, latent_dim=8, width=8),
        ModelConfig(image_size=64, channels=3, latent_dim=8, width=8),
        ModelConfig(image_size=28, channels=1, latent_dim=8, width=8, architecture="mlp"),
        ModelConfig(image_size=28, channels=1, latent_dim=8, width=8, variational=False),
    ],
)
def test_every_kind_of_network(tmp_path: Path, config: ModelConfig) -> None:
    runtime = made(tmp_path, config)
    shape = (config.image_size, config.image_size, config.channels)
    mu, logvar = runtime.encode(pictures(3, shape))
    assert runtime.decode(mu).shape == (3, *shape)
    assert config.variational or (logvar == -20).all()


def test_float16_weights_compute_in_float32(tmp_path: Path, runtime: Runtime) -> None:
    half = made(tmp_path, CONFIG, dtype="float16")
    assert {value.dtype for value in half.model.state_dict().values()} == {torch.float32}
    difference = half.decode(codes(4)).astype(int) - runtime.decode(codes(4))
    assert np.abs(difference).max() <= 3


def test_threads_share_it(tmp_path: Path) -> None:
    runtime = made(tmp_path, CONFIG)
    z = [codes(1, seed=seed) for seed in range(24)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(runtime.decode, z))
    for code, image in zip(z, together, strict=True):
        np.testing.assert_array_equal(image, runtime.decode(code))


@pytest.mark.parametrize(("count", "wanted"), [(1, 1), (8, 1), (9, 3)])
def test_few_pictures_take_one_core(tmp_path: Path, count: int, wanted: int) -> None:
    runtime, before = made(tmp_path, CONFIG), torch.get_num_threads()
    seen: list[int] = []

    def watch(*_: object) -> None:
        seen.append(torch.get_num_threads())

    runtime.model.decoder.register_forward_pre_hook(watch)
    torch.set_num_threads(3)
    try:
        runtime.decode(codes(count))
        assert (seen, torch.get_num_threads()) == ([wanted], 3)
    finally:
        torch.set_num_threads(before)


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (pictures(2, (28, 28, 3)), r"images has shape \(2, 28, 28, 3\); this model takes \(N, 32"),
        (pictures(2)[0], r"images has shape \(32, 32, 3\); .* \(N, 32, 32, 3\)"),
        (pictures(2) / 255, "images is float64; uint8 from 0 to 255 is needed"),
    ],
)
def test_wrong_images(runtime: Runtime, images: np.ndarray, message: str) -> None:
    with pytest.raises(BundleError, match=message):
        runtime.encode(images)


@pytest.mark.parametrize(
    ("z", "message"),
    [
        (np.zeros(8), r"z has shape \(8,\); this model takes \(N, 8\), one row per code"),
        (np.zeros((1, 9)), r"z has shape \(1, 9\)"),
        (np.full((1, 8), np.nan), "z holds NaN or infinity"),
        ([["a"] * 8], "z is not an array of numbers"),
        ([[1.0], [1.0, 2.0]], "z is not an array of numbers"),
    ],
)
def test_wrong_codes(runtime: Runtime, z: object, message: str) -> None:
    with pytest.raises(BundleError, match=message):
        runtime.decode(z)  # type: ignore[arg-type]


def test_weights_of_another_network(tmp_path: Path) -> None:
    made(tmp_path, CONFIG)
    deeper = ModelConfig(image_size=32, latent_dim=8, width=8, depth=2)
    with pytest.raises(
        BundleError, match=r"model\.safetensors: the weights are not those .* \(missing: .* and \d"
    ):
        Runtime(tmp_path / "model.safetensors", config=deeper).decode(codes(1))


def test_weights_of_another_width(tmp_path: Path) -> None:
    made(tmp_path, CONFIG)
    wider = ModelConfig(image_size=32, latent_dim=8, width=16)
    with pytest.raises(
        BundleError, match=r"\(of another shape: encoder\.[\w.]+ \(.* instead of .* and \d+ more\)"
    ):
        Runtime(tmp_path / "model.safetensors", config=wider).decode(codes(1))
