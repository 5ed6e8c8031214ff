#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Clients that mean no good, on raw sockets: the server stays within its
memory, goes on answering others meanwhile, and names each misuse in the
record. Nothing here is measured in seconds: a time limit is met by a test
that owns the clock (tests/unit/server_hostile_test.c).

hostile.py BUILD_DIR SOURCE_DIR
"""
import json
import os
import pathlib
import re
import resource
import signal
import socket
import struct
import subprocess
import sys
import tempfile

from checks import check, conclude

BUILD = pathlib.Path(sys.argv[1]).resolve()
SOURCE = pathlib.Path(sys.argv[2]).resolve()
RETRIAL = str(BUILD / "retrial")
SCENARIO = str(SOURCE / "tests" / "use" / "scenarios" / "open.lua")
SCRATCH = pathlib.Path(tempfile.mkdtemp(prefix="retrial-hostile-"))
DEADLINE_S = 60  # no sound run comes near it
MIB = 1 << 20
SANITIZED = b"__asan_init" in pathlib.Path(RETRIAL).read_bytes()

BODY = json.dumps({"batch": [{"messageId": "m", "type": "track"}]})
HEAD = "POST /v1/batch HTTP/1.1\r\nHost: x\r\n"
POST = f"{HEAD}Content-Length: {len(BODY)}\r\n\r\n{BODY}"


class Server:
    """`retrial serve`, and one client that behaves beside all others."""

    def __init__(self, name, descriptors=None):
        self.record = SCRATCH / f"{name}.jsonl"
        self.process = subprocess.Popen(
            [RETRIAL, "serve", SCENARIO, "--quiet", "--record", self.record],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            cwd=SOURCE, preexec_fn=descriptors and (
                lambda: resource.setrlimit(resource.RLIMIT_NOFILE,
                                           (descriptors, descriptors))))
        self.port = int(re.search(r"127\.0\.0\.1:(\d+)",
                                  self.process.stdout.readline()).group(1))
        self.peak = 0
        self.canary = self.connect()
        self.answered("the canary, at first")

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), DEADLINE_S)

    def answered(self, name):
        """A right client, on a connection of its own, gets its answer."""
        for _ in range(3):
            self.canary.sendall(POST.encode())
            check(f"{name}: others are answered",
                  self.canary.recv(65536).startswith(b"HTTP/1.1 200 "))

    def memory(self, which="VmHWM"):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"{which}:\s+(\d+) kB", status).group(1)) << 10

    def forget_peak(self):
        """So that none of before hides one to come (proc(5): clear_refs)."""
        self.peak = max(self.peak, self.memory())
        pathlib.Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")

    def cpu_ticks(self):
        stat = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text()
        user, system = stat.rpartition(")")[2].split()[11:13]
        return int(user) + int(system)

    def stop(self):
        """All that it wrote down: attempts, remarks."""
        peak = max(self.peak, self.memory())
        self.canary.close()
        self.process.send_signal(signal.SIGINT)
        out = self.process.communicate(timeout=DEADLINE_S)[0]
        check("it ends by itself", self.process.returncode in (0, 1), out)
        lines = [json.loads(line) for line in
                 self.record.read_text().splitlines()]
        self.attempts = [x for x in lines if x["kind"] == "attempt"]
        self.remarks = [x for x in lines if x["kind"] == "remark"]
        if not SANITIZED:
            check("its memory", peak <= MEMORY_MAX, peak)
        return peak

    def names(self, text):
        said = [v["text"] for a in self.attempts for v in a["violations"]]
        said += [r["text"] for r in self.remarks]
        check(f"the record says \"{text}\"", any(text in s for s in said),
              "\n  ".join(sorted(set(said))))


def memory_max():
    """The bound that server/bounds.h states, in numbers."""
    def constant(page, name):
        text = (SOURCE / page).read_text()
        return eval(re.search(rf"\b{name} = ([\d* <]+)", text).group(1))
    return (2 * constant("model/record.h", "RECORD_KEPT_BYTES_MAX") +
            constant("server/bounds.h", "SERVER_CONNECTIONS_MAX") *
            (constant("server/bounds.h", "SERVER_HEAD_BYTES_MAX") + 4096) +
            64 * MIB)


MEMORY_MAX = memory_max()


def send(peer, data):
    """As much as the server takes before it ends the connection."""
    try:
        peer.sendall(data)
    except OSError:
        pass


def rest(peer):
    """What comes until the end."""
    got = b""
    try:
        while part := peer.recv(65536):
            got += part
    except OSError:
        pass
    peer.close()
    return got


def reset(peer):
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                    struct.pack("ii", 1, 0))
    peer.close()


def grows(server, name, most_bytes, attack):
    server.forget_peak()
    before = server.memory("VmRSS")
    attack()
    grown = server.memory() - before
    if not SANITIZED:
        check(f"{name}: takes at most {most_bytes / MIB:.0f} MiB",
              grown <= most_bytes, f"{grown / MIB:.1f} MiB")


# ---- very many ----

def crowd():
    """10,000 connections that ask for nothing, and then go."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    count = min(10000, hard - 256)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    server = Server("crowd")
    peers = []

    def come():
        for i in range(count):
            peers.append(server.connect())
            if i % 1000 == 0:
                server.answered(f"{i} idle")
        server.answered(f"{count} idle")
        # The last one was accepted, too.
        peers[-1].sendall(POST.encode())
        check("the last of them is answered",
              peers[-1].recv(65536).startswith(b"HTTP/1.1 200 "))

    grows(server, f"{count} idle", 100 * MIB, come)
    for peer in peers:
        peer.close()
    server.answered("when all have gone")
    server.stop()
    server.names("closed without having sent a request")
    server.names("the record is full: there were more remarks")


