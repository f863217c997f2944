"""Writes expected.json: what PyTorch computes for CCGN with the weights of golden_tensor and the images of golden_image.

Run with a Python that has torch and torchvision (Debian: python3-torch python3-torchvision):
    python3 test/golden/model/make_golden.py
"""

import json
import os
import sys

import numpy as np
import torch

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
from ccgn import Ccgn  # noqa: E402
from counter_random import normal, uniform  # noqa: E402

SEED = 20251
CASES = [
    {"name": "ccgn-512", "method": "ccgn", "batch": 1, "size": 512, "width": 64, "depths": [3, 4, 6, 3]},
    {"name": "ccgn-224x2", "method": "ccgn", "batch": 2, "size": 224, "width": 64, "depths": [3, 4, 6, 3]},
    {"name": "small-160x3", "method": "ccgn-small", "batch": 3, "size": 160, "width": 16, "depths": [2, 2, 2, 2]},
    {"name": "small-odd", "method": "ccgn-small", "batch": 1, "size": 101, "width": 16, "depths": [2, 2, 2, 2]},
]
SCALE = {"gaMeanDays": 238.5, "gaSdDays": 26.25, "bwMeanGrams": 2210.0, "bwSdGrams": 870.0}
GA_BW = [[203.0, 1180.0], [266.0, 3010.0], [181.0, 690.0]]


def golden_tensor(name, shape):
    """Weights with running statistics that are not trivial, tame enough for logits of a few units; twin of golden-weights.ts."""
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
        values = normal(SEED, name, count, (10 if name.startswith("fc.") else 1) / np.sqrt(shape[1]))
    else:
        values = uniform(SEED, name, count, -0.2, 0.2)
    return torch.from_numpy(values.reshape(shape))


def golden_image(batch, size):
    return torch.from_numpy(uniform(SEED, "image", batch * 3 * size * size, -2, 2).reshape(batch, 3, size, size))


def thinned(tensor, keep):
    """Evenly spaced values and the sum of all, so that the file stays small."""
    flat = tensor.detach().double().flatten()
    step = max(1, flat.numel() // keep)
    return {"shape": list(tensor.shape), "step": step, "sum": float(flat.sum()), "values": [float(v) for v in flat[::step]]}


def main():
    cases = []
    for case in CASES:
        model = Ccgn(case["width"], case["depths"]).eval()
        state = {
            name: tensor if name.endswith("num_batches_tracked") else golden_tensor(name, list(tensor.shape))
            for name, tensor in model.state_dict().items()
        }
        model.load_state_dict(state)
        learned = {name: p.numel() for name, p in model.named_parameters()}
        context = torch.tensor(GA_BW[: case["batch"]])
        mean = torch.tensor([SCALE["gaMeanDays"], SCALE["bwMeanGrams"]])
        deviation = torch.tensor([SCALE["gaSdDays"], SCALE["bwSdGrams"]])
        image = golden_image(case["batch"], case["size"])
        with torch.no_grad():
            single = model.explain(image, (context - mean) / deviation)
            double = model.double().explain(image.double(), ((context - mean) / deviation).double())
        cases.append(
            {
                "name": case["name"],
                "method": case["method"],
                "batch": case["batch"],
                "size": case["size"],
                "context": GA_BW[: case["batch"]],
                "parameters": {
                    "total": sum(learned.values()),
                    "withoutHead": sum(n for name, n in learned.items() if not name.startswith("fc.")),
                },
                "torchFloat32Error": float((single["logits"].double() - double["logits"]).abs().max()),
                "outputs": {name: thinned(double[name], 48) for name in double},
            }
        )
        print(case["name"], single["logits"], cases[-1]["torchFloat32Error"])
    golden = {
        "madeBy": f"test/golden/model/make_golden.py, torch {torch.__version__}, float64",
        "seed": SEED,
        "scale": SCALE,
        "cases": cases,
    }
    with open(os.path.join(HERE, "expected.json"), "w") as file:
        json.dump(golden, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
