#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""No C file, scenario or report knows a dialect: what one ingest says stands
in profiles/ alone.

dialects.py ROOT           checks
dialects.py ROOT --self    shows that each kind of breach is found

What is looked for is read from profiles/*.json, so that a new profile and a
new key are watched from their first day:
- a profile's name, as a word of a string;
- its words on the wire (header fields, paths, media types), comments included;
- its numbers of five digits or more, in code and strings: plain, with commas,
  or in ms. Smaller ones mean too much else.

tests/lint/dialects.txt lists what may stay, each with its reason; an entry
that is no longer needed fails.
"""
import json
import pathlib
import re
import sys
import tempfile

from style import ROOMS

FOLDERS = [*ROOMS, "scenarios"]  # lua/lib and the report writers are in rooms
SUFFIXES = {".c", ".h", ".in", ".lua", ".html", ".css", ".js"}
# What no profile can say yet.
UNSAID = {"x-should-retry", "/v1/batch"}
# HTTP's own and the registries', of no dialect.
NEUTRAL = {"application/json", "application/x-www-form-urlencoded",
           "text/plain", "authorization", "gzip", "deflate", "zstd"}
WORD_LEAST = 4  # letters: "/" and "id" are anybody's
NUMBER_LEAST = 10000
A_DAY_S, TEN_HOURS_S = 86400, 36000  # anybody's, too
COMMENT = {".lua": r"--[^\n]*"}
STRING = r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''


def values(root):
    """Every value of every profile, lists taken apart."""
    for path in sorted((root / "profiles").glob("*.json")):
        document = json.loads(path.read_text())
        for part in ("policy", "wire"):
            for value in document.get(part, {}).values():
                yield from value if isinstance(value, list) else [value]


def forms(number):
    """As it may be written."""
    return {str(number), f"{number:,}", str(number * 1000)}


def constants(root):
    """The names, the words of the wire, and the numbers as written."""
    keys = (root / "model" / "profile_keys.h").read_text()
    known = set(re.findall(r'WORD\(\w+,\s*"([^"]+)"\)', keys))
    names = {path.stem for path in (root / "profiles").glob("*.json")}
    wire, numbers = set(UNSAID), set()
    for value in values(root):
        if isinstance(value, str):
            if len(value) >= WORD_LEAST and value not in known and \
                    not re.fullmatch(r"\d{3}(-\d{3})?", value):
                wire.add(value.lower())
        elif value is not None and value >= NUMBER_LEAST and \
                value not in (A_DAY_S, TEN_HOURS_S):
            numbers |= forms(int(value))
    return names, wire - NEUTRAL, numbers


def one_of(words):
    """Whole words, the longest first; a path may follow anything."""
    return "|".join(("" if word[0] == "/" else r"(?<![\w-])") +
                    re.escape(word)
                    for word in sorted(words, key=len, reverse=True))


def found_in(path, names, wire, numbers):
    """Each constant of a dialect in it, with its line."""
    text = path.read_text()
    code = re.sub(COMMENT.get(path.suffix, r"/\*.*?\*/"),
                  lambda comment: "\n" * comment.group().count("\n"), text,
                  flags=re.S if path.suffix != ".lua" else 0)
    for at, line in enumerate(text.splitlines(), 1):
        for word in re.findall(rf"(?:{one_of(wire)})(?![\w-])", line, re.I):
            yield at, word
    for at, line in enumerate(code.splitlines(), 1):
        for number in re.findall(rf"(?<![\w.,])(?:{one_of(numbers)})(?![\w.])",
                                 line):
            yield at, number
        for string in re.findall(STRING, line):
            for name in re.findall(
                    rf"(?<![\w./-])(?:{one_of(names)})(?![\w/:.-])", string):
                yield at, name


def excuses(root):
    """{(file, constant): reason}."""
    path = root / "tests" / "lint" / "dialects.txt"
    lines = path.read_text().splitlines()
    split = [line.split(None, 2) for line in lines
             if line and not line.startswith("#")]
    return {(name, constant.lower()): reason
            for name, constant, reason in split}


def complaints(root):
    words, allowed, used = constants(root), excuses(root), set()
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix not in SUFFIXES:
                continue
            name = str(path.relative_to(root))
            for at, constant in found_in(path, *words):
                key = (name, constant.lower())
                used.add(key)
                if key not in allowed:
                    yield f"{name}:{at}: {constant} is a profile's to say"
    for name, constant in sorted(allowed.keys() - used):
        yield f"{name}: holds no {constant} any more; mend dialects.txt"


def check_self(root):
    """A breach of each kind, planted beside the real profiles."""
    (root / "profiles").mkdir()
    (root / "profiles" / "acme.json").write_text(json.dumps({
        "policy": {"max_total_backoff_s": 54321, "jitter": "factor",
                   "retried": ["429"]},
        "wire": {"attempt_header": "Acme-Attempt",
                 "content_types": ["application/json"]}}))
    for name, text in {
            "model/profile_keys.h": 'WORD(JITTER_FACTOR, "factor")\n',
            "tests/lint/dialects.txt": "judge/let.c acme it is argued\n"
                                       "judge/let.c 54321 it is gone\n",
            "judge/let.c": 'x("acme");\n',
            "judge/a.c": '/* "acme", 54321 */\nx("acme", "acmes/acme.json");\n'
                         'y("application/json", "factor", "429", 154321);\n',
            "lua/lib/b.lua": "-- of 54321\nx('acme')\n",
            "reports/c.html": "<th>acme-attempt</th>\n",
            "server/d.c": "/* X-Should-Retry */\nx(54321000, \"54,321 s\");\n",
            "scenarios/e.lua": "x('URL=%s/v1/batch')\n"}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    found = [line.split(" is ")[0] for line in complaints(root)]
    right = ["judge/a.c:2: acme", "judge/let.c: holds no 54321 any more; mend "
             "dialects.txt", "lua/lib/b.lua:2: acme",
             "reports/c.html:1: acme-attempt", "scenarios/e.lua:1: /v1/batch",
             "server/d.c:1: X-Should-Retry", "server/d.c:2: 54,321",
             "server/d.c:2: 54321000"]
    print("\n".join(found))
    return 0 if sorted(found) == right else 1


if __name__ == "__main__":
    if "--self" in sys.argv:
        with tempfile.TemporaryDirectory() as planted:
            sys.exit(check_self(pathlib.Path(planted)))
    wrong = list(complaints(pathlib.Path(sys.argv[1])))
    print("\n".join(wrong + [f"{len(wrong)} complaints"]))
    sys.exit(1 if wrong else 0)
