"""What a model is, in plain words, from its configuration alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from explorer.bundle.sections import Config

KINDS = {True: "variational autoencoder", False: "plain autoencoder"}
NOUNS = {"toy-faces": "face", "celeba": "face", "mnist": "digit", "digits": "digit"}


def noun(config: Config) -> str:
    """What one picture of the data shows."""
    return NOUNS.get(config.data.source, "picture")


def sentence(config: Config) -> str:
    """One plain sentence: what the model learnt and how large it is."""
    data, model = config.data, config.model
    colour = "colour" if data.channels == 3 else "grey"
    return (
        f"A {KINDS[model.variational]} of {data.num_images:,} {colour} pictures "
        f"({data.title}, {data.image_size} × {data.image_size}), each kept as "
        f"{model.latent_dim} numbers."
    )


def summary(config: Config) -> str:
    """The same in one short line, with the settings and the result."""
    data, model = config.data, config.model
    parts = [
        data.title,
        f"{data.num_images:,} pictures of {data.image_size} × {data.image_size}",
        f"{model.latent_dim} numbers each",
    ]
    if model.variational:
        parts.append(f"β = {config.objective.beta:g}")
    return " · ".join(parts + quality(config))


def quality(config: Config) -> list[str]:
    """Fidelity on pictures the model has not seen; empty when it was not measured."""
    psnr = config.results.get("psnr")
    return [] if psnr is None else [f"{psnr:.1f} dB on unseen pictures"]


def figures(config: Config) -> dict[str, str]:
    """Short figures for a card, by their names."""
    shown = {
        "Pictures": f"{config.data.num_images:,}",
        "Size": f"{config.data.image_size} px",
        "Latent": f"{config.model.latent_dim}",
        "β": f"{config.objective.beta:g}" if config.model.variational else "none",
    }
    psnr = config.results.get("psnr")
    return shown | ({"PSNR": f"{psnr:.1f} dB"} if psnr is not None else {})


def without_front_matter(card: str) -> str:
    """A model card's text without the YAML block that is meant for machines."""
    if not card.startswith("---\n"):
        return card
    _, closing, text = card[4:].partition("\n---\n")
    return text.lstrip() if closing else card
