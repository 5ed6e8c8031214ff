#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Right clients on a machine that is far too busy: who is blamed all the same?

Each is certified as a whole, again and again, beside more work than there are
processors; whatever is found in one is false. What each run found is kept at
once (build/soak/), so that a soak that was broken off goes on where it was.
With --twice each client is certified twice with one seed, and what differs from
trial to trial is told.
"""
import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import textwrap
import time

import soak

CLIENTS = soak.ROOT / "tests" / "soak-clients"
LOAD = ["stress-ng", "--cpu", "16"]
RUNS = {"reference": 20, "java": 3, "node": 3, "python": 3, "go": 3}
INCONCLUSIVE_MOST = 1 / 1000
HEAD = "## On a machine that is far too busy"


# ---- the clients ----

def made(build, name):
    """Its words for certify; None: this machine lacks what makes it."""
    folder = build / "soak-clients"
    folder.mkdir(exist_ok=True)
    if name == "reference":
        return []
    if name == "java" and shutil.which("javac"):
        subprocess.run(["javac", "-d", folder, CLIENTS / "Client.java"],
                       check=True)
        return ["--client", f"java -cp {folder} Client"]
    if name == "node" and shutil.which("node"):
        return ["--client", f"node {CLIENTS}/client.js"]
    if name == "python":
        return ["--client", f"{CLIENTS}/python-shim"]
    if name == "go" and shutil.which("go"):
        subprocess.run(["go", "build", "-o", folder / "go-client",
                        CLIENTS / "client.go"], check=True)
        return ["--client", f"{folder}/go-client"]
    if (soak.ROOT / "sdks" / name).is_dir():
        return ["--sdk", f"sdks/{name}"]
    return None


# ---- one run ----

def certify(given, words, seed):
    """Its exit code and its trials."""
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        done = subprocess.run(
            [given.build / "retrial", "certify", *given.patterns, *words,
             "--seed", str(seed), "--clock", given.clock, "--json",
             file.name], cwd=soak.ROOT, check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        text = pathlib.Path(file.name).read_text()
    trials = json.loads(text)["trials"] if text else []
    return done.returncode, [t for t in trials if t["verdict"] != "skipped"]


def told(trial):
    found = "; ".join(f"{f['subject']}: {f['text']}"
                      for f in trial["findings"] if f["kind"] != "advice")
    return [trial["id"], found or trial["reason"] or ""]


def once(given, words, seed):
    began = time.monotonic()
    code, trials = certify(given, words, seed)
    return {
        "seed": seed, "exit": code, "trials": len(trials),
        "again": sum(t["runs"] > 1 for t in trials),
        **{kind: [told(t) for t in trials if t["verdict"] == kind]
           for kind in ("fail", "broken", "inconclusive")},
        "wall_s": round(time.monotonic() - began, 1),
    }


def soak_client(given, name, words):
    path = given.keep / f"{name}.{given.clock}.overload"
    runs = given.runs or RUNS.get(name, 3)
    missing = sorted(set(range(1, runs + 1)) -
                     {run["seed"] for run in soak.kept(path)})
    with path.open("a") as file:
        for seed in missing:
            run = once(given, words, seed)
            file.write(json.dumps(run) + "\n")
            file.flush()
            print(f"soak: {name}, {given.clock}, seed {seed}: exit "
                  f"{run['exit']}, {run['trials']} trials, "
                  f"{len(run['fail'])} failed, {len(run['broken'])} broken, "
                  f"{len(run['inconclusive'])} inconclusive, "
                  f"{run['wall_s']:.0f} s", file=sys.stderr, flush=True)


# ---- twice the same ----

def verdicts(trials):
    return {t["id"]: [t["verdict"],
                      *sorted({f["subject"] for f in t["findings"]
                               if f["kind"] == "breach"})] for t in trials}


def differing(given, name, words):
    """The trials whose verdict, or the rules they broke, differ."""
    first, second = (verdicts(certify(given, words, 1)[1]) for _ in range(2))
    differ = [id for id in sorted(first.keys() | second.keys())
              if first.get(id) != second.get(id)]
    print(f"{name}, {given.clock}: {len(differ)} of {len(first)} trials "
          "differ")
    for id in differ:
        print(f"  {id}: {first.get(id)}, then {second.get(id)}")
    return len(differ)


# ---- the section of the page ----

def found(keep):
    """What is kept: client, clock, its runs."""
    for path in sorted(keep.glob("*.overload")):
        name, clock, _ = path.name.rsplit(".", 2)
        yield name, clock, soak.kept(path)


def total(runs, key):
    return sum(len(run[key]) for run in runs)


def rows(keep):
    for name, clock, runs in found(keep):
        trials = sum(run["trials"] for run in runs)
        yield [name, clock, len(runs), trials, total(runs, "fail"),
               total(runs, "broken"), sum(r["exit"] == 5 for r in runs),
               total(runs, "inconclusive"),
               f"{1000 * total(runs, 'inconclusive') / max(trials, 1):.2f}",
               sum(run["again"] for run in runs)]


def examples(keep):
    lines = [textwrap.fill(
                 f"- {name}, {clock}, seed {run['seed']}: `{id}`, {kind}: "
                 f"{text}", width=118, subsequent_indent="  ")
             for name, clock, runs in found(keep) for run in runs
             for kind in ("fail", "broken", "inconclusive")
             for id, text in run[kind]]
    return "\n".join(lines[:20]) or "None."


def section(keep):
    return f"""{HEAD}
