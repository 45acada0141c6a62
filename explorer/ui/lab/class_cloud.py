"""A class as a cloud: its centre and spread, new pictures of it, and the way to another class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explorer.figures import categorical
from explorer.lab.classes import TEST, nearest_centre, pick_row
from explorer.ui.lab import class_way, columns
from explorer.ui.lab.class_way import Said
from explorer.ui.lab.columns import Column, Mark, Plane, Sheet
from explorer.ui.lab.controls import choose_digit, choose_seed
from explorer.ui.lab.experiment import Experiment
from explorer.ui.lab.labels import NO_CLASSES, Labels, labels_of
from explorer.ui.lab.pieces import LINKED, explain, measured, need
from explorer.ui.lab.planes import EDGE, MARGIN, SHOWN, cloud_curves, on_plane
from explorer.ui.lab.probes import probe_of

if TYPE_CHECKING:
    from explorer.latent import Cloud
    from explorer.ui.resources import Opened

BUNDLE = "mnist"
FAVOURITE = "7"
HOTTEST = 1.5
DRAWN = 1_000
NUM_SHOWN, SHEET_COLUMNS = 20, 10
STEPS = np.linspace(-0.5, 1.5, 17)  # of the vector, where the probe is asked


@dataclass(frozen=True)
class Shares:
    """How many of some codes of a class are taken for it, 0 to 1.

    Attributes:
        nearest: Their class's centroid is the nearest.
        told: The probe names their class.
    """

    nearest: float
    told: float


def draw() -> None:
    """The cloud of a class, then the way from one to another."""
    explain(
        "Take all 7s: the mean of their codes is the **centroid**, the standard deviation of each "
        "number the **spread**. N(μ̂, σ̂²) with these two is a cloud that new 7s can be drawn "
        "from. **Raise the temperature** and more of them stray into other classes: the cloud "
        "treats every number by itself, and the 7s do not."
    )
    opened = need(BUNDLE)
    if opened is None:
        return
    clouds = class_clouds(opened)
    if len(clouds) < 2:
        st.info(NO_CLASSES)
        return
    _draw_cloud(opened, clouds)
    st.subheader("The vector that makes a 4 a 9", anchor=False)
    explain(
        "The centroid of one class minus that of another is a vector. **Drag the slider** to add "
        "it to a real picture the model has never seen. The curves are what a linear probe says "
        "of the picture that is drawn: it is encoded again, and its code is shown to the probe."
    )
    _draw_way(opened, clouds)
    probe = probe_of(opened)
    measured(
        f"Of {DRAWN:,} codes drawn from the cloud, how many are nearest to the centroid of their "
        "own class (Euclidean), and how many a linear probe takes for it; below that, the same of "
        "the test pictures of the class. Centroids and spreads are of the training pictures. The "
        f"probe learnt from {probe.num_train:,} of these and is right on {probe.accuracy:.1%} of "
        f"{probe.count:,} test pictures.",
        opened,
    )


def class_clouds(opened: Opened) -> tuple[Cloud, ...]:
    """The clouds of the classes, in the classes' order."""
    found = {cloud.name: cloud for cloud in opened.bundle.clouds if cloud.kind == "label"}
    return tuple(found[name] for name in labels_of(opened).names if name in found)


@st.fragment
def _draw_cloud(opened: Opened, clouds: Sequence[Cloud]) -> None:
    names = [cloud.name for cloud in clouds]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        first = FAVOURITE if FAVOURITE in names else names[0]
        name = choose_digit("Class", names, "cloud_class", first)
        temperature = float(
            st.slider(
                "Temperature",
                min_value=0.0,
                max_value=HOTTEST,
                value=1.0,
                step=0.05,
                key="cloud_temperature",
                help="Factor on the spread: 0 draws the centroid every time.",
                width=170,
                **LINKED,
            )
        )
        seed = choose_seed("New samples", "cloud_seed")
    number = names.index(name)
    rng = np.random.default_rng(seed)
    codes = clouds[number].sample(DRAWN, temperature=temperature, rng=rng)
    column = _column(opened, clouds, number, codes)
    columns.show([column], names=labels_of(opened).names, key="lab_cloud")


def _column(
    opened: Opened, clouds: Sequence[Cloud], number: int, codes: NDArray[np.float32]
) -> Column:
    cloud, bundle = clouds[number], opened.bundle
    shown = codes[:NUM_SHOWN]
    images = bundle.decode(np.concatenate([cloud.mean[None], shown]))
    drawn = shares(opened, clouds, codes, number)
    facts = [
        ("Centroid from the origin", f"{np.linalg.norm(cloud.mean):.2f}"),
        ("Mean σ̂", f"{cloud.std.mean():.2f} (prior: 1)"),
        ("Drawn, nearest to their centroid", f"{drawn.nearest * DRAWN:.0f} of {DRAWN:,}"),
        (f"Drawn, told {cloud.name} by the probe", f"{drawn.told * DRAWN:.0f} of {DRAWN:,}"),
    ]
    real = unseen(opened, cloud.name)
    if len(real):
        found = shares(opened, clouds, real, number)
        facts.append(("Real unseen ones", f"{found.nearest:.0%} nearest, {found.told:.0%} told"))
    return Column(
        opened,
        title=f"The {cloud.name}s",
        note=f"{cloud.count:,} training pictures; cross: the centroid, rings: the new ones",
        facts=facts,
        sheets=(
            Sheet("The decoded mean", images[:1], 1),
            Sheet(f"New {cloud.name}s from N(μ̂, (T σ̂)²)", images[1:], SHEET_COLUMNS),
        ),
        plane=_plane(opened, cloud, shown),
    )


