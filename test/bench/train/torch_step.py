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

test = json.loads(sys.argv[1])
torch.set_num_threads(int(os.environ.get("NEOGATE_BENCH_THREADS", "2")))
torch.manual_seed(1)


def answer(**fields):
    print(json.dumps(fields), flush=True)


class FromTrunk(torch.nn.Module):
    """The last stage, gate and classifier on a stored map."""

    def __init__(self, model):
        super().__init__()
        self.layer4, self.gate, self.fc = model.layer4, model.gate, model.fc

    def forward(self, x, context):
        return self.fc(self.layer4(x).mean(dim=(2, 3)) * torch.sigmoid(self.gate(context)))


class FromImage(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, x, context):
        features = self.model.features(x, context)
        return self.model.classify(features.mean(dim=(2, 3)), context)[0]


start = time.perf_counter()
batch, size = test["batch"], test["size"]
whole = network("ccgn")
for name, parameter in whole.named_parameters():
    parameter.requires_grad_(any(name.startswith(prefix) for prefix in test["trains"]))
model = FromTrunk(whole) if test["entry"] == "trunk" else FromImage(whole)
model.train(test["batchNorm"] == "batch")
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
    begin = time.perf_counter()
    optimizer.zero_grad(set_to_none=True)
    loss_function(model(x, context), labels).backward()
    optimizer.step()
    answer(seconds=time.perf_counter() - begin)
answer(peakBytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
