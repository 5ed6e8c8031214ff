#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Installs the build, builds the program of docs/client-library.md (at most 30
lines) against what was installed, and has it deliver through a 503 and a 429.

install.py BUILD_DIR SOURCE_DIR CMAKE
"""
import pathlib
import re
import shlex
import signal
import subprocess
import sys
import tempfile

BUILD = pathlib.Path(sys.argv[1]).resolve()
SOURCE = pathlib.Path(sys.argv[2]).resolve()
CMAKE = sys.argv[3]
HERE = SOURCE / "tests" / "install"
SKIPPED = 77
LINES_MAX = 30  # of the program


def out(*words, **more):
    return subprocess.run(list(map(str, words)), check=True, text=True,
                          stdout=subprocess.PIPE, timeout=60, **more).stdout


def cached(name):
    cache = (BUILD / "CMakeCache.txt").read_text()
    found = re.search(rf"^{name}:\w+=(.*)$", cache, re.M)
    return found.group(1) if found else ""


def built(scratch):
    """The page's program, linked as the page says, from a tree that was moved
    after it was installed."""
    out(CMAKE, "--install", BUILD, "--prefix", scratch / "first")
    tree = (scratch / "first").rename(scratch / "moved")
    page = (SOURCE / "docs" / "client-library.md").read_text()
    text = re.search(r"^```c\n(.*?)^```$", page, re.M | re.S).group(1)
    assert text.count("\n") <= LINES_MAX, f"{text.count(chr(10))} lines"
    (scratch / "program.c").write_text(text)
    [found] = tree.rglob("retrial-ingest.pc")
    flags = out("pkg-config", "--cflags", "--libs", found)
    out(cached("CMAKE_C_COMPILER"), "-std=c11", "-Wall", "-Wextra",
        "-Wpedantic", "-Werror", "program.c", *shlex.split(flags),
        "-o", "program", cwd=scratch)
    return scratch / "program"


def played(program):
    """How the program ended, how serve ended, and what serve said."""
    serve = subprocess.Popen(
        [BUILD / "retrial", "serve", HERE / "faults.lua", "--port", "0"],
        cwd=SOURCE, text=True, stdout=subprocess.PIPE)
    try:
        head = serve.stdout.readline()
        url = head.split(" is played on ")[1].split()[0]
        ended = subprocess.run([program, url, "retrial-write-key",
                                "retrial-event-00001"], timeout=40).returncode
        serve.send_signal(signal.SIGINT)
        said, _ = serve.communicate(timeout=30)
    finally:
        serve.kill()
        serve.wait()
    return ended, serve.returncode, head + said


def main():
    if cached("RETRIAL_SANITIZE"):
        print("skipped: an archive with sanitizers is not for others to link")
        return SKIPPED
    with tempfile.TemporaryDirectory(prefix="retrial-install-") as scratch:
        ended, judged, said = played(built(pathlib.Path(scratch)))
    print(said)
    print(f"the program ended with {ended}, serve with {judged}")
    right = (ended == 0 and judged == 0 and "503" in said and "429" in said
             and "PASS  install/faults" in said)
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
