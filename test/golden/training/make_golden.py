"""Writes expected.json: losses of five Adam steps and the parameters after them, as PyTorch computes them in float64,
and how far PyTorch in float32 is from that.

Run with a Python that has torch and torchvision (Debian: python3-torch python3-torchvision):
    python3 test/golden/training/make_golden.py
"""

import copy
import json
import os
import sys

import numpy as np
import torch

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
sys.path.insert(0, os.path.join(HERE, "..", "model"))
from ccgn import Ccgn  # noqa: E402
from counter_random import uniform  # noqa: E402
from make_golden import SEED, golden_image, golden_tensor  # noqa: E402

BATCH, SIZE, STEPS = 4, 64, 5
LABELS = [0, 4, 5, 4]
CLASS_WEIGHTS = [1.5, 1.0, 1.25, 0.75, 0.5, 2.0]
LEARNING_RATE, WEIGHT_DECAY = 1e-4, 1e-5

CASES = [
    {"name": "gate and head", "trains": ["gate.", "fc."], "batchNorm": "frozen", "labelSmoothing": 0.0, "decoupled": False},
    {"name": "last stage", "trains": ["layer4.", "gate.", "fc."], "batchNorm": "frozen", "labelSmoothing": 0.1, "decoupled": True},
    {"name": "everything, frozen batch-norm", "trains": [""], "batchNorm": "frozen", "labelSmoothing": 0.0, "decoupled": False},
    {"name": "everything, batch statistics", "trains": [""], "batchNorm": "batch", "labelSmoothing": 0.05, "decoupled": False},
]


def fresh_model():
    model = Ccgn(16, [2, 2, 2, 2])
    state = {
        name: tensor if name.endswith("num_batches_tracked") else golden_tensor(name, list(tensor.shape))
        for name, tensor in model.state_dict().items()
    }
    model.load_state_dict(state)
    return model


def train(case, dtype):
    model = fresh_model().to(dtype)
    model.train(case["batchNorm"] == "batch")
    trained = []
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(any(name.startswith(prefix) for prefix in case["trains"]))
        if parameter.requires_grad:
            trained.append(parameter)
    optimizer_class = torch.optim.AdamW if case["decoupled"] else torch.optim.Adam
    optimizer = optimizer_class(trained, lr=LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    loss_function = torch.nn.CrossEntropyLoss(
        weight=torch.tensor(CLASS_WEIGHTS, dtype=dtype), label_smoothing=case["labelSmoothing"]
    )
    image = golden_image(BATCH, SIZE).to(dtype)
    context = torch.from_numpy(uniform(SEED, "context", BATCH * 2, -1.5, 1.5).reshape(BATCH, 2)).to(dtype)
    labels = torch.tensor(LABELS)
    losses, gradients = [], None
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = loss_function(model.explain(image, context)["logits"], labels)
        loss.backward()
        losses.append(float(loss))
        if gradients is None:
            gradients = {n: p.grad.clone() for n, p in model.named_parameters() if p.requires_grad}
        optimizer.step()
    return losses, gradients, copy.deepcopy(model.state_dict())


def thinned(tensor, keep=6):
    flat = tensor.detach().double().flatten()
    step = max(1, flat.numel() // keep)
    return {"step": step, "values": [float(v) for v in flat[::step]]}


def worst(found, expected):
    """Largest |difference| of the values kept, over the tensor's largest |value|, over all tensors: as the test measures."""
    errors = []
    for name, tensor in expected.items():
        kept = zip(thinned(found[name])["values"], thinned(tensor)["values"])
        errors.append(max(abs(a - b) for a, b in kept) / max(float(tensor.abs().max()), 1e-12))
    return max(errors)


def main():
    cases = []
    for case in CASES:
        losses, gradients, state = train(case, torch.float64)
        losses32, gradients32, state32 = train(case, torch.float32)
        start = fresh_model().state_dict()
        changed = {
            n: t for n, t in state.items() if t.is_floating_point() and not torch.equal(t, start[n].double())
        }
        cases.append(
            {
                **case,
                "losses": losses,
                "gradients": {n: thinned(t) for n, t in gradients.items()},
                "gradientScale": {n: float(t.abs().max()) for n, t in gradients.items()},
                "after": {n: thinned(t) for n, t in changed.items()},
                "afterScale": {n: float(t.abs().max()) for n, t in changed.items()},
                "torchFloat32": {
                    "loss": max(abs(a - b) / abs(b) for a, b in zip(losses32, losses)),
                    "gradients": worst(gradients32, gradients),
                    "after": worst(state32, changed),
                },
            }
        )
        print(case["name"], losses, cases[-1]["torchFloat32"])
    golden = {
        "madeBy": f"test/golden/training/make_golden.py, torch {torch.__version__}, float64",
        "method": "ccgn-small",
        "batch": BATCH,
        "size": SIZE,
        "labels": LABELS,
        "classWeights": CLASS_WEIGHTS,
        "learningRate": LEARNING_RATE,
        "weightDecay": WEIGHT_DECAY,
        "cases": cases,
    }
    with open(os.path.join(HERE, "expected.json"), "w") as file:
        json.dump(golden, file, separators=(",", ":"))


if __name__ == "__main__":
    main()