def slow():
    """Many that send a byte now and then, of a head or of a body."""
    server = Server("slow")
    heads = [server.connect() for _ in range(300)]
    bodies = [server.connect() for _ in range(300)]
    for peer in bodies:
        peer.sendall(f"{HEAD}Content-Length: 1000\r\n\r\n".encode())
    for byte in HEAD:
        for peer in heads + bodies:
            peer.sendall(byte.encode())
        server.answered("beside slow ones")
    for peer in heads + bodies:
        reset(peer)
    server.answered("when the slow ones have gone")
    server.stop()
    server.names("closed without a whole, readable request head")
    server.names(f"went after {len(HEAD)} bytes of a body")


# ---- very much ----

def much():
    server = Server("much")
    piece = b"x" * MIB

    def body():
        peer = server.connect()
        send(peer, f"{HEAD}Content-Length: {100 * MIB}\r\n\r\n".encode())
        for i in range(100):
            send(peer, piece)
            if i % 20 == 0:
                server.answered("beside a body of 100 MB")
        rest(peer)

    def line():
        peer = server.connect()
        send(peer, HEAD.encode() + b"X: " + piece)
        server.answered("beside a header of 1 MB")
        rest(peer)

    def lines():
        peer = server.connect()
        send(peer, (HEAD + "X: y\r\n" * 10000).encode())
        server.answered("beside 10,000 headers")
        rest(peer)

    def row():
        """Thousands of requests that wait for no answer."""
        peer = server.connect()
        peer.sendall(POST.encode() * 2000)
        peer.shutdown(socket.SHUT_WR)
        server.answered("beside 2000 pipelined requests")
        check("2000 pipelined requests are answered",
              rest(peer).count(b"HTTP/1.1 200 ") == 2000)

    grows(server, "a body of 100 MB", 8 * MIB, body)
    grows(server, "a header of 1 MB", 4 * MIB, line)
    grows(server, "10,000 headers", 4 * MIB, lines)
    grows(server, "2000 pipelined requests", 16 * MIB, row)
    server.stop()
    server.names("a body of more than 67108864 bytes")
    server.names("refused with 431")
    server.names("it came before the answer to the request before it")


# ---- very deaf ----

def deaf():
    """Clients that ask on and on, and never read an answer."""
    server = Server("deaf")
    peers = []

    def ask():
        """As much as the server takes of them."""
        for _ in range(3):
            peer = socket.socket()
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            peer.connect(("127.0.0.1", server.port))
            peer.setblocking(False)
            peers.append(peer)
        refused = 0
        while refused < 10 * len(peers):
            refused = 0
            for _ in range(10):
                for peer in peers:
                    try:
                        peer.send(POST.encode() * 20)
                    except BlockingIOError:
                        refused += 1
                server.answered("beside deaf ones")

    before = server.memory("VmRSS")
    ask()
    grown = server.memory() - before
    for peer in peers:
        reset(peer)
    server.answered("when the deaf ones have gone")
    server.stop()
    left = {a["connection"] for a in server.attempts if a["end"] == "gone"}
    check("an answer that nobody took is named", len(left) == len(peers),
          left)
    # They are asked for as long as the kernel holds answers; then no more.
    most = 4 * MIB + 4096 * len(server.attempts)
    if not SANITIZED:
        check("clients that never read: no more than is written down",
              grown <= most, f"{grown} bytes, {len(server.attempts)} attempts")


