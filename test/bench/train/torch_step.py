"""PyTorch's side of a contest: makes one training step per line on stdin. See contestant.ts."""

import json
import os
import resource
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "golden", "model"))

import torch  # noqa: E402
from networks import network  # noqa: E402
from torchvision.ops import StochasticDepth  # noqa: E402

test = json.loads(sys.argv[1])
torch.set_num_threads(test["threads"])
torch.manual_seed(1)


def answer(**fields):
    print(json.dumps(fields), flush=True)


def logits(model, x, context):
    if test["entry"] == "trunk":
        return model.classify(model.layer4(x).mean((2, 3)), context)[0]
    if hasattr(model, "features"):
        return model.classify(model.features(x, context).mean((2, 3)), context)[0]
    return model.explain(x, context)["logits"]


start = time.perf_counter()
batch, size = test["batch"], test["size"]
model = network(test["method"])
model.train(test["batchNorm"] == "batch")
for module in model.modules():
    if isinstance(module, StochasticDepth):
        module.eval()
for name, parameter in model.named_parameters():
    plain = name[len("net.") :] if name.startswith("net.") else name
    parameter.requires_grad_(any(plain.startswith(prefix) for prefix in test["trains"]))
shape = (batch, 1024, size // 16, size // 16) if test["entry"] == "trunk" else (batch, 3, size, size)
trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
optimizer = torch.optim.Adam(trained, lr=1e-4, weight_decay=1e-5)
loss_function = torch.nn.CrossEntropyLoss()
answer(startSeconds=time.perf_counter() - start)

x = torch.sin(0.37 * torch.arange(batch * shape[1] * shape[2] * shape[3])).reshape(shape)
context = torch.sin(0.37 * torch.arange(2 * batch)).reshape(batch, 2)
labels = torch.arange(batch) % 6
for line in sys.stdin:
    if line.strip() != "step":
        raise SystemExit(f"unknown command: {line}")
    begin, begin_cpu = time.perf_counter(), time.process_time()
    optimizer.zero_grad(set_to_none=True)
    loss_function(logits(model, x, context), labels).backward()
    optimizer.step()
    answer(seconds=time.perf_counter() - begin, cpuSeconds=time.process_time() - begin_cpu)
answer(peakBytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
