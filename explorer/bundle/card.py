"""The model card: what the model is, what it may be used for, and where it goes wrong.

The sections are those that the Hugging Face Hub's card template asks for, and Mitchell et al. 2019
("Model Cards for Model Reporting") before it.
"""

from __future__ import annotations

import json
import re

from explorer.bundle.cardtext import notes_for
from explorer.bundle.sections import Config, ObjectiveSection

UNITS = {
    "psnr": ("PSNR", "dB"),
    "train_psnr": ("PSNR, training pictures", "dB"),
    "rate": ("rate (KL)", "nats per picture"),
    "distortion": ("distortion, −log p(x|z)", "nats per picture"),
    "elbo": ("ELBO", "nats per picture"),
    "active_units": ("active units", "dimensions"),
    "mse": ("mean squared error", "per pixel, pictures in [0, 1]"),
}


def model_card(config: Config) -> str:
    """The text of a bundle's ``README.md``: a YAML head and Markdown."""
    notes = notes_for(config.data.source)
    sections = {
        "What it is": _description(config),
        "Intended use": notes.intended,
        "Out of scope": notes.out_of_scope,
        "Bias, risks and limitations": notes.risks,
        "How to open it": _how_to(),
        "Training data": _training_data(config),
        "Training procedure": _procedure(config),
        "Results": _results(config),
    }
    body = "\n\n".join(f"## {title}\n\n{text}" for title, text in sections.items())
    return f"---\n{_head(config)}---\n\n# {_inline(config.name)}\n\n{body}\n"


def objective_sentences(objective: ObjectiveSection, *, variational: bool) -> str:
    """What β multiplies, in words and units; the same β means different things elsewhere."""
    if not variational:
        return (
            f"A plain autoencoder: it minimises {_distortion_words(objective)} alone; there is no "
            "noise on the code and no KL term, so β plays no part."
        )
    return (
        f"Training minimises distortion + β · rate with β = {objective.beta:g}. "
        f"{beta_words(objective)}{_warmup_words(objective)}{_free_bits_words(objective)}"
    )


def beta_words(objective: ObjectiveSection, *, sigma: bool = True) -> str:
    """What β multiplies; with the ``sigma`` at the end, which each model has its own of."""
    if objective.likelihood == "gaussian":
        found = objective.sigma if sigma else None
        end = f" (σ = {found:.4g} at the end)" if found is not None else ""
        return (
            "β multiplies the KL of the calibrated-Gaussian ELBO in nats, summed over dimensions: "
            f"the decoder is a Gaussian with one σ shared by all pixels{end}, kept at its best "
            "value (Rybkin et al. 2021), so that β = 1 is the ELBO itself."
        )
    if objective.likelihood == "bernoulli":
        return (
            "β multiplies the KL of the Bernoulli ELBO in nats, summed over dimensions; the "
            "distortion is the cross-entropy summed over pixels, so that β = 1 is the ELBO itself."
        )
    return (
        "β multiplies the KL in nats, summed over dimensions, against the squared error summed "
        "over pixels: a Gaussian of σ² = 1/2, far wider than the errors, so that this β is not "
        "comparable with that of a calibrated ELBO."
    )


def _distortion_words(objective: ObjectiveSection) -> str:
    return {
        "gaussian": "the Gaussian −log p(x|z) with a calibrated σ",
        "bernoulli": "the Bernoulli cross-entropy",
        "squared": "the squared error",
    }[objective.likelihood]


def _warmup_words(objective: ObjectiveSection) -> str:
    if objective.warmup == "linear":
        return f" The weight grew from 0 over the first {objective.warmup_epochs:g} epochs."
    if objective.warmup == "cyclical":
        return (
            f" The weight grew from 0 in {objective.cycles} cycles over "
            f"{objective.warmup_epochs:g} epochs."
        )
    return ""


def _free_bits_words(objective: ObjectiveSection) -> str:
    if not objective.free_bits:
        return ""
    return f" {objective.free_bits:g} nats per dimension cost nothing (free bits)."


def _description(config: Config) -> str:
    model = config.model
    kind = "variational autoencoder" if model.variational else "autoencoder"
    network = "residual convolutional" if model.architecture == "conv" else "fully connected"
    colour = "RGB" if model.channels == 3 else "grey"
    return (
        f"A {network} {kind} of {model.image_size}×{model.image_size} {colour} pictures "
        f"({config.data.title}), with codes of {model.latent_dim} numbers. The folder also holds "
        f"the codes of {config.data.num_images:,} pictures, two maps of them, directions for "
        "attributes, a mixture to sample from and the training log. It holds no training picture."
    )


