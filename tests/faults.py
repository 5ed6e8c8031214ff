#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""No fault without its scenarios: once and then a success, for ever, and once
before a refusal. They are network/FAULT/once, /for-ever and /then-refused
(network/tls/FAULT/..., over TLS), and each must play the fault it is named
after.

faults.py RETRIAL SOURCE_DIR
"""
import re
import subprocess
import sys

RETRIAL, SOURCE = sys.argv[1], sys.argv[2]
WAYS = ("once", "for-ever", "then-refused")

# What a fault cannot be had in, each with its reason. One that can after all
# fails, so that this list cannot outlive its reasons.
EXCUSED = {
    ("refuse", "once"): "the port is shut for good",
    ("refuse", "then-refused"): "the port is shut for good",
}


def retrial(*arguments):
    return subprocess.run([RETRIAL, *arguments], cwd=SOURCE, text=True,
                          capture_output=True, check=True).stdout


def fault_names():
    return re.findall(r"^(\S+)", retrial("list", "faults"), re.M)


def plans():
    """{scenario: its plan as text}"""
    found = {}
    for part in retrial("plan", "scenarios").split("\n\n"):
        name, _, plan = part.strip().partition("\n")
        found[name] = plan
    return found


def complaints(faults, scenarios):
    for fault in faults:
        for way in WAYS:
            name = f"network/{fault}/{way}"
            plan = scenarios.get(name) or scenarios.get(
                f"network/tls/{fault}/{way}", "")
            plays = re.search(rf"\bfault {fault}\b(?!-)", plan)
            excuse = EXCUSED.get((fault, way))
            if not plays and not excuse:
                yield (f"{fault}: {name} is not there, or does not play it; "
                       "scenarios/network/each-fault.lua makes them for all "
                       "faults, and has those written out that it cannot "
                       "make")
            if plays and excuse:
                yield f"{fault}: there is {name} now; mend tests/faults.py"


def main():
    faults = fault_names()
    scenarios = plans()
    wrong = list(complaints(faults, scenarios))
    # It can fail: a fault that nobody plays is missed in all its ways.
    assert len(list(complaints(["no-such-fault"], scenarios))) == len(WAYS)
    print("\n".join(wrong) or f"{len(faults)} faults, none without scenarios")
    return 1 if wrong or len(faults) < 40 else 0


sys.exit(main())
