"""Weights and images made from a seed, so that no weight file need be committed: twin of golden-weights.ts."""

import os
import sys

import numpy as np
import torch

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from counter_random import normal, uniform  # noqa: E402

SEED = 20251
HEADS = ("fc.", "head.", "classifier.2.")


def golden_tensor(name, shape):
    """Weights with running statistics that are not trivial, tame enough for logits of a few units."""
    count = int(np.prod(shape))
    if name.endswith("running_mean"):
        values = uniform(SEED, name, count, -0.3, 0.3)
    elif name.endswith("running_var"):
        values = uniform(SEED, name, count, 0.5, 1.5)
    elif ".bn3.weight" in name:
        values = uniform(SEED, name, count, 0.1, 0.4)
    elif name.endswith("weight") and len(shape) == 1:
        values = uniform(SEED, name, count, 0.6, 1.2)
    elif len(shape) == 4:
        values = normal(SEED, name, count, float(np.sqrt(2 / (shape[0] * shape[2] * shape[3]))))
    elif len(shape) == 2:
        values = normal(SEED, name, count, (10 if name.startswith(HEADS) else 1) / np.sqrt(shape[1]))
    else:
        values = uniform(SEED, name, count, -0.2, 0.2)
    return torch.from_numpy(values.reshape(shape))


def golden_image(batch, size):
    return torch.from_numpy(uniform(SEED, "image", batch * 3 * size * size, -2, 2).reshape(batch, 3, size, size))
