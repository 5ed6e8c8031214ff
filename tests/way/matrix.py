# SPDX-License-Identifier: Apache-2.0
"""The right client of each profile by each other one: stored records, judged.

What it breaks there are rules that the difference of the two profiles decides
(tests/way/decided.txt): one of the values that decide the rule differs, and
where those are put back the rule is broken no more. Under its own profile, and
under one with all that decides put back, it breaks nothing.
"""
import concurrent.futures
import itertools
import json
import pathlib
import re
import subprocess
import tempfile

AT_ONCE = 2


def parts_of(source):
    """{key: the part of a profile that it is in}, by the one that has all."""
    document = json.loads((source / "profiles" / "http.json").read_text())
    return {key: part for part in ("policy", "wire") for key in document[part]}


def values_of(records):
    """Those by which these were recorded."""
    with next(records.iterdir()).open() as file:
        return json.loads(json.loads(file.readline())["profile"])


def deciders(source):
    """{rule: the keys that decide it}."""
    decided, groups = {}, {}
    lines = (source / "tests" / "way" / "decided.txt").read_text().splitlines()
    for line in lines:
        if not line or line.startswith("#"):
            continue
        name, *keys = line.split()
        keys = set().union(*({key} if key[0] != "$" else groups[key]
                             for key in keys))
        (groups if name[0] == "$" else decided)[name] = keys
    return decided


class Matrix:
    def __init__(self, build, source, records):
        self.retrial, self.source = build / "retrial", source
        self.records = records
        self.part_of, self.decided = parts_of(source), deciders(source)
        self.all_keys = set().union(*self.decided.values())

    def broken(self, client, judge, back=()):
        """What the client of that profile breaks by the other one, in which
        these values are those of its own."""
        parts = {"policy": {}, "wire": {}}
        for key in back:
            parts[self.part_of[key]][key] = values_of(self.records /
                                                      client)[key]
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump({"name": judge, "extends": judge, "source": "a test",
                       **parts}, file)
            file.flush()
            done = subprocess.run(
                [self.retrial, "judge", "--strict", "--profile", file.name,
                 *sorted((self.records / client).iterdir())], text=True,
                cwd=self.source, capture_output=True, check=False)
        if done.returncode not in (0, 1, 4):
            raise RuntimeError(f"{client} by {judge} with {sorted(back)} put "
                               f"back: {done.stderr}")
        table = re.search(r"Broken rules, worst first:\n(.*?)\n\n",
                          done.stdout, re.S)
        return set(re.findall(r"^  (\S+)", table[1], re.M)) if table else set()

    def pair(self, client, judge):
        """What is wrong with the verdict on one by the other."""
        own, other = (values_of(self.records / name)
                      for name in (client, judge))
        differ = {key for key in own if own[key] != other[key]}
        broken = self.broken(client, judge)
        wrong = [f"{rule}: nothing differs that decides it" for rule in broken
                 if not self.decided.get(rule, set()) & differ]
        back = {}
        for rule in broken:
            keys = frozenset(self.decided.get(rule, set()) & differ)
            back.setdefault(keys, set()).add(rule)
        for keys, rules in back.items():
            wrong += [f"{rule}: broken still, with what decides it put back: "
                      + " ".join(sorted(keys)) for rule in
                      rules & self.broken(client, judge, keys)]
        wrong += [f"{rule}: broken with all that decides put back" for rule in
                  self.broken(client, judge, self.all_keys & differ)]
        return broken, [f"{client} by {judge}: {line}" for line in wrong]


def hold(build, source, records, names):
    """Every pair of them; what is wrong."""
    matrix, wrong = Matrix(build, source, records), []
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        pairs = list(itertools.permutations(names, 2))
        for pair, (broken, found) in zip(pairs, pool.map(
                lambda pair: matrix.pair(*pair), pairs)):
            print(f"{pair[0]} by {pair[1]}: breaks",
                  *sorted(broken) or ["nothing"], *[f"\n  {line}" for line in
                                                   found], flush=True)
            wrong += found
    return wrong
