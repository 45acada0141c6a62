"""A judge of pictures: a small network that knows attributes by sight, and nothing of codes."""

from __future__ import annotations

from dataclasses import replace
from hashlib import blake2b

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from explorer.data import TRAIN, Dataset
from explorer.data.dataset import Pixels
from explorer.training.errors import TrainingError
from explorer.training.feed import Feed
from explorer.training.judge_network import JudgeNetwork
from explorer.training.judge_store import Facts, judge_file, read_judge, write_judge
from explorer.training.judge_training import JudgeSettings, judge_network, train_judge

Targets = NDArray[np.int8]
BATCH = 64  # pictures judged at a time


class Judge:
    """Says of pictures which attributes they have and which class they are.

    A verdict is the likelier side if both sides were equally frequent: the network's log-odds
    less those of the training pictures. Edited pictures have no natural frequency of glasses,
    and a judge that expects few would see few.

    Attributes:
        names: J attributes, then classes of the label.
        accuracy: (J,) balanced accuracy on held-out original pictures; NaN where a side has
            none.
    """

    def __init__(self, network: JudgeNetwork, facts: Facts) -> None:
        self.names = facts.attribute_names + facts.label_names
        self.accuracy = np.array(facts.accuracy, np.float32)  # None becomes NaN
        self._network = network.eval().requires_grad_(False)
        self._prior = torch.tensor(facts.prior)
        self._num_attributes = len(facts.attribute_names)

    def verdicts(self, images: Pixels) -> NDArray[np.bool]:
        """Pictures uint8 (N, H, W, C) to (N, J): whether each thing is seen in them."""
        feed = Feed(torch.from_numpy(np.array(images)))
        seen = torch.zeros(len(images), len(self.names), dtype=torch.bool)
        with torch.inference_mode():
            for rows in torch.split(torch.arange(len(images)), BATCH):
                seen[rows] = self._decide(self._network(feed.batch(rows)) - self._prior)
        return seen.numpy()

    def _decide(self, logits: Tensor) -> Tensor:
        attributes, classes = logits.tensor_split([self._num_attributes], dim=1)
        if not classes.shape[1]:
            return attributes > 0
        winner = classes.argmax(dim=1, keepdim=True) == torch.arange(classes.shape[1])
        return torch.cat([attributes > 0, winner], dim=1)


def find_judge(dataset: Dataset, settings: JudgeSettings) -> Judge:
    """The judge of these pictures: from the cache, or trained and kept there.

    It is trained on the training split. Its key is all it depends on: pictures, split, what is
    known of them, and settings.

    Raises:
        TrainingError: There is neither an attribute nor a label to tell, or no training picture.
        DataError: The cache cannot be written.
    """
    if not dataset.attribute_names + dataset.label_names:
        raise TrainingError(
            f"{dataset.spec.source} has neither attributes nor labels to judge edits by."
        )
    path = judge_file(dataset.spec.source, key=_key(dataset, settings))
    network = judge_network(dataset)
    facts = read_judge(path, network)
    if facts is None:
        network = train_judge(dataset, settings)
        facts = _facts(network, dataset)
        write_judge(path, network, facts)
    return Judge(network, facts)


def targets(dataset: Dataset) -> Targets:
    """(N, J) what each picture has and is: 1 it has, 0 it has not, -1 not known."""
    labels = dataset.labels[:, None]
    classes = labels == np.arange(len(dataset.label_names))
    return np.hstack([dataset.attributes, np.where(labels < 0, -1, classes).astype(np.int8)])


def balanced_accuracy(seen: NDArray[np.bool], known: Targets) -> NDArray[np.float64]:
    """(J,) mean of the shares of right verdicts (N, J) with and without; NaN if either is empty.

    ``known`` (N, J) is 1, 0, or -1 where no verdict counts.
    """
    shares = []
    for side in (1, 0):
        there = known == side
        right = (there & (seen == side)).sum(axis=0)
        count = there.sum(axis=0)
        shares.append(np.where(count > 0, right / np.maximum(count, 1), np.nan))
    return np.asarray((shares[0] + shares[1]) / 2)


def _key(dataset: Dataset, settings: JudgeSettings) -> str:
    digest = blake2b(repr((settings, dataset.attribute_names, dataset.label_names)).encode())
    for array in (dataset.images, dataset.split, dataset.attributes, dataset.labels):
        digest.update(f"{array.dtype} {array.shape}".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()[:16]


def _facts(network: JudgeNetwork, dataset: Dataset) -> Facts:
    """Frequencies in training, and how often the network is right on the other pictures."""
    known = targets(dataset)
    is_training = dataset.split == TRAIN
    facts = Facts(
        attribute_names=dataset.attribute_names,
        label_names=dataset.label_names,
        prior=_prior(known[is_training], num_attributes=len(dataset.attribute_names)),
    )
    seen = Judge(network, facts).verdicts(dataset.images[~is_training])
    accuracy = balanced_accuracy(seen, known[~is_training])
    return replace(
        facts, accuracy=tuple(None if np.isnan(value) else float(value) for value in accuracy)
    )


def _prior(known: Targets, *, num_attributes: int) -> tuple[float, ...]:
    # Laplace's rule of succession: what all have, or none, still has finite odds.
    share = ((known == 1).sum(axis=0) + 1) / ((known >= 0).sum(axis=0) + 2)
    odds = np.where(np.arange(len(share)) < num_attributes, share / (1 - share), share)
    return tuple(np.log(odds).tolist())
