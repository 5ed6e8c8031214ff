#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The contract stdio: a client that lives across trials is started once, gets
the verdicts that it gets under e2e, and cannot harm another trial than its own.

stdio.py BUILD_DIR SOURCE_DIR
"""
import json
import pathlib
import subprocess
import sys
import tempfile

from checks import check, conclude

BUILD = pathlib.Path(sys.argv[1]).resolve()
SOURCE = pathlib.Path(sys.argv[2]).resolve()
HERE = SOURCE / "tests" / "use"
JOBS = str(HERE / "scenarios" / "jobs.lua")
SCRATCH = pathlib.Path(tempfile.mkdtemp(prefix="retrial-stdio-"))

# What the one bad trial of five is told; None: nothing is wrong.
HOSTILE = {
    "good": (None, 1),
    "dies": ("the client crashed: signal 11", 2),
    "exits": ("exited (exit code 3) without a result", 2),
    "two_lines": ("printed 17 bytes more after its answer", 2),
    "late_line": ("a line more after its answer|bytes more after", 2),
    "late_death": ("was ended by signal 11 after its answer", 2),
    "long_line": ("printed more than allowed", 2),
    "never": ("outlived its limit of 4.0 s", 2),
    "daemon": ("outlived its limit of 4.0 s", 2),
    "closes": ("closed its stdout without an answer", 2),
    "junk": ("the line it printed is no JSON value", 2),
    "cut": ("what it printed on stdout has no line's end", 2),
    "lives_on": ("took no other job after its answer", 2),
}

JOB_IDS = [f"use/jobs/{number}" for number in range(1, 6)]


def certify(*words):
    report = SCRATCH / "report.json"
    report.unlink(missing_ok=True)
    run = subprocess.run([str(BUILD / "retrial"), "certify", "--seed", "1",
                          "--json", str(report), *map(str, words)],
                         cwd=SOURCE, text=True, capture_output=True,
                         timeout=280, stdin=subprocess.DEVNULL)
    found = json.loads(report.read_text()) if report.exists() else {}
    return run, found


def certify_stdio(command, *words):
    return certify("--client", command, "--contract", "stdio", *words)


def texts(trial):
    return " | ".join(f["text"] for f in trial["findings"])


def hostile(how, told, starts):
    file = SCRATCH / how
    run, report = certify_stdio(
        f"{sys.executable} {HERE}/clients/stdio.py {how} {file}", JOBS,
        "--jobs", "1")
    trials = report.get("trials", [])
    shown = run.stdout[-2500:] + run.stderr
    check(f"{how}: five trials", len(trials) == 5, shown)
    bad = [t for t in trials if t["verdict"] != "pass"]
    if told is None:
        check(f"{how}: all pass", run.returncode == 0 and not bad, shown)
    else:
        # A line that comes while the next job is being read may be taken for
        # that one's answer; then its own is the one too many, or the answer
        # of the one after it. After the last one nobody is started again.
        pays = JOB_IDS[2:5 if how == "late_line" else 3]
        check(f"{how}: one trial pays",
              run.returncode == 1 and len(bad) == 1 and
              bad[0]["id"] in pays, shown)
        if [trial["id"] for trial in bad] == JOB_IDS[-1:]:
            starts = 1
        check(f"{how}: it is named",
              any(part in texts(t) for t in bad for part in told.split("|")),
              shown)
    count = len(file.read_text().split())
    check(f"{how}: started {count} times, wanted {starts}",
          starts is None or count == starts, shown)
    left = [pid for pid in file.read_text().split()
            if pathlib.Path(f"/proc/{pid}").exists()]
    check(f"{how}: none is left", not left, " ".join(left))


def early():
    """An answer before there was a job is nobody's result: whatever came of
    it, the client is not certified."""
    run, _ = certify_stdio(
        f"{sys.executable} {HERE}/clients/stdio.py early {SCRATCH}/early",
        JOBS, "--jobs", "1")
    check("early: not certified", run.returncode in (1, 4),
          run.stdout[-2500:] + run.stderr)


def verdicts(report):
    return {t["id"]: (t["verdict"],
                      sorted({f["subject"] for f in t["findings"]
                              if f["kind"] == "breach"}))
            for t in report["trials"]}


def same(name, pattern):
    """The same client, under both contracts."""
    _, e2e = certify("--client", name, *pattern)
    run, stdio = certify_stdio(name + " --stdio", *pattern)
    left, right = verdicts(e2e), verdicts(stdio)
    differ = {i: (left[i], right[i]) for i in left
              if left[i] != right[i] and left[i][0] != "not exercised"}
    check(f"{name}: the same verdicts", left and not differ,
          f"{differ}\n{run.stderr}")


def large_input():
    where = "delivery/batch/large-input"
    _, e2e = certify("--sdk", "sdks/reference", where, "delivery/one-event")
    seen = {t["id"]: t["verdict"] for t in e2e["trials"]}
    check("a large input is not exercised under e2e",
          seen[where] == "not exercised", str(seen))
    run, _ = certify("--sdk", "sdks/reference-stdio", where)
    check("and passes under stdio", run.returncode == 0,
          run.stdout[-2000:] + run.stderr)


def wrong_lines():
    job = json.dumps({"writeKey": "k", "apiHost": "http://127.0.0.1:9",
                      "sequences": [], "config": {}})
    lines = ["nothing", "", "[1]", '{"writeKey": 1}', job + "x", job]
    run = subprocess.run([str(BUILD / "retrial-client"), "--stdio"],
                         input="\n".join(lines), text=True,
                         capture_output=True, timeout=60)
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    check("each line has its answer", len(answers) == len(lines), run.stdout)
    check("wrong lines are refused, the next is served",
          [a["success"] for a in answers] == [False] * 5 + [True],
          run.stdout)
    check("each refusal has words", all(a["error"] for a in answers[:-1]),
          run.stdout)
    check("the end of stdin ends it well", run.returncode == 0, run.stderr)
    run = subprocess.run([str(BUILD / "retrial-client"), "--stdio"],
                         input=b"x" * (65 << 20) + b"\nx\n\0\n",
                         capture_output=True, timeout=60)
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    check("a line that is too long costs itself alone",
          [a["success"] for a in answers] == [False] * 3 and
          "64 MB" in answers[0]["error"] and "NUL" in answers[2]["error"],
          run.stdout)


for name, (told, starts) in HOSTILE.items():
    hostile(name, told, starts)
early()
large_input()
wrong_lines()
CLIENT = str(BUILD / "retrial-client")
MUTANT = str(BUILD / "retrial-mutant")
same(CLIENT, ["status", "delivery", "retry-after/seconds/*"])
for mutant in ("drops-502", "retry-after-ignored", "one-retry-too-many",
               "failure-reported-as-success", "poisoned-batch-stops-queue",
               "crashes-on-502"):
    same(f"{MUTANT} {mutant}",
         ["status/5xx", "delivery/reported", "delivery/one-event",
          "retry-after/seconds/*", "batches", "budgets/next-batch/*"])
conclude(SCRATCH)
