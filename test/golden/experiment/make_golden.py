"""Writes expected.json: Table 1 and Table 2 of two methods with three seeds each, by scikit-learn and NumPy.

Means over seeds, their differences and standard deviations, on all films and on resamples of infants. Run with a Python that
has scikit-learn (Debian: python3-sklearn):
    python3 test/golden/experiment/make_golden.py
"""

import json
import os

import numpy as np
import sklearn
from scipy.special import softmax
from sklearn.metrics import f1_score, roc_auc_score

K, FILMS, SEEDS = 6, 150, 3
rng = np.random.default_rng(5)
infants = np.unique(np.sort(rng.integers(0, 60, FILMS)), return_inverse=True)[1]
truth = rng.integers(0, K, FILMS)


def answers(skill):
    return np.round(2 * rng.normal(size=(FILMS, K)) + skill * np.eye(K)[truth], 4).astype(np.float32).astype(float)


methods = {"a": [answers(1.0) for _ in range(SEEDS)], "b": [answers(1.8) for _ in range(SEEDS)]}


def figures(logits, w):
    p = softmax(logits, axis=1)
    predicted = p.argmax(axis=1)
    return {
        "macroF1": f1_score(truth, predicted, average="macro", sample_weight=w),
        "weightedF1": f1_score(truth, predicted, average="weighted", sample_weight=w),
        "macroAuroc": np.mean([roc_auc_score(truth == k, p[:, k], sample_weight=w) for k in range(K)]),
        "f1": f1_score(truth, predicted, average=None, labels=range(K), sample_weight=w),
    }


def mean(runs, w):
    of = [figures(logits, w) for logits in runs]
    return {name: np.mean([f[name] for f in of], axis=0) for name in of[0]}


def plain(values):
    return {name: np.asarray(value).tolist() for name, value in values.items()}


draws = [np.ones(FILMS)]
for _ in range(4):
    n = infants.max() + 1
    draws.append(np.bincount(rng.integers(0, n, n), minlength=n)[infants].astype(float))
expected = {
    "madeBy": f"scikit-learn {sklearn.__version__}",
    "truth": truth.tolist(),
    "infants": infants.tolist(),
    "logits": {name: [logits.flatten().tolist() for logits in runs] for name, runs in methods.items()},
    "draws": [
        {"weights": w.tolist(), "a": plain(mean(methods["a"], w)), "b": plain(mean(methods["b"], w))} for w in draws
    ],
    "spread": {
        name: {
            figure: np.std([figures(logits, draws[0])[figure] for logits in runs], axis=0, ddof=1).tolist()
            for figure in ["macroF1", "macroAuroc"]
        }
        for name, runs in methods.items()
    },
}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "expected.json"), "w") as file:
    json.dump(expected, file)
