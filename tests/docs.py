#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The docs say what is there: links lead somewhere, every command, flag,
exit code and config key is described, and no page names what does not exist.

docs.py SOURCE_DIR RETRIAL
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(sys.argv[1])
RETRIAL = sys.argv[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def anchors(page):
    """As GitHub names the headings of a page."""
    heads = re.findall(r"^#+ (.*)$", page.read_text(), re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-")
            for head in heads}


def broken_links():
    for page in PAGES:
        links = re.findall(r"\]\(([^)#\s]*)(?:#([^)\s]+))?\)", page.read_text())
        for target, anchor in links:
            named = page.parent / target if target else page
            if "://" in target:
                continue
            if not named.exists():
                yield f"{page.name}: a link to {target}, which is not there"
            elif anchor and anchor not in anchors(named):
                yield f"{page.name}: a link to {target}#{anchor}, no heading"


def missing_files():
    """Paths between backticks that look like ours must exist."""
    rooms = ("common|model|profiles|script|server|judge|reports|client|runner|lua|warp|"
             "bench|scenarios|sdks|tests|docs|cmake")
    for page in PAGES:
        text = page.read_text()
        for path in re.findall(rf"`((?:{rooms})/[\w./-]*\w/?)`", text):
            named = ROOT / path
            if "NAME" in path or named.exists() or \
                    list(named.parent.glob(named.name + ".*")):
                continue
            yield f"{page.name}: names {path}, which is not there"


def undescribed():
    readme = (ROOT / "README.md").read_text()
    contract = (ROOT / "docs" / "client-contract.md").read_text()
    usage = subprocess.run([RETRIAL, "--help"], capture_output=True,
                           text=True, check=True).stdout
    for command in re.findall(r"^  (\w+) ", usage, re.M):
        if f"retrial {command}" not in readme:
            yield f"README.md: says nothing of retrial {command}"
    plan = (ROOT / "model" / "plan.h").read_text()
    for key in re.findall(r'X\(CONFIG_\w+, "(\w+)"', plan):
        if key not in contract:
            yield f"client-contract.md: says nothing of {key}"


found = [*broken_links(), *missing_files(), *undescribed()]
print("\n".join(found + [f"{len(PAGES)} pages, {len(found)} complaints"]))
sys.exit(1 if found else 0)
