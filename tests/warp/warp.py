#!/usr/bin/env python3
"""The jumping clock, on clients that wait in every way there is.

warp.py waits BUILD      each primitive of warp_waits, one hour
warp.py deaths BUILD     threads and processes that end beside an hour's sleep
warp.py cost BUILD       what a read of the clock costs, and a jump: the table
                         of docs/time.md

A client must find that what it asked for has passed, no less and at most
LATE_S more, and the wall clock must not have noticed.
"""
import json
import subprocess
import sys

LATE_S = 1.0        # on a machine that is busy with other things
REAL_LIMIT_S = 60
MAX_READ_NS = 1000  # the least of many: a stop costs ten times that
MAX_JUMP_US = 10000


def warp(build, command):
    """What the client printed, and what it took."""
    done = subprocess.run(
        [f"{build}/warp_run", "--limit", str(REAL_LIMIT_S), *command],
        capture_output=True, text=True, timeout=2 * REAL_LIMIT_S)
    return done.stdout, json.loads(done.stderr.strip().split("\n")[-1])


def complaint(asked_s, passed_s, took, text):
    if took["exit"] != 0:
        return f"exit {took['exit']}: {text.strip()}"
    if took["trouble"]:
        return took["trouble"]
    if passed_s < asked_s:
        return f"asked for {asked_s} s, woke after {passed_s:.6f} s"
    if passed_s > asked_s + LATE_S:
        return f"asked for {asked_s} s, woke only after {passed_s:.6f} s"
    if "but" in text:
        return text.strip()
    return None


def check_waits(build):
    names = subprocess.run([f"{build}/warp_waits"], capture_output=True,
                           text=True, check=True).stdout.split()
    wrong = 0
    for name in names:
        text, took = warp(build, [f"{build}/warp_waits", name, "3600"])
        passed_s = float(text.split()[0]) if text.split() else 0.0
        found = complaint(3600, passed_s, took, text)
        wrong += found is not None
        print(f"{name:24} {1e3 * (passed_s - 3600):9.3f} ms late "
              f"{took['jumps']:6} jumps {took['real_s']:8.3f} s real "
              f"{found or ''}")
    print(f"{len(names)} waits, {wrong} wrong")
    return 1 if wrong or not names else 0


def check_deaths(build):
    """A jump while somebody was dying would be to the end of the hour."""
    text, took = warp(build, [f"{build}/warp_deaths"])
    passed_s = float(text or "nan")
    print(f"{passed_s:.3f} s, {took['jumps']} jumps, {took['stops']} stops")
    return 0 if took["exit"] == 0 and passed_s < 3500 else 1


def check_cost(build):
    """A read that stops at the tracer would cost two switches of processes, a
    jump that somebody sleeps through a millisecond or more."""
    polls = 5000
    outside = subprocess.run([f"{build}/warp_reads"], capture_output=True,
                             text=True, check=True).stdout.split()
    inside = warp(build, [f"{build}/warp_reads"])[0].split()
    text, took = warp(build, [f"{build}/warp_polls", str(polls)])
    jump_us = 1e6 * took["real_s"] / polls
    print("| | real time | under jumps |\n|---|---|---|")
    print(f"| `clock_gettime`, by the C library | {outside[0]} ns "
          f"| {inside[0]} ns |")
    print(f"| the same, by a system call | {outside[1]} ns "
          f"| {inside[1]} ns |")
    print(f"| `poll` of a second | 1 s | {jump_us:.0f} us |")
    return 0 if (float(inside[0]) < MAX_READ_NS and int(text) >= polls and
                 took["jumps"] == polls and jump_us < MAX_JUMP_US) else 1


if __name__ == "__main__":
    what, build_folder = sys.argv[1:3]
    checks = {"waits": check_waits, "deaths": check_deaths,
              "cost": check_cost}
    if what in checks:
        sys.exit(checks[what](build_folder))
    sys.exit(__doc__)
