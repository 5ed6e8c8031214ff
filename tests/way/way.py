#!/usr/bin/env python3
"""The matrix, whole: every mutant through every scenario.

A certifier that fails nobody proves nothing. So each mutant of the reference
client (one deliberate mistake each) must be refused, and the rule it breaks
must be named first; the right client must pass; and each check must have a
mutant that it catches.

way.py BUILD_DIR SOURCE_DIR [MUTANT...]
"""
import concurrent.futures
import json
import pathlib
import subprocess
import sys
import tempfile

BUILD = pathlib.Path(sys.argv[1]).resolve()
SOURCE = pathlib.Path(sys.argv[2]).resolve()
ONLY = sys.argv[3:]
RETRIAL = str(BUILD / "retrial")
AT_ONCE = 2


def run(*words):
    return subprocess.run([RETRIAL, *words], cwd=SOURCE, text=True,
                          capture_output=True, stdin=subprocess.DEVNULL)


def mutants():
    out = subprocess.run([str(BUILD / "retrial-mutant"), "--list"], text=True,
                         capture_output=True, check=True).stdout
    return [line.split("\t")[:2] for line in out.splitlines()]


def out_of_reach():
    """Mutants that show only once the clock can jump or many trials are
    judged together: tests/way/later.txt, each with its reason."""
    lines = (SOURCE / "tests" / "way" / "later.txt").read_text().splitlines()
    return {line.split()[0] for line in lines
            if line and not line.startswith("#")}


def certify(client):
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        done = run("certify", "--client", client, "--seed", "1", "--json",
                   file.name)
        report = json.loads(pathlib.Path(file.name).read_text() or "{}")
    return done, report


def broken_rules(report):
    """The order of the report's own list, worst first."""
    return report.get("broken_rules", [])


def judge_mutant(name, rule, later):
    done, report = certify(f"{BUILD}/retrial-mutant {name}")
    broken = broken_rules(report)
    verdicts = [t["verdict"] for t in report.get("trials", [])]
    shown = " ".join(broken[:4]) or "nothing"
    if name in later:
        ok = done.returncode == 0
        what = "not seen yet" if ok else f"seen now: {shown}; mend later.txt"
    else:
        ok = done.returncode == 1 and broken[:1] == [rule]
        what = f"breaks {shown}" if ok else (
            f"exit {done.returncode}, breaks {shown}, not {rule} first\n" +
            done.stdout[-1500:] + done.stderr)
    if "broken" in verdicts:
        ok, what = False, "a trial is broken: " + what
    return ok, f"{name:<36} {verdicts.count('fail'):>3} trials  {what}"


def checks_have_mutants(names):
    """Each check names a mutant that there is."""
    wrong = []
    for line in run("list", "checks").stdout.splitlines():
        check, _, killers = line.partition("  killed by")
        known = [k.strip() for k in killers.split(",") if k.strip()]
        if not known or not set(known) <= names:
            wrong.append(f"{check.split()[0]}: killed by {known or 'nobody'}")
    return wrong


def main():
    table = mutants()
    later = out_of_reach()
    names = {name for name, _ in table}
    failures = checks_have_mutants(names)
    failures += [f"later.txt: {name}: no such mutant"
                 for name in later - names]
    wanted = [(n, r) for n, r in table if not ONLY or n in ONLY]
    passed = 0
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        for ok, line in pool.map(lambda m: judge_mutant(*m, later), wanted):
            print(("ok     " if ok else "NOT OK ") + line, flush=True)
            passed += ok
            failures += [] if ok else [line.split()[0]]
    print("\n".join(failures))
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures or not passed else 0


sys.exit(main())
