# SPDX-License-Identifier: Apache-2.0
"""What the tests of this folder share: each check is counted, one that fails is
told, and the last line says how many there were."""
import shutil
import sys

passed = failed = 0


def check(name, ok, shown=""):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    if not ok:
        print(f"not ok: {name}\n{shown}")


def conclude(scratch=None):
    """The scratch folder is kept for whoever looks into what failed."""
    if scratch and not failed:
        shutil.rmtree(scratch)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)