def _how_to() -> str:
    return (
        "With Latent Explorer: `streamlit run app.py` lists it, and in "
        "Python:\n\n"
        "```python\n"
        "import explorer\n\n"
        'bundle = explorer.load("path/to/this/folder")\n'
        "images = bundle.decode(bundle.sample(16, temperature=0.8, seed=0))  # (16, H, W, C)\n"
        "```"
    )


def _training_data(config: Config) -> str:
    data = config.data
    sizes = data.split_sizes
    lines = [
        f"{data.title} (`{data.source}`): {data.num_images:,} pictures, of which {sizes.train:,} "
        f"for training, {sizes.valid:,} for validation and {sizes.test:,} for the figures below.",
        f"Licence of the pictures: {data.license}.",
    ]
    if data.crop is not None:
        lines.append(f"A centred square of {data.crop} pixels was cut out and resized.")
    if data.num_skipped:
        lines.append(f"{data.num_skipped:,} files could not be used.")
    if data.attribute_names:
        lines.append(f"Attributes: {', '.join(map(_inline, data.attribute_names))}.")
    return "\n\n".join(lines)


def _procedure(config: Config) -> str:
    run = config.training
    flip = ", mirrored at random" if run.flip else ""
    return (
        f"{objective_sentences(config.objective, variational=config.model.variational)}\n\n"
        f"{run.epochs} epochs of batches of {run.batch_size}{flip}; AdamW, peak learning rate "
        f"{run.learning_rate:g}, weight decay {run.weight_decay:g}, gradient norm at most "
        f"{run.grad_clip:g}; the weights are an exponential moving average (decay "
        f"{run.ema_decay:g}). Seed {run.seed}, {run.precision} on {run.device}, "
        f"{run.images_per_s:,.0f} pictures per second, {_duration(run.wall_s)} in all, with "
        f"Python {config.versions.python} and torch {config.versions.torch}."
    )


def _results(config: Config) -> str:
    if not config.results:
        return "Not measured."
    rows = [
        f"| {_result_label(name)} | {value:.5g} | {UNITS.get(name, ('', ''))[1]} |"
        for name, value in config.results.items()
    ]
    return "On the test split:\n\n| figure | value | unit |\n|---|---|---|\n" + "\n".join(rows)


def _result_label(name: str) -> str:
    return UNITS[name][0] if name in UNITS else _inline(name)


def _head(config: Config) -> str:
    """The YAML head."""
    notes = notes_for(config.data.source)
    tags = ["vae" if config.model.variational else "autoencoder", "latent-space", "image"]
    lines = [f"license: {notes.license_id}"]
    if notes.license_id == "other":
        lines += [f"license_name: {_quoted(config.data.license)}"]
    lines += ["library_name: latent-explorer", "pipeline_tag: unconditional-image-generation"]
    lines += ["tags:", *(f"- {tag}" for tag in tags)]
    lines += ["datasets:", f"- {json.dumps(config.data.source)}"]
    lines += _metrics_head(config)
    return "\n".join(lines) + "\n"


def _metrics_head(config: Config) -> list[str]:
    if not config.results:
        return []
    name, title = _quoted(config.name), _quoted(config.data.title)
    lines = ["metrics:", *(f"- {json.dumps(result)}" for result in config.results)]
    lines += ["model-index:", f"- name: {name}", "  results:", "  - task:"]
    lines += ["      type: unconditional-image-generation", "    dataset:"]
    lines += [f"      name: {title}", f"      type: {json.dumps(config.data.source)}"]
    lines += ["      split: test", "    metrics:"]
    for result, value in config.results.items():
        lines += [f"    - type: {json.dumps(result)}", f"      value: {float(value)!r}"]
    return lines


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _inline(text: str) -> str:
    """Names come from files: their Markdown must not act."""
    return re.sub(r"([\\`*_{}\[\]<>|#])", r"\\\1", _one_line(text))


def _quoted(text: str) -> str:
    """A text as YAML in one line: JSON's texts are YAML's."""
    return json.dumps(_one_line(text), ensure_ascii=False)


def _one_line(text: str) -> str:
    return " ".join(text.split())
