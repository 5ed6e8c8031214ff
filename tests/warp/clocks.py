#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The same trials in real time and under the jumping clock: the attempts, their
answers and the gaps between them must be the same.

clocks.py BUILD SOURCE

The client is the mutant that backs off without jitter, so that there is one
right gap. Two gaps match when they differ by no more than GRAIN_MS and what the
two trials measured of noise. A busy machine can make a client late by more than
was measured beside it; what does not match is run again, both ways, and must
match then.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

BUILD = pathlib.Path(sys.argv[1]).resolve()
SOURCE = pathlib.Path(sys.argv[2]).resolve()
GRAIN_MS = 20
ROUNDS = 3
SAMPLE = [
    "backoff/law/three-times-503",
    "backoff/law/after-slow-answers",
    "backoff/new-batch/after-success",
    "budgets/durations/backoff-2.5s",
    "budgets/durations/rate-limit-2.5s",
    "budgets/retries-1/500",
    "network/close/once",
    "network/drip-body/once",
    "network/timeout/1s",
    "network/tls/https/after-503",
    "network/tls/https/hang",
    "network/tls/https/retry-after",
    "retry-after/bare/once",
    "retry-after/seconds/2",
    "retry-after/seconds/after-a-backoff",
    "retry-after/seconds/twice",
]


def certify(clock, names, folder):
    report = pathlib.Path(folder) / f"{clock}.json"
    done = subprocess.run(
        [BUILD / "retrial", "certify", *names, "--clock", clock, "--seed", "1",
         "--sdk", "sdks/reference", "--client",
         f"{BUILD}/retrial-mutant backoff-without-jitter", "--json", report],
        cwd=SOURCE, text=True, capture_output=True, timeout=300)
    if not report.exists():
        sys.exit(f"certify --clock {clock}: exit {done.returncode}\n"
                 f"{done.stderr}")
    return {trial["id"]: trial
            for trial in json.loads(report.read_text())["trials"]}


def over_ms(attempt):
    """When its answer, or what came in its place, was over."""
    for name in ("answered_ms", "gone_ms", "arrived_ms"):
        if attempt[name] is not None:
            return attempt[name]
    return 0


def gaps_ms(trial):
    attempts = trial["attempts"]
    return [after["arrived_ms"] - over_ms(before)
            for before, after in zip(attempts, attempts[1:])]


def answers(trial):
    return [(attempt["answer"]["status"], attempt["answer"]["end"])
            for attempt in trial["attempts"]]


def noise_ms(*trials):
    return sum(trial["noise"]["max_ms"] for trial in trials if trial["noise"])


def difference(real, jump):
    """What the two do not agree in; None: nothing."""
    if jump["clock"] != "jump" or real["clock"] != "real":
        return f"clocks {real['clock']} and {jump['clock']}"
    if answers(real) != answers(jump):
        return f"answers {answers(real)} and {answers(jump)}"
    allowed = GRAIN_MS + noise_ms(real, jump)
    for number, (one, other) in enumerate(zip(gaps_ms(real), gaps_ms(jump)),
                                          2):
        if abs(one - other) > allowed:
            return (f"attempt {number} after {one:.1f} and {other:.1f} ms; "
                    f"allowed is a difference of {allowed:.1f} ms")
    return None


def compare(names, folder):
    real = certify("real", names, folder)
    jump = certify("jump", names, folder)
    if not names or set(real) != set(names) or set(jump) != set(names):
        sys.exit(f"not all were run: {sorted(real)} and {sorted(jump)}")
    wrong = {name: difference(real[name], jump[name]) for name in names}
    for name in names:
        waited = sum(gaps_ms(real[name])), sum(gaps_ms(jump[name]))
        print(f"{name:38} {len(real[name]['attempts'])} attempts, gaps "
              f"{waited[0]:8.1f} and {waited[1]:8.1f} ms, in "
              f"{real[name]['wall_ms']:6.0f} and {jump[name]['wall_ms']:6.0f}"
              f" ms  {wrong[name] or ''}")
    return [name for name in names if wrong[name]]


def main():
    names = SAMPLE
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(ROUNDS):
            names = compare(names, folder)
            if not names:
                return 0
    print(f"{len(names)} trials differ under the two clocks")
    return 1


sys.exit(main())
