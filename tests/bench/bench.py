#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""script/bench in its short form makes every row of its tables. No time is
asserted: the machine may be busy.

bench.py BUILD SOURCE
"""
import pathlib
import subprocess
import sys

build, source = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
run = subprocess.run(
    [sys.executable, source / "bench" / "bench.py", build, build / "peers",
     "--quick"], capture_output=True, text=True)
if run.returncode != 0:
    print(run.stdout[-2000:], run.stderr[-2000:])
    sys.exit(run.returncode)

sys.path.insert(0, str(source / "bench"))
import servers # noqa: E402

rows = {}
for line in run.stdout.splitlines():
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    if line.startswith("|"):
        rows.setdefault(cells[0], []).append(cells[1:])
wanted = {one.name: 1 + (one.delays and one is not servers.Decide)
          for one in servers.ALL}
wanted |= {"cold start under 15 ms": 1,
           "10,000 held connections under 100 MB": 1,
           "error of a delay: p99 under 1 ms when idle": 1,
           "wall time": 1, "wall / longest": 1, "sum of the waits": 1}
wrong = [f"{name}: {len(rows.get(name, []))} rows, wanted {count}"
         for name, count in wanted.items()
         if len(rows.get(name, [])) != count]
for name in (servers.Retrial.name, servers.Decide.name):
    if not rows[name][0][0].replace(",", "").isdigit():
        wrong.append(f"{name}: no figure: {rows[name]}")
print("\n".join(wrong) or f"{len(wanted)} rows are there")
sys.exit(bool(wrong))
