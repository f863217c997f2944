"""Holds NeoGate's training steps against PyTorch on data of your own.

Needs a Python with torch, torchvision and numpy (Debian: python3-torch python3-torchvision).

1. Arrays. From films, one `neogate pixels FILM --stage model --size S --out FILM.npy` each, and a table with the columns
   pixels (that file), ga_days, bw_grams, label (0 to 5); without --table, noise from a seed:
       python3 hold_against_torch.py make --model DIR --table films.csv --out arrays
       python3 hold_against_torch.py make --films 4 --size 64 --seed 1 --out arrays
2. NeoGate's steps:
       neogate parity step --model DIR --images arrays/X.npy --context arrays/C.npy --labels arrays/Y.npy \\
           --steps 5 --out AFTER.safetensors --json > losses.json
3. The same in PyTorch, in float32 and float64, and how far each float32 is from float64:
       python3 hold_against_torch.py compare --model DIR --arrays arrays --steps 5 --after AFTER.safetensors \\
           --losses losses.json

`trials` does all three on noise from several seeds and prints the medians:
       python3 hold_against_torch.py trials --model DIR --films 4 --size 64 --steps 5 --seeds 5 --neogate "neogate"

Errors: loss, largest |difference| / |loss| over the steps; parameters, largest |difference| over all elements of a tensor,
over the tensor's largest |value|, and of these the largest over all tensors; update, |difference|_2 / |change made by the
steps|_2 over all weights together, which no single element dominates.
"""

import argparse
import csv
import json
import os
import shlex
import statistics
import subprocess
import sys
import tempfile

import numpy as np
import torch

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "model"))
from networks import fill, network, tensors_of  # noqa: E402
from torchvision.ops import StochasticDepth  # noqa: E402


def read_safetensors(path):
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
        data = file.read()
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        if entry["dtype"] != "F32":
            raise SystemExit(f"{path}: tensor {name} is {entry['dtype']}, not F32")
        begin, end = entry["data_offsets"]
        values = np.frombuffer(data[begin:end], "<f4").reshape(entry["shape"]).copy()
        tensors[name] = torch.from_numpy(values)
    return tensors


def read_card(model):
    with open(os.path.join(model, "model.json"), encoding="utf-8") as file:
        return json.load(file)


