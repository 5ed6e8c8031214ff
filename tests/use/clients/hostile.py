#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A client of contract e2e that behaves as its first argument says."""
import json
import mmap
import os
import signal
import sys
import time

from batch import post


def job():
    return json.loads(sys.argv[sys.argv.index("--input") + 1])


def send(times=1):
    for _ in range(times):
        post(job(), job()["sequences"][0]["events"])


def good():
    send()
    print(json.dumps({"success": True}))


def hangs():
    send()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        time.sleep(60)


def crashes():
    send()
    os.kill(os.getpid(), signal.SIGSEGV)


def floods():
    send()
    while True:
        sys.stdout.write("x" * 65536)


def only_floods():
    while True:
        sys.stdout.write("x" * 65536)


def grows():
    send()
    held = []
    while True:
        held.append(mmap.mmap(-1, 256 << 20, mmap.MAP_PRIVATE |
                              mmap.MAP_ANONYMOUS | mmap.MAP_POPULATE))


def talks():
    """Says much, as fast as it is read; its pipe is full all the time."""
    for _ in range(900):
        os.write(2, b"x" * 65535 + b"\n")
    good()


def explains():
    """One event it fails to deliver, and says so in two megabytes."""
    send()
    print(json.dumps({"success": False,
                      "error": "status 400: " + "{" * 2000000,
                      "capabilities": ["x" * 1000000]}))


def says_too_much():
    send()
    print(json.dumps({"success": True, "log": "x" * 5000000}))


def leaves():
    """Gives its SDK a while to retry, and then says that it failed. It is far
    longer than any machine holds it up, which costs nothing: time jumps."""
    send()
    time.sleep(30)
    print(json.dumps({"success": False, "error": "gave up waiting"}))


def silent():
    send()


def forks():
    """Leaves a daemon behind that would send another request later."""
    send()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for fd in (0, 1, 2):
                os.close(fd)
            time.sleep(3)
            send()
        os._exit(0)
    print(json.dumps({"success": True}))


def is_third():
    return "retrial-event-00003" in json.dumps(job())


def third_crashes():
    crashes() if is_third() else good()


def third_fails():
    send()
    print(json.dumps({"success": False, "error": "no room"} if is_third()
                     else {"success": True}))


def third_hangs():
    hangs() if is_third() else good()


def starts_late():
    """As a runtime that takes its time; by the limit of its trial it has not
    begun."""
    time.sleep(21)
    good()


def dies_early():
    print("no such module: analytics", file=sys.stderr)
    sys.exit(3)


globals()[sys.argv[1].replace("-", "_")]()
