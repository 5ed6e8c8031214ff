#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# curl. sleep: a second try after an hour. request: sends what the contract env
# gives, and waits for the answer.
if [ "$1" = sleep ]; then
    began=$(date +%s.%N)
    curl -s --retry 1 --retry-delay 3600 --retry-connrefused \
        http://127.0.0.1:1/ >/dev/null
    echo "$(date +%s.%N) $began" | awk '{ print $1 - $2 }'
else
    exec curl -sf -o /dev/null --max-time 7200 -u "$RETRIAL_WRITE_KEY:" \
        -H 'Content-Type: application/json' --data-binary "$RETRIAL_BODY" \
        "$RETRIAL_URL"
fi