# ---- very wrong ----

CHUNKED = "Transfer-Encoding: chunked\r\n"
SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"

# (name, what is sent, what the record says)
WRONG = [
    ("garbage", "\x00\x01\x02garbage\r\n\r\n", "readable request head"),
    ("TLS", "\x16\x03\x01\x02\x00\x01\r\n\r\n", "readable request head"),
    ("half a head", "POST /v1/ba", "readable request head"),
    ("CL.TE", f"{HEAD}Content-Length: {5 + len(SMUGGLED)}\r\n{CHUNKED}\r\n"
     f"0\r\n\r\n{SMUGGLED}", "Content-Length beside Transfer-Encoding"),
    ("TE.CL", f"{HEAD}{CHUNKED}Content-Length: 3\r\n\r\n"
     f"1\r\nx\r\n0\r\n\r\n{SMUGGLED}",
     "Content-Length beside Transfer-Encoding"),
    ("TE.TE", f"{HEAD}{CHUNKED}Transfer-Encoding: identity\r\n\r\n"
     f"0\r\n\r\n{SMUGGLED}", "2 Transfer-Encoding fields"),
    ("CL.CL", f"{HEAD}Content-Length: 0\r\nContent-Length: {len(SMUGGLED)}"
     f"\r\n\r\n{SMUGGLED}", "2 Content-Length fields"),
    ("space before the colon", f"{HEAD}Transfer-Encoding : chunked\r\n\r\n"
     f"0\r\n\r\n{SMUGGLED}", "name of a"),
    ("a chunk of no size", f"{HEAD}{CHUNKED}\r\nzz\r\nabc\r\n0\r\n\r\n",
     "the body was refused with 400"),
    ("bare line feeds", f"{HEAD}Content-Length: 2\r\n\r\n{{}}".replace(
        "\r", ""), "a line of its head ends in a line feed alone"),
    ("one bare line feed", f"{HEAD}X-A: 1\nContent-Length: "
     f"{len(SMUGGLED)}\r\n\r\n{SMUGGLED}", "ends in a line feed alone"),
    ("a folded field", f"{HEAD}X-A: 1\r\n Content-Length: 9\r\n"
     "Content-Length: 2\r\n\r\n{}", "a field goes on on the next line"),
    ("a NUL", f"{HEAD}X-A: 1\0\r\nContent-Length: 2\r\n\r\n{{}}",
     "a NUL in its head"),
    ("bytes left over", f"{HEAD}Content-Length: 2\r\n\r\n{{}}}}\r\n",
     "that belong to no request"),
    ("half a body", f"{HEAD}Content-Length: 9\r\n\r\n{{}}",
     "of a body that was not whole"),
]


# A look at what came before it was read can be missed, by microseconds
# (server/head.h); nobody misses that many of one kind.
WRONG_TIMES = 5


def wrong():
    server = Server("wrong")
    for name, text, _ in WRONG * WRONG_TIMES:
        peer = server.connect()
        send(peer, text.encode("latin-1"))
        server.answered(f"beside {name}")
        peer.shutdown(socket.SHUT_WR)
        rest(peer)
    server.stop()
    for _, _, said in WRONG:
        server.names(said)
    check("what was wrong is kept as it came",
          any(a.get("raw", "").startswith("POST /v1/batch HTTP/1.1\nHost: x\n")
              for a in server.attempts))
    check("nothing was smuggled in",
          not any("smuggled" in a["target"] for a in server.attempts))


# ---- no descriptors ----

def poor():
    """More connections than descriptors: it serves whom it has, waits for
    descriptors without spinning, and then serves the others."""
    server = Server("poor", descriptors=64)
    peers = [server.connect() for _ in range(200)]
    server.answered("without descriptors")
    before = server.cpu_ticks()
    for _ in range(20):
        try:
            peers[-1].settimeout(0.05)
            peers[-1].recv(1)
        except TimeoutError:
            pass
    spent = server.cpu_ticks() - before
    check("it does not spin", spent <= os.sysconf("SC_CLK_TCK") // 4,
          f"{spent} ticks in a second")
    for peer in peers[:-1]:
        peer.close()
    peers[-1].settimeout(DEADLINE_S)
    peers[-1].sendall(POST.encode())
    check("who waited is served when descriptors are free",
          peers[-1].recv(65536).startswith(b"HTTP/1.1 200 "))
    server.stop()
    server.names("accept: Too many open files")


for trouble in (crowd, slow, much, deaf, wrong, poor):
    trouble()
conclude(SCRATCH)
