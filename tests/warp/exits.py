#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runtimes under the jumping clock, on their way out: each asks once, is
answered at once or after an hour, beside threads that wait for twelve, and
exits in its way. A clock that jumped meanwhile would go to the end of another's
wait, or to the trial's limit of thirty hours. What is not installed is passed
over, and said.

exits.py BUILD SOURCE           each once after an hour, and twice at once
exits.py BUILD SOURCE --long    each JVM that is here, with each collector and
                                each exit; twenty times at once; and what must
                                be fetched first (OkHttp, tokio)
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

BUILD = pathlib.Path(sys.argv[1]).resolve()
SOURCE = pathlib.Path(sys.argv[2]).resolve()
LONG = "--long" in sys.argv[3:]
HERE = SOURCE / "tests" / "warp" / "exits"
SCRATCH = pathlib.Path(tempfile.mkdtemp(prefix="retrial-exits-"))
NOW = ["exits/now/*"] if LONG else ["exits/now/1", "exits/now/2"]
# Whoever gives up a request sooner by itself.
PATIENCE = {"node, fetch": "exits/minutes"}
CASE_LIMIT_S = 1800
PROMPT_S = 600  # of its own clock; a machine may be busy, a jump is of hours

COLLECTORS = ["Serial", "Parallel", "G1", "Z"]
EXITS = ["return", "exit", "hook", "halt"]
COMPANIES = ["daemon", "virtual", "forkjoin", "scheduled", "pool"]
# What OkHttp 4 needs.
JARS = ["com/squareup/okhttp3/okhttp/4.12.0/okhttp-4.12.0.jar",
        "com/squareup/okio/okio-jvm/3.6.0/okio-jvm-3.6.0.jar",
        "org/jetbrains/kotlin/kotlin-stdlib/1.9.10/kotlin-stdlib-1.9.10.jar"]
MAVEN = "https://repo1.maven.org/maven2"


def run(command, timeout=CASE_LIMIT_S, **more):
    return subprocess.run([str(word) for word in command], text=True,
                          capture_output=True, timeout=timeout, **more)


def made(command, **more):
    """Whether it could be built, and said if not."""
    done = run(command, **more)
    if done.returncode != 0:
        print(f"cannot be built: {' '.join(map(str, command))}\n"
              f"{done.stderr.strip()[-300:]}")
    return done.returncode == 0


# ---- the JVMs ----

def jvms():
    """Each that is here, once; the first is the user's own."""
    found = [shutil.which("java"), *pathlib.Path("/usr/lib/jvm").glob("*/bin/java")]
    paths = [pathlib.Path(java).resolve() for java in found if java]
    return list(dict.fromkeys(paths))


def version(java):
    said = run([java, "-version"]).stderr
    return int(said.split('"')[1].split(".")[0])


def okhttp():
    """Its jars; None: they cannot be fetched."""
    folder = SCRATCH / "jars"
    folder.mkdir()
    for jar in JARS:
        done = run(["curl", "-sf", "-m", "60", "-o", folder / jar.split("/")[-1],
                    f"{MAVEN}/{jar}"])
        if done.returncode != 0:
            return None
    return f"{folder}/*"


def java_case(java, path, collector, how, company="none", asks="connection"):
    return ([java, f"-XX:+Use{collector}GC", "-cp", path, "Exits", how,
             company, asks],
            f"Java {version(java)}, {collector}, {how}, {company}, {asks}")


