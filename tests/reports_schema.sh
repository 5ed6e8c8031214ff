#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Validates the JSON reports of every sample run against
# docs/report.schema.json. Usage: reports_schema.sh REPORTS_TEST SCHEMA
# Needs python3-jsonschema (apt) or jsonschema 4 (pip); without it the test is
# skipped (77), and says so.
set -eu

reports_test=$1
schema=$2

if ! python3 -c 'from jsonschema import Draft202012Validator' 2>/dev/null; then
    echo "skipped: no python3-jsonschema (>= 4) is installed"
    exit 77
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$reports_test" --write "$folder"
python3 - "$schema" "$folder" <<'PYTHON'
import copy, glob, json, sys
from jsonschema import Draft202012Validator, FormatChecker

schema = json.load(open(sys.argv[1], encoding="utf-8"))
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema, format_checker=FormatChecker())
files = sorted(glob.glob(sys.argv[2] + "/*.json"))
assert files, "no report was written"
for name in files:
    report = json.load(open(name, encoding="utf-8"))
    for error in validator.iter_errors(report):
        sys.exit(f"{name}: {error.json_path}: {error.message}")
    # The schema is worth something: each of these must be refused.
    for key in report:
        wrong = copy.deepcopy(report)
        del wrong[key]
        if validator.is_valid(wrong):
            sys.exit(f"{name}: the schema does not miss {key}")
    wrong = copy.deepcopy(report)
    wrong["surprise"] = 1
    if validator.is_valid(wrong):
        sys.exit(f"{name}: the schema lets anything in")
print(f"{len(files)} reports fit the schema")
PYTHON
