#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Clients that stop or end our own processes: the worker that runs the trial,
the main process, the metronome, the keeper of a lane. Every run ends, the
client is named, nobody is left, and it is never called a fault of ours.

meddlers.py BUILD_DIR SOURCE_DIR
"""
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

from checks import check, conclude

BUILD = pathlib.Path(sys.argv[1]).resolve()
SOURCE = pathlib.Path(sys.argv[2]).resolve()
HERE = SOURCE / "tests" / "use"
RETRIAL = str(BUILD / "retrial")
LONG = str(HERE / "scenarios" / "long.lua")
SCRATCH = pathlib.Path(tempfile.mkdtemp(prefix="retrial-meddlers-"))
DEADLINE_S = 120  # no sound run comes near it: a bound, not a measure
KILLED = -signal.SIGKILL


def alive(mark):
    """Processes that have it among their words; zombies have none."""
    for proc in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            words = (proc / "cmdline").read_bytes()
        except OSError:
            continue
        if mark.encode() in words:
            yield proc.name


def left(mark):
    until = time.monotonic() + DEADLINE_S
    while (pids := list(alive(mark))) and time.monotonic() < until:
        time.sleep(0.05)
    return pids


def client(whom, number, mark, at_once):
    if at_once:
        mark.touch()
    return f"{sys.executable} {HERE}/clients/meddles.py {whom} {number} {mark}"


def run(command, *words):
    """In a group of its own: some clients aim at all of it."""
    run = subprocess.Popen([RETRIAL, "certify", "--client", command, LONG,
                            *words], cwd=SOURCE, text=True,
                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, start_new_session=True)
    try:
        talk = run.communicate(timeout=DEADLINE_S)[0]
    except subprocess.TimeoutExpired:
        run.kill()
        return None, "it does not end"
    return run.returncode, " ".join(talk.split())


def meddle(name, whom, number, words, code, part, at_once=False):
    name = f"{name}, {number} to the {whom}"
    mark = SCRATCH / name.replace(" ", "-").replace(",", "")
    found, talk = run(client(whom, number, mark, at_once), *words)
    check(name, found == code and part in talk,
          f"  exit {found}, wanted {code}: {part}\n  {talk[-1500:]}")
    pids = left(str(mark))
    check(f"{name}: nobody is left", not pids, pids)


REAL = ["--clock", "real"]
JUMP = ["--clock", "jump"]
STDIO = ["--contract", "stdio"]

RAN = "to the process that ran"
MEASURES = "the process that measures how late this machine is"
KEEPS = "to the process that keeps it"
MAIN = {"STOP": (4, "sent SIGSTOP to Retrial"),
        "KILL": (KILLED, "it was killed before the run was over"),
        "TERM": (4, "sent SIGTERM to Retrial")}


def real():
    for number in ("STOP", "KILL", "TERM", "SEGV"):
        meddle("real", "parent", number, REAL, 4, f"sent SIG{number} {RAN}")
    for number in ("STOP", "KILL"):
        meddle("real", "metronome", number, REAL, 4, MEASURES)
    for number, (code, part) in MAIN.items():
        meddle("real", "grandparent", number, REAL, code, part)
    for number in ("STOP", "KILL"):
        meddle("real", "group", number, REAL, *MAIN[number])
    meddle("real", "stray", "0", REAL, 1, "outlived its limit")


def preflight():
    for number in ("STOP", "KILL", "TERM"):
        meddle("preflight", "parent", number, JUMP, 4,
               f"sent SIG{number} {RAN}", at_once=True)
    for number, (code, part) in MAIN.items():
        meddle("preflight", "grandparent", number, JUMP, code, part,
               at_once=True)


def jump():
    if run(str(BUILD / "retrial-client"), *JUMP)[0] == 2:
        return  # this machine does not let us
    for whom in ("parent", "grandparent", "metronome"):
        for number in ("STOP", "KILL", "TERM"):
            meddle("jump", whom, number, JUMP, 1,
                   f"the client sent SIG{number} to process ")
    meddle("jump", "group", "KILL", JUMP, 1,
           "the client sent SIGKILL to process group ")
    meddle("jump", "own", "CONT", JUMP, 0, "certified")


def stdio():
    for number in ("STOP", "KILL"):
        meddle("stdio", "keeper", number, STDIO, 4,
               f"sent SIG{number} {KEEPS}")
        meddle("stdio preflight", "keeper", number, STDIO, 4,
               f"sent SIG{number} {KEEPS}", at_once=True)
    for number, (code, part) in MAIN.items():
        meddle("stdio", "grandparent", number, STDIO, code, part)
    meddle("stdio", "stray", "0", STDIO, 1, "outlived its limit")


def name_of(pid):
    try:
        return (pathlib.Path("/proc") / pid / "comm").read_text()
    except FileNotFoundError:  # it has ended since it was listed
        return ""


def rests():
    """A user's own Ctrl-Z is let be; what comes after is as if it had not."""
    run = subprocess.Popen([RETRIAL, "certify", "retry-after/seconds/*",
                            *REAL], cwd=SOURCE, text=True,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                           start_new_session=True)
    while not any("retrial" in name_of(pid) for pid in children_of(run.pid)):
        time.sleep(0.01)
    time.sleep(0.5)
    subprocess.run(["kill", "-TSTP", "--", f"-{run.pid}"], check=True)
    time.sleep(4)  # the sentinel looks every second
    state = pathlib.Path(f"/proc/{run.pid}/status").read_text()
    check("Ctrl-Z stops it", "State:\tT" in state, state[:200])
    subprocess.run(["kill", "-CONT", "--", f"-{run.pid}"], check=True)
    out, err = run.communicate(timeout=DEADLINE_S)
    # A full machine may leave a trial inconclusive; that is not what is asked.
    check("and it ends as it would have", run.returncode in (0, 4) and
          "not certified: 0" not in out and "SIGSTOP" not in err,
          out[-1500:] + err)


def children_of(pid):
    return pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


for part in (real, preflight, jump, stdio, rests):
    part()
conclude(SCRATCH)
