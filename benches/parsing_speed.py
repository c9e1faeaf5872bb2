#!/usr/bin/env python3
"""How fast each harness's output is read, as a table.

    make parsing-speed

Looks at what `cargo bench -p driftline-benches --bench analysis -- analysis/parse` left, whose criterion
directory is the argument (target/criterion unless told): megabytes of output a second, recognised and read.
"""

import json
import pathlib
import sys

# Formats whose outputs are JSON; the others are text.
JSON = ("json", "json_lines", "json_with_data", "script")


def results(directory):
    """The name and the megabytes a second of every result."""
    for about in sorted(directory.glob("analysis_parse/*/new/benchmark.json")):
        benchmark = json.loads(about.read_text(encoding="utf-8"))
        estimates = json.loads(about.with_name("estimates.json").read_text(encoding="utf-8"))
        nanoseconds = estimates["median"]["point_estimate"]
        yield benchmark["function_id"], benchmark["throughput"]["Bytes"] / nanoseconds * 1000


def main():
    directory = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "target/criterion")
    found = list(results(directory))
    if not found:
        raise SystemExit(f"{directory}: no results of analysis/parse: run `make parsing-speed`")
    kinds = {"JSON": [], "text": []}
    for name, speed in sorted(found, key=lambda result: -result[1]):
        output, _, kind = name.partition("_")
        kinds["JSON" if kind in JSON else "text"].append((output, kind, speed))
    for kind, rows in kinds.items():
        if not rows:
            continue
        print(f"| {kind} | MB/s |\n|---|---:|")
        for output, form, speed in rows:
            print(f"| {output}{' ' if form else ''}{form.replace('_', ' ')} | {speed:.0f} |")
        print()


if __name__ == "__main__":
    main()
