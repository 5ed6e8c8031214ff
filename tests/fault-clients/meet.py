#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The faults as three clients see them that nobody here wrote: `curl -v`,
python's http.client and node's fetch. Each sends one request to a server that
plays the fault, and what it makes of it stands in docs/faults.md.

meet.py BUILD_DIR SOURCE_DIR [--write] [--all]

Without --write the table is made again and compared: 0 it is the same, 1 it is
not, 77 no client of those versions is here. --all prints what each said.
"""
import concurrent.futures
import contextlib
import http.client
import json
import pathlib
import re
import signal
import ssl
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent
RETRIAL = pathlib.Path(sys.argv[1]).resolve() / "retrial"
PAGE = pathlib.Path(sys.argv[2]) / "docs" / "faults.md"
MARK = "## Seen by three clients"

# Where nothing ever ends the client gives up after so long, later where it is to
# have read a status by then. All others have a time that no busy machine uses
# up.
SILENT_S, SILENT_IN_BODY_S, PATIENT_S = 3, 8, 60
STARTED_AT_ONCE = 4
# These would be over before a client of a busy machine has started.
LASTS = {"open-late": "10m", "ignore-syn": "10m"}
# What a race within the client decides, each with its reason.
EITHER = {
    # undici sometimes starts to listen when the end is already there, and then
    # never hears of it.
    ("fetch", "accept-reset"): ("reset", "timeout"),
    ("fetch", "accept-close"): ("closed", "timeout"),
}
BODY = json.dumps({"batch": [{"type": "track", "event": "Retrial 00001",
                              "userId": "u", "messageId": "m-1"}]})


# ---- the faults, and a server for each ----

def retrial(*arguments):
    return subprocess.run([RETRIAL, *arguments], text=True, check=True,
                          capture_output=True).stdout


def faults():
    """[(name, family, what a right client takes it for)]"""
    found, family = [], None
    for line in retrial("explain", "faults").splitlines():
        if line.startswith("## "):
            family = line[3:].split(":")[0]
        cells = [cell.strip() for cell in line.split(" | ")]
        if line.startswith("| `") and family:
            found.append((cells[0].strip("|` "), family, cells[3]))
    return found


def placed():
    """How scenarios have them: {name: (on a connection, over TLS)}"""
    text = 'for _, f in ipairs(faults()) do scenario("x/" .. f.name .. "/" ' \
           '.. tostring(f.of_connection) .. "/" .. f.over) ' \
           '{ rules = { "NET-1" } } end'
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(text)
        file.flush()
        found = re.findall(r"^x/([^/]+)/(\w+)/(\w+)$",
                           retrial("plan", file.name), re.M)
    return {name: (on_connection == "true", over == "tls")
            for name, on_connection, over in found}


def scenario(name, on_connection, https):
    words = [f'"{name}"']
    if name in LASTS:
        words.append(f'lasts = "{LASTS[name]}"')
    step = f"fault {{ {', '.join(words)} }}"
    server = f"on_connection = {{ [1] = {step} }}" if on_connection else step
    return (f'scenario "seen/{name}" {{ rules = {{ "NET-1" }},\n'
            f'  given = {{ https = {"true" if https else "false"} }},\n'
            f'  server = {{ {server} }} }}\n')


class Server:
    """`retrial serve` with the fault, until it is stopped."""

    def __init__(self, folder, name, family, taken_for, where):
        path = pathlib.Path(folder) / f"{name}.lua"
        path.write_text(scenario(name, *where))
        self.name = name
        self.in_body = family == "body"
        self.silent = (taken_for == "silence" or name == "endless-body" or
                       any(name == fault for _, fault in EITHER))
        self.process = subprocess.Popen(
            [RETRIAL, "serve", path, "--quiet"], text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        said = []
        for line in self.process.stdout:
            said.append(line)
            if line.startswith("Ctrl-C"):
                break
        said = "".join(said)
        found = re.search(r"played on (https?)://127\.0\.0\.1:(\d+) "
                          r"\(write key (\S+)\)", said)
        if not found:
            said += self.process.stderr.read()
            self.stop()
            raise SystemExit(f"{name}: retrial serve said: {said}")
        self.scheme, self.port, self.key = found.groups()
        ca = re.search(r"--cacert (\S+)", said)
        self.ca = ca.group(1) if ca else None

    @property
    def timeout_s(self):
        if not self.silent:
            return PATIENT_S
        return SILENT_IN_BODY_S if self.in_body else SILENT_S

    @property
    def url(self):
        return f"{self.scheme}://127.0.0.1:{self.port}/v1/batch"

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.stdout.close()
        self.process.wait()
        self.process.stderr.close()


# ---- what they say, in the same words ----

# The first that is found in what the client said; so certificates come before
# the handshake they fail.
VERDICTS = [
    ("timeout", r"\(28\)|\btimed out\b|TimeoutError|UND_ERR_\w*TIMEOUT"),
    ("refused", r"refused|ECONNREFUSED"),
    ("certificate", r"\(60\)|CERTIFICATE_VERIFY_FAILED|CERT_|SELF_SIGNED"
                    r"|UNABLE_TO_|ALTNAME"),
    ("closed", r"\(52\)|RemoteDisconnected|other side closed"
               r"|SSLEOFError|SSL_ERROR_SYSCALL|socket disconnected"),
    ("reset", r"reset by peer|ECONNRESET|EPIPE|[Bb]roken pipe"),
    ("tls", r"\(35\)|SSLError|SSL|EPROTO"),
    ("cut", r"\(18\)|IncompleteRead"),
    ("failed assertion", r"ERR_ASSERTION"),
    ("too large", r"\(27\)|Header.*too (?:large|long)|got more than \d+"
                  r"|HEADERS_OVERFLOW|Too (?:large|many).*header"),
    ("garbled", r"\(1\)|\(8\)|\(56\)|\(61\)|BadStatusLine|UnknownProtocol"
                r"|LineTooLong|HPE_|invalid literal|Content-Encoding|Z_DATA"
                r"|bad response|incorrect header check|RESPONSE_CONTENT"),
    ("cut", r"terminated"),
]


def verdict(status, said):
    """"200", "reset", "200, then cut": the status that was read, and what
    came in the way."""
    words = [str(status)] if status else []
    if said:
        words += [next((name for name, pattern in VERDICTS
                        if re.search(pattern, said)), f"what is this: {said}")]
    return ", then ".join(words) or "nothing"


def settled(client, fault, said):
    """Where either may come, it is always told as both."""
    either = EITHER.get((client, fault), ())
    return " or ".join(either) if said in either else said


def by_curl(servers):
    def meet(server):
        out = subprocess.run(
            ["curl", "-v", "--silent", "--show-error", "--output", "/dev/null",
             "--write-out", "%{http_code}", "--max-time",
             str(server.timeout_s), "--user", f"{server.key}:",
             *(["--cacert", server.ca] if server.ca else []),
             "--header", "Content-Type: application/json",
             "--data-binary", BODY, server.url],
            capture_output=True, check=False, env={"PATH": "/usr/bin:/bin"})
        talk = out.stderr.decode(errors="replace")
        # Why it could not connect is told on the way only.
        error = re.findall(r"^curl: .*|^\* .* failed: .*", talk, re.M)
        return int(out.stdout or 0), "\n".join(error)

    with concurrent.futures.ThreadPoolExecutor(len(servers)) as pool:
        return dict(zip([server.name for server in servers],
                        pool.map(meet, servers)))


def by_http_client(servers):
    def meet(server):
        status = None
        connection = http.client.HTTPConnection(
            "127.0.0.1", server.port, timeout=server.timeout_s)
        if server.scheme == "https":
            connection = http.client.HTTPSConnection(
                "127.0.0.1", server.port, timeout=server.timeout_s,
                context=ssl.create_default_context(cafile=server.ca))
        ends = time.monotonic() + server.timeout_s
        try:
            connection.request("POST", "/v1/batch", BODY,
                               {"Content-Type": "application/json"})
            answer = connection.getresponse()
            status = answer.status
            # Its timeout is for a silence only: it would read on for ever.
            while server.name == "endless-body" and answer.read1(65536):
                if time.monotonic() > ends:
                    raise TimeoutError("timed out")
            answer.read()
        except (OSError, http.client.HTTPException, ValueError) as error:
            return status, f"{type(error).__name__}: {error}"
        finally:
            connection.close()
        return status, ""

    with concurrent.futures.ThreadPoolExecutor(len(servers)) as pool:
        return dict(zip([server.name for server in servers],
                        pool.map(meet, servers)))


def by_fetch(servers):
    jobs = [{"fault": server.name, "url": server.url, "body": BODY,
             "key": server.key, "timeout_ms": server.timeout_s * 1000}
            for server in servers]
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as bundle:
        for server in servers:
            if server.ca:
                bundle.write(pathlib.Path(server.ca).read_text())
        bundle.flush()
        out = subprocess.run(
            ["node", HERE / "fetch.mjs"], input=json.dumps(jobs), text=True,
            capture_output=True, check=True,
            env={"PATH": "/usr/local/bin:/usr/bin:/bin",
                 "NODE_EXTRA_CA_CERTS": bundle.name})
    return {name: (saw["status"], saw["error"] or "")
            for name, saw in json.loads(out.stdout).items()}


def version(command, pattern):
    """"7.88.1"; None when it is not here."""
    with contextlib.suppress(OSError):
        out = subprocess.run(command, capture_output=True, text=True,
                             check=False).stdout
        found = re.search(pattern, out)
        return found and found.group(1)
    return None


CLIENTS = [
    ("curl -v", by_curl, version(["curl", "--version"], r"^curl (\S+)")),
    ("http.client", by_http_client, sys.version.split()[0]),
    ("fetch", by_fetch, version(["node", "--version"], r"^v(\S+)")),
]


# ---- the table ----

def meet_with(meet, known, places):
    """What one client says of all faults: {fault: (status, error)}"""
    with tempfile.TemporaryDirectory() as folder, \
            contextlib.ExitStack() as stack:
        def start(one):
            server = Server(folder, *one, places[one[0]])
            stack.callback(server.stop) # also when another cannot start
            return server

        with concurrent.futures.ThreadPoolExecutor(STARTED_AT_ONCE) as pool:
            servers = list(pool.map(start, known))
        return meet(servers)


def meet_all(talk):
    """The faults' names; {client: {fault: verdict}} of the clients that are
    here"""
    known = faults()
    places = placed()
    clients = [(client, meet) for client, meet, here in CLIENTS if here]
    with concurrent.futures.ThreadPoolExecutor(len(clients)) as pool:
        saw = dict(zip([client for client, _ in clients], pool.map(
            lambda one: meet_with(one[1], known, places), clients)))
    found = {client: {name: settled(client, name, verdict(*saw[client][name]))
                      for name, _, _ in known} for client in saw}
    for client, name in [(c, n) for c in found for n in found[c] if talk]:
        print(f"{client:12} {name:20} {found[client][name]:20} "
              f"{saw[client][name]}")
    return [name for name, _, _ in known], found


TEXT = f"""{MARK}

