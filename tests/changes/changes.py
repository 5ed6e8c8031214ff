#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The five changes that people make most often, each made in a copy.

changes.py SOURCE

A rule, a fault, a report format, a profile value and a flag are added to a
scratch copy as CONTRIBUTING.md has it, in no more files than docs/way.md names,
and the copy is built: each new thing is then listed, and does what it says.
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

IGNORED = shutil.ignore_patterns("build*", ".git", "node_modules",
                                 "__pycache__")
RULE_ROW = '''    RULE(STATUS, 8, STATUS, RULE_MUST_NOT,
     "418 is not retried.", SOUND),
'''
SCENARIO = '''-- STATUS-8: 418 is not retried.
scenario "status/teapot" {
  rules  = { "STATUS-8" },
  given  = { events = 1, config = { maxRetries = 1 } },
  server = { rest(answer { 418 }) },
  expect = { attempts = 1, delivered = "none" },
}
'''
FAULT = '''/* A greeting as another protocol's server says it. */

#include "server/fault.h"
#include "server/faults/forge.h"

static void play(struct hijacked *hijacked)
{
    forge_bytes(hijacked, "220 ready\\r\\n", 11);
    hijacked_play(hijacked, HIJACKED_CLOSE, 0, ANSWER_NONE);
}

FAULT_PLAYED(FAULT_GREETING, .play = play);
'''
WRITER = '''#include "reports/view.h"
#include "reports/writers.h"

/* One line a trial. */
static void write_csv(struct report_view *view)
{
    const struct run *run = view->run;

    for (size_t i = 0; i < run->trial_count; i++)
        bytes_format(view->out, "%s,%s\\n", run->trials[i].plan->id,
                     verdict_name(trial_result_kind(run, &run->trials[i])));
}

const struct report_writer writer_csv = {
    .name = "csv",
    .about = "one line a trial",
    .write = write_csv,
};
'''

# name: the files that it touches; path -> a new file's text, or what to put
# before which text of it, once or in a list.
CHANGES = {
    "a rule": {
        "model/rule.h": ("    X(RA, 1) ", "    X(STATUS, 8) \\\n"),
        "model/rule.c": ('    RULE(RA, 1, ', RULE_ROW),
        "model/profile.c": (
            "    if (status < 400)",
            "    if (status == 418)\n        return RULE_STATUS_8;\n"),
        "judge/check_not_retried.c": ("RULE_STATUS_1,", "RULE_STATUS_8, "),
        "scenarios/status/teapot.lua": SCENARIO,
        "client/mutants/status.c": [
            ("TAKE_STATUS(retry_501",
             "TAKE_STATUS(retry_418, status == 418, AS_RETRYABLE)\n"),
            ('    {"retries-501"',
             '    {"retries-418", "STATUS-8", "Retries 418.", '
             "{.after = retry_418}},\n")],
    },
    "a fault": {
        "model/fault.h": (
            '    X(FAULT_GARBAGE, "garbage"',
            '    X(FAULT_GREETING, "greeting", FAMILY_HEAD, SEES_TROUBLE, \\\n'
            '      "a greeting, then FIN") \\\n'),
        "server/faults/greeting.c": FAULT,
        "runner/proof/proof_table.c": (
            "    [FAULT_GARBAGE] = {",
            '    [FAULT_GREETING] = {"a greeting, FIN", .in_the_end =\n'
            '        CLOSED("220", NULL, "\\r\\n", 11)},\n'),
    },
    "a report format": {
        "reports/write_csv.c": WRITER,
        "reports/report.h": ("    X(JUNIT, junit,",
                             '    X(CSV, csv, "report as CSV") \\\n'),
    },
    "a profile value": {
        "model/profile_keys.h": (
            "    NUMBER(PART_POLICY, waits_s, ",
            "    NUMBER(PART_POLICY, patience_s, NULL, 0, 3600, \\\n"
            '        "how long it waits for a pot of tea") \\\n'),
        "profiles/segment.json": ('    "lateness_ms":', '    "patience_s": 240,\n'),
        "profiles/http.json": ('    "lateness_ms":', '    "patience_s": 60,\n'),
    },
    "a flag": {
        "runner/options.h": ('    X(OPTION_QUIET, "quiet"',
                             '    X(OPTION_BELL, "bell", "", "rings") \\\n'),
        "runner/cmd_certify.c": (
            "    clear(&it);\n    return",
            "    if (options->given[OPTION_BELL])\n"
            '        fputs("ding\\n", stderr);\n'),
    },
}

wrong = []


def check(what, holds, seen=""):
    print("ok" if holds else f"not ok: {what}\n{seen}"[:2000],
          what if holds else "")
    if not holds:
        wrong.append(what)


def put(path, change):
    if isinstance(change, str):
        path.write_text(change)
        return
    text = path.read_text()
    for before, added in change if isinstance(change, list) else [change]:
        if before not in text:
            sys.exit(f"{path}: there is no '{before}' any more")
        text = text.replace(before, added + before, 1)
    path.write_text(text)


def row_of(page, name):
    """What docs/way.md says of it."""
    return next((line for line in page.split("\n")
                 if line.startswith(f"| {name}")), "")


def make_all(copy):
    page = (copy / "docs/way.md").read_text()
    for name, files in CHANGES.items():
        for path, change in files.items():
            put(copy / path, change)
            folder = path.rsplit("/", 1)[0] + "/"
            check(f"docs/way.md names {path} for {name}",
                  path in row_of(page, name) or folder in row_of(page, name))


def run(copy, *words):
    done = subprocess.run([*words], cwd=copy, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def look(copy):
    retrial = "build/retrial"
    certify = (retrial, "certify", "status/teapot", "--clock", "jump")
    code, seen = run(copy, *certify, "--csv", "out.csv", "--bell")
    check("the scenario of the new rule is certified, and the flag heard",
          code == 0 and "STATUS-8" in seen and "ding" in seen, seen)
    report = copy / "out.csv"
    check("the report is written", report.exists() and
          report.read_text() == "status/teapot,pass\n", seen)
    code, seen = run(copy, *certify, "--client",
                     "build/retrial-mutant retries-418")
    check("the mutant breaks the rule", code == 1 and "STATUS-8" in seen, seen)
    code, seen = run(copy, retrial, "faults", "greeting")
    check("the fault is proved", code == 0 and "greeting" in seen, seen)
    for words, part in ((("list", "faults"), "greeting"),
                        (("explain", "profile"), "patience_s"),
                        (("certify", "--help"), "--csv"),
                        (("certify", "--help"), "--bell"),
                        (("explain", "STATUS-8"), "retries-418")):
        code, seen = run(copy, retrial, *words)
        check(f"{' '.join(words)} shows {part}", part in seen, seen)


def main(source):
    with tempfile.TemporaryDirectory(prefix="retrial-changes-") as folder:
        copy = pathlib.Path(folder, "retrial")
        shutil.copytree(source, copy, ignore=IGNORED)
        make_all(copy)
        code, seen = run(copy, "cmake", "-G", "Ninja", "-S", ".", "-B", "build",
                         "-DBUILD_TESTING=OFF",
                         "-DCMAKE_BUILD_TYPE=RelWithDebInfo")
        if code == 0:
            code, seen = run(copy, "cmake", "--build", "build", "--target",
                             "retrial", "retrial-client", "retrial-mutant")
        check("the copy is built", code == 0, seen[-3000:])
        if code == 0:
            look(copy)
    print(f"{len(wrong)} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
