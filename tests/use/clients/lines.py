#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A client of the ingest that docs/profiles.md makes up: contract e2e, the
standard library, and nothing of Retrial's. With a flag it makes one mistake:
--retries-400, --hurries (a third of each wait) or --counts-from-0.
"""
import email.utils
import http.client
import json
import random
import sys
import time
import urllib.parse

PATH = "/in/lines"
MOST_RETRY_AFTER_S, MOST_WAIT_S = 120, 30


class Response(http.client.HTTPResponse):
    """Skips any 1xx; the end of the connection ends no head, nor a chunk."""

    def __init__(self, *words, **more):
        super().__init__(*words, **more)
        read_line = self.fp.readline

        def whole_line(*most):
            line = read_line(*most)
            if not line.endswith(b"\n"):
                raise http.client.IncompleteRead(line)
            return line
        self.fp.readline = whole_line

    def _read_status(self):
        while True:
            said = super()._read_status()
            if not 100 <= said[1] <= 199:
                return said
            http.client.parse_headers(self.fp)


def is_retried(status):
    return status == 429 or 500 <= status <= 599 or (
        status == 400 and "--retries-400" in sys.argv)


def asked_wait_s(response):
    """What Retry-After asks for, in seconds or as a date; None: nothing."""
    asked = response.getheader("Retry-After", "").strip()
    if response.status not in (429, 503):
        return None
    if asked.isascii() and asked.isdigit():
        return min(int(asked[:9]), MOST_RETRY_AFTER_S)
    try:
        due = email.utils.parsedate_to_datetime(asked)
        return max(0, min(due.timestamp() - time.time(), MOST_RETRY_AFTER_S))
    except (TypeError, ValueError, OverflowError):
        return None


def backoff_s(retry):
    wait = min(retry * 1.0, MOST_WAIT_S) + random.uniform(0, 0.2)
    return min(wait, MOST_WAIT_S) / (3 if "--hurries" in sys.argv else 1)


def post(job, body, attempt):
    """The status and what Retry-After asks; (None, None): no whole answer."""
    url = urllib.parse.urlsplit(job["apiHost"])
    link = (http.client.HTTPSConnection if url.scheme == "https" else
            http.client.HTTPConnection)(url.netloc, timeout=10)
    link.response_class = Response
    count = attempt - ("--counts-from-0" in sys.argv)
    try:
        link.request("POST", PATH, body, {
            "Content-Type": "application/x-ndjson", "Connection": "close",
            "X-Ingest-Key": job["writeKey"], "X-Attempt": str(count)})
        response = link.getresponse()
        response.read()
        return response.status, asked_wait_s(response)
    except (OSError, http.client.HTTPException):
        return None, None
    finally:
        link.close()


def deliver(job, body):
    """None when it is delivered, else why not."""
    retries = job.get("config", {}).get("maxRetries", 4)
    attempt = 0
    while True:
        attempt += 1
        status, asked_s = post(job, body, attempt)
        if status is not None and 200 <= status <= 299:
            return None
        if status is not None and not is_retried(status):
            return f"refused: {status}"
        if attempt > retries:
            return f"given up after {attempt} attempts: {status}"
        time.sleep(backoff_s(attempt) if asked_s is None else asked_s)


def main():
    job = json.loads(sys.argv[sys.argv.index("--input") + 1])
    lines = []
    for sequence in job["sequences"]:
        time.sleep(sequence["delayMs"] / 1000)
        lines += [json.dumps(event) + "\n" for event in sequence["events"]]
    wrong = deliver(job, "".join(lines).encode())
    print(json.dumps({"success": wrong is None,
                      **({"error": wrong} if wrong else {})}))


main()
