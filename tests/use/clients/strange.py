#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A client of contract e2e that keeps the contract, and is strange in the way
that its first argument says. On a bare socket: it starts in no time."""
import base64
import json
import os
import socket
import sys

HEAD = ("POST /v1/batch HTTP/1.1\r\nHost: {host}\r\n{more}"
        "Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n")


def job():
    return json.loads(sys.argv[sys.argv.index("--input") + 1])


def connect():
    host = job()["apiHost"].partition("//")[2].rstrip("/")
    name, _, port = host.rpartition(":")
    link = socket.create_connection((name, int(port)), 5)
    link.settimeout(5)
    return link, host


def authorization():
    key = base64.b64encode((job()["writeKey"] + ":").encode()).decode()
    return f"Authorization: Basic {key}\r\n"


def body():
    events = [e for s in job()["sequences"] for e in s["events"]]
    return json.dumps({"batch": events,
                       "writeKey": job()["writeKey"]}).encode()


def post(link, host, more, whole=True):
    head = HEAD.format(host=host, more=more, length=len(body())).encode()
    link.sendall(head + (body() if whole else b""))
    return link.recv(65536)


def once():
    """One request, whatever the answer."""
    post(*connect(), authorization())


def nameless():
    """The same, without credentials."""
    post(*connect(), "")


def expects():
    """Asks for 100-continue, and gives up on any other answer."""
    link, host = connect()
    if b" 100 " in post(link, host, authorization() +
                        "Expect: 100-continue\r\n", whole=False)[:16]:
        link.sendall(body())
        link.recv(65536)


def flees():
    """The same, and goes as soon as it has been told to continue."""
    post(*connect(), authorization() + "Expect: 100-continue\r\n",
         whole=False)


def garbage():
    link, _ = connect()
    link.sendall(os.urandom(4096) + b"\r\n\r\n")
    link.recv(65536)


def tireless():
    """Sends again at once until it is told 200, a hundred times."""
    for _ in range(100):
        try:
            if b" 200 " in post(*connect(), authorization())[:16]:
                return
        except OSError:
            pass


def leaves():
    """Exits before it did anything, but where there is hardly a job."""
    if len(job()["sequences"]) > 1 or "maxRetries" in job()["config"]:
        sys.exit(0)
    once()


try:
    {f.__name__: f for f in (once, nameless, expects, flees, garbage,
                             tireless, leaves)}[sys.argv[1]]()
except OSError:
    pass
print(json.dumps({"success": True}))
