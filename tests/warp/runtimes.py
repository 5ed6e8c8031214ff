#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runtimes under the jumping clock: each sleeps an hour, and waits an hour for
an answer. What was seen is compared with the table of docs/time.md.

runtimes.py BUILD SOURCE            compares
runtimes.py BUILD SOURCE --table    prints the table; lines of what is not
                                    installed here stay as they are
"""
import concurrent.futures
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

BUILD = pathlib.Path(sys.argv[1]).resolve()
SOURCE = pathlib.Path(sys.argv[2]).resolve()
HERE = SOURCE / "tests" / "warp" / "runtimes"
SCRATCH = pathlib.Path(tempfile.mkdtemp(prefix="retrial-runtimes-"))
HOUR_S = 3600
LATE_S = 60          # a machine may be busy; a wrong clock is off by more
GRAIN_S = 0.005      # node counts whole milliseconds, and may be one early
REAL_LIMIT_S = 120

# Name, how it sleeps, how it asks, the program that must be there, what builds
# it, how it is run. Those that must be there: C, python, curl.
RUNTIMES = [
    ("C (glibc)", "nanosleep", "libcurl", "cc", None,
     [BUILD / "warp_hour"]),
    ("curl", "--retry-delay", "-u --data-binary", "curl", None,
     ["sh", HERE / "hour.sh"]),
    ("Python", "time.sleep", "urllib", sys.executable, None,
     [sys.executable, HERE / "hour.py"]),
    ("node", "setTimeout", "http.request", "node", None,
     ["node", HERE / "hour.js"]),
    ("Java (HotSpot)", "Thread.sleep", "HttpClient", "javac",
     ["javac", "-d", SCRATCH, HERE / "Hour.java"],
     ["java", "-cp", SCRATCH, "Hour"]),
    ("Go, static", "time.Sleep", "net/http", "go",
     ["go", "build", "-o", SCRATCH / "hour-go", HERE / "hour.go"],
     [SCRATCH / "hour-go"]),
    ("Ruby", "sleep", "Net::HTTP", "ruby", None, ["ruby", HERE / "hour.rb"]),
    ("PHP", "sleep", "file_get_contents", "php", None,
     ["php", HERE / "hour.php"]),
    ("Rust", "thread::sleep", "TcpStream", "rustc",
     ["rustc", "-o", SCRATCH / "hour-rust", HERE / "hour.rs"],
     [SCRATCH / "hour-rust"]),
]
MUST = {"C (glibc)", "curl", "Python"}


def run(command, **more):
    return subprocess.run([str(word) for word in command], text=True,
                          capture_output=True, timeout=3 * REAL_LIMIT_S,
                          **more)


def hour(seconds):
    if HOUR_S - GRAIN_S <= seconds < HOUR_S + LATE_S:
        return "1 h"
    return f"{seconds:.3f} s, not an hour"


def sleeps(command):
    """What an hour's sleep was on its own clock."""
    done = run([BUILD / "warp_run", "--limit", REAL_LIMIT_S, *command,
                "sleep"])
    try:
        return hour(float(done.stdout.split()[0]))
    except (IndexError, ValueError):
        return f"failed: {(done.stdout + done.stderr).strip()[-300:]}"


def asks(name, command):
    """How long it waited for an answer, by the server's record."""
    report = SCRATCH / f"{name.split()[0].strip(',')}.json"
    client = " ".join(str(word) for word in [*command, "request"])
    done = run([BUILD / "retrial", "certify", HERE / "hour.lua", "--clock",
                "jump", "--contract", "env", "--client", client, "--json",
                report])
    if done.returncode != 0 or not report.exists():
        return f"failed: {(done.stdout + done.stderr).strip()[-600:]}"
    attempt, = json.loads(report.read_text())["trials"][0]["attempts"]
    return hour((attempt["answered_ms"] - attempt["arrived_ms"]) / 1000)


def look(runtime):
    """Its line of the table; None: it is not installed here."""
    name, sleep, ask, tool, build, command = runtime
    if shutil.which(tool) is None:
        return None
    if build is not None:
        # Its cache is its own, and the user's may not be there.
        made = run(build, env={**os.environ, "CGO_ENABLED": "0",
                               "GO111MODULE": "off"})
        if made.returncode != 0:
            return f"| {name} | cannot be built: {made.stderr[-300:]} |"
    return (f"| {name} | {sleep} | {sleeps(command)} "
            f"| {ask} | {asks(name, command)} |")


def kept_line(name, page):
    for line in page.splitlines():
        if line.startswith(f"| {name} |"):
            return line
    return f"| {name} | not in docs/time.md |"


def main():
    page = (SOURCE / "docs" / "time.md").read_text()
    wrong = 0
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        lines = list(pool.map(look, RUNTIMES))
    for (name, *_), line in zip(RUNTIMES, lines):
        kept = kept_line(name, page)
        if "--table" in sys.argv:
            print(line or kept)
        elif line is None:
            wrong += name in MUST
            print(f"{name}: not installed here")
        else:
            wrong += line != kept
            print(line if line == kept else f"seen: {line}\nkept: {kept}")
    shutil.rmtree(SCRATCH)
    return 1 if wrong else 0


sys.exit(main())
