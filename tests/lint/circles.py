#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""In each room, files include each other downwards: no circle has more than
two units. A room is a folder with all in it, a unit a .c file with its .h.

circles.py ROOT           checks the rooms
circles.py ROOT --self    shows that it can fail
"""
import pathlib
import re
import sys
import tempfile

from style import ROOMS

CIRCLE_UNITS_MAX = 2


def includes(root, room):
    """Of each unit of the room those that it includes."""
    units = {}
    for path in sorted((root / room).rglob("*.[ch]")):
        name = str(path.relative_to(root).with_suffix(""))
        found = re.findall(r'^#include "(.+)\.h"', path.read_text(), re.M)
        units.setdefault(name, set()).update(found)
    return {name: {other for other in found if other in units} - {name}
            for name, found in units.items()}


def circles(units):
    """Tarjan's strongly connected components, those with more than one."""
    index, low, stack, found = {}, {}, [], []

    def visit(unit):
        index[unit] = low[unit] = len(index)
        stack.append(unit)
        for other in sorted(units[unit]):
            if other not in index:
                visit(other)
            if other in stack:
                low[unit] = min(low[unit], low[other])
        if low[unit] == index[unit]:
            at = stack.index(unit)
            if len(stack) - at > 1:
                found.append(sorted(stack[at:]))
            del stack[at:]

    for unit in units:
        if unit not in index:
            visit(unit)
    return found


def check(root):
    rooms = {room: includes(root, room) for room in ROOMS}
    found = {" ".join(circle) for units in rooms.values()
             for circle in circles(units) if len(circle) > CIRCLE_UNITS_MAX}
    for circle in sorted(found):
        print(f"a circle of {len(circle.split())}: {circle}")
    print(f"{sum(map(len, rooms.values()))} units, {len(found)} circles")
    return 1 if found or not all(rooms.values()) else 0


def check_self():
    """A pair is allowed, also beside others; three in a circle are not."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)

        def plant(unit, *included):
            path = root / unit
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("".join(f'#include "{other}"\n'
                                    for other in included))

        for room in ROOMS:
            plant(f"{room}/a.c", f"{room}/a.h", f"{room}/b.h")
            plant(f"{room}/b.h", f"{room}/a.h", f"{room}/in/c.h")
            plant(f"{room}/in/c.h")
            plant(f"{room}/a.h")
        if check(root) != 0:
            print("right code is blamed")
            return 1
        plant("server/in/c.h", "server/a.h")
        if check(root) != 1:
            print("a circle of three is passed")
            return 1
    print("it can fail")
    return 0


if __name__ == "__main__":
    if "--self" in sys.argv:
        sys.exit(check_self())
    sys.exit(check(pathlib.Path(sys.argv[1])))
