"""Writes expected.json: agreement statistics on random readings and on published worked examples.

Cohen's kappa, weighted and not, is scikit-learn's. Fleiss, Krippendorff and Gwet are computed here from their
definitions, pair by pair in plain loops, apart from the way NeoGate does it; the published examples beside them say
that the definitions are read right.

Run with a Python that has NumPy and scikit-learn (Debian: python3-sklearn):
    python3 test/golden/agreement/make_golden.py
"""

import itertools
import json
import os

import numpy as np
import sklearn
from sklearn.metrics import cohen_kappa_score

K = 6


def given(unit):
    return [c for c in unit if c is not None]


def pairwise(ratings):
    shares = []
    for unit in ratings:
        pairs = list(itertools.combinations(given(unit), 2))
        if pairs:
            shares.append(np.mean([a == b for a, b in pairs]))
    return float(np.mean(shares))


def fleiss(ratings, k, n):
    units = [given(u) for u in ratings if len(given(u)) == n]
    observed = np.mean([np.mean([a == b for a, b in itertools.combinations(u, 2)]) for u in units])
    every = np.array(units).flatten()
    expected = sum(np.mean(every == c) ** 2 for c in range(k))
    return float((observed - expected) / (1 - expected))


def krippendorff(ratings):
    units = [given(u) for u in ratings if len(given(u)) >= 2]
    every = [c for u in units for c in u]
    n = len(every)
    observed = sum(sum(a != b for a, b in itertools.permutations(u, 2)) / (len(u) - 1) for u in units) / n
    counts = np.bincount(every)
    expected = (n * n - np.sum(counts**2)) / (n * (n - 1))
    return float(1 - observed / expected)


def gwet(ratings, k):
    read = [given(u) for u in ratings if given(u)]
    observed = pairwise(ratings)
    prevalence = [np.mean([u.count(c) / len(u) for u in read]) for c in range(k)]
    expected = sum(p * (1 - p) for p in prevalence) / (k - 1)
    return float((observed - expected) / (1 - expected))


def positive(a, b, c):
    both = sum(x == c and y == c for x, y in zip(a, b))
    return 2 * both / (a.count(c) + b.count(c))


rng = np.random.default_rng(11)
cases = []
for films, readers, missing, skill in [(200, 2, 0.0, 0.7), (150, 4, 0.3, 0.6), (60, 3, 0.0, 0.9)]:
    truth = rng.choice(K, films, p=[0.1, 0.05, 0.1, 0.45, 0.15, 0.15])
    answers = np.where(rng.random((films, readers)) < skill, truth[:, None], rng.integers(0, K, (films, readers)))
    lost = rng.random((films, readers)) < missing
    ratings = [[None if m else int(c) for c, m in zip(u, l)] for u, l in zip(answers, lost)]
    both = [(u[0], u[1]) for u in ratings if u[0] is not None and u[1] is not None]
    a, b = [x for x, _ in both], [y for _, y in both]
    cases.append(
        {
            "ratings": ratings,
            "readings": readers,
            "percent": float(np.mean(np.array(a) == np.array(b))),
            "cohen": cohen_kappa_score(a, b, labels=range(K)),
            "linear": cohen_kappa_score(a, b, labels=range(K), weights="linear"),
            "quadratic": cohen_kappa_score(a, b, labels=range(K), weights="quadratic"),
            "class5": positive(a, b, 5),
            "pairwise": pairwise(ratings),
            "fleiss": fleiss(ratings, K, readers),
            "krippendorff": krippendorff(ratings),
            "gwet": gwet(ratings, K),
        }
    )

N = None
# Krippendorff 2011, example C: four observers, twelve units, values missing; alpha 0.743. The same table is Gwet's
# cac.raw4raters, for which R's irrCAC gives AC1 0.775.
KRIPPENDORFF_C = list(
    zip(
        [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
        [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
    )
)
# Fleiss 1971 as tabulated in textbooks: 14 readers, 10 subjects, 5 classes; kappa 0.210.
FLEISS = [
    [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
]
c = [[None if v is None else v - 1 for v in u] for u in KRIPPENDORFF_C]
f = [[k for k, count in enumerate(u) for _ in range(count)] for u in FLEISS]
assert round(krippendorff(c), 3) == 0.743 and round(gwet(c, 5), 3) == 0.775 and round(fleiss(f, 5, 14), 3) == 0.210
published = {
    "krippendorffC": {"ratings": c, "classes": 5, "alpha": 0.743, "ac1": 0.775},
    "fleiss1971": {"ratings": f, "classes": 5, "readings": 14, "kappa": 0.21},
}
here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "expected.json"), "w") as file:
    json.dump({"madeBy": f"scikit-learn {sklearn.__version__}", "cases": cases, "published": published}, file)
    file.write("\n")
