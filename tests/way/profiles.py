#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The right client of every profile is certified under it: what each profile
says is what the client does and what the judge asks, through all scenarios.
With --matrix its records are judged by each of the others, too (matrix.py).

profiles.py [--matrix] BUILD_DIR SOURCE_DIR [NAME...]
"""
import json
import pathlib
import subprocess
import sys
import tempfile

import matrix

ARGUMENTS = [word for word in sys.argv[1:] if word != "--matrix"]
BUILD, SOURCE = (pathlib.Path(word).resolve() for word in ARGUMENTS[:2])
NAMES = ARGUMENTS[2:] or sorted(path.stem for path in
                               (SOURCE / "profiles").glob("*.json"))
WRONG = ("fail", "broken", "inconclusive")


def certified(name, records):
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        code = subprocess.run(
            [BUILD / "retrial", "certify", "--profile", name, "--json",
             file.name, "--records", records / name], cwd=SOURCE, check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL).returncode
        trials = json.loads(pathlib.Path(file.name).read_text())["trials"]
    wrong = [trial for trial in trials if trial["verdict"] in WRONG]
    kept = sum(trial["verdict"] == "pass" for trial in trials)
    print(f"{name}: exit {code}, {kept} of {len(trials)} trials passed",
          flush=True)
    for trial in wrong:
        print(f"  {trial['id']}: {trial['verdict']}: {trial['reason']}",
              *[f"    {found['subject']}: {found['text']}"
                for found in trial["findings"]], sep="\n", flush=True)
    return code == 0 and not wrong and kept > 0


with tempfile.TemporaryDirectory() as folder:
    RECORDS = pathlib.Path(folder)
    right = all([certified(name, RECORDS) for name in NAMES])
    if "--matrix" in sys.argv:
        found = matrix.hold(BUILD, SOURCE, RECORDS, [
            name for name in NAMES if (RECORDS / name).is_dir()])
        print("\n".join(found) or "the matrix holds")
        right = right and not found
sys.exit(0 if right else 1)
