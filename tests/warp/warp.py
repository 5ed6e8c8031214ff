#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The jumping clock, on clients that wait in every way there is.

warp.py waits BUILD      each primitive of warp_waits, one hour
warp.py steps BUILD      an hour's waits while the wall clock is set
warp.py deaths BUILD     threads and processes that end beside an hour's sleep
warp.py births BUILD     children that ask for no tracer, beside an hour's sleep
warp.py forks BUILD      a storm of short lives, and an hour's sleep after it
warp.py talks BUILD      two processes that talk, beside an hour's sleep
warp.py naps BUILD       short waits, which end while threads are looked at
warp.py keepers BUILD    a housekeeper that rests, is asked, and naps
warp.py cost BUILD       what a read of the clock costs, and a jump: the table
                         of docs/time.md

A client must find that what it asked for has passed, no less and at most
LATE_S more, and the wall clock must not have noticed.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

LATE_S = 1.0        # on a machine that is busy with other things
REAL_LIMIT_S = 60
MAX_READ_NS = 1000  # the least of many: a stop costs ten times that
MAX_JUMP_US = 10000


# These wait until a wall time, and the last two then by that clock.
UNTIL_WALL = ["clock_nanosleep_wall", "futex_bitset_wall", "sem_timedwait",
              "cond_wall", "mutex", "timerfd_at", "timer_create_at",
              "timerfd_at_interval", "timer_create_at_interval"]
# These wait for a span, or until a time that nobody sets.
FOR_SPAN = ["nanosleep", "clock_nanosleep_at", "futex_bitset", "cond",
            "timerfd", "timerfd_wall", "timer_create", "timer_create_wall",
            "alarm"]
START_S = 0.5  # so much later than the clock a client may begin
# By how many seconds, after how many.
STEPS = [(-1200, 600), (1200, 600), (-1200, 2000), (1200, 2000), (7200, 600)]
# Set while it was awake, just after its first half; and so that two intervals
# of four are over at once, or almost, and it is awake between the two.
AWAKE = {"timerfd_at_awake": [(-1200, 1801), (2000, 1801)],
         "timerfd_at_busy": [(1200, 600), (1199, 600)]}


# What a client may stand behind.
SHIMS = [[], ["sh", "-c", 'for i in 1 2 3; do (true; true) & done; wait; '
              'exec "$0" "$@"'],
         ["env", "A=1"], ["nice", "-n", "1"], ["timeout", "7200"],
         ["bash", "-c", 'v=$(cat /dev/null | sed s/a/b/ | tail -1); "$0" "$@"']]


def warp(build, command, options=()):
    """What the client printed, and what it took."""
    done = subprocess.run(
        [f"{build}/warp_run", "--limit", str(REAL_LIMIT_S), *options,
         *command],
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


def stepped(name, by_s, after_s):
    """How long it is to wait on a clock that nobody sets."""
    if name in FOR_SPAN:
        return 3600
    return max(3600 - by_s, after_s - START_S)


def check_steps(build):
    """Who waits until a wall time waits as much less as the wall clock was set
    ahead, and everybody else as long as ever."""
    wrong = count = 0
    for name in UNTIL_WALL + FOR_SPAN + list(AWAKE):
        for by_s, after_s in AWAKE.get(name, STEPS):
            if name.endswith("interval") and by_s > 3600:
                continue  # several at once: how many is the kernel's to say
            text, took = warp(build, [f"{build}/warp_waits", name, "3600"],
                              ["--step", str(by_s), str(after_s)])
            passed_s = float(text.split()[0]) if text.split() else 0.0
            found = complaint(stepped(name, by_s, after_s), passed_s, took,
                              text.split("\n")[0])
            count += 1
            wrong += found is not None
            if found:
                print(f"{name}, set by {by_s} s after {after_s} s: {found}")
    print(f"{count} waits, {wrong} wrong")
    return 1 if wrong else 0


def check_beside_an_hour(build, client):
    """A jump while somebody worked, or died, would be to its end."""
    text, took = warp(build, [f"{build}/warp_{client}"])
    passed_s = float(text or "nan")
    print(f"{passed_s:.3f} s, {took['jumps']} jumps, {took['stops']} stops")
    return 0 if took["exit"] == 0 and passed_s < 3500 else 1


def check_deaths(build):
    return check_beside_an_hour(build, "deaths")


def check_births(build):
    return check_beside_an_hour(build, "births")


def check_forks(build):
    """Whoever counted the dead among the living would end at the limit, by the
    real clock."""
    for shim in SHIMS:
        text, took = warp(build, [*shim, f"{build}/warp_forks"])
        found = complaint(3600, float(text or "nan"), took, text)
        print(f"{' '.join(shim[:2]):12} {text.strip()} s, "
              f"{took['stops']} stops {found or ''}")
        if found:
            return 1
    return 0


def check_talks(build):
    return check_beside_an_hour(build, "talks")


def check_naps(build):
    return check_beside_an_hour(build, "naps")


def keepers(build, library):
    """What it took, with a library of this name, and what is wrong with it."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, library)
        path.write_text("not a library")
        text, took = warp(build, [f"{build}/warp_keepers", str(path)])
    # A second of naps, after a second, at most, until it looks.
    found = complaint(1801, float(text or "nan") - 1, took, text)
    found = found and complaint(1801, float(text or "nan"), took, text)
    print(f"{library}: {text.strip()} s, {took['jumps']} jumps, "
          f"{took['ticker']} {found or ''}")
    return found, took


def check_keepers(build):
    """Half an hour of rests, passed over in the runtime that they are of, but
    for the first 15 s and those after something was asked."""
    of_it, with_it = keepers(build, "libjvm.so")
    of_other, without = keepers(build, "libother.so")
    return 1 if (of_it or of_other or with_it["jumps"] > 100 or
                 without["jumps"] < 1800 or
                 not without["ticker"].startswith("a thread 'VM Thread' woke 1")
                 or not without["ticker"].endswith("futex of 0.050 s")) else 0


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
    checks = {"waits": check_waits, "steps": check_steps,
              "deaths": check_deaths, "births": check_births,
              "forks": check_forks, "talks": check_talks, "naps": check_naps,
              "keepers": check_keepers, "cost": check_cost}
    if what in checks:
        sys.exit(checks[what](build_folder))
    sys.exit(__doc__)
