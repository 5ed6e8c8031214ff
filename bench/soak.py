#!/usr/bin/env python3
"""False findings, counted: the right client through the timing scenarios, N
times quiet and N times beside stress-ng. A finding is false by definition:
the reference client keeps the rules.

soak.py BUILD_DIR N
"""
import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile

BUILD = pathlib.Path(sys.argv[1]).resolve()
RUNS = int(sys.argv[2])
TIMING = ["backoff/**", "retry-after/**", "budgets/durations/**",
          "network/timeout/**", "authorization/bearer/expiry"]


@contextlib.contextmanager
def stress():
    done = subprocess.Popen(["stress-ng", "--cpu", str(os.cpu_count())],
                            stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        done.terminate()
        done.wait()


def once(seed):
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        subprocess.run([BUILD / "retrial", "certify", *TIMING, "--seed",
                        str(seed), "--json", file.name], check=False,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       stdin=subprocess.DEVNULL)
        return json.loads(pathlib.Path(file.name).read_text())


def soak(name, around):
    row = {"load": name, "runs": RUNS, "trials": 0, "false breaches": 0,
           "false advice": 0, "run again": 0, "inconclusive": 0,
           "noise p99.9, median ms": 0, "noise p99.9, most ms": 0}
    noise = []
    with around:
        for seed in range(1, RUNS + 1):
            for trial in once(seed)["trials"]:
                kinds = [f["kind"] for f in trial["findings"]]
                row["trials"] += trial["runs"] > 0
                row["false breaches"] += kinds.count("breach")
                row["false advice"] += kinds.count("advice")
                row["run again"] += trial["runs"] > 1
                row["inconclusive"] += trial["verdict"] == "inconclusive"
                if trial["noise"]:
                    noise.append(trial["noise"]["p999_ms"])
    noise.sort()
    row["noise p99.9, median ms"] = round(noise[len(noise) // 2], 1)
    row["noise p99.9, most ms"] = round(noise[-1], 1)
    return row


def main():
    rows = [soak("quiet", contextlib.nullcontext()),
            soak(f"stress-ng --cpu {os.cpu_count()}", stress())]
    print("| " + " | ".join(rows[0]) + " |")
    print("|" + "---|" * len(rows[0]))
    for row in rows:
        print("| " + " | ".join(str(value) for value in row.values()) + " |")
    return 1 if any(row["false breaches"] or row["false advice"] or
                    row["inconclusive"] for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
