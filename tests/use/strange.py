#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Clients and manifests that are strange, and no scenario's fault: whatever
they do, no trial of theirs is broken, and no fault of ours is said.

Each strange client meets a part of the scenarios, another one than the others
do; with --whole each meets all of them. Nothing here is measured in seconds.

strange.py [--whole] BUILD_DIR SOURCE_DIR
"""
import json
import pathlib
import subprocess
import sys
import tempfile

from checks import check, conclude

WHOLE = "--whole" in sys.argv
BUILD, SOURCE = (pathlib.Path(word).resolve() for word in
                 [word for word in sys.argv[1:] if word != "--whole"])
HERE = SOURCE / "tests" / "use"
RETRIAL = str(BUILD / "retrial")
REFERENCE = str(BUILD / "retrial-client")
ASSUMING = str(HERE / "scenarios" / "assuming.lua")
MISTAKEN = str(HERE / "scenarios" / "mistaken.lua")
PLAIN = "authorization/basic/plain"
CLIENTS = ["once", "nameless", "expects", "flees", "garbage", "tireless",
           "leaves"]


def strange(how):
    return f"{sys.executable} -SEI {HERE}/clients/strange.py {how}"


def certify(*words):
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        run = subprocess.run(
            [RETRIAL, "certify", "--seed", "1", "--json", file.name,
             *map(str, words)], cwd=SOURCE, text=True, capture_output=True,
            stdin=subprocess.DEVNULL, timeout=1500)
        report = json.loads(pathlib.Path(file.name).read_text() or "{}")
    return run, report.get("trials", [])


def by_verdict(trials):
    """{verdict: {id: reason}}"""
    kinds = {}
    for trial in trials:
        kinds.setdefault(trial["verdict"], {})[trial["id"]] = trial["reason"]
    return kinds


def nobody_elses_fault(name, *words, codes=(0, 1, 4), refusals=()):
    run, trials = certify(*words)
    broken = by_verdict(trials).get("broken", {})
    refused = run.returncode == 2 and any(r in run.stderr for r in refusals)
    check(name, refused or
          (run.returncode in codes and trials and not broken),
          f"  exit {run.returncode}\n{broken}\n{run.stdout[-800:]}"
          f"{run.stderr}")
    return by_verdict(trials), run


def reasons(kinds):
    return kinds.get("not exercised", {})


def strange_clients():
    for at, how in enumerate(CLIENTS):
        part = [] if WHOLE else ["--shard", f"{at + 1}/{len(CLIENTS)}"]
        nobody_elses_fault(f"a client that is {how}", "--client",
                           strange(how), *part, codes=(1, 4))


def strange_manifests():
    kinds, run = nobody_elses_fault(
        "no Authorization, by its manifest", "--sdk",
        HERE / "manifests" / "no-authorization", codes=(0,))
    check("what that takes from it is named", reasons(kinds).get(PLAIN) ==
          "the profile leaves AUTH-1 open", reasons(kinds))
    check("the last line counts it", " not exercised (lack: " in
          run.stdout.splitlines()[-1], run.stdout[-800:])
    nobody_elses_fault("the first retry at once, by its manifest", "--sdk",
                       HERE / "manifests" / "first-retry-at-once",
                       codes=(0, 1))


def values():
    """Of a profile: each word of each field, and numbers far from its own."""
    parts = json.loads(subprocess.run(
        [RETRIAL, "explain", "profile.schema"], text=True,
        capture_output=True).stdout)["properties"]
    words, numbers = [], []
    for key, schema in {**parts["policy"]["properties"],
                        **parts["wire"]["properties"]}.items():
        for kind in schema.get("anyOf", [schema]):
            words += [(key, word) for word in kind.get("enum", [])]
            if kind.get("type") == "number":
                numbers += [(key, number) for number in (0, 1, 3600)
                            if kind["minimum"] <= number <= kind["maximum"]]
    check("a profile has words and numbers", len(words) > 20 and
          len(numbers) > 20, (words, numbers))
    return words + (numbers if WHOLE else [])


def other_profiles():
    """The reference client is then wrong, or never gets to something."""
    manifest = json.loads(
        (HERE / "manifests" / "no-authorization" / "client.json").read_text())
    tried = values()
    for at, (field, value) in enumerate(tried):
        part = [] if WHOLE else ["--shard", f"{at + 1}/{len(tried)}"]
        with tempfile.TemporaryDirectory() as folder:
            manifest["profile"] = {field: value}
            pathlib.Path(folder, "client.json").write_text(
                json.dumps(manifest))
            nobody_elses_fault(f"{field} = {value}", "--sdk", folder, *part,
                               refusals=("allowed is",))


def undeclared_authorization():
    declares_nothing = ["--sdk", HERE / "manifests" / "undeclared", "--client"]
    run, trials = certify(*declares_nothing, REFERENCE, PLAIN)
    check("not declared and sent is judged", run.returncode == 0 and
          "AUTH-1" in trials[0]["judged"], run.stdout + run.stderr)
    kinds, run = nobody_elses_fault(
        "not declared and not sent is not exercised", *declares_nothing,
        strange("nameless"), PLAIN, codes=(4,))
    check("and it is said", "exercised AUTH-1" in reasons(kinds).get(
        PLAIN, ""), kinds)
    run, _ = certify("--client", strange("nameless"), PLAIN)
    check("to be sent and not sent is failed", run.returncode == 1,
          run.stdout + run.stderr)


def scenarios_of_a_user():
    """What a scenario assumes of every client is its mistake only where the
    reference client is not so either."""
    run, trials = certify(ASSUMING, "--client", REFERENCE)
    check("they pass with the reference client", run.returncode == 0,
          run.stdout + run.stderr)
    kinds, _ = nobody_elses_fault("they fail before another",
                                  ASSUMING, "--client", strange("once"),
                                  codes=(4,))
    check("each says how, and that the reference passes",
          len(reasons(kinds)) == 2 and
          all("assuming.lua:" in reason and reason.endswith(
              "; with the reference client: pass")
              for reason in reasons(kinds).values()), kinds)
    for client in (strange("once"), REFERENCE):
        run, trials = certify(MISTAKEN, "--client", client)
        broken = by_verdict(trials).get("broken", {})
        check(f"mistaken scenarios are broken: {client}",
              run.returncode == 3 and len(broken) == 3 and
              all(reason.endswith("; with the reference client: the same")
                  for reason in broken.values()),
              f"{run.returncode} {broken}")


def judged_again():
    with tempfile.TemporaryDirectory() as folder:
        certify(ASSUMING, "--client", strange("once"), "--records", folder)
        records = sorted(map(str, pathlib.Path(folder).iterdir()))
        run = subprocess.run([RETRIAL, "judge", *records, "--scenarios",
                              ASSUMING], cwd=SOURCE, text=True,
                             capture_output=True)
    check("their records are judged again", run.returncode == 4 and
          "2 trials, 0 failed, 2 not exercised" in run.stdout,
          run.stdout + run.stderr)


for part in (undeclared_authorization, scenarios_of_a_user, judged_again,
             strange_manifests, strange_clients, other_profiles):
    part()
conclude()
