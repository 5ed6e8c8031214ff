#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The matrix: every mutant through the scenarios.

A certifier that fails nobody proves nothing. So each mutant of the reference
client (one deliberate mistake each) must be refused, and the rule it breaks
must be named first; the right client must pass; and each check must have a
mutant that it catches.

With --whole each mutant meets every scenario. Without it each meets all but
those of the faults, and of the faults (four scenarios a fault, three in seven
of all) every eighth, from another one on for each mutant: so every fault is
met by many mutants, and no mutant by all of them. Those that break a rule of
the network, and those that only a fault reveals, meet every scenario always.

way.py [--whole] BUILD_DIR SOURCE_DIR [MUTANT...]
"""
import concurrent.futures
import json
import pathlib
import subprocess
import sys
import tempfile

WHOLE = "--whole" in sys.argv
ARGUMENTS = [word for word in sys.argv[1:] if word != "--whole"]
BUILD = pathlib.Path(ARGUMENTS[0]).resolve()
SOURCE = pathlib.Path(ARGUMENTS[1]).resolve()
ONLY = ARGUMENTS[2:]
RETRIAL = str(BUILD / "retrial")
AT_ONCE = 1  # two suites at once would starve each other: timings are judged
EVERY = 16  # faults one, for a mutant that has nothing to do with faults
OTHERS = 3  # families one, of those that do not name the mutant's rule


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


def scenarios():
    """Those of no fault, and for each fault the patterns of its own."""
    ids = [line.split()[0] for line in
           run("list", "scenarios").stdout.splitlines() if "/" in
           line.split()[0]]
    faults = {}
    for name in ids:
        words = name.split("/")
        depth = 3 if words[1] == "tls" else 2
        if words[0] == "network":
            faults.setdefault("/".join(words[:depth]), []).append(name)
    others = sorted({name.split("/")[0] for name in ids} - {"network"})
    return others, [faults[fault] for fault in sorted(faults)]


def families(rule):
    """Those with a scenario that is there to exercise the rule."""
    lines = run("explain", rule).stdout.splitlines()
    return {word.split("/")[0] for line in lines for word in line.split()
            if "/" in word}


def patterns(index, rule, by_faults, parts):
    """What the mutant meets; none: everything. Its rule's own families, and of
    the others a part, another one for each mutant."""
    if WHOLE or by_faults or rule.startswith(("NET-", "contract")):
        return []
    others, faults = parts
    own = families(rule)
    return [family for at, family in enumerate(others)
            if family in own or (at + index) % OTHERS == 0] + [
                each for at, names in enumerate(faults)
                if (at + index) % EVERY == 0 for each in names]


def certify(client, strict, met):
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        done = run("certify", "--sdk", "sdks/reference", "--client", client,
                   "--seed", "1", "--json", file.name, "--clock", "auto",
                   *(["--strict"] if strict else []), *met)
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


INCONCLUSIVE = 4  # the machine was too busy to say; three times are enough


def judge_mutant(name, rule, met, later):
    for _ in range(3):
        done, report = certify(f"{BUILD}/retrial-mutant {name}",
                               rule in advised(), met)
        if done.returncode != INCONCLUSIVE:
            break
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
    line = (f"{name:<36} {verdicts.count('fail'):>3} of {len(verdicts):>3} "
            f"trials  {what}")
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
    parts, by_faults = scenarios(), listed("faults.txt")
    wanted = [(n, r, patterns(at, r, n in by_faults, parts))
              for at, (n, r) in enumerate(table) if not ONLY or n in ONLY]
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
