"""Writes expected.json (CCGN, trained in several ways) and methods.json (every method, all of it trained): losses of five
Adam steps and the parameters after them, as PyTorch computes them in float64, and how far PyTorch in float32 is from that.

Run with a Python that has torch and torchvision (Debian: python3-torch python3-torchvision):
    python3 test/golden/training/make_golden.py
"""

import itertools
import json
import os
import sys

import torch
from torchvision.ops import StochasticDepth

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
sys.path.insert(0, os.path.join(HERE, "..", "model"))
from counter_random import uniform  # noqa: E402
from golden_weights import SEED, golden_image, golden_tensor  # noqa: E402
from networks import UNUSED, fill, network  # noqa: E402

SIZE, STEPS = 64, 5
LABELS = [0, 4, 5, 4]
CLASS_WEIGHTS = [1.5, 1.0, 1.25, 0.75, 0.5, 2.0]
LEARNING_RATE, WEIGHT_DECAY = 1e-4, 1e-5

CASES = [
    {"name": "gate and head", "trains": ["gate.", "fc."], "batchNorm": "frozen", "labelSmoothing": 0.0, "decoupled": False},
    {"name": "last stage", "trains": ["layer4.", "gate.", "fc."], "batchNorm": "frozen", "labelSmoothing": 0.1, "decoupled": True},
    {"name": "everything, frozen batch-norm", "trains": [""], "batchNorm": "frozen", "labelSmoothing": 0.0, "decoupled": False},
    {"name": "everything, batch statistics", "trains": [""], "batchNorm": "batch", "labelSmoothing": 0.05, "decoupled": False},
]


EVERYTHING = {"trains": [""], "batchNorm": "frozen", "labelSmoothing": 0.0, "decoupled": False}
METHODS = [
    *({"method": f"{name}-small", "films": 4} for name in (
        "resnet50", "early-fusion", "late-fusion", "se-resnet50", "cbam-resnet50",
        "ccgn-2sigmoid", "ccgn-multistage", "ccgn-film",
    )),
    # Smoothed, since their golden logits are so large that a few steps bring the loss to zero.
    {"method": "convnext-tiny", "films": 2, "labelSmoothing": 0.1},
    {"method": "swin-t", "films": 2, "labelSmoothing": 0.1},
]


def plain(name):
    """NeoGate's name of a tensor."""
    return name[len("net.") :] if name.startswith("net.") else name


def with_branch_factors(model, films, dtype):
    """Every residual branch that may be left out is multiplied by factors from its name, in the order of its calls."""
    for name, module in model.named_modules():
        if not isinstance(module, StochasticDepth) or module.p == 0:
            continue
        # Swin calls one module for both of a block's branches.
        parts = [".attn", ".mlp"] if "swin" in type(model).__name__.lower() else [""]
        factors = [
            torch.from_numpy(uniform(SEED, f"branch/{plain(name)}{part}", films, 0, 2)).to(dtype) for part in parts
        ]
        calls = itertools.cycle(factors)
        module.forward = lambda x, calls=calls: x * next(calls).reshape(-1, *[1] * (x.ndim - 1))


def named(items):
    return [(plain(name), tensor) for name, tensor in items]


def train(case, dtype):
    films = case["films"]
    model = fill(network(case["method"]), golden_tensor).to(dtype)
    model.train(case["batchNorm"] == "batch")
    with_branch_factors(model, films, dtype)
    trained = []
    for name, parameter in named(model.named_parameters()):
        parameter.requires_grad_(any(name.startswith(prefix) for prefix in case["trains"]))
        if parameter.requires_grad:
            trained.append(parameter)
    optimizer_class = torch.optim.AdamW if case["decoupled"] else torch.optim.Adam
    optimizer = optimizer_class(trained, lr=LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    loss_function = torch.nn.CrossEntropyLoss(
        weight=torch.tensor(CLASS_WEIGHTS, dtype=dtype), label_smoothing=case["labelSmoothing"]
    )
    image = golden_image(films, SIZE).to(dtype)
    context = torch.from_numpy(uniform(SEED, "context", films * 2, -1.5, 1.5).reshape(films, 2)).to(dtype)
    labels = torch.tensor(LABELS[:films])
    losses, gradients = [], None
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = loss_function(model.explain(image, context)["logits"], labels)
        loss.backward()
        losses.append(float(loss))
        if gradients is None:
            gradients = {n: p.grad.clone() for n, p in named(model.named_parameters()) if p.requires_grad}
        optimizer.step()
    state = {n: t.clone() for n, t in named(model.state_dict().items()) if not n.endswith(UNUSED)}
    return losses, gradients, state


def number(value):
    return float(f"{float(value):.9g}")


def thinned(tensor, keep):
    flat = tensor.detach().double().flatten()
    step = max(1, flat.numel() // keep)
    return {"step": step, "values": [number(v) for v in flat[::step]]}


def worst(found, expected, keep):
    """Largest |difference| of the values kept, over the tensor's largest |value|, over all tensors: as the test measures."""
    errors = []
    for name, tensor in expected.items():
        kept = zip(thinned(found[name], keep)["values"], thinned(tensor, keep)["values"])
        errors.append(max(abs(a - b) for a, b in kept) / max(float(tensor.abs().max()), 1e-12))
    return max(errors)


def golden_case(case, keep):
    losses, gradients, state = train(case, torch.float64)
    losses32, gradients32, state32 = train(case, torch.float32)
    start = dict(named(fill(network(case["method"]), golden_tensor).state_dict().items()))
    changed = {n: t for n, t in state.items() if not torch.equal(t, start[n].double())}
    golden = {
        **case,
        "losses": losses,
        "gradients": {n: thinned(t, keep) for n, t in gradients.items()},
        "gradientScale": {n: number(t.abs().max()) for n, t in gradients.items()},
        "after": {n: thinned(t, keep) for n, t in changed.items()},
        "afterScale": {n: number(t.abs().max()) for n, t in changed.items()},
        "torchFloat32": {
            "loss": max(abs(a - b) / abs(b) for a, b in zip(losses32, losses)),
            "gradients": worst(gradients32, gradients, keep),
            "after": worst(state32, changed, keep),
        },
    }
    print(case["name"], losses, golden["torchFloat32"], flush=True)
    return golden


def write(file, cases):
    golden = {
        "madeBy": f"test/golden/training/make_golden.py, torch {torch.__version__}, float64",
        "size": SIZE,
        "labels": LABELS,
        "classWeights": CLASS_WEIGHTS,
        "learningRate": LEARNING_RATE,
        "weightDecay": WEIGHT_DECAY,
        "cases": cases,
    }
    with open(os.path.join(HERE, file), "w") as out:
        json.dump(golden, out, separators=(",", ":"))


def main():
    write("methods.json", [golden_case({"name": m["method"], **EVERYTHING, **m}, 2) for m in METHODS])
    write("expected.json", [golden_case({"method": "ccgn-small", "films": 4, **case}, 6) for case in CASES])


if __name__ == "__main__":
    main()
