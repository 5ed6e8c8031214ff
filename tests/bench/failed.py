#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A server that fails under load is named, with how it ended and what it said.

failed.py SOURCE
"""
import os
import pathlib
import signal
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(sys.argv[1]).resolve()
sys.path.insert(0, str(SOURCE / "bench"))
import bench # noqa: E402
import servers # noqa: E402


class Failing(servers.Server):
    name = "a server of glass"

    def __init__(self, scratch, script):
        super().__init__(None, None, scratch, 1)
        self.process = subprocess.Popen(
            ["sh", "-c", script], stdout=open(self.folder / "out", "ab"),
            stderr=subprocess.STDOUT)
        self.process.wait()


def complaint(script):
    with tempfile.TemporaryDirectory() as scratch:
        try:
            bench.load(Failing(pathlib.Path(scratch), script), 0.01)
        except SystemExit as end:
            return str(end)
    return "(none)"


signal.signal(signal.SIGINT, signal.SIG_IGN) # what is started says its line
with tempfile.TemporaryDirectory() as tools:
    # In place of wrk, which not every machine has.
    wrk = pathlib.Path(tools) / "taskset"
    wrk.write_text("#!/bin/sh\necho 'Non-2xx or 3xx responses: 7'\n")
    wrk.chmod(0o755)
    os.environ["PATH"] = f"{tools}:{os.environ['PATH']}"
    wrong = [f"{script}: {part} is not said:\n{told}"
             for script, how in (("echo no room left; exit 3",
                                  "exited with 3"),
                                 ("echo no room left; kill -9 $$",
                                  "was ended by SIGKILL"))
             for told in [complaint(script)]
             for part in ("bench: a server of glass failed under load", how,
                          "responses: 7", "no room left")
             if part not in told]
print("\n".join(wrong) or "both are named")
sys.exit(bool(wrong))
