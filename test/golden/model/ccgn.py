"""CCGN in PyTorch, independent of NeoGate's code: torchvision's ResNet with a gate of the paper between the last feature
map and the pooling (Jung & Choi 2025)."""

import torch
from torch import nn
from torchvision.models.resnet import Bottleneck, ResNet


class Gate(nn.Module):
    def __init__(self, hidden, channels):
        super().__init__()
        self.fc1 = nn.Linear(2, hidden)
        self.fc2 = nn.Linear(hidden, channels)

    def forward(self, context):
        return torch.sigmoid(self.fc2(torch.relu(self.fc1(context))))


class Ccgn(ResNet):
    """`width` 64 and depths [3, 4, 6, 3] are ResNet50; torchvision's class is narrowed by rebuilding its stages."""

    def __init__(self, width=64, depths=(3, 4, 6, 3), hidden=32):
        super().__init__(Bottleneck, list(depths), num_classes=6)
        if width != 64:
            self.inplanes = width
            self.conv1 = nn.Conv2d(3, width, 7, stride=2, padding=3, bias=False)
            self.bn1 = nn.BatchNorm2d(width)
            self.layer1 = self._make_layer(Bottleneck, width, depths[0])
            self.layer2 = self._make_layer(Bottleneck, width * 2, depths[1], stride=2)
            self.layer3 = self._make_layer(Bottleneck, width * 4, depths[2], stride=2)
            self.layer4 = self._make_layer(Bottleneck, width * 8, depths[3], stride=2)
            self.fc = nn.Linear(width * 32, 6)
        self.gate = Gate(hidden, width * 32)

    def features(self, image):
        x = self.maxpool(self.relu(self.bn1(self.conv1(image))))
        return self.layer4(self.layer3(self.layer2(self.layer1(x))))

    def explain(self, image, context):
        f = self.features(image)
        gated = f * self.gate(context)[:, :, None, None]
        logits = self.fc(gated.mean(dim=(2, 3)))
        weight = self.fc.weight
        return {
            "logits": logits,
            "probabilities": torch.softmax(logits, dim=1),
            "pooled": f.mean(dim=(2, 3)),
            "maps": torch.einsum("kc,nchw->nkhw", weight, f),
            "gatedMaps": torch.einsum("kc,nchw->nkhw", weight, gated),
        }
