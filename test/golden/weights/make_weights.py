"""Makes the weight files of this folder.

    python3 test/golden/weights/make_weights.py     (Debian: python3-torch)

- *.pth by torch.save itself, zip and legacy format, tensors with strides, other element types, nested dictionaries
- malicious.pth: a real attack, whose unpickling would run a command that makes the file named in NEOGATE_CANARY
- *.safetensors by the few lines below, which follow the format's description and share no code with NeoGate
"""

import argparse
import json
import os
import struct
import sys
import zipfile
from collections import OrderedDict

import numpy as np
import torch

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
from counter_random import normal  # noqa: E402


def path(name):
    return os.path.join(HERE, name)


def values(name, *shape):
    return torch.from_numpy(normal(7, name, int(np.prod(shape)), 1.0).reshape(shape))


def torch_files():
    a = values("a", 3, 4)
    torch.save({"state_dict": OrderedDict([("module.a", a), ("module.b", values("b", 5))]), "epoch": 3, "best": 0.5},
               path("nested.pth"))
    torch.save(
        OrderedDict(
            [
                ("transposed", a.t()),
                ("column", a[:, 1]),
                ("tail", a[1:]),
                ("expanded", values("c", 1, 4).expand(3, 4)),
                ("scalar", torch.tensor(2.5)),
                ("empty", torch.zeros(0, 3)),
                ("parameter", torch.nn.Parameter(values("d", 2, 2))),
            ]
        ),
        path("strided.pth"),
    )
    b = values("types", 16) * 100
    torch.save(
        {
            "f64": b.double(),
            "f32": b,
            "f16": b.half(),
            "bf16": b.bfloat16(),
            "i64": b.long(),
            "i32": b.int(),
            "i16": b.short(),
            "i8": b.char(),
            "u8": b.abs().byte(),
            "bool": b > 0,
        },
        path("types.pth"),
    )
    for protocol in (2, 3, 4, 5):
        torch.save(OrderedDict(a=a), path(f"protocol{protocol}.pth"), pickle_protocol=protocol)
    torch.save(torch.nn.Linear(2, 2).state_dict(), path("legacy.pth"), _use_new_zipfile_serialization=False)
    torch.save(torch.nn.Linear(2, 2), path("whole-module.pth"))
    torch.save({"args": argparse.Namespace(lr=1e-4), "state_dict": {"a": a}}, path("namespace.pth"))


class Attack:
    def __reduce__(self):
        return os.system, ('touch "$NEOGATE_CANARY"',)


def malicious():
    torch.save({"state_dict": {"a": values("a", 3, 4)}, "optimizer": Attack()}, path("malicious.pth"))


def compressed():
    with zipfile.ZipFile(path("protocol2.pth")) as source:
        with zipfile.ZipFile(path("compressed.pth"), "w", zipfile.ZIP_DEFLATED) as target:
            for name in source.namelist():
                target.writestr(name, source.read(name))


def write_safetensors(name, entries, metadata=None):
    header = {} if metadata is None else {"__metadata__": metadata}
    data = b""
    for key, dtype, shape, raw in entries:
        header[key] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode("utf-8")
    with open(path(name), "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def safetensors_files():
    t = values("types", 16) * 100
    b = t.numpy()
    write_safetensors(
        "types.safetensors",
        [
            ("f64", "F64", [16], b.astype("<f8").tobytes()),
            ("f32", "F32", [4, 4], b.astype("<f4").tobytes()),
            ("f16", "F16", [16], b.astype("<f2").tobytes()),
            ("bf16", "BF16", [16], t.bfloat16().view(torch.int16).numpy().astype("<i2").tobytes()),
            ("i64", "I64", [16], b.astype("<i8").tobytes()),
            ("scalar", "F32", [], np.array(2.5, "<f4").tobytes()),
            ("empty", "F32", [0, 3], b""),
        ],
        {"made": "for a test", "이름": "시험"},
    )


def expected():
    out = {}
    for name in sorted(os.listdir(HERE)):
        if not name.endswith(".pth") or name in ("malicious.pth", "whole-module.pth", "legacy.pth", "compressed.pth", "namespace.pth"):
            continue
        loaded = torch.load(path(name))
        state = loaded.get("state_dict", loaded)
        out[name] = {
            key.replace("module.", ""): {"shape": list(t.shape), "values": t.detach().float().contiguous().flatten().tolist()}
            for key, t in state.items()
        }
    with open(path("expected.json"), "w") as file:
        json.dump(out, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    torch_files()
    malicious()
    compressed()
    safetensors_files()
    expected()
