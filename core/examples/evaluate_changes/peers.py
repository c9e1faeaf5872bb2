"""What other methods find in the histories that evaluate_changes writes: steps of 5-40 % in the noise of
CI machines. `make evaluate-changes-peers` runs it; it needs ruptures and apache-otava from PyPI.

A found change point is a hit within three runs of a step, each step met once, the nearest pairs first.
"""

import json
import math
import sys

import numpy
import ruptures
from otava.analysis import compute_change_points

MARGIN = 3


def driftline(history):
    return history["found"]


def kernel(history):
    """ruptures' kernel method, penalty ln n, on the logarithms."""
    logs = numpy.log(numpy.array(history["values"])).reshape(-1, 1)
    model = ruptures.KernelCPD(kernel="rbf", min_size=3).fit(logs)
    return model.predict(pen=math.log(len(logs)))[:-1]


def otava(history):
    """Apache Otava with the settings of its command line: windows of 50, p below 0.001."""
    found, _ = compute_change_points(history["values"], window_len=50, max_pvalue=0.001, min_magnitude=0.0)
    return [point.index for point in found]


def hits(steps, found):
    pairs = sorted((abs(s - f), s, f) for s in steps for f in found if abs(s - f) <= MARGIN)
    met, used = set(), set()
    for _, step, point in pairs:
        if step not in met and point not in used:
            met.add(step)
            used.add(point)
    return len(met)


def score(method, histories):
    hit = found_in_all = steps_in_all = false = points = 0
    for history in histories:
        found = method(history)
        if history["steps"]:
            hit += hits(history["steps"], found)
            found_in_all += len(found)
            steps_in_all += len(history["steps"])
        else:
            false += len(found)
            points += len(history["values"])
    precision, recall = hit / max(found_in_all, 1), hit / max(steps_in_all, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return f"{precision:.3f} {recall:.3f} {f1:.3f} {1000 * false / max(points, 1):8.2f}"


def main():
    with open(sys.argv[1], encoding="utf-8") as lines:
        histories = [json.loads(line) for line in lines]
    for name, calmest in (("noise up to 10 %", 0.1), ("any noise", math.inf)):
        chosen = [history for history in histories if history["noise"] <= calmest]
        print(f"{name}: {len(chosen)} histories\n{'':24} P     R     F1    false / 1,000")
        for method in (driftline, kernel, otava):
            print(f"{method.__name__:22} {score(method, chosen)}", flush=True)


main()
