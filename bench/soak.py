#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""False findings, counted: the right client through the timing scenarios, N
times over. A finding is false by definition: the reference client keeps the
rules. Missed ones, too: mutants whose timing is wrong, N times over.

What each run found is kept at once (build/soak/), so that a soak that was
broken off goes on where it was, and loads and clocks may be soaked one by one;
the tables are of all that is kept.
"""
import argparse
import concurrent.futures
import contextlib
import datetime
import json
import os
import pathlib
import platform
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
TIMING = ["backoff/**", "retry-after/**", "budgets/durations/**",
          "network/timeout/**", "authorization/bearer/expiry"]
# Each with the scenarios that are there for it.
MUTANTS = {
    "fifteen-percent-late": ["retry-after/seconds/**"],
    "backoff-without-jitter": ["backoff/jitter"],
    "jitter-of-half-the-window": ["backoff/jitter"],
    "jitter-only-upwards": ["backoff/jitter"],
    "jitter-normal": ["backoff/jitter"],
    "jitter-seeded-the-same": ["backoff/herd"],
}
STRESS = ["stress-ng", "--cpu", str(os.cpu_count())]
LOADS = {"quiet": None, "busy": STRESS}


# ---- one run ----

def lateness(trials):
    """How much later than a Retry-After, in ms, by the trial's own clock."""
    for trial in trials:
        if not trial["id"].startswith("retry-after/seconds/"):
            continue
        attempts = trial["attempts"]
        for told, came in zip(attempts, attempts[1:]):
            headers = dict(told["answer"]["headers"])
            seconds = headers.get("Retry-After", "").strip()
            if seconds.isdigit() and told["answer"]["status"] == 429:
                yield came["arrived_ms"] - told["answered_ms"] \
                    - 1000 * int(seconds)


def blamed(trials, kind):
    return [[t["id"], f["subject"], f["text"]] for t in trials
            for f in t["findings"] if f["kind"] == kind]


def once(build, client, patterns, clock, seed):
    began = time.monotonic()
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        command = [build / "retrial", "certify", *patterns, "--strict",
                   "--seed", str(seed), "--clock", clock, "--json", file.name]
        if client != "reference":
            command += ["--sdk", ROOT / "sdks" / "reference", "--client",
                        f"{build}/retrial-mutant {client}"]
        done = subprocess.run(command, check=False, stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, cwd=ROOT,
                              stderr=subprocess.DEVNULL)
        report = json.loads(pathlib.Path(file.name).read_text())
    trials = report["trials"]
    waited_s = report["totals"]["waits_ms"] / 1000
    ran = [t for t in trials if t["runs"] > 0]
    noise = [t["noise"] for t in ran if t["noise"]]
    return {
        "seed": seed, "exit": done.returncode, "trials": len(ran),
        "breaches": blamed(ran, "breach"), "advice": blamed(ran, "advice"),
        "again": sum(t["runs"] > 1 for t in ran),
        "inconclusive": [t["id"] for t in ran
                         if t["verdict"] == "inconclusive"],
        "noise_p50_ms": [n["p50_ms"] for n in noise],
        "noise_p999_ms": [n["p999_ms"] for n in noise],
        "bound_ms": [n["bound_ms"] for n in noise],
        "unjumped_ms": [n["unjumped_ms"] for n in noise],
        "waited_s": round(waited_s, 1),
        "late_ms": [round(late, 3) for late in lateness(ran)],
        "wall_s": round(time.monotonic() - began, 1),
        "ended": round(time.time()),
    }


# ---- many of them ----