def java_cases():
    classes = SCRATCH / "classes"
    if shutil.which("javac") is None or not jvms():
        print("Java: not installed here")
        return
    if not made(["javac", "-d", classes, HERE / "Exits.java"]):
        return
    mine = jvms()[0]
    if LONG:
        for java in jvms():
            for collector in COLLECTORS:
                for how in EXITS:
                    yield java_case(java, classes, collector, how)
                yield java_case(java, classes, collector, "return",
                                asks="client")
    else:
        for how in EXITS:
            yield java_case(mine, classes, "G1", how)
        for collector in COLLECTORS:
            if collector != "G1":
                yield java_case(mine, classes, collector, "return")
        for java in jvms():
            yield java_case(java, classes, "G1", "return", asks="client")
    for company in COMPANIES:
        new = [java for java in jvms()
               if company != "virtual" or version(java) >= 21]
        for java in new if LONG else new[:1]:
            yield java_case(java, classes, "G1", "return", company)
        if not new:
            print(f"Java, {company}: no JVM here has them")
    if LONG:
        yield from okhttp_cases(mine, classes)


def okhttp_cases(java, classes):
    jars = okhttp()
    if jars is None:
        print("OkHttp: cannot be fetched here")
    elif made(["javac", "-cp", jars, "-d", classes, HERE / "ByOkHttp.java"]):
        for how in ["return", "exit"]:
            yield java_case(java, f"{classes}:{jars}", "G1", how,
                            asks="okhttp")


# ---- the others ----

def script_cases(name, program, file, ways):
    if shutil.which(program) is None:
        print(f"{name}: not installed here")
        return
    for way in ways:
        yield [program, HERE / file, way], f"{name}, {way}"


def go_cases():
    if shutil.which("go") is None:
        print("Go: not installed here")
    elif made(["go", "build", "-o", SCRATCH / "exits-go", HERE / "exits.go"],
              env={**os.environ, "CGO_ENABLED": "0", "GO111MODULE": "off"}):
        for how in ["return", "exit"]:
            yield [SCRATCH / "exits-go", how], f"Go, {how}"


def rust_cases():
    if shutil.which("cargo") is None:
        print("Rust, tokio: not installed here")
        return
    # Copied: cargo writes what it chose beside what it reads.
    crate = shutil.copytree(HERE / "tokio", SCRATCH / "tokio")
    if made(["cargo", "build", "-q", "--manifest-path",
             crate / "Cargo.toml"]):
        yield [crate / "target" / "debug" / "exits"], "Rust, tokio"


def cases():
    yield from script_cases("Python", sys.executable, "exits.py",
                            ["return", "daemon", "pool", "spawn", "fork",
                             "asyncio", "os._exit"])
    yield from script_cases("node", "node", "exits.js",
                            ["return", "exit", "unref", "pool", "worker",
                             "fetch", "abort"])
    yield from go_cases()
    yield from script_cases("Ruby", "ruby", "exits.rb",
                            ["return", "thread", "at_exit", "exit!"])
    yield from script_cases("PHP", "php", "exits.php", ["return"])
    yield from java_cases()
    if LONG:
        yield from rust_cases()


def late(report):
    """Those that took long to exit, by their own clock."""
    for trial in json.loads(report.read_text())["trials"]:
        answered_ms = trial["attempts"][-1]["answered_ms"]
        took_s = (trial["client"]["ended_ms"] - answered_ms) / 1000
        if took_s > PROMPT_S:
            yield f"{trial['id']} took {took_s:.3f} s to exit"


def main():
    wrong = count = 0
    report = SCRATCH / "report.json"
    for command, name in cases():
        client = " ".join(f"'{word}'" for word in command)
        done = run([BUILD / "retrial", "certify", HERE / "exits.lua", *NOW,
                    PATIENCE.get(name, "exits/hour"), "--clock", "jump", "--contract", "env", "--client",
                    client, "--json", report])
        last = done.stdout.strip().split("\n")[-1]
        count += 1
        print(f"{name}: {last}", flush=True)
        found = list(late(report)) if done.returncode == 0 else [
            (done.stdout + done.stderr)[-3000:]]
        wrong += bool(found)
        print("".join(f"  {line}\n" for line in found), end="")
    print(f"{count} ways out, {wrong} wrong")
    shutil.rmtree(SCRATCH)
    return 1 if wrong or not count else 0


sys.exit(main())
