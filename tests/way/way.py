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
AT_ONCE = 1  # two suites at once would starve each other: timings are judged


def run(*words):
    return subprocess.run([RETRIAL, *words], cwd=SOURCE, text=True,
                          capture_output=True, stdin=subprocess.DEVNULL)


def mutants():
    out = subprocess.run([str(BUILD / "retrial-mutant"), "--list"], text=True,
                         capture_output=True, check=True).stdout
    return [line.split("\t")[:2] for line in out.splitlines()]


def listed(name):
    lines = (SOURCE / "tests" / "way" / name).read_text().splitlines()
    return {line.split()[0] for line in lines
            if line and not line.startswith("#")}


def time_jumps():
    """Whether it does on this machine."""
    return run("certify", "--client", f"{BUILD}/retrial-client", "--clock",
               "jump", "status/2xx").returncode == 0


def advised():
    """The rules that say SHOULD: who breaks one fails a strict run."""
    lines = run("list", "rules").stdout.splitlines()
    return {line.split()[0] for line in lines
            if line.split()[1:2] == ["SHOULD"]}


def certify(client, strict):
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        done = run("certify", "--sdk", "sdks/reference", "--client", client,
                   "--seed", "1", "--json", file.name, "--clock", "auto",
                   *(["--strict"] if strict else []))
        report = json.loads(pathlib.Path(file.name).read_text() or "{}")
    return done, report


def findings(report):
    return [f for t in report.get("trials", []) for f in t["findings"]]


def first_broken(report):
    """The worst broken rule; "contract" where only the contract is broken."""
    rules = report.get("broken_rules", [])
    subjects = {f["subject"] for f in findings(report)
                if f["kind"] == "breach"}
    return rules[0] if rules else ("contract" if "contract" in subjects
                                   else None)


def judge_mutant(name, rule, later):
    done, report = certify(f"{BUILD}/retrial-mutant {name}",
                           rule in advised())
    broken = report.get("broken_rules", [])
    verdicts = [t["verdict"] for t in report.get("trials", [])]
    shown = " ".join(broken[:4]) or first_broken(report) or "nothing"
    if name in later:
        ok = done.returncode == 0
        what = "not seen yet" if ok else f"seen now: {shown}; mend later.txt"
    else:
        ok = done.returncode == 1 and first_broken(report) == rule
        what = f"breaks {shown}" if ok else (
            f"exit {done.returncode}, breaks {shown}, not {rule} first\n" +
            done.stdout[-1500:] + done.stderr)
    if "broken" in verdicts:
        ok, what = False, "a trial is broken: " + what
    checks = {f["check"] for f in findings(report)}
    line = f"{name:<36} {verdicts.count('fail'):>3} trials  {what}"
    return ok, line, checks


def survivors(caught):
    """Checks that none of the mutants they name was caught by: caught is
    {mutant: the checks that found something in it}."""
    wrong = []
    for line in run("list", "checks").stdout.splitlines():
        words, _, killers = line.partition("  killed by")
        check = words.split()[0]
        named = [k.strip() for k in killers.split(",") if k.strip()]
        blind = [k for k in named if check not in caught.get(k, ())]
        if not named or blind:
            wrong.append(f"{check}: says it is killed by "
                         f"{', '.join(named) or 'nobody'}; not by "
                         f"{', '.join(blind) or 'anybody'}")
    return wrong


def main():
    table = mutants()
    later, jumpers = listed("later.txt"), listed("jump.txt")
    names = {name for name, _ in table}
    failures = [f"{name}: no such mutant"
                for name in (later | jumpers) - names]
    if not time_jumps():
        print("time does not jump here; not tried: ", *sorted(jumpers))
        table = [(name, rule) for name, rule in table if name not in jumpers]
    caught = {}
    wanted = [(n, r) for n, r in table if not ONLY or n in ONLY]
    passed = 0
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        for ok, line, checks in pool.map(lambda m: judge_mutant(*m, later),
                                         wanted):
            print(("ok     " if ok else "NOT OK ") + line, flush=True)
            passed += ok
            failures += [] if ok else [line.split()[0]]
            caught[line.split()[0]] = checks
    failures += survivors(caught) if not ONLY else []
    print("\n".join(failures))
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures or not passed else 0


sys.exit(main())