def make(arguments):
    os.makedirs(arguments.out, exist_ok=True)
    if arguments.table:
        scale = read_card(arguments.model)["context"]
        with open(arguments.table, encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        images = np.stack([np.load(row["pixels"]) for row in rows]).astype("<f4")
        context = np.array(
            [
                [
                    (float(row["ga_days"]) - scale["gaMeanDays"]) / scale["gaSdDays"],
                    (float(row["bw_grams"]) - scale["bwMeanGrams"]) / scale["bwSdGrams"],
                ]
                for row in rows
            ],
            "<f4",
        )
        labels = np.array([int(row["label"]) for row in rows], "<i8")
    else:
        random = np.random.default_rng(arguments.seed)
        films, size = arguments.films, arguments.size
        images = random.normal(size=(films, 3, size, size)).astype("<f4")
        context = random.normal(size=(films, 2)).astype("<f4")
        labels = random.integers(0, 6, films).astype("<i8")
    for name, array in (("X", images), ("C", context), ("Y", labels)):
        np.save(os.path.join(arguments.out, f"{name}.npy"), array)


def train(arguments, arrays, dtype):
    """@returns losses, tensors after the steps, tensors before"""
    method = read_card(arguments.model)["method"]
    before = read_safetensors(os.path.join(arguments.model, "weights.safetensors"))
    model = fill(network(method), lambda name, shape: before[name]).to(dtype)
    model.train(not arguments.freeze_batch_norm)
    for module in model.modules():
        if isinstance(module, StochasticDepth):
            module.eval()
    optimizer = torch.optim.Adam(model.parameters(), lr=arguments.lr, weight_decay=arguments.weight_decay)
    images, context, labels = (torch.from_numpy(np.load(os.path.join(arrays, f"{n}.npy"))) for n in "XCY")
    losses = []
    for _ in range(arguments.steps):
        optimizer.zero_grad()
        logits = model.explain(images.to(dtype), context.to(dtype))["logits"]
        loss = torch.nn.functional.cross_entropy(logits, labels)
        loss.backward()
        optimizer.step()
        losses.append(float(loss))
    return losses, {name: t.double() for name, t in tensors_of(model).items()}, before


def errors(losses, tensors, truth):
    true_losses, true_tensors, before = truth
    difference = change = 0.0
    largest, where = 0.0, ""
    for name, expected in true_tensors.items():
        found = tensors[name].double()
        error = float((found - expected).abs().max() / expected.abs().max().clamp_min(1e-12))
        if error > largest:
            largest, where = error, name
        difference += float(((found - expected) ** 2).sum())
        change += float(((expected - before[name].double()) ** 2).sum())
    return {
        "loss": max(abs(a - b) / abs(b) for a, b in zip(losses, true_losses)),
        "parameters": largest,
        "update": (difference / change) ** 0.5,
        "worst": where,
    }


def compare(arguments, arrays, after, losses):
    truth = train(arguments, arrays, torch.float64)
    losses32, tensors32, _ = train(arguments, arrays, torch.float32)
    return {
        "NeoGate": errors(losses, read_safetensors(after), truth),
        "torch float32": errors(losses32, tensors32, truth),
    }


def show(found):
    for who, values in found.items():
        print(
            f"{who:14} loss {values['loss']:.1e}   parameters {values['parameters']:.1e} ({values['worst']})"
            f"   update {values['update']:.1e}"
        )


def run_trials(arguments):
    runs = []
    for seed in range(1, arguments.seeds + 1):
        with tempfile.TemporaryDirectory() as folder:
            make(argparse.Namespace(table=None, seed=seed, films=arguments.films, size=arguments.size, out=folder))
            after = os.path.join(folder, "after.safetensors")
            command = [*shlex.split(arguments.neogate), "parity", "step", "--json", "--model", arguments.model]
            command += [f"--{name}={os.path.join(folder, file)}" for name, file in
                        (("images", "X.npy"), ("context", "C.npy"), ("labels", "Y.npy"), ("out", "after.safetensors"))]
            command += [f"--lr={arguments.lr}", f"--weight-decay={arguments.weight_decay}", f"--steps={arguments.steps}"]
            if arguments.freeze_batch_norm:
                command.append("--freeze-batch-norm")
            answer = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
            runs.append(compare(arguments, folder, after, answer["losses"]))
        print(f"seed {seed}")
        show(runs[-1])
    print(f"median of {arguments.seeds} seeds")
    for who in runs[0]:
        middle = {key: statistics.median(run[who][key] for run in runs) for key in ("loss", "parameters", "update")}
        print(f"{who:14} " + "   ".join(f"{key} {value:.1e}" for key, value in middle.items()))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    parts = {name: commands.add_parser(name) for name in ("make", "compare", "trials")}
    for name in ("make", "trials"):
        parts[name].add_argument("--films", type=int, default=4)
        parts[name].add_argument("--size", type=int, default=64)
    for name in ("compare", "trials"):
        parts[name].add_argument("--lr", type=float, default=1e-4)
        parts[name].add_argument("--weight-decay", type=float, default=1e-5)
        parts[name].add_argument("--steps", type=int, default=1)
        parts[name].add_argument("--freeze-batch-norm", action="store_true")
        parts[name].add_argument("--model", required=True)
    parts["make"].add_argument("--model")
    parts["make"].add_argument("--table")
    parts["make"].add_argument("--seed", type=int, default=1)
    parts["make"].add_argument("--out", required=True)
    parts["compare"].add_argument("--arrays", required=True)
    parts["compare"].add_argument("--after", required=True)
    parts["compare"].add_argument("--losses", required=True, help="what neogate parity step --json printed")
    parts["trials"].add_argument("--seeds", type=int, default=5)
    parts["trials"].add_argument("--neogate", default="neogate", help="command that starts NeoGate")
    arguments = parser.parse_args()
    if arguments.command == "make":
        if arguments.table and not arguments.model:
            parser.error("make --table needs --model, whose card says how GA and BW are normalised")
        make(arguments)
    elif arguments.command == "compare":
        with open(arguments.losses, encoding="utf-8") as file:
            losses = json.load(file)["losses"]
        show(compare(arguments, arguments.arrays, arguments.after, losses))
    else:
        run_trials(arguments)


if __name__ == "__main__":
    main()
