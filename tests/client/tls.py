#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""TLS is verified, and nothing is said before it is: a server with the right
certificate gets the events; with any other it gets a handshake and not a byte
of credentials, and the client counts a retry.

tls.py CHAOS_CLIENT           all cases
tls.py CHAOS_CLIENT --alone   the one that fills the system's folder of CAs, in
                              a mount namespace of its own
"""
import pathlib
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading

CLIENT = sys.argv[1]
ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "chaos"))
import ledger  # noqa: E402

RETRIES = 2
TLS_TROUBLE = "no TLS session could be made"
CA_CONFIG = """
[ca]
default_ca = here
[here]
database = index.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
[any]
commonName = supplied
"""


def openssl(scratch, *words):
    subprocess.run(["openssl", *words], cwd=scratch, check=True,
                   capture_output=True, timeout=60)


def make_ca(scratch, name):
    openssl(scratch, "req", "-x509", "-newkey", "ec", "-pkeyopt",
            "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-keyout",
            f"{name}.key", "-out", f"{name}.pem", "-subj", f"/CN={name}",
            "-addext", "basicConstraints=critical,CA:true")


def make_server(scratch, name, host, end):
    """A certificate of the CA "ours", for host, up to end."""
    openssl(scratch, "req", "-newkey", "ec", "-pkeyopt",
            "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{name}.key",
            "-out", f"{name}.csr", "-subj", f"/CN={name}")
    (scratch / "ca.conf").write_text(CA_CONFIG)
    (scratch / "index.txt").write_text("")
    (scratch / "extensions").write_text(f"subjectAltName = {host}\n")
    openssl(scratch, "ca", "-batch", "-config", "ca.conf", "-cert", "ours.pem",
            "-keyfile", "ours.key", "-in", f"{name}.csr", "-out",
            f"{name}.pem", "-extfile", "extensions", "-notext",
            "-startdate", "20200101000000Z", "-enddate", end)


class Server:
    """Answers 200 over TLS (or in the clear), and keeps all it could read."""

    def __init__(self, scratch, name):
        self.read = b""
        self.connections = 0
        self.context = None
        if name:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(scratch / f"{name}.pem",
                                         scratch / f"{name}.key")
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def serve(self):
        while True:
            try:
                plain, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            try:
                plain.settimeout(10)
                self.answer(self.context.wrap_socket(plain, server_side=True)
                            if self.context else plain)
            except OSError:  # ssl.SSLError is one: the client hung up
                pass
            plain.close()

    def answer(self, connection):
        got = connection.recv(65536)
        self.read += got
        if self.context and got:
            while b'"writeKey"' not in self.read:
                self.read += connection.recv(65536)
            connection.sendall(
                b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"
                b"Connection: close\r\n\r\n")
        connection.close()

    def stop(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.listener.close()


def play(scratch, name, ca):
    """The client's side of the ledger, and what the server could read."""
    server = Server(scratch, name)
    path = scratch / "client.txt"
    subprocess.run(
        [CLIENT, f"https://127.0.0.1:{server.port}", path, "events=1",
         f"retries={RETRIES}", "timeout_ms=10000",
         *([f"ca={scratch / ca}.pem"] if ca else [])], check=True, timeout=60)
    server.stop()
    return ledger.Client(open(path)), server


def delivered(client, server):
    assert [r.word for r in client.reports] == ["delivered"], client.reports
    assert b"Authorization: Basic" in server.read


def refused(client, server):
    """One attempt and its retries, each TLS trouble, not a byte in the clear
    or under a wrong key."""
    [report] = client.reports
    assert (report.word, report.retries) == ("dropped", RETRIES), report
    assert {s.trouble for s in client.seen.values()} == {TLS_TROUBLE}, \
        client.seen
    assert server.connections == RETRIES + 1, server.connections
    assert b"Authorization" not in server.read and b"POST" not in server.read


CASES = [
    # what, the server's certificate, the client's CA, what must hold
    ("the right CA", "right", "ours", delivered),
    ("another CA", "right", "theirs", refused),
    ("the system's CAs", "right", None, refused),
    ("another host's certificate", "other_host", "ours", refused),
    ("an expired certificate", "expired", "ours", refused),
    ("no TLS at all", None, "ours", refused),
]


# libcurl was built to look there, beside any file that it is given.
SYSTEM = pathlib.Path("/etc/ssl/certs")
ALONE = f"mount -t tmpfs none {SYSTEM} && exec \"$@\" --alone"


def alone(scratch):
    """A CA of the system's is none of ours when we were given a file."""
    name = subprocess.run(
        ["openssl", "x509", "-hash", "-noout", "-in", scratch / "ours.pem"],
        check=True, capture_output=True, text=True).stdout.strip()
    (SYSTEM / f"{name}.0").write_bytes((scratch / "ours.pem").read_bytes())
    refused(*play(scratch, "right", "theirs"))


def played_alone():
    """True, False, or None where we may not mount anything."""
    words = ["unshare", "-rm", "sh", "-c"]
    if not SYSTEM.is_dir() or not shutil.which("unshare") or subprocess.run(
            [*words, f"mount -t tmpfs none {SYSTEM}"],
            capture_output=True).returncode != 0:
        return None
    return subprocess.run([*words, ALONE, "sh", sys.executable, __file__,
                           CLIENT]).returncode == 0


def main():
    failed = 0
    with tempfile.TemporaryDirectory(prefix="retrial-tls-") as made:
        scratch = pathlib.Path(made)
        for ca in "ours", "theirs":
            make_ca(scratch, ca)
        make_server(scratch, "right", "IP:127.0.0.1", "20980101000000Z")
        if "--alone" in sys.argv:
            alone(scratch)
            return 0
        make_server(scratch, "other_host", "DNS:other.example",
                    "20980101000000Z")
        make_server(scratch, "expired", "IP:127.0.0.1", "20200102000000Z")
        for what, name, ca, law in CASES:
            try:
                law(*play(scratch, name, ca))
                print(f"ok      {what}")
            except AssertionError as error:
                failed += 1
                print(f"not ok  {what}: {error!r}")
    beside = played_alone()
    print({True: "ok     ", False: "not ok ", None: "skipped"}[beside],
          "a CA of the system's beside the given one")
    return 1 if failed or beside is False else 0


if __name__ == "__main__":
    sys.exit(main())
