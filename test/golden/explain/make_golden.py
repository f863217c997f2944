"""Writes expected.json: what PyTorch, SciPy and NumPy give for explanations: the gradient of a logit with respect to the image and
activation maps under three gates, for small networks with the weights of golden_tensor; rank correlations with ties; percentiles of
gates; adaptive prediction sets; entropy and mutual information of an ensemble.

Run with a Python that has torch, torchvision and SciPy (Debian: python3-torch python3-torchvision python3-scipy):
    python3 test/golden/explain/make_golden.py
"""

import json
import os
import sys

import numpy as np
import scipy
import torch
from scipy.stats import entropy, percentileofscore, spearmanr

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "model"))
from golden_weights import SEED, golden_image, golden_tensor  # noqa: E402
from networks import fill, network  # noqa: E402

METHODS = ["ccgn-small", "ccgn-film-small", "ccgn-multistage-small", "convnext-tiny"]
SIZE = 96
CONTEXT = [-1.25, 0.75]
CHOSEN = 5


def thinned(tensor, keep=40):
    flat = tensor.detach().double().flatten()
    step = max(1, flat.numel() // keep)
    return {
        "shape": list(tensor.shape),
        "step": step,
        "sum": float(f"{flat.sum():.9g}"),
        "absolute": float(f"{flat.abs().sum():.9g}"),
        "values": [float(f"{v:.9g}") for v in flat[::step]],
    }


def gradients():
    cases = []
    for method in METHODS:
        model = fill(network(method), golden_tensor).eval().double()
        image = golden_image(1, SIZE).double().requires_grad_(True)
        context = torch.tensor([CONTEXT]).double()
        logits = model.explain(image, context)["logits"]
        (gradient,) = torch.autograd.grad(logits[0, CHOSEN], image)
        cases.append({"method": method, "logits": logits[0].tolist(), "gradient": thinned(gradient)})
    return cases


def maps():
    """Class activation under the infant's own gate, with every channel as it is, and under another infant's gate."""
    model = fill(network("ccgn-small"), golden_tensor).eval().double()
    with torch.no_grad():
        image = golden_image(1, SIZE).double()
        features = model.features(image, None)
        weight = model.fc.weight[CHOSEN]

        def gate(context):
            return model.classify(features.mean((2, 3)), torch.tensor([context]).double())[1][0]

        own, other = gate(CONTEXT), gate([0.5, -0.5])
        draw = lambda factor: torch.einsum("c,chw->hw", weight * factor, features[0])  # noqa: E731
        return {
            "own": thinned(draw(own)),
            "open": thinned(draw(torch.ones_like(own))),
            "other": thinned(draw(other)),
            "contributions": (weight * own * features[0].mean((1, 2))).tolist(),
            "effects": (weight * (own - other) * features[0].mean((1, 2))).tolist(),
        }


def main():
    random = np.random.default_rng(5)
    a = np.round(random.normal(size=60), 1)
    b = np.round(0.5 * a + random.normal(size=60), 1)
    gates = np.round(random.uniform(size=(37, 4)), 6)
    gates[5, 0] = gates[9, 0]
    own = np.array([gates[5, 0], 0.02, 0.5, 0.99])
    members = random.dirichlet(np.ones(6) * 0.5, size=7)
    probabilities = random.dirichlet(np.ones(6), size=50)
    labels = random.integers(0, 6, size=50)
    order = np.argsort(-probabilities, axis=1)
    cumulated = np.take_along_axis(probabilities, order, 1).cumsum(1)
    scores = np.take_along_axis(cumulated, order.argsort(1), 1)[np.arange(50), labels]
    # The finite-sample quantile as NumPy has it: the smallest score that at least this share of them does not exceed.
    thresholds = {
        str(c): float(np.quantile(scores, np.ceil(51 * c) / 50, method="inverted_cdf")) for c in (0.8, 0.9, 0.95)
    }
    golden = {
        "madeBy": f"test/golden/explain/make_golden.py, torch {torch.__version__}, scipy {scipy.__version__}",
        "seed": SEED,
        "size": SIZE,
        "context": CONTEXT,
        "otherContext": [0.5, -0.5],
        "chosen": CHOSEN,
        "gradients": gradients(),
        "maps": maps(),
        "ranks": {"a": a.tolist(), "b": b.tolist(), "spearman": float(spearmanr(a, b).statistic)},
        "gates": {
            "others": gates.tolist(),
            "own": own.tolist(),
            "percentiles": np.percentile(gates, [5, 50, 95], axis=0).tolist(),
            "ranks": [percentileofscore(gates[:, c], own[c], kind="mean") / 100 for c in range(4)],
        },
        "ensemble": {
            "members": members.tolist(),
            "mean": members.mean(0).tolist(),
            "deviation": members.std(0, ddof=1).tolist(),
            "entropy": float(entropy(members.mean(0))),
            "mutualInformation": float(entropy(members.mean(0)) - entropy(members, axis=1).mean()),
        },
        "conformal": {
            "probabilities": probabilities.tolist(),
            "labels": labels.tolist(),
            "scores": scores.tolist(),
            "thresholds": thresholds,
        },
    }
    with open(os.path.join(HERE, "expected.json"), "w") as file:
        file.write(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()