Three clients of others meet each fault with one request, never repeated, and do not know what comes. The table shows
what they made of it. `script/fault-clients --write` makes it; the test `docs.fault_clients` makes it again. "200, then
cut": a status was read, then the body failed. Silence ends by the client's own timeout.

"""


def section(names, found):
    versions = ", ".join(f"{client} {here}" for client, _, here in CLIENTS)
    lines = [TEXT + f"Versions: {versions}.\n",
             "| fault | " + " | ".join(f"`{client}`" for client, _, _ in
                                       CLIENTS) + " |",
             "|---" * (len(CLIENTS) + 1) + "|"]
    for name in names:
        lines.append(f"| `{name}` | " + " | ".join(
            found[client][name] for client, _, _ in CLIENTS) + " |")
    return "\n".join(lines) + "\n"


def parse(page):
    """The versions and the table of the page: {client: version}, {client:
    {fault: verdict}}"""
    part = page.partition(MARK)[2]
    said = part.partition("Versions: ")[2].partition(".\n")[0]
    versions = dict(one.rsplit(" ", 1) for one in said.split(", ") if one)
    table = {client: {} for client, _, _ in CLIENTS}
    for line in part.splitlines():
        cells = [cell.strip(" `") for cell in line.strip("| ").split(" | ")]
        if line.startswith("| `") and len(cells) == len(CLIENTS) + 1:
            for (client, _, _), said in zip(CLIENTS, cells[1:]):
                table[client][cells[0]] = said
    return versions, table


def series(text):
    """"7.88" of "7.88.1": what a client makes of a fault may change with it."""
    return ".".join(text.split(".")[:2]) if text else None


def compare(names, found):
    versions, table = parse(PAGE.read_text())
    compared, wrong = 0, []
    for client, _, here in CLIENTS:
        if client not in found or series(here) != series(versions.get(client)):
            print(f"{client}: the page is of {versions.get(client)}, here is "
                  f"{here}: not compared")
            continue
        compared += 1
        wrong += [f"{client}: {name}: found {found[client][name]}; "
                  f"docs/faults.md says {table[client].get(name, 'nothing')}"
                  for name in names
                  if found[client][name] != table[client].get(name)]
        wrong += [f"{client}: {name}: docs/faults.md has it, and there is no "
                  "such fault" for name in table[client] if name not in names]
    print("\n".join(wrong) or f"{len(names)} faults, {compared} clients: as "
          "docs/faults.md says")
    if wrong:
        print("if that is right: script/fault-clients --write")
        return 1
    return 0 if compared else 77


def main():
    names, found = meet_all("--all" in sys.argv)
    if "--write" not in sys.argv:
        return compare(names, found)
    missing = [client for client, _, here in CLIENTS if not here]
    if missing:
        sys.exit(f"not written: {', '.join(missing)} is not here")
    page = PAGE.read_text().partition(MARK)[0].rstrip("\n")
    PAGE.write_text(f"{page}\n\n{section(names, found)}")
    return 0


sys.exit(main())
