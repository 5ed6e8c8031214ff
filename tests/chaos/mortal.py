# SPDX-License-Identifier: Apache-2.0
"""An ingest that dies by SIGKILL in the middle of its work; it shares nothing
with Retrial's own server.

mortal.py PORT LEDGER DEATH AFTER SEED

Prints its port, then answers POSTs: most with 200, some with 503. What it
accepts or refuses is in its ledger before a byte of the answer leaves; a line
that was written survives the process. With the request that follows AFTER
others it dies, at DEATH:

    head        the head is read, the body is not
    unwritten   the whole request is read, the ledger knows nothing of it
    unanswered  the ledger knows, the client does not
    half        half of the answer is sent
    never       it lives
"""
import http.server
import itertools
import json
import os
import random
import signal
import sys
import threading

REFUSED_OF_TEN = 1

port, ledger_path, death, after, seed = sys.argv[1:]
numbers = itertools.count()
chance = random.Random(int(seed))
lock = threading.Lock()
ledger = os.open(ledger_path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def die_at(self, place):
        if self.last and place == death:
            os.kill(os.getpid(), signal.SIGKILL)

    def do_POST(self):
        with lock:
            self.last = next(numbers) == int(after)
            accepted = self.last or chance.randrange(10) >= REFUSED_OF_TEN
        self.die_at("head")
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.die_at("unwritten")
        events = json.loads(body)["batch"]
        line = json.dumps({
            "retry": int(self.headers.get("X-Retry-Count", 0)),
            "accepted": accepted,
            "target": self.path,
            "ids": [event["messageId"] for event in events]})
        os.write(ledger, line.encode() + b"\n")
        self.die_at("unanswered")
        answer = (b"HTTP/1.1 200 OK" if accepted else b"HTTP/1.1 503 Busy") + \
            b"\r\nContent-Length: 2\r\n\r\n{}"
        if self.last and death == "half":
            self.wfile.write(answer[:len(answer) // 2])
            self.die_at("half")
        self.wfile.write(answer)

    def log_message(self, *words):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 64
    daemon_threads = True

    def handle_error(self, request, address):
        pass  # a client that hung up


server = Server(("127.0.0.1", int(port)), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
