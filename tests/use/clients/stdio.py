#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A client of contract stdio that behaves as its first argument says, with the
jobs of one event in two (they come in order); with the others it is good. Its
second argument is a file that gets a line at each start."""
import json
import os
import signal
import sys
import time

from batch import post

HOW = sys.argv[1]
STARTS = sys.argv[2]


def send(job):
    for sequence in job["sequences"]:
        post(job, sequence["events"])


def say(text):
    sys.stdout.write(text)
    sys.stdout.flush()


GOOD = json.dumps({"success": True}) + "\n"


def good():
    say(GOOD)


def dies():
    os.kill(os.getpid(), signal.SIGSEGV)


def exits():
    sys.exit(3)


def two_lines():
    say(GOOD + GOOD)


def late_line():
    say(GOOD)
    time.sleep(0.8)
    say(GOOD)


def late_death():
    say(GOOD)
    time.sleep(0.8)
    dies()


def long_line():
    for _ in range(1600):
        say("x" * 65536)
    say("\n")


def never():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        time.sleep(60)


def daemon():
    """Leaves the group, and a child that holds stdout."""
    if os.fork() == 0:
        os.setsid()
        time.sleep(60)
        os._exit(0)
    never()


def closes():
    os.close(1)
    time.sleep(60)


def junk():
    say("sent!\n")


def cut():
    say('{"success": tr')
    sys.exit(0)


def lives_on():
    """Does not mind the end of its stdin."""
    say(GOOD)
    os.close(0)
    time.sleep(60)


def main():
    with open(STARTS, "a") as file:
        print(os.getpid(), file=file)
    if HOW == "early":
        say(GOOD)
        time.sleep(0.5)
    for line in sys.stdin:
        job = json.loads(line)
        send(job)
        bad = len(job["sequences"][0]["events"]) == 2
        (globals().get(HOW, good) if bad else good)()


main()
