#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A right client of contract e2e on http.client, which claims no capability:
one batch after the other, each on a connection of its own."""
import base64
import http.client
import json
import random
import sys
import time
import urllib.parse

TIMEOUT_S = 10
FLUSH_AT = 20
RETRIES = 1000
BUDGET_S = 43200
RETRY_AFTER_CAP_S = 300
EVENT_BYTES, BATCH_BYTES = 32768, 475000
RETRIED = {408, 410, 429, 460}
REFUSED = {501, 505, 511}


def text_of(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def batches(events, flush_at):
    """Each with as many events as it may have, and none over its size."""
    batch, size = [], 0
    for event in events:
        if batch and (len(batch) == flush_at or
                      size + len(event) > BATCH_BYTES - 1000):
            yield batch
            batch, size = [], 0
        batch.append(event)
        size += len(event) + 1
    if batch:
        yield batch


class WholeLines:
    """A head that ends in the middle of a line, or before its end, was cut;
    http.client takes it for a whole one."""

    def __init__(self, file):
        self.file = file

    def readline(self, *limit):
        line = self.file.readline(*limit)
        if not line.endswith(b"\n"):
            raise http.client.IncompleteRead(line)
        return line

    def __getattr__(self, name):
        return getattr(self.file, name)


class Answer(http.client.HTTPResponse):
    """Behind all that only says that one is to come; http.client passes over
    100 alone."""

    def __init__(self, *words, **named):
        super().__init__(*words, **named)
        self.fp = WholeLines(self.fp)

    def _read_status(self):
        while True:
            version, status, reason = super()._read_status()
            if not 100 < status < 200:
                return version, status, reason
            http.client.parse_headers(self.fp)


class Sender:
    def __init__(self, job):
        config = job.get("config", {})
        self.url = urllib.parse.urlsplit(job["apiHost"])
        self.key = job["writeKey"]
        self.retries = config.get("maxRetries", RETRIES)

    def post(self, body, retry):
        """Its status, and what it says in Retry-After; OSError and
        HTTPException are of the network."""
        basic = base64.b64encode(f"{self.key}:".encode()).decode()
        headers = {"Content-Type": "application/json",
                   "Authorization": f"Basic {basic}", "Connection": "close"}
        if retry:
            headers["X-Retry-Count"] = str(retry)
        connection = http.client.HTTPConnection(
            self.url.hostname, self.url.port, timeout=TIMEOUT_S)
        connection.response_class = Answer
        try:
            connection.request("POST", "/v1/batch", body, headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status, answer.headers.get_all("Retry-After", [])
        finally:
            connection.close()

    def send(self, events):
        """None: it was delivered; else why it was dropped."""
        sent = counted = 0
        failed = limited = None
        while True:
            stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            body = (f'{{"batch":[{",".join(events)}],"sentAt":"{stamp}",'
                    f'"writeKey":{text_of(self.key)}}}').encode()
            try:
                status, told = self.post(body, sent)
            except (OSError, http.client.HTTPException) as error:
                status, told, why = 0, [], f"network: {error!r}"
            else:
                why = f"status {status}"
            if 200 <= status <= 399:
                return None
            if status and status not in RETRIED and (
                    status < 500 or status in REFUSED):
                return why
            now = time.monotonic()
            wait = waits(told) if status == 429 else 0
            if wait:
                limited = now if limited is None else limited
                since = limited
            else:
                counted += 1
                if counted > self.retries:
                    return why
                failed = now if failed is None else failed
                since = failed
                wait = min(60, 0.5 * 2 ** min(counted - 1, 8) *
                           random.uniform(0.9, 1.1))
            if now + wait - since > BUDGET_S or self.retries == 0:
                return why
            time.sleep(wait)
            sent += 1


def waits(told):
    """Seconds in digits, said once or alike; else it is as if absent."""
    said = {value.strip(" \t") for value in told}
    text = said.pop() if len(said) == 1 else ""
    if not (text.isascii() and text.isdigit()):
        return 0
    return min(RETRY_AFTER_CAP_S, int(text[:400]))


def run(job):
    sender = Sender(job)
    flush_at = job.get("config", {}).get("flushAt", FLUSH_AT)
    why = None
    for sequence in job["sequences"]:
        time.sleep(sequence["delayMs"] / 1000)
        texts = [text_of(event) for event in sequence["events"]]
        fit = [text for text in texts if len(text.encode()) <= EVENT_BYTES]
        if len(fit) < len(texts):
            why = "an event is too large"
        for batch in batches(fit, flush_at):
            why = sender.send(batch) or why
    return why


def main():
    try:
        why = run(json.loads(sys.argv[sys.argv.index("--input") + 1]))
    except (ValueError, KeyError, TypeError) as error:
        why = f"wrong input: {error!r}"
    print(text_of({"success": False, "error": why} if why
                  else {"success": True}))
    return 1 if why else 0


if __name__ == "__main__":
    sys.exit(main())
