#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each source file names its license in its first lines.

spdx.py ROOT           checks
spdx.py ROOT --write   adds the line where it is missing
spdx.py ROOT --self    shows that a file without it is found

Scenarios, in scenarios/ and in tests, have none: reports and tests name their
lines by number. Nor has what lies in tests/fuzz/corpus/.
"""
import pathlib
import re
import sys

NAME = "SPDX-License-Identifier: Apache-2.0"
FOLDERS = ("common model lua server judge reports client warp runner cmake "
           "bench script sdks tests .ci").split()
LEFT_OUT = re.compile(r"node_modules/|^tests/fuzz/corpus/|"
                      r"^(?!lua/lib/).*\.lua$")
MARKS = {".c": "/* {} */", ".h": "/* {} */", ".in": "/* {} */",
         ".lua": "-- {}", ".py": "# {}", ".sh": "# {}", ".rb": "# {}",
         ".cmake": "# {}", ".txt": "# {}", "": "# {}"}
SLASHES = (".js", ".mjs", ".java", ".go", ".rs", ".php")


def mark(name, text):
    """The line that the file must have; None: it is no source."""
    path = pathlib.PurePath(name)
    if LEFT_OUT.search(name) or name.endswith(".pc.in") or \
            path.suffix == ".txt" and path.name != "CMakeLists.txt" or \
            path.suffix == "" and not text.startswith("#!"):
        return None
    form = "// {}" if path.suffix in SLASHES else MARKS.get(path.suffix)
    return form and form.format(NAME)


def has(line, text):
    return line in text.split("\n", 3)[:3]


def with_line(line, text):
    """After what must come first: a #! line, <?php."""
    first = re.match(r"#!.*\n(<\?php\n)?|<\?php\n", text)
    at = first.end() if first else 0
    return text[:at] + line + "\n" + text[at:]


def sources(root):
    yield from sorted(root.glob("CMakeLists.txt"))
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file():
                yield path


def walk(root, write):
    files, found = 0, []
    for path in sources(root):
        name = str(path.relative_to(root))
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        line = mark(name, text)
        files += line is not None
        if line is None or has(line, text):
            continue
        found.append(f"{name}: has no line {line}")
        if write:
            path.write_text(with_line(line, text))
    print("\n".join(found + [f"{files} files, {len(found)} "
                             + ("written" if write else "complaints")]))
    return 1 if files == 0 or (found and not write) else 0


def check_self():
    wrong = []
    for name, text in (("a/x.c", "int x;\n"), ("script/x", "#!/bin/sh\nx\n"),
                       ("lua/lib/x.lua", ""), ("a/x.php", "<?php\nx\n")):
        line = mark(name, text)
        if line is None or has(line, text):
            wrong.append(f"{name} is let off")
        elif not has(line, with_line(line, text)) or \
                with_line(line, text)[:2] not in (text[:2], line[:2]):
            wrong.append(f"{name} is written wrongly")
    if mark("scenarios/x.lua", "") or mark("tests/x.txt", ""):
        wrong.append("what is no source is blamed")
    print("\n".join(wrong) or "a file without the line is found")
    return 1 if wrong else 0


if __name__ == "__main__":
    if "--self" in sys.argv:
        sys.exit(check_self())
    sys.exit(walk(pathlib.Path(sys.argv[1]), "--write" in sys.argv))