def _plane(opened: Opened, cloud: Cloud, shown: NDArray[np.float32]) -> Plane:
    """The plane of largest variance, with one class coloured and its cloud over it."""
    labels, pca = labels_of(opened), opened.bundle.maps["pca"]
    some = np.random.default_rng(0).permutation(len(labels.classes))[: 2 * SHOWN]
    plane = Plane(
        points=pca.xy[some],
        classes=labels.classes[some],
        base=pca.invert(np.zeros((1, 2)))[0],
        axes=pca.invert(np.eye(2)) - pca.invert(np.zeros((1, 2))),
        centre=(0.0, 0.0),
        half=MARGIN * float(np.quantile(np.abs(pca.xy), EDGE)),
        highlight=labels.names.index(cloud.name),
    )
    marks = (
        Mark(on_plane(shown, plane), "ring"),
        Mark(on_plane(cloud.mean[None], plane), "cross"),
    )
    return replace(plane, curves=cloud_curves(cloud, plane), marks=marks)


def unseen(opened: Opened, name: str) -> NDArray[np.float32]:
    """The codes (T, D) of the test pictures of a class."""
    labels = labels_of(opened)
    is_it = (labels.classes == labels.names.index(name)) & (labels.split == TEST)
    return np.asarray(opened.bundle.latents.mu[is_it], np.float32)


def shares(
    opened: Opened, clouds: Sequence[Cloud], codes: NDArray[np.float32], number: int
) -> Shares:
    """How many of some codes are taken for the class with this number."""
    centres = np.stack([cloud.mean for cloud in clouds])
    label = labels_of(opened).names.index(clouds[number].name)
    return Shares(
        nearest=float((nearest_centre(codes, centres) == number).mean()),
        told=float((probe_of(opened).planes.tell(codes) == label).mean()),
    )


@st.fragment
def _draw_way(opened: Opened, clouds: Sequence[Cloud]) -> None:
    names = [cloud.name for cloud in clouds]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        start = choose_digit("From", names, "way_from", "4")
        end = choose_digit("To", names, "way_to", "9")
        seed = choose_seed("Another picture", "way_seed")
    if start == end:
        st.info("Choose two different classes: from a class to itself the vector is 0.")
        return
    labels = labels_of(opened)
    row = pick_row(labels.classes, labels.split, labels.names.index(start), seed=seed)
    code = np.asarray(opened.bundle.latents.mu[row], np.float32)
    vector = clouds[names.index(end)].mean - clouds[names.index(start)].mean
    said = _said(opened.identity, row, start, end, _opened=opened, _code=code, _vector=vector)
    class_way.show(opened, code, vector, said, ends=(start, end))
    codes = unseen(opened, start)
    if len(codes):
        _tell_arithmetic(opened, codes, vector, (start, end), labels)


def _tell_arithmetic(
    opened: Opened,
    codes: NDArray[np.float32],
    vector: NDArray[np.float32],
    ends: tuple[str, str],
    labels: Labels,
) -> None:
    """How often the vector does what it should, of all test pictures of the class."""
    planes = probe_of(opened).planes
    label = labels.names.index(ends[1])
    before, after = (int((planes.tell(z) == label).sum()) for z in (codes, codes + vector))
    st.markdown(
        f"Of all **{len(codes):,}** unseen {ends[0]}s, the probe takes {before:,} for a {ends[1]} "
        f"as they are, and **{after:,}** once the whole vector is added to their codes."
    )


@st.cache_data(max_entries=256, show_spinner=False)
def _said(
    identity: str,
    row: int,
    start: str,
    end: str,
    *,
    _opened: Opened,
    _code: NDArray[np.float32],
    _vector: NDArray[np.float32],
) -> Said:
    """What the probe says of the pictures along the way, each drawn and encoded again."""
    bundle, labels = _opened.bundle, labels_of(_opened)
    codes = _code + STEPS[:, None].astype(np.float32) * _vector
    again, _ = bundle.encode(bundle.decode(codes))
    planes = probe_of(_opened).planes
    believed = dict(zip(planes.classes.tolist(), planes.probabilities(again).T, strict=True))
    numbers = [labels.names.index(name) for name in (start, end)]
    colours = categorical(len(labels.names))
    curves = [(labels.names[each], colours[each], believed[each]) for each in numbers]
    others = 1 - sum(believed[each] for each in numbers)
    return Said(STEPS, (*curves, ("any other", "", others)))


EXPERIMENT = Experiment(
    "class_cloud", "A class as a cloud", "What does a class look like in the space of codes?", draw
)
