#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An ingest that is in no list: the profile that docs/profiles.md writes is
taken from that page as it stands. A client that knows nothing of Retrial
(tests/use/clients/lines.py) is certified under it, and with each of its three
mistakes it breaks the rules that are meant, and no other.

own_profile.py [--whole] BUILD_DIR SOURCE_DIR
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

WHOLE = "--whole" in sys.argv
BUILD, SOURCE = (pathlib.Path(word).resolve() for word in sys.argv[-2:])
CLIENT = SOURCE / "tests" / "use" / "clients" / "lines.py"
PARTS = [] if WHOLE else ["status/*", "retry-after/seconds/*", "backoff/law/*",
                          "retry-count/grows"]
# Of each the scenarios that it meets, and what it breaks there.
MISTAKES = {"--retries-400": ("status/4xx/*", ["STATUS-3"]),
            "--hurries": ("status/5xx/*", ["BACK-1"]),
            "--counts-from-0": ("retry-count/grows", ["COUNT-1", "COUNT-2"])}


def certify(profile, report, client, *patterns):
    """The exit code, the broken rules, the verdicts."""
    done = subprocess.run(
        [BUILD / "retrial", "certify", "--profile", profile, "--client",
         client, "--seed", "1", "--json", report, *patterns], cwd=SOURCE,
        check=False, text=True, stdin=subprocess.DEVNULL, capture_output=True)
    said = json.loads(report.read_text())
    verdicts = [trial["verdict"] for trial in said["trials"]]
    print(f"{client.removeprefix(str(SOURCE))}: exit {done.returncode}, "
          f"{verdicts.count('pass')} of {len(verdicts)} trials passed, broken:",
          *said["broken_rules"] or ["nothing"], flush=True)
    return done, said["broken_rules"], verdicts


def main():
    page = (SOURCE / "docs" / "profiles.md").read_text()
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        profile = pathlib.Path(folder) / "profile.json"
        report = pathlib.Path(folder) / "report.json"
        profile.write_text(re.search(r"```json\n(.*?)```", page, re.S)[1])
        done, broken, verdicts = certify(profile, report, str(CLIENT), *PARTS)
        if done.returncode != 0 or \
                verdicts.count("pass") < len(verdicts) / 2:
            print(done.stdout[-4000:] + done.stderr)
            wrong += 1
        for mistake, (pattern, rules) in MISTAKES.items():
            done, broken, _ = certify(profile, report, f"{CLIENT} {mistake}",
                                      pattern)
            if done.returncode != 1 or broken != rules:
                print(f"{mistake} was to break {rules} alone:\n"
                      + done.stdout[-4000:] + done.stderr)
                wrong += 1
    return 1 if wrong else 0


sys.exit(main())
