"""Writes expected.json: what PyTorch computes for every method with the weights of golden_tensor and the images of
golden_image.

Run with a Python that has torch and torchvision (Debian: python3-torch python3-torchvision):
    python3 test/golden/model/make_golden.py
"""

import hashlib
import json
import os
import sys

import torch

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from golden_weights import SEED, golden_image, golden_tensor  # noqa: E402
from networks import fill, network, tensors_of  # noqa: E402

PAPER = [
    "resnet50",
    "early-fusion",
    "late-fusion",
    "se-resnet50",
    "cbam-resnet50",
    "ccgn",
    "convnext-tiny",
    "swin-t",
]
OWN = ["ccgn-2sigmoid-small", "ccgn-multistage-small", "ccgn-film-small"]
# Films and side of the image.
SIZES = [(2, 64), (1, 101), (1, 224)]
CASES = [
    *((method, *size) for method in PAPER + OWN for size in SIZES),
    ("ccgn", 1, 512),
    ("ccgn-small", 3, 160),
    ("ccgn-small", 1, 101),
    ("context-logistic", 3, 32),
    ("context-mlp", 3, 32),
]
SCALE = {"gaMeanDays": 238.5, "gaSdDays": 26.25, "bwMeanGrams": 2210.0, "bwSdGrams": 870.0}
GA_BW = [[203.0, 1180.0], [266.0, 3010.0], [181.0, 690.0]]


def thinned(tensor, keep=12):
    """Evenly spaced values and the sum of all, so that the file stays small."""
    flat = tensor.detach().double().flatten()
    step = max(1, flat.numel() // keep)
    values = [float(f"{v:.9g}") for v in flat[::step]]
    return {"shape": list(tensor.shape), "step": step, "sum": float(f"{flat.sum():.9g}"), "values": values}


def names_digest(model):
    """SHA-256 of the sorted lines `name: size x size`, as the test makes it of NeoGate's parameters."""
    lines = sorted(f"{name}: {' x '.join(map(str, t.shape))}" for name, t in tensors_of(model).items())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def golden_case(method, model, batch, size):
    learned = {name: p.numel() for name, p in model.named_parameters()}
    head = tuple(prefix for prefix in (model.head, f"net.{model.head}"))
    context = torch.tensor(GA_BW[:batch])
    mean = torch.tensor([SCALE["gaMeanDays"], SCALE["bwMeanGrams"]])
    deviation = torch.tensor([SCALE["gaSdDays"], SCALE["bwSdGrams"]])
    image = golden_image(batch, size)
    with torch.no_grad():
        single = model.float().explain(image, (context - mean) / deviation)
        double = model.double().explain(image.double(), ((context - mean) / deviation).double())
    return {
        "method": method,
        "batch": batch,
        "size": size,
        "context": GA_BW[:batch],
        "names": names_digest(model),
        "parameters": {
            "total": sum(learned.values()),
            "withoutHead": sum(n for name, n in learned.items() if not name.startswith(head)),
        },
        "torchFloat32Error": float(f"{(single['logits'].double() - double['logits']).abs().max():.2e}"),
        "outputs": {name: thinned(double[name]) for name in double},
    }


def main():
    cases, models = [], {}
    for method, batch, size in CASES:
        if method not in models:
            models = {method: fill(network(method), golden_tensor).eval()}
        cases.append(golden_case(method, models[method], batch, size))
        print(method, size, cases[-1]["outputs"]["logits"]["values"][:6], cases[-1]["torchFloat32Error"])
    golden = {
        "madeBy": f"test/golden/model/make_golden.py, torch {torch.__version__}, float64",
        "seed": SEED,
        "scale": SCALE,
        "cases": "CASES",
    }
    text = json.dumps(golden, indent=1)
    lines = ",\n".join("  " + json.dumps(case) for case in cases)
    with open(os.path.join(HERE, "expected.json"), "w") as file:
        file.write(text.replace('"CASES"', f"[\n{lines}\n ]") + "\n")


if __name__ == "__main__":
    main()
