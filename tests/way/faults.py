#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The mutants that only faults reveal: tests/way/faults.txt has a scenario for
each, and that scenario alone refuses it, by the rule it breaks; the right
client passes them all.

faults.py BUILD_DIR SOURCE_DIR
"""
import concurrent.futures
import json
import pathlib
import subprocess
import sys
import tempfile

BUILD = pathlib.Path(sys.argv[1]).resolve()
SOURCE = pathlib.Path(sys.argv[2]).resolve()
LEAST = 10
AT_ONCE = 4


def pairs():
    """[(mutant, scenario)]"""
    lines = (SOURCE / "tests" / "way" / "faults.txt").read_text().splitlines()
    return [tuple(line.split()) for line in lines
            if line and not line.startswith("#")]


def rules():
    """{mutant: the rule it breaks}"""
    out = subprocess.run([BUILD / "retrial-mutant", "--list"], text=True,
                         capture_output=True, check=True).stdout
    return dict(line.split("\t")[:2] for line in out.splitlines())


def certify(scenarios, client=None):
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        done = subprocess.run(
            [BUILD / "retrial", "certify", *scenarios, "--seed", "1",
             "--sdk", "sdks/reference", "--json", file.name,
             *(["--client", client] if client else [])],
            cwd=SOURCE, text=True, capture_output=True, check=False)
        return done, json.loads(pathlib.Path(file.name).read_text() or "{}")


def complaint(mutant, scenario, rule):
    """What is wrong; None = nothing."""
    done, report = certify([scenario], f"{BUILD}/retrial-mutant {mutant}")
    found = {finding["subject"] for trial in report.get("trials", [])
             for finding in trial["findings"] if finding["kind"] == "breach"}
    faults = [proof["fault"] for proof in report.get("proofs", [])]
    if done.returncode == 1 and rule in found and faults:
        return None
    return (f"{mutant}: {scenario} must refuse it by {rule} with a fault: exit "
            f"{done.returncode}, found {sorted(found)}, faults {faults}\n"
            f"{done.stdout[-800:]}{done.stderr}")


def main():
    known = rules()
    listed = pairs()
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        wrong = [text for text in pool.map(
            lambda pair: complaint(*pair, known[pair[0]]), listed) if text]
    done, _ = certify(sorted({scenario for _, scenario in listed}))
    if done.returncode != 0:
        wrong.append(f"the right client is refused: {done.stdout}")
    print("\n".join(wrong) or f"{len(listed)} mutants, each killed by a fault")
    return 1 if wrong or len(listed) < LEAST else 0


sys.exit(main())
