#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The table of rooms in docs/way.md says what cmake/check_rooms.cmake allows.

rooms_doc.py ROOT           compares the two
rooms_doc.py ROOT --self    shows that each difference is found
"""
import pathlib
import re
import sys

LIBRARIES = {"lua.h": "Lua", "microhttpd.h": "libmicrohttpd",
             "gnutls/": "GnuTLS", "curl/": "libcurl", "openssl/": "OpenSSL",
             "zlib.h": "zlib", "libxml/": "libxml2", "cJSON.h": "cJSON"}


def documented(page):
    """{room: (rooms it may include, its libraries)} as the table has it."""
    table = {}
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not re.fullmatch(r"[a-z/]+/", cells[0]) or len(cells) != 4:
            continue
        may = set()
        for word in cells[2].split(", "):
            other = re.fullmatch(r"what ([a-z/]+) may", word)
            may |= table[other.group(1)][0] if other else {word}
        table[cells[0].strip("/")] = (may - {"-"}, set(cells[3].split(", ")))
    return table


def allowed(script):
    """{room: rooms it may include} and {library: its rooms}."""
    rooms, owners = {}, {}
    for room, words in re.findall(r"^set\(allows_(\S+) ([^)]*)\)", script,
                                  re.M):
        rooms[room] = set()
        for word in words.replace('""', "").split():
            other = re.fullmatch(r"\$\{allows_(\S+)\}", word)
            rooms[room] |= rooms[other.group(1)] if other else {word}
    for header, words in re.findall(r'"([^":]+):([^"]+)"', script):
        if header in LIBRARIES:
            owners[LIBRARIES[header]] = set(words.split(","))
    return rooms, owners


def differences(page, script):
    table, (rooms, owners) = documented(page), allowed(script)
    for room in sorted(table.keys() | rooms.keys()):
        here = table.get(room, (None, ()))[0]
        if here != rooms.get(room):
            yield f"{room}: way.md has {here}, the script {rooms.get(room)}"
    for library, owner_rooms in owners.items():
        for room, (_, libraries) in table.items():
            owns = any(room == owner or room.startswith(owner + "/")
                       for owner in owner_rooms)
            if library in libraries and not owns:
                yield f"{room}: way.md gives it {library}, the script does not"
            if room in owner_rooms and library not in libraries:
                yield f"{room}: way.md does not give it {library}"


def check_self(page, script):
    wrong = [("| judge/ ", "| jury/ "), ("| common, model | cJSON, zlib |",
                                         "| common | cJSON, zlib |"),
             ("| cJSON, libxml2 |", "| cJSON |"), ("| - | libc |",
                                                   "| - | zlib |")]
    missed = [new for old, new in wrong
              if not list(differences(page.replace(old, new), script))]
    missed += list(differences(page, script))
    print("\n".join(missed) or "each difference is found")
    return 1 if missed else 0


def main():
    root = pathlib.Path(sys.argv[1])
    page = (root / "docs" / "way.md").read_text()
    script = (root / "cmake" / "check_rooms.cmake").read_text()
    if "--self" in sys.argv:
        return check_self(page, script)
    found = list(differences(page, script))
    count = len(documented(page))
    print("\n".join(found + [f"{count} rooms, {len(found)} differences"]))
    return 1 if found or count < 10 else 0


if __name__ == "__main__":
    sys.exit(main())
