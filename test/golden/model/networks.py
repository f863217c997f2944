"""Every network in PyTorch, independent of NeoGate's code: torchvision's where it has the model, else a compact module over
torchvision's ResNet. `explain` gives what NeoGate's inference graph gives."""

import torch
from torch import nn
from torchvision.models import convnext_tiny, swin_t
from torchvision.models.resnet import Bottleneck, ResNet

CLASSES = 6
RESNET50 = {"width": 64, "depths": (3, 4, 6, 3)}
SMALL = {"width": 16, "depths": (2, 2, 2, 2)}


class SqueezeExcitation(nn.Module):
    """timm's names: 1x1 convolutions fc1 and fc2."""

    def __init__(self, channels, reduction=16):
        super().__init__()
        self.fc1 = nn.Conv2d(channels, channels // reduction, 1)
        self.fc2 = nn.Conv2d(channels // reduction, channels, 1)

    def forward(self, x):
        return x * torch.sigmoid(self.fc2(torch.relu(self.fc1(x.mean((2, 3), keepdim=True)))))


class Cbam(nn.Module):
    """Woo et al. 2018, under the names of the authors' PyTorch code."""

    def __init__(self, channels, reduction=16):
        super().__init__()
        hidden = channels // reduction
        self.ChannelGate = nn.Module()
        self.ChannelGate.mlp = nn.Sequential(
            nn.Flatten(), nn.Linear(channels, hidden), nn.ReLU(), nn.Linear(hidden, channels)
        )
        self.SpatialGate = nn.Module()
        self.SpatialGate.spatial = nn.Module()
        self.SpatialGate.spatial.conv = nn.Conv2d(2, 1, 7, padding=3, bias=False)
        self.SpatialGate.spatial.bn = nn.BatchNorm2d(1)

    def forward(self, x):
        mlp = self.ChannelGate.mlp
        channel = torch.sigmoid(mlp(x.mean((2, 3))) + mlp(torch.amax(x, (2, 3))))
        x = x * channel[:, :, None, None]
        planes = torch.stack([x.max(1)[0], x.mean(1)], 1)
        return x * torch.sigmoid(self.SpatialGate.spatial.bn(self.SpatialGate.spatial.conv(planes)))


class AttentiveBottleneck(Bottleneck):
    """torchvision's block with attention on the branch before it is added."""

    attention = None
    name = ""

    def __init__(self, inplanes, planes, *args, **kwargs):
        super().__init__(inplanes, planes, *args, **kwargs)
        self.add_module(self.name, self.attention(planes * self.expansion))

    def forward(self, x):
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.relu(self.bn2(self.conv2(y)))
        y = getattr(self, self.name)(self.bn3(self.conv3(y)))
        return self.relu(y + (self.downsample(x) if self.downsample is not None else x))


class SeBottleneck(AttentiveBottleneck):
    attention, name = SqueezeExcitation, "se"


class CbamBottleneck(AttentiveBottleneck):
    attention, name = Cbam, "cbam"


class ImageNetwork(ResNet):
    """`width` 64 and depths (3, 4, 6, 3) are ResNet50; torchvision's class is narrowed by rebuilding its stages."""

    block = Bottleneck
    channels_in = 3
    head = "fc."

    def __init__(self, width, depths):
        super().__init__(self.block, list(depths), num_classes=CLASSES)
        if width != 64:
            self.inplanes = width
            self.bn1 = nn.BatchNorm2d(width)
            self.layer1 = self._make_layer(self.block, width, depths[0])
            self.layer2 = self._make_layer(self.block, width * 2, depths[1], stride=2)
            self.layer3 = self._make_layer(self.block, width * 4, depths[2], stride=2)
            self.layer4 = self._make_layer(self.block, width * 8, depths[3], stride=2)
            self.fc = nn.Linear(width * 32, CLASSES)
        self.conv1 = nn.Conv2d(self.channels_in, width, 7, stride=2, padding=3, bias=False)
        self.channels = width * 32

    def enter(self, image, context):
        return image

    def after_stage(self, x, name, context):
        return x

    def features(self, image, context):
        x = self.maxpool(self.relu(self.bn1(self.conv1(self.enter(image, context)))))
        for name, layer in (("c2", self.layer1), ("c3", self.layer2), ("c4", self.layer3)):
            x = self.after_stage(layer(x), name, context)
        return self.layer4(x)

    def classify(self, pooled, context):
        """logits and the gate (None where there is none)"""
        return self.fc(pooled), None

    def explain(self, image, context):
        f = self.features(image, context)
        logits, gate = self.classify(f.mean((2, 3)), context)
        weight = self.fc.weight[:, : self.channels]
        found = {"logits": logits, "pooled": f.mean((2, 3)), "maps": torch.einsum("kc,nchw->nkhw", weight, f)}
        if gate is not None:
            found["gatedMaps"] = torch.einsum("kc,nc,nchw->nkhw", weight, gate, f)
        return found


class EarlyFusion(ImageNetwork):
    channels_in = 5

    def enter(self, image, context):
        planes = context[:, :, None, None].expand(-1, -1, *image.shape[2:])
        return torch.cat([image, planes], 1)


class LateFusion(ImageNetwork):
    def __init__(self, width, depths):
        super().__init__(width, depths)
        self.context = nn.Module()
        self.context.fc1 = nn.Linear(2, 64)
        self.context.fc2 = nn.Linear(64, 64)
        self.fc = nn.Linear(self.channels + 64, CLASSES)

    def classify(self, pooled, context):
        embedded = torch.relu(self.context.fc2(torch.relu(self.context.fc1(context))))
        return self.fc(torch.cat([pooled, embedded], 1)), None


class SeResnet(ImageNetwork):
    block = SeBottleneck


class CbamResnet(ImageNetwork):
    block = CbamBottleneck


class Perceptron(nn.Module):
    def __init__(self, channels, hidden=32):
        super().__init__()
        self.fc1 = nn.Linear(2, hidden)
        self.fc2 = nn.Linear(hidden, channels)

    def forward(self, context):
        return self.fc2(torch.relu(self.fc1(context)))


class Ccgn(ImageNetwork):
    """The gate of the paper between the last feature map and the pooling (Jung & Choi 2025)."""

    def __init__(self, width, depths):
        super().__init__(width, depths)
        self.gate = Perceptron(self.channels)

    def gate_of(self, context):
        return torch.sigmoid(self.gate(context))

    def classify(self, pooled, context):
        gate = self.gate_of(context)
        return self.fc(pooled * gate), gate


class Ccgn2Sigmoid(Ccgn):
    def gate_of(self, context):
        return 2 * super().gate_of(context)


class CcgnMultistage(ImageNetwork):
    def __init__(self, width, depths):
        super().__init__(width, depths)
        self.gate = nn.ModuleDict({name: Perceptron(width * c) for name, c in (("c3", 8), ("c4", 16), ("c5", 32))})

    def after_stage(self, x, name, context):
        return x if name == "c2" else x * 2 * torch.sigmoid(self.gate[name](context))[:, :, None, None]

    def classify(self, pooled, context):
        gate = 2 * torch.sigmoid(self.gate["c5"](context))
        return self.fc(pooled * gate), gate


class CcgnFilm(ImageNetwork):
    def __init__(self, width, depths):
        super().__init__(width, depths)
        self.film = Perceptron(2 * self.channels)

    def classify(self, pooled, context):
        gamma, beta = self.film(context).chunk(2, 1)
        return self.fc(pooled * (1 + gamma) + beta), 1 + gamma


class ConvNextTiny(nn.Module):
    """torchvision's, with the maps that its layer norm behind the pooling leaves additive."""

    head = "classifier.2."

    def __init__(self):
        super().__init__()
        self.net = convnext_tiny(num_classes=CLASSES)

    def explain(self, image, context):
        net = self.net
        f = net.features(image)
        pooled = f.mean((2, 3))
        norm = net.classifier[0]
        scale = norm.weight / torch.sqrt(pooled.var(1, unbiased=False, keepdim=True) + norm.eps)
        centred = f - f.mean(1, keepdim=True)
        maps = torch.einsum("kc,nc,nchw->nkhw", net.classifier[2].weight, scale, centred)
        return {"logits": net(image), "pooled": centred.mean((2, 3)), "maps": maps}


class SwinTiny(nn.Module):
    head = "head."

    def __init__(self):
        super().__init__()
        self.net = swin_t(num_classes=CLASSES)

    def explain(self, image, context):
        f = self.net.permute(self.net.norm(self.net.features(image)))
        maps = torch.einsum("kc,nchw->nkhw", self.net.head.weight, f)
        return {"logits": self.net(image), "pooled": f.mean((2, 3)), "maps": maps}


class ContextLogistic(nn.Module):
    head = "fc."

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(2, CLASSES)

    def explain(self, image, context):
        return {"logits": self.fc(context)}


class ContextMlp(nn.Module):
    head = "fc."

    def __init__(self):
        super().__init__()
        self.context = nn.Module()
        self.context.fc1 = nn.Linear(2, 64)
        self.context.fc2 = nn.Linear(64, 64)
        self.fc = nn.Linear(64, CLASSES)

    def explain(self, image, context):
        return {"logits": self.fc(torch.relu(self.context.fc2(torch.relu(self.context.fc1(context)))))}


RESNETS = {
    "resnet50": ImageNetwork,
    "early-fusion": EarlyFusion,
    "late-fusion": LateFusion,
    "se-resnet50": SeResnet,
    "cbam-resnet50": CbamResnet,
    "ccgn": Ccgn,
    "ccgn-2sigmoid": Ccgn2Sigmoid,
    "ccgn-multistage": CcgnMultistage,
    "ccgn-film": CcgnFilm,
}
OTHERS = {
    "convnext-tiny": ConvNextTiny,
    "swin-t": SwinTiny,
    "context-logistic": ContextLogistic,
    "context-mlp": ContextMlp,
}


def network(method):
    """A fresh network; its tensors by NeoGate's names are `tensors_of`."""
    if method in OTHERS:
        return OTHERS[method]()
    if method.endswith("-small"):
        return RESNETS[method[: -len("-small")]](**SMALL)
    return RESNETS[method](**RESNET50)


UNUSED = ("num_batches_tracked", "relative_position_index")


def tensors_of(model):
    """Weights and buffers by NeoGate's names, which are those of torchvision's own module."""
    return {
        name[len("net.") :] if name.startswith("net.") else name: tensor
        for name, tensor in model.state_dict().items()
        if not name.endswith(UNUSED)
    }


def fill(model, make):
    """Gives every tensor the values of make(name, shape)."""
    with torch.no_grad():
        for name, tensor in tensors_of(model).items():
            tensor.copy_(make(name, list(tensor.shape)))
    return model
