#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Profiles as a user meets them: by name, as a file, with single values, wrong
ones, beside another; and the client that follows them.

profiles.py BUILD_DIR SOURCE_DIR
"""
import json
import pathlib
import random
import subprocess
import sys
import tempfile

from checks import check, conclude

BUILD = pathlib.Path(sys.argv[1]).resolve()
SOURCE = pathlib.Path(sys.argv[2]).resolve()
SCRATCH = pathlib.Path(tempfile.mkdtemp(prefix="retrial-profiles-"))
# The client without its profile: it speaks Segment's alone.
SEGMENTS = f"env -u RETRIAL_PROFILE {BUILD}/retrial-client"
NAMES = sorted(path.stem for path in (SOURCE / "profiles").glob("*.json"))


def retrial(*words):
    return subprocess.run([BUILD / "retrial", *map(str, words)], cwd=SOURCE,
                          text=True, capture_output=True, timeout=300,
                          check=False, stdin=subprocess.DEVNULL)


def expect(name, run, code, *parts):
    talk = run.stderr + run.stdout
    check(name, run.returncode == code and all(p in talk for p in parts),
          f"exit {run.returncode}, wanted {code}: {talk[-1500:]}")


def write(name, **members):
    path = SCRATCH / f"{name}.json"
    path.write_text(json.dumps({"name": name, **members}))
    return path


def published():
    listed = [line.split()[0] for line in
              retrial("list", "profiles").stdout.splitlines()]
    check("each file is listed", sorted(listed) == NAMES, listed)
    check("there are many", len(NAMES) >= 22, NAMES)
    for name in NAMES:
        document = json.loads((SOURCE / "profiles" / f"{name}.json").read_text())
        check(f"{name}: the file has its name", document["name"] == name)
        expect(f"{name} is explained", retrial("explain", name), 0,
               f"{name} (profile)", "backoff_law")
    expect("a value of all of them", retrial("explain", "profile", "gate"), 0,
           "what a Retry-After wait blocks", "segment            all")
    expect("two of them", retrial("diff-profiles", "openai", "anthropic"), 0,
           "| retry_after_cap_s | 120 | 60 |")
    expect("just two", retrial("diff-profiles", "openai"), 2, "two profiles")


def wrong():
    given = {"source": "s"}
    for says, path in [
            ("did you mean http?", write("a", extends="htp", **given)),
            ("extends: found itself", write("b", extends="./b.json", **given)),
            ("has no source", write("c", policy={"gate": "all"})),
            ("gat: no such profile value; did you mean gate?",
             write("d", policy={"gat": "all"}, **given)),
            ("gate: found \"some\", allowed is one of: all batch, or null",
             write("e", policy={"gate": "some"}, **given)),
            ("gate: found in wire, allowed is in policy",
             write("f", wire={"gate": "all"}, **given)),
            ("polcy: no such member of a profile; did you mean policy?",
             write("g", polcy={}, **given)),
            ("jitter: found null", write("h", policy={"jitter": None},
                                         **given)),
            ("retried: found \"99\"", write("i", policy={"retried": ["99"]},
                                            **given)),
            ("backoff_table_s: found none",
             write("j", extends="http", policy={"backoff_law": "table"},
                   **given)),
            ("jitter_min: found 5, allowed is at most jitter_max",
             write("k", extends="http", policy={"jitter_min": 5}, **given)),
            ("attempt_header: found \"a b\"",
             write("l", wire={"attempt_header": "a b"}, **given))]:
        expect(f"{path.stem}: {says}", retrial("certify", "--profile", path),
               2, path.name if "mean http" not in says else "--profile", says)
    half = SCRATCH / "half.json"
    half.write_text('{"name": ')
    expect("half a file", retrial("certify", "--profile", half), 2,
           "not a JSON object")
    expect("no file", retrial("certify", "--profile", "./none.json"), 2,
           "cannot be read")
    expect("an unknown name", retrial("certify", "--profile", "segmnt"), 2,
           "did you mean segment?")
    expect("a value without a name", retrial("certify", "--profile-set", "x"),
           2, "allowed is KEY=VALUE")
    expect("an unknown value", retrial("certify", "--profile-set", "gat=all"),
           2, "did you mean gate?")


def chosen():
    base = write("base", extends="segment", source="s",
                 policy={"lateness_ms": 500})
    mine = write("mine", extends="./base.json", source="s",
                 policy={"backoff_base_s": 10, "jitter_max": 1.2})
    run = retrial("certify", "status/5xx/503", "--profile", mine, "--client",
                  SEGMENTS)
    expect("a file that extends one beside it", run, 1, "BACK-1",
           "profile   mine")
    expect("and a value put back",
           retrial("certify", "status/5xx/503", "--profile", mine,
                   "--client", SEGMENTS, "--profile-set",
                   "backoff_base_s=0.5"), 0,
           "backoff_base_s = 0.5 (published: 10)")
    expect("null leaves the waits unjudged",
           retrial("certify", "status/5xx/503", "--profile", base,
                   "--profile-set", "backoff_law=null", "-v"), 0,
           "left open by the profile")
    expect("an attempt header that is not sent",
           retrial("certify", "status/5xx/503", "--client", SEGMENTS,
                   "--profile-set", "attempt_header=X-Attempt"), 1, "COUNT-2",
           "no X-Attempt")
    sdk = SCRATCH / "sdk"
    sdk.mkdir()
    (sdk / "e2e-config.json").write_text('{"sdk": "python", "env": {}}')
    expect("an SDK's own e2e-config.json names its profile",
           retrial("certify", "status/2xx/200", "--sdk", sdk, "--client",
                   BUILD / "retrial-client"), 0, "profile   segment-python")
    expect("and a flag goes before it",
           retrial("certify", "status/2xx/200", "--sdk", sdk, "--client",
                   BUILD / "retrial-client", "--profile", "segment"), 0,
           "profile   segment, ")


def also():
    report = SCRATCH / "report.json"
    records = SCRATCH / "records"
    run = retrial("certify", "status/5xx/503", "status/2xx/200", "--json",
                  report, "--records", records, "--also-profile", "openai")
    expect("the first decides", run, 0, "certified: 2 trials",
           "by the profile openai", "not certified: 2 trials")
    other = json.loads((SCRATCH / "report.openai.json").read_text())
    check("a report beside the report",
          [t["verdict"] for t in json.loads(report.read_text())["trials"]]
          == ["pass", "pass"] and
          sorted(t["verdict"] for t in other["trials"]) == ["fail", "fail"],
          other["trials"])
    expect("stored records by another profile",
           retrial("judge", "--profile", "openai", *records.iterdir()), 1,
           "COUNT-1")
    expect("and by their own", retrial("judge", *records.iterdir()), 0,
           "certified: 2 trials")


def followed():
    """The client takes its policy from the same file: it is right under a
    profile that leaves nearly all open, and under its own alone."""
    run = retrial("certify", "--profile", "http", "--json",
                  SCRATCH / "http.json", "--also-profile", "segment")
    report = json.loads((SCRATCH / "http.json").read_text())
    broken = {t["id"]: t["reason"] for t in report["trials"]
              if t["verdict"] == "broken"}
    check("no scenario is broken for want of a policy", not broken,
          json.dumps(broken, indent=1))
    expect("the right client of http is no right client of segment", run, 0,
           "certified: ", " trials, 0 failed", "not certified: ", "COUNT-2")
    mine = write("wait", extends="http", source="s", policy={
        "retried": ["503"], "either": [], "backoff_law": "table",
        "backoff_table_s": [2, 7], "jitter": "added", "jitter_added_s": 0.5,
        "max_retries_default": 2}, wire={"attempt_header": "X-Attempt",
                                         "attempt_first": "one"})
    expect("a policy of one's own", retrial("certify", "status/5xx/50*",
                                            "--profile", mine), 0,
           "9 trials, 0 failed")
    expect("is not Segment's", retrial("certify", "status/5xx/503",
                                       "--profile", mine, "--also-profile",
                                       "segment"), 0, "BACK-1", "COUNT-1")
    done = subprocess.run([BUILD / "retrial-client", "--profile",
                           SCRATCH / "none.json", "--input", "{}"],
                          text=True, capture_output=True, check=False)
    check("retrial-client: a profile that is not there",
          done.returncode == 2 and "none.json: cannot be read" in done.stderr,
          done.stderr)


def drawn(rng, schema):
    """A value that the key allows, often an end of its range; "" = a text's."""
    kind = rng.choice(schema.get("anyOf", [schema]))
    if "enum" in kind:
        return rng.choice(kind["enum"])
    if kind.get("type") == "number":
        return rng.choice([kind["minimum"], kind["maximum"],
                           kind["maximum"] / 7])
    if kind.get("type") == "array" and "status" in schema["description"]:
        return rng.choice([[], ["400-599"], ["503"], ["100-999"]])
    return None if kind.get("type") == "null" else ""


def compiled():
    """The bundled scenarios compile for whatever a profile may say."""
    parts = json.loads(retrial("explain", "profile.schema").stdout)[
        "properties"]
    keys = {**parts["policy"]["properties"], **parts["wire"]["properties"]}
    rng = random.Random(7)
    for at in range(40):
        sets = []
        for key in rng.sample(sorted(keys), 4):
            value = drawn(rng, keys[key])
            if value != "":
                sets += ["--profile-set", f"{key}={json.dumps(value)}"]
        run = retrial("plan", "--profile", ("segment", "http")[at % 2], *sets,
                      SOURCE / "scenarios")
        check(f"scenarios compile for {sets[1::2]}", run.returncode == 0 or
              (run.returncode == 2 and "--profile-set" in run.stderr),
              run.stderr[-400:])


for part in (published, wrong, chosen, also, followed, compiled):
    part()
conclude(SCRATCH)
