#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""meddles.py WHOM SIGNAL FILE: a client, of contract e2e or stdio, that sends a
signal to a process of ours, and goes on. Before there is a FILE it makes one
and is good, so that it meddles in the trial after the preflight."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time

from batch import post


def parent_of(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(status.split("PPid:")[1].split()[0])


def children_of(pid):
    return pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def grandparent():
    return parent_of(os.getppid())


def metronome():
    """The other child of whoever runs the trial."""
    return next(int(pid) for pid in children_of(os.getppid())
                if int(pid) != os.getpid())


def group():
    return -os.getpgid(os.getppid())


def keeper():
    return os.getppid()


def stray():
    """It leaves the group that it is ended with, and lives on."""
    os.setpgid(0, os.getpgid(os.getppid()))
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        time.sleep(60)


def own():
    """What a client may do: to itself, to its children, to their group, to
    one that has ended already."""
    signal.signal(signal.SIGUSR1, lambda *_: None)
    os.kill(os.getpid(), signal.SIGUSR1)
    signal.pthread_kill(threading.get_ident(), signal.SIGUSR1)
    child = subprocess.Popen(["sleep", "60"], start_new_session=True)
    for number in (signal.SIGSTOP, signal.SIGCONT):
        os.kill(child.pid, number)
        os.killpg(child.pid, number)
    signal.pidfd_send_signal(os.pidfd_open(child.pid), signal.SIGTERM)
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    os.kill(child.pid, signal.SIGTERM)
    os.killpg(child.pid, signal.SIGTERM)
    child.wait()
    os.kill(os.getppid(), 0)
    os.kill(0, signal.SIGCONT)
    return os.getpid()


WHOM, SIGNAL, FILE = sys.argv[1:4]
FILE = pathlib.Path(FILE)


def meddle():
    if not FILE.exists():
        FILE.touch()
        return
    aim = os.getppid() if WHOM == "parent" else globals()[WHOM]()
    number = signal.Signals["SIG" + SIGNAL] if SIGNAL != "0" else 0
    try:
        os.kill(aim, number)
    except PermissionError as refused:
        print(refused, file=sys.stderr)
    time.sleep(2)


def do(job):
    post(job, job["sequences"][0]["events"])
    meddle()
    print(json.dumps({"success": True}), flush=True)


if "--input" in sys.argv:
    do(json.loads(sys.argv[sys.argv.index("--input") + 1]))
else:
    for line in sys.stdin:
        do(json.loads(line))
