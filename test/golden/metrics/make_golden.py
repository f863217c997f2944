"""Writes expected.json: classification metrics by scikit-learn on random cases, ties and an absent class among them.

Run with a Python that has scikit-learn (Debian: python3-sklearn):
    python3 test/golden/metrics/make_golden.py
"""

import json
import os

import numpy as np
import sklearn
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, roc_auc_score

rng = np.random.default_rng(7)
cases = []
for films, coarse in [(400, False), (60, True)]:
    truth = rng.integers(0, 6, films)
    logits = rng.normal(size=(films, 6)) + 1.5 * np.eye(6)[truth]
    p = np.exp(logits)
    p /= p.sum(axis=1, keepdims=True)
    if coarse:
        p = np.round(p, 1)
    predicted = p.argmax(axis=1)
    areas = [roc_auc_score(truth == k, p[:, k]) for k in range(6)]
    cases.append(
        {
            "truth": truth.tolist(),
            "probabilities": np.round(p, 6).flatten().tolist(),
            "predicted": predicted.tolist(),
            "confusion": confusion_matrix(truth, predicted, labels=range(6)).tolist(),
            "accuracy": accuracy_score(truth, predicted),
            "f1": f1_score(truth, predicted, average=None, labels=range(6)).tolist(),
            "macroF1": f1_score(truth, predicted, average="macro"),
            "weightedF1": f1_score(truth, predicted, average="weighted"),
            "auroc": [float(a) for a in areas],
            "macroAuroc": float(np.mean(areas)),
        }
    )
here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "expected.json"), "w") as file:
    json.dump({"madeBy": f"scikit-learn {sklearn.__version__}", "cases": cases}, file, separators=(",", ":"))
