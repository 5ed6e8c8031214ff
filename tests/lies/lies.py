#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A proof can fail: each fault that lies (tests/lies/lies.c) is refused by
`retrial faults`, which says what was promised and what was seen; and certify
lets no verdict rest on one.

lies.py RETRIAL_LIES SOURCE_DIR
"""
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

RETRIAL, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
LOOKS = 5


def lies():
    """[fault]: those that lies.c has, by their names in model/fault.h"""
    table = (SOURCE / "model" / "fault.h").read_text()
    names = dict(re.findall(r'X\((FAULT_\w+), "([\w-]+)"', table))
    text = (SOURCE / "tests" / "lies" / "lies.c").read_text()
    return [names[one] for one in
            re.findall(r"(FAULT_\w+), \{\.play", text)]


def run(lie, *arguments):
    env = dict(os.environ)
    env.pop("RETRIAL_LIE", None)
    if lie:
        env["RETRIAL_LIE"] = lie
    return subprocess.run([RETRIAL, *arguments], cwd=SOURCE, text=True,
                          capture_output=True, env=env, check=False)


def is_refused(lie, out):
    return (out.returncode == 1 and
            re.search(rf"^NOT OK +{lie}\b", out.stdout, re.M) and
            re.search(r"promised: (.+); seen: (.+)", out.stdout))


def refuse(lie):
    """What is wrong with how the lie's proof was refused; None = nothing.

    A machine that is late by as much as a wait that is left out hides it, so it
    is looked at a few times."""
    for _ in range(LOOKS):
        out = run(lie, "faults", lie)
        if is_refused(lie, out):
            break
    else:
        return f"{lie}: not refused: exit {out.returncode}: {out.stdout}"
    truth = run(None, "faults", lie)
    if truth.returncode != 0:
        return f"{lie}: refused where it tells the truth: {truth.stdout}"
    return None


def certify(lie, pattern):
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        out = run(lie, "certify", pattern, "--seed", "1", "--json", file.name)
        return out, json.loads(pathlib.Path(file.name).read_text() or "{}")


def break_verdicts():
    """What is wrong with how certify takes a lie."""
    out, report = certify("reset", "network/reset/once")
    trials = report["trials"]
    if out.returncode != 5 or [t["verdict"] for t in trials] != ["broken"]:
        yield f"certify: exit {out.returncode}: {out.stdout[-800:]}"
    if "promised: no byte, RST; seen: no byte, FIN" not in \
            (trials[0]["reason"] or ""):
        yield f"certify: the reason is {trials[0]['reason']}"
    if [(p["fault"], p["held"]) for p in report["proofs"]] != \
            [("reset", False)]:
        yield f"certify: the proofs are {report['proofs']}"
    if "1 not held; reset: promised: no byte, RST" not in \
            " ".join(out.stdout.split()):
        yield f"certify: the text says nothing of it: {out.stdout[:600]}"
    # What does not rest on it stands; a fault that a decide asked for counts.
    out, report = certify("reset", "network/close/once")
    if out.returncode != 0 or not report["proofs"][0]["held"]:
        yield f"certify beside a lie: exit {out.returncode}: {out.stdout}"
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "decided.lua"
        path.write_text('scenario "decided" { rules = { "NET-1" }, server = { '
                        'decide = function(request) return request.nth == 1 '
                        'and fault "reset" or answer { 200 } end } }')
        out, report = certify("reset", str(path))
        if out.returncode != 5 or report["proofs"][0]["fault"] != "reset":
            yield f"certify of a decide: exit {out.returncode}: {out.stdout}"


def main():
    found = lies()
    with concurrent.futures.ThreadPoolExecutor(len(found)) as pool:
        wrong = [text for text in pool.map(refuse, found) if text]
    wrong += list(break_verdicts())
    print("\n".join(wrong) or f"{len(found)} lies, each refused")
    return 1 if wrong or len(found) < 5 else 0


sys.exit(main())
