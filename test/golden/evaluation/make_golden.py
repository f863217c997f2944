"""Writes expected.json: figures of an evaluation by scikit-learn, SciPy and NumPy on clustered cases, one set with ties.

Run with a Python that has scikit-learn (Debian: python3-sklearn):
    python3 test/golden/evaluation/make_golden.py
"""

import json
import os

import numpy as np
import sklearn
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.metrics import (
    average_precision_score,
    log_loss,
    precision_recall_curve,
    precision_recall_fscore_support,
    roc_auc_score,
    roc_curve,
)

K = 6
GRID = [0.1, 0.2, 0.5, 0.86]
THRESHOLDS = [0.1, 0.3, 0.5]


def ece(probability, hit, bins):
    """Expected calibration error over equal bins (i/m, (i+1)/m]."""
    error = 0
    for b in range(bins):
        inside = (probability > b / bins) & (probability <= (b + 1) / bins)
        if inside.any():
            error += inside.mean() * abs(hit[inside].mean() - probability[inside].mean())
    return float(error)


def figures(truth, logits, weights=None):
    p = softmax(logits, axis=1)
    predicted = p.argmax(axis=1)
    w = np.ones(len(truth)) if weights is None else weights
    precision, recall, f1, _ = precision_recall_fscore_support(
        truth, predicted, labels=range(K), sample_weight=w, zero_division=0
    )
    macro = precision_recall_fscore_support(truth, predicted, average="macro", sample_weight=w, zero_division=0)
    weighted = precision_recall_fscore_support(truth, predicted, average="weighted", sample_weight=w, zero_division=0)
    auroc = [roc_auc_score(truth == k, p[:, k], sample_weight=w) for k in range(K)]
    auprc = [average_precision_score(truth == k, p[:, k], sample_weight=w) for k in range(K)]
    specificity = [
        float(w[(truth != k) & (predicted != k)].sum() / w[truth != k].sum()) for k in range(K)
    ]
    nll = -log_softmax(logits, axis=1)[np.arange(len(truth)), truth]
    brier = ((p - np.eye(K)[truth]) ** 2).sum(axis=1)
    benefit = [
        [
            float(
                (w[(p[:, k] >= t) & (truth == k)].sum() - w[(p[:, k] >= t) & (truth != k)].sum() * t / (1 - t))
                / w.sum()
            )
            for t in THRESHOLDS
        ]
        for k in range(K)
    ]
    roc_at, precision_at = [], []
    for k in range(K):
        fpr, tpr, _ = roc_curve(truth == k, p[:, k], sample_weight=w, drop_intermediate=False)
        roc_at.append(np.interp(GRID, fpr, tpr).tolist())
        pr, rc, _ = precision_recall_curve(truth == k, p[:, k], sample_weight=w)
        # From the highest score down: the first point whose recall is large enough.
        precision_at.append([float(pr[::-1][1:][np.argmax(rc[::-1][1:] >= r - 1e-12)]) for r in GRID])
    return {
        "precision": precision.tolist(),
        "recall": recall.tolist(),
        "specificity": specificity,
        "f1": f1.tolist(),
        "auroc": [float(a) for a in auroc],
        "auprc": [float(a) for a in auprc],
        "macroPrecision": macro[0],
        "macroRecall": macro[1],
        "macroF1": macro[2],
        "weightedPrecision": weighted[0],
        "weightedRecall": weighted[1],
        "weightedF1": weighted[2],
        "macroAuroc": float(np.mean(auroc)),
        "weightedAuroc": float(roc_auc_score(truth, p, multi_class="ovr", average="weighted", sample_weight=w)),
        "macroAuprc": float(np.mean(auprc)),
        "nll": float((w * nll).sum() / w.sum()),
        "brier": float((w * brier).sum() / w.sum()),
        "netBenefit": benefit,
        "rocAt": roc_at,
        "precisionAt": precision_at,
    }


rng = np.random.default_rng(11)
cases = []
for films, coarse in [(240, False), (120, True)]:
    infants = np.sort(rng.integers(0, films // 3, films))
    infants = np.unique(infants, return_inverse=True)[1]
    truth = rng.integers(0, K, films)
    logits = np.round(2 * rng.normal(size=(films, K)) + 1.8 * np.eye(K)[truth], 0 if coarse else 4)
    logits = logits.astype(np.float32).astype(float)
    p = softmax(logits, axis=1)
    hit = p.argmax(axis=1) == truth
    fitted = minimize_scalar(
        lambda t: log_loss(truth, softmax(logits / np.exp(t), axis=1), labels=range(K)), bounds=(-3, 3), method="bounded",
        options={"xatol": 1e-10},
    )
    youden = []
    for k in range(K):
        fpr, tpr, thresholds = roc_curve(truth == k, p[:, k], drop_intermediate=False)
        youden.append(float(thresholds[np.argmax(np.round(tpr - fpr, 12))]))
    weights = np.bincount(rng.integers(0, infants.max() + 1, infants.max() + 1), minlength=infants.max() + 1)[infants]
    cases.append(
        {
            "truth": truth.tolist(),
            "infants": infants.tolist(),
            "logits": logits.flatten().tolist(),
            "temperature": float(np.exp(fitted.x)),
            "thresholds": youden,
            "ece": ece(p.max(axis=1), hit, 15),
            "figures": figures(truth, logits),
            "weights": weights.tolist(),
            "weighted": figures(truth, logits, weights.astype(float)),
        }
    )

here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "expected.json"), "w") as file:
    json.dump(
        {"madeBy": f"scikit-learn {sklearn.__version__}", "grid": GRID, "netBenefitAt": THRESHOLDS, "cases": cases}, file
    )
