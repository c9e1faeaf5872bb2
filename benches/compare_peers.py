#!/usr/bin/env python3
"""How long comparing takes, as whole processes, beside pytest-benchmark and critcmp.

    make compare-peers

Writes two pytest-benchmark files and two criterion directories of 1,000 benchmarks each, has each program
compare them, and prints the medians and ratios. Options: --benchmarks, --runs, --driftline, --critcmp,
--pytest-benchmark.
"""

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import tempfile
import time


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--benchmarks", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=11)
    parser.add_argument("--driftline", default="target/release/driftline")
    parser.add_argument("--critcmp", default="target/peers/bin/critcmp")
    parser.add_argument("--pytest-benchmark", default="target/peers/bin/pytest-benchmark")
    return parser.parse_args()


def quantile(values, share):
    """By linear interpolation (type 7)."""
    place = share * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (place - low)


def pytest_file(path, count, generator):
    """What `pytest --benchmark-json` writes, without the raw values, as it does by default."""
    benchmarks = []
    for number in range(count):
        typical = 1e-6 * (number % 48 + 1) ** 2
        values = sorted(typical * generator.uniform(1, 1.1) for _ in range(50))
        mean = statistics.fmean(values)
        q1, q3 = quantile(values, 0.25), quantile(values, 0.75)
        name = f"test_function_{number}"
        benchmarks.append({
            "group": None, "name": name, "fullname": f"tests/test_module.py::{name}", "params": None,
            "param": None, "extra_info": {},
            "options": {"disable_gc": False, "timer": "perf_counter", "min_rounds": 5, "max_time": 1.0,
                        "min_time": 5e-06, "warmup": False},
            "stats": {
                "min": values[0], "max": values[-1], "mean": mean, "stddev": statistics.stdev(values),
                "rounds": len(values), "median": quantile(values, 0.5), "iqr": q3 - q1, "q1": q1, "q3": q3,
                "iqr_outliers": 0, "stddev_outliers": 12, "outliers": "12;0", "ld15iqr": values[0],
                "hd15iqr": values[-1], "ops": 1 / mean, "total": sum(values), "iterations": 1},
        })
    machine = {"node": "vm", "processor": "", "machine": "x86_64", "python_implementation": "CPython",
               "python_version": "3.11.2", "system": "Linux", "release": "6.1",
               "cpu": {"brand_raw": "AMD EPYC", "count": 2}}
    document = {"machine_info": machine,
                "commit_info": {"id": "4be1f9a", "time": "2026-11-23T04:40:12+00:00", "dirty": False,
                                "project": "project", "branch": "main"},
                "benchmarks": benchmarks, "datetime": "2026-11-23T04:40:12+00:00", "version": "5.1.0"}
    with open(path, "w", encoding="utf-8") as file:
        json.dump(document, file, indent=4)


def criterion_benchmark(folder, group, function, generator, typical):
    """The four files that criterion keeps of a benchmark's results."""
    os.makedirs(folder)
    iterations = [float(10 * (n + 1)) for n in range(100)]
    times = [n * typical * generator.uniform(1, 1.1) for n in iterations]
    values = sorted(total / n for total, n in zip(times, iterations))

    def estimate(point):
        interval = {"confidence_level": 0.95, "lower_bound": point * 0.99, "upper_bound": point * 1.01}
        return {"confidence_interval": interval, "point_estimate": point, "standard_error": point * 0.005}

    mean, middle = statistics.fmean(values), quantile(values, 0.5)
    q1, q3 = quantile(values, 0.25), quantile(values, 0.75)
    name = f"{group}/{function}"
    files = {
        "benchmark.json": {"group_id": group, "function_id": function, "value_str": None,
                           "throughput": None, "full_id": name, "directory_name": name, "title": name},
        "estimates.json": {
            "mean": estimate(mean), "median": estimate(middle),
            "median_abs_dev": estimate((q3 - q1) / 2), "slope": estimate(mean),
            "std_dev": estimate(statistics.stdev(values))},
        "sample.json": {"sampling_mode": "Linear", "iters": iterations, "times": times},
        "tukey.json": [q1 - 3 * (q3 - q1), q1 - 1.5 * (q3 - q1), q3 + 1.5 * (q3 - q1), q3 + 3 * (q3 - q1)],
    }
    for file_name, content in files.items():
        with open(os.path.join(folder, file_name), "w", encoding="utf-8") as file:
            json.dump(content, file, separators=(",", ":"))


def criterion_directories(root, count, generator):
    """Two directories of one run each for driftline, and the same as two baselines for critcmp."""
    for number in range(count):
        group, function = f"suite_{number % 20}", f"function_{number}"
        typical = 20.0 * (number % 48 + 1) ** 2
        for side in ("before", "after"):
            own = os.path.join(root, side, group, function, "new")
            criterion_benchmark(own, group, function, generator, typical)
            shared = os.path.join(root, "both", "criterion", group, function, side)
            shutil.copytree(own, shared)


def medians(commands, runs):
    """The median time of each command in milliseconds; they take turns."""
    times = {name: [] for name in commands}
    for turn in range(runs + 1):
        for name, (command, directory) in commands.items():
            begun = time.perf_counter()
            done = subprocess.run(command, cwd=directory, capture_output=True, check=False)
            spent = time.perf_counter() - begun
            if done.returncode != 0 or len(done.stdout) < 1000:
                raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n"
                                 f"{done.stdout.decode()[-500:]}{done.stderr.decode()[-2000:]}")
            # The first turn fills the caches.
            if turn > 0:
                times[name].append(spent * 1000)
    return {name: statistics.median(values) for name, values in times.items()}


def main():
    options = arguments()
    # Where it is a program to be looked for, and not a path, it stays as it is.
    driftline, critcmp, pytest = (
        os.path.abspath(program) if os.path.exists(program) else program
        for program in (options.driftline, options.critcmp, options.pytest_benchmark))
    generator = random.Random(1)
    with tempfile.TemporaryDirectory() as root:
        for name in ("before.json", "after.json"):
            pytest_file(os.path.join(root, name), options.benchmarks, generator)
        criterion_directories(root, options.benchmarks, generator)
        print(f"{options.benchmarks} benchmarks, medians of {options.runs} processes\n")
        print("| | driftline | peer | ratio |\n|---|---:|---:|---:|")
        for what, ours, theirs in [
            ("two pytest-benchmark files: `pytest-benchmark compare`",
             [driftline, "compare", "before.json", "after.json"],
             [pytest, "compare", "before.json", "after.json"]),
            ("two criterion directories: `critcmp`",
             [driftline, "compare", "before", "after"],
             [critcmp, "--target-dir", "both", "before", "after"]),
        ]:
            found = medians({"ours": (ours, root), "theirs": (theirs, root)}, options.runs)
            print(f"| {what} | {found['ours']:.1f} ms | {found['theirs']:.1f} ms "
                  f"| {found['theirs'] / found['ours']:.1f} × |")


if __name__ == "__main__":
    main()