Made by `script/soak --overload --page docs/measured/soak.md` on {soak.machine()}.

Each client keeps the rules, and is certified as a whole beside `{' '.join(LOAD)}`: the reference client, and small
ones (`tests/soak-clients/`) in Java, node, python behind a launcher, and Go.

{soak.table(["client", "clock", "runs", "trials", "false fails", "broken",
             "exit 5", "inconclusive", "of a thousand", "run again"],
            rows(keep))}

What was found:

{examples(keep)}
"""


def put(page, text):
    """In place of the section that stands there, the last one."""
    return page.partition("\n" + HEAD)[0].rstrip("\n") + "\n\n" + text


# ---- the door ----

def is_good(runs):
    trials = sum(run["trials"] for run in runs)
    return (trials > 0 and
            total(runs, "fail") == total(runs, "broken") == 0 and
            all(run["exit"] in (0, 4) for run in runs) and
            total(runs, "inconclusive") <= INCONCLUSIVE_MOST * trials)


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--overload", action="store_true")
    parser.add_argument("--twice", action="store_true",
                        help="two runs with one seed, compared")
    parser.add_argument("--runs", type=int,
                        help="of each client (reference: 20, others: 3)")
    parser.add_argument("--clients", default=",".join(RUNS),
                        help="some of them, or folders of sdks/ (all)")
    parser.add_argument("--clock", choices=["real", "jump"], default="jump")
    parser.add_argument("--quiet", action="store_true", help="no load at all")
    parser.add_argument("--patterns", nargs="*", default=[],
                        help="of scenarios (all)")
    parser.add_argument("--page", type=pathlib.Path,
                        help="write the section of this page")
    return soak.settled(parser)


def main():
    given = read_arguments()
    clients = {}
    for name in given.clients.split(","):
        words = made(given.build, name)
        if words is None:
            print(f"soak: no {name} here: passed over", file=sys.stderr)
        else:
            clients[name] = words
    with soak.beside(None if given.quiet else LOAD):
        if given.twice:
            return 1 if sum(differing(given, *one)
                            for one in clients.items()) else 0
        for name, words in clients.items():
            soak_client(given, name, words)
    if given.page:
        given.page.write_text(put(given.page.read_text(),
                                  section(given.keep)))
    else:
        print(section(given.keep))
    return 0 if all(is_good(runs) for name, _, runs in found(given.keep)
                    if name in clients) else 1


if __name__ == "__main__":
    sys.exit(main())
