#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Nothing is included that is not used, and nothing exported.

unused.py ROOT           checks the rooms
unused.py ROOT --self    shows that both laws can fail

An #include "..." has to declare at least one name that its file uses. A
function that a header declares has to be used outside its own .c file, or it
is static. Names are compared as words: this finds too little, never too much.
"""
import pathlib
import re
import sys

from style import ROOMS, without_comments_and_strings

OUTSIDE = ["tests", "bench"]  # what is used there alone is used
# The public library: used by those who link it.
PUBLIC = {"client/ingest.h"}


def code_of(path):
    """Its code; a name that stands in an #include line does not count."""
    text = re.sub(r"^#include[^\n]*", "", path.read_text(), flags=re.M)
    return without_comments_and_strings(text)


def declared(code):
    """The names for which somebody includes a header."""
    names = set(re.findall(r"#define\s+(\w+)", code))
    names |= set(re.findall(r"\b(?:struct|enum|union)\s+(\w+)", code))
    names |= set(re.findall(r"\b(\w+)\s*\(", code))
    names |= set(re.findall(r"\bextern\b[^;]*?\b(\w+)\s*(?:\[[^;]*\])?;", code))
    names |= set(re.findall(r"\btypedef\b[^;]*?\b(\w+)\)?\s*(?:\([^;]*)?;",
                            code))
    return names | set(re.findall(r"\b[A-Z][A-Z0-9_]+\b", code))


def functions(code):
    """The functions that a header declares."""
    flat = re.sub(r"\{[^{}]*\}", "", re.sub(r"^#.*?(?<!\\)$", "", code,
                                            flags=re.M | re.S))
    return set(re.findall(r"^(?!typedef)[a-z][\w \*]*?\b([a-z]\w+)\(", flat,
                          re.M))


def words(code):
    return set(re.findall(r"\w+", code))


def unused_includes(name, path, headers):
    used = words(code_of(path))
    own = pathlib.Path(name).with_suffix(".h")
    for header in re.findall(r'^#include "([^"]+)"', path.read_text(), re.M):
        if header in headers and pathlib.Path(header) != own and \
                not used & headers[header]:
            yield f"{name}: includes {header}, and uses nothing of it"


def unused_functions(root, names):
    used = {name: words(code_of(root / name)) for name in names}
    for outside in OUTSIDE:
        used |= {str(path): words(code_of(path))
                 for path in (root / outside).rglob("*.[ch]")}
    for name in names:
        if not name.endswith(".h") or name in PUBLIC:
            continue
        own = {name, name[:-1] + "c"}
        for function in functions(code_of(root / name)):
            if not any(function in found for other, found in used.items()
                       if other not in own):
                yield f"{name}: {function} is used by nobody else"


def complaints(root, rooms):
    names = [str(path.relative_to(root)) for room in rooms
             for path in sorted((root / room).rglob("*.[ch]"))]
    headers = {name: declared(code_of(root / name)) for name in names
               if name.endswith(".h")}
    for name in names:
        yield from unused_includes(name, root / name, headers)
    yield from unused_functions(root, names)


def check_self(tmp):
    room = tmp / "room"
    room.mkdir()
    (room / "a.h").write_text("void a_used(void);\nvoid a_idle(void);\n")
    (room / "a.c").write_text('#include "room/a.h"\n'
                              "void a_used(void)\n{\n}\n"
                              "void a_idle(void)\n{\n}\n")
    (room / "b.c").write_text('#include "room/a.h"\nint b;\n')
    (room / "c.c").write_text('#include "room/a.h"\n'
                              "int c(void)\n{\n    a_used();\n}\n")
    found = list(complaints(tmp, ["room"]))
    right = ["room/b.c: includes room/a.h, and uses nothing of it",
             "room/a.h: a_idle is used by nobody else"]
    print("\n".join(found))
    return 0 if sorted(found) == sorted(right) else 1


if __name__ == "__main__":
    source = pathlib.Path(sys.argv[1])
    if "--self" in sys.argv:
        import tempfile
        with tempfile.TemporaryDirectory() as folder:
            sys.exit(check_self(pathlib.Path(folder)))
    all_found = list(complaints(source, ROOMS))
    print("\n".join(all_found + [f"{len(all_found)} complaints"]))
    sys.exit(1 if all_found else 0)
