#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every rule has a scenario that is there for it and a mutant that breaks it,
but for those excused in tests/rules-excused.txt, each with its reason. An
excuse that is no longer needed fails, so that the list cannot outlive its
reasons.

rules.py RETRIAL SOURCE_DIR
"""
import pathlib
import subprocess
import sys

RETRIAL, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])


def empty_rules(text):
    """{rule: what it has none of} for those that lack something; and how many
    rules there are."""
    empty, rule, count = {}, None, 0
    for line in text.splitlines():
        if not line.startswith(" "):
            rule = line.split()[0]
            count += 1
        elif line.strip() == "scenarios: 0":
            empty.setdefault(rule, set()).add("scenarios")
        elif line.strip() == "broken by: none yet":
            empty.setdefault(rule, set()).add("mutants")
    return empty, count


def excuses():
    lines = (SOURCE / "tests" / "rules-excused.txt").read_text().splitlines()
    found = {}
    for line in lines:
        if line and not line.startswith("#"):
            rule, what, reason = line.split(None, 2)
            assert what in ("scenarios", "mutants") and reason, line
            found.setdefault(rule, set()).add(what)
    return found


def main():
    out = subprocess.run([RETRIAL, "list", "rules"], cwd=SOURCE, text=True,
                         capture_output=True, check=True).stdout
    empty, count = empty_rules(out)
    excused = excuses()
    wrong = []
    for rule in sorted(empty.keys() | excused.keys()):
        lacks, let_off = empty.get(rule, set()), excused.get(rule, set())
        wrong += [f"{rule}: has no {what}" for what in lacks - let_off]
        wrong += [f"{rule}: has {what} now; mend rules-excused.txt"
                  for what in let_off - lacks]
    print("\n".join(wrong) or f"{count} rules, none is empty")
    return 1 if wrong or count < 50 else 0


sys.exit(main())
