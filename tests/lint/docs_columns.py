#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Pages that are read as text, too: lines of at most 120 columns, but for
tables and what is shown in a fence. An entry of docs/decisions.md has at most
four lines.

docs_columns.py ROOT           checks *.md and docs/, but for docs/measured/,
                               whose lines scripts fill
docs_columns.py ROOT --self    shows that each law can fail
"""
import pathlib
import sys

COLUMNS_MAX = 120
ENTRY_LINES_MAX = 4


def long_lines(name, lines):
    fenced = False
    for number, line in enumerate(lines, 1):
        fenced ^= line.startswith("```")
        if len(line) > COLUMNS_MAX and not fenced and line[0] != "|":
            yield (f"{name}:{number}: {len(line)} columns "
                   f"(at most {COLUMNS_MAX})")


def long_entries(name, lines):
    start = None
    for number, line in enumerate(lines + [""], 1):
        if start is not None and not line.startswith("  "):
            if number - start > ENTRY_LINES_MAX:
                yield (f"{name}:{start}: an entry of {number - start} lines "
                       f"(at most {ENTRY_LINES_MAX})")
            start = None
        if line.startswith("- "):
            start = number


def complaints(name, text):
    lines = text.split("\n")
    yield from long_lines(name, lines)
    if name.endswith("decisions.md"):
        yield from long_entries(name, lines)


def check_self():
    long = "word " * 30
    bad = [("x.md", long), ("x.md", f"```\n```\n{long}"),
           ("decisions.md", "- a" + "\n  b" * ENTRY_LINES_MAX)]
    good = [("x.md", f"| {long} |\n```\n{long}\n```"),
            ("decisions.md", "- a\n  b\n  c\n  d\n- e")]
    missed = [text for name, text in bad if not list(complaints(name, text))]
    missed += [text for name, text in good if list(complaints(name, text))]
    print("\n".join(missed) or "each law can fail")
    return 1 if missed else 0


def main():
    root = pathlib.Path(sys.argv[1])
    if "--self" in sys.argv:
        return check_self()
    pages = sorted([*root.glob("*.md"), *(root / "docs").glob("*.md")])
    found = [wrong for page in pages for wrong in
             complaints(str(page.relative_to(root)), page.read_text())]
    print("\n".join(found + [f"{len(pages)} pages, {len(found)} complaints"]))
    return 1 if found or not pages else 0


if __name__ == "__main__":
    sys.exit(main())