@contextlib.contextmanager
def beside(command):
    if command is None:
        yield
        return
    done = subprocess.Popen(command, stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        done.terminate()
        done.wait()


def kept(path):
    return [json.loads(line) for line in path.read_text().splitlines()] \
        if path.exists() else []


def soak(given, client, patterns, load, clock):
    """Runs the seeds 1 to N that are not kept yet."""
    path = given.keep / f"{client}.{load}.{clock}.jsonl"
    missing = sorted(set(range(1, given.runs + 1)) -
                     {run["seed"] for run in kept(path)})
    false = done = 0
    with beside(LOADS[load]), path.open("a") as file, \
            concurrent.futures.ThreadPoolExecutor(given.at_once) as pool:
        began = time.monotonic()
        for run in pool.map(lambda seed: once(given.build, client, patterns,
                                              clock, seed), missing):
            file.write(json.dumps(run) + "\n")
            file.flush()
            done += 1
            false += bool(run["breaches"] or run["advice"])
            left_s = (time.monotonic() - began) / done * (len(missing) - done)
            print(f"soak: {client}, {load}, {clock}: {done} of {len(missing)}"
                  f", {false} with findings, {left_s / 60:.0f} min left",
                  file=sys.stderr, flush=True)


# ---- the tables ----

def share(values, part):
    values = sorted(values)
    return f"{values[int(part * (len(values) - 1))]:.1f}" if values else "-"


def table(head, rows):
    return "\n".join(["| " + " | ".join(head) + " |",
                      "| " + " | ".join("---" for _ in head) + " |",
                      *("| " + " | ".join(map(str, row)) + " |"
                        for row in rows)])


def soaks(keep):
    """What is kept: client, load, clock, its runs."""
    order = {"quiet": 0, "busy": 1, "real": 0, "jump": 1}
    found = [path.name.split(".")[:3] + [path]
             for path in keep.glob("*.*.*.jsonl")]
    for client, load, clock, path in sorted(
            found, key=lambda f: (f[0], order[f[2]], order[f[1]])):
        yield client, load, clock, kept(path)


def pooled(runs, key):
    """Of the runs that know it: older ones know less."""
    return [value for run in runs for value in run.get(key, ())]


def false_rows(found):
    for client, load, clock, runs in found:
        if client == "reference" and runs:
            yield [clock, load, len(runs), sum(r["trials"] for r in runs),
                   len(pooled(runs, "breaches")), len(pooled(runs, "advice")),
                   sum(r["again"] for r in runs),
                   len(pooled(runs, "inconclusive"))]


def noise_rows(found):
    for client, load, clock, runs in found:
        if client == "reference" and runs:
            bound = pooled(runs, "bound_ms")
            late = pooled(runs, "late_ms")
            yield [clock, load, share(bound, 0.5), share(bound, 0.999),
                   share(bound, 1), share(pooled(runs, "noise_p50_ms"), 0.5),
                   share(pooled(runs, "noise_p999_ms"), 0.5),
                   share(pooled(runs, "unjumped_ms"), 0.5),
                   share(late, 0.5), share(late, 0.99), share(late, 1)]


def pace_rows(found):
    """How many waits stood in how much real time: in it the noise is made."""
    for client, load, clock, runs in found:
        measured = [run for run in runs if "waited_s" in run]
        if client == "reference" and measured:
            waited = sum(run["waited_s"] for run in measured)
            wall = sum(run["wall_s"] for run in measured)
            yield [clock, load, f"{waited:.0f} s", f"{wall:.0f} s",
                   f"{waited / wall:.0f}"]


def noise_verdict(found):
    """In a sentence: did the clock that jumps add less to the bounds?"""
    bounds = {(load, clock): pooled(runs, "bound_ms")
              for client, load, clock, runs in found if client == "reference"}
    told = []
    for load in LOADS:
        real, jump = bounds.get((load, "real")), bounds.get((load, "jump"))
        if real and jump:
            less = float(share(jump, 0.5)) < float(share(real, 0.5))
            told.append(f"{load}, the median trial had {share(jump, 0.5)} ms "
                        f"added under jumps, {'less' if less else 'not less'} "
                        f"than the {share(real, 0.5)} ms of real time")
    return ("; ".join(told)[:1].upper() + "; ".join(told)[1:] + "."
            if told else "Not measured under both clocks yet.")


def missed_rows(found):
    for client, load, clock, runs in found:
        if client != "reference" and runs:
            caught = sum(r["exit"] == 1 for r in runs)
            unsure = sum(r["exit"] == 4 for r in runs)
            yield [f"`{client}`", clock, load, len(runs), caught, unsure,
                   len(runs) - caught - unsure]


def examples(found):
    lines = []
    for client, load, clock, runs in found:
        for run in runs if client == "reference" else ():
            for trial, rule, text in run["breaches"] + run["advice"]:
                lines.append(f"- {clock}, {load}, seed {run['seed']}: "
                             f"`{trial}`, {rule}: {text}")
    return "\n".join(lines[:20]) or "None."


def machine():
    model = next(line.split(":")[1].strip() for line in open("/proc/cpuinfo")
                 if line.startswith("model name"))
    return (f"{model}, {os.cpu_count()} cores, Linux "
            + platform.release().split("-")[0])


def page(given):
    found = list(soaks(given.keep))
    text = (ROOT / "bench" / "soak.md").read_text()
    return text.format(
        machine=machine(), date=datetime.date.today().isoformat(),
        stress=" ".join(STRESS), timing=" ".join(TIMING),
        false=table(["clock", "machine", "runs", "trials", "false breaches",
                     "false advice", "trials run again", "inconclusive"],
                    false_rows(found)),
        examples=examples(found),
        noise=table(["clock", "machine", "added to upper bounds, p50",
                     "p99.9", "most", "control exchange, median of p50",
                     "median of p99.9", "not jumped, median",
                     "lateness of a Retry-After, p50", "p99", "most"],
                    noise_rows(found)),
        verdict=noise_verdict(found),
        pace=table(["clock", "machine", "waits", "in real time",
                    "waits a second"], pace_rows(found)),
        missed=table(["mutant", "clock", "machine", "runs", "caught",
                      "inconclusive", "missed"], missed_rows(found)))


def overload_section(page):
    """What bench/overload.py has written there, which is not made here."""
    _, head, rest = page.partition("\n## On a machine that is far too busy")
    return head + rest


def blames(given):
    return any(run["breaches"] or run["advice"] or run["inconclusive"]
               for client, _, _, runs in soaks(given.keep)
               if client == "reference" for run in runs)


def settled(parser):
    """What every soak is given, and where its runs are kept."""
    parser.add_argument("--keep", type=pathlib.Path,
                        help="where runs are kept (BUILD/soak)")
    given = parser.parse_args()
    given.build = given.build.resolve()
    given.keep = (given.keep or given.build / "soak").resolve()
    given.keep.mkdir(parents=True, exist_ok=True)
    return given


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("runs", type=int, nargs="?", default=10)
    parser.add_argument("--load", choices=[*LOADS, "both"], default="both")
    parser.add_argument("--clock", choices=["real", "jump", "both"],
                        default="jump")
    parser.add_argument("--mutants", action="store_true",
                        help="the mutants instead of the reference client")
    parser.add_argument("--at-once", type=int, default=1,
                        help="runs side by side (1)")
    parser.add_argument("--page", type=pathlib.Path,
                        help="write the page of all that is kept there")
    return settled(parser)


def main():
    given = read_arguments()
    loads = [*LOADS] if given.load == "both" else [given.load]
    clocks = ["real", "jump"] if given.clock == "both" else [given.clock]
    clients = MUTANTS if given.mutants else {"reference": TIMING}
    for clock in clocks:
        for load in loads:
            for client, patterns in clients.items():
                soak(given, client, patterns, load, clock)
    text = page(given)
    if given.page and given.page.exists():
        text += overload_section(given.page.read_text())
    if given.page:
        given.page.write_text(text)
    else:
        print(text)
    return 1 if blames(given) else 0


if __name__ == "__main__":
    sys.exit(main())
