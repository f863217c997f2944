"""Seconds that scikit-learn takes for the summary figures of resamples of infants; cases on standard input as JSON."""

import json
import sys
import time

import numpy as np
from sklearn.metrics import average_precision_score, precision_recall_fscore_support, roc_auc_score

cases = json.load(sys.stdin)
truth = np.array(cases["truth"])
infants = np.array(cases["infants"])
p = np.array(cases["probabilities"]).reshape(len(truth), -1)
predicted = p.argmax(axis=1)
classes = p.shape[1]
rng = np.random.default_rng(1)
members = np.split(np.argsort(infants, kind="stable"), np.cumsum(np.bincount(infants))[:-1])


def figures(films):
    t, q, answers = truth[films], p[films], predicted[films]
    f1 = precision_recall_fscore_support(t, answers, labels=range(classes), zero_division=0)
    auroc = [roc_auc_score(t == k, q[:, k]) for k in range(classes)]
    auprc = [average_precision_score(t == k, q[:, k]) for k in range(classes)]
    brier = ((q - np.eye(classes)[t]) ** 2).sum(axis=1).mean()
    return f1, auroc, auprc, brier


start = time.perf_counter()
for _ in range(cases["resamples"]):
    drawn = rng.integers(0, len(members), len(members))
    figures(np.concatenate([members[i] for i in drawn]))
print(time.perf_counter() - start)
