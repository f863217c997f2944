#!/usr/bin/python3
"""Makes resize-*.npy and model-input.npy with torchvision (0.14): resize with antialias=True, and the whole way from
display values to network input. Run after generate.py: python3 generate_model_input.py"""
import os
import numpy as np
import torch
import torchvision.transforms.functional as F

HERE = os.path.dirname(os.path.abspath(__file__))


def resize(image, rows, columns):
    return F.resize(torch.from_numpy(image)[None], [rows, columns], antialias=True)[0]


# The same picture is drawn in model-input.test.ts.
for rows, columns, out_rows, out_columns in [(97, 61, 32, 20), (11, 9, 30, 25), (64, 50, 64, 7), (512, 419, 40, 33)]:
    y, x = np.mgrid[0:rows, 0:columns]
    image = (((y * 7919 + x * 104729) % 1009) / 1008).astype(np.float32)
    np.save(os.path.join(HERE, f'resize-{rows}x{columns}-{out_rows}x{out_columns}.npy'),
            resize(image, out_rows, out_columns).numpy())

display = np.load(os.path.join(HERE, 'films', 'window-linear-monochrome1.display.npy'))
size = 40
fitted = resize(display, 30, 40)
square = torch.zeros(size, size)
square[5:35] = fitted
channels = F.normalize(square.expand(3, size, size), [0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
np.save(os.path.join(HERE, 'model-input.npy'), channels.numpy().copy())
