# SPDX-License-Identifier: Apache-2.0
"""The servers that are measured: how each is started, on which port, and what
makes it answer 200 at once or 100 ms late."""
import glob
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
BODY = '{"success":true}'
DELAY_MS = 100
SERVER_CORE = "0"


class Missing(Exception):
    """A peer that is not installed."""


def ask(port, timeout=5):
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/batch", data=b'{"batch":[]}',
        headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=timeout) as answer:
        return answer.status


def family(pid):
    """A process and all below it."""
    found = [pid]
    for child in open(f"/proc/{pid}/task/{pid}/children").read().split():
        found += family(int(child))
    return found


def rss_kb(pid):
    """Resident memory."""
    for line in open(f"/proc/{pid}/status"):
        if line.startswith("VmRSS"):
            return int(line.split()[1])
    return 0


class Server:
    """One server under test; port is where the client goes."""
    name = version = ""
    delays = True

    def __init__(self, build, peers, scratch, port):
        self.build, self.peers, self.port = build, peers, port
        self.folder = scratch / f"{type(self).__name__}-{port}"
        self.folder.mkdir()
        self.process = None

    def prepare(self, kind):
        """Writes its configuration; returns its command."""
        raise NotImplementedError

    def start(self, kind):
        """Returns the milliseconds from exec to the first whole answer."""
        command = self.prepare(kind)
        self.refuse_strangers()
        begun = time.perf_counter()
        self.process = subprocess.Popen(
            ["taskset", "-c", SERVER_CORE, *map(str, command)],
            cwd=self.folder, stdin=subprocess.DEVNULL,
            stdout=open(self.folder / "out", "ab"), stderr=subprocess.STDOUT)
        while True:
            try:
                if ask(self.port) == 200 and self.process.poll() is None:
                    break
            except OSError:
                pass
            if self.process.poll() is not None or \
                    time.perf_counter() - begun > 120:
                self.stop()
                raise Missing(f"{self.name} does not start: "
                              + self.last_words())
            time.sleep(0.0005)
        cold_ms = (time.perf_counter() - begun) * 1e3
        if kind == "delay":
            cold_ms -= DELAY_MS
            self.add_delay()
        return cold_ms

    def state(self):
        """How it is, or how it ended."""
        code = self.process.poll()
        if code is None:
            return "still runs"
        return f"exited with {code}" if code >= 0 else \
            f"was ended by {signal.Signals(-code).name}"

    def last_words(self):
        return (self.folder / "out").read_text(errors="replace")[-300:]

    def refuse_strangers(self):
        """What answers there already would be measured in our place."""
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                sys.exit(f"bench: port {self.port} is taken")

    def add_delay(self):
        """For those that are told while they run."""

    def rss_kb(self):
        return sum(map(rss_kb, family(self.process.pid)))

    def signal(self, number):
        for pid in family(self.process.pid):
            os.kill(pid, number)

    def pause(self):
        """While others are measured: who waits for nothing still ticks."""
        self.signal(signal.SIGSTOP)

    def go_on(self):
        self.signal(signal.SIGCONT)

    def stop(self):
        if self.process is not None:
            if self.process.poll() is None:
                self.go_on()
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None


class Retrial(Server):
    name = "retrial serve"
    lines = False

    def prepare(self, kind):
        scenario = {"ok": "plain"}.get(kind, kind)
        quiet = [] if self.lines else ["--quiet"]
        return [self.build / "retrial", "serve",
                HERE / "scenarios" / f"{scenario}.lua", "--port", self.port,
                *quiet]


class Decide(Retrial):
    name = "retrial serve, Lua decide"

    def prepare(self, kind):
        return super().prepare("decide" if kind == "ok" else kind)


class Floor(Server):
    name = "libmicrohttpd alone"
    delays = False

    def prepare(self, kind):
        return [self.build / "bench_floor", self.port]


class Nginx(Server):
    name = "nginx return 200"
    delays = False
    modules = ()
    says = f"return 200 '{BODY}';"

    def prepare(self, kind):
        if shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin") is \
                None:
            raise Missing("nginx is not installed")
        places = "".join(f"{word}_temp_path {self.folder}/{word};" for word in
                         ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        modules = "".join(f"load_module {one};" for one in self.modules)
        (self.folder / "nginx.conf").write_text(
            f"{modules} worker_processes 1; daemon off; master_process off;"
            f"error_log {self.folder}/error; pid {self.folder}/pid;"
            "events { worker_connections 4096; }"
            f"http {{ access_log off; keepalive_requests 1000000000; {places}"
            f"server {{ listen 127.0.0.1:{self.port};"
            f"location / {{ {self.says} }} }} }}")
        return ["/usr/sbin/nginx", "-p", self.folder, "-c",
                self.folder / "nginx.conf", "-e", self.folder / "error"]


class NginxLua(Nginx):
    """Has the body, as a script may look at it, and asks Lua what to say."""
    name = "nginx, Lua content"
    modules = [f"/usr/lib/nginx/modules/{name}_module.so"
               for name in ("ndk_http", "ngx_http_lua")]
    says = ("content_by_lua_block { ngx.req.read_body() "
            "local body = ngx.req.get_body_data() "
            'ngx.header["Content-Type"] = "application/json" '
            f"ngx.print('{BODY}') }}")

    def prepare(self, kind):
        if not all(map(os.path.exists, self.modules)):
            raise Missing("nginx's Lua module is not installed")
        return super().prepare(kind)


class WireMock(Server):
    name = "WireMock 3.13.2"

    def prepare(self, kind):
        jars = glob.glob(f"{self.peers}/wiremock/*.jar")
        if not jars or not shutil.which("java"):
            raise Missing("WireMock is not installed")
        response = {"status": 200, "body": BODY}
        if kind == "delay":
            response["fixedDelayMilliseconds"] = DELAY_MS
        (self.folder / "mappings").mkdir(exist_ok=True)
        (self.folder / "mappings" / "all.json").write_text(json.dumps(
            {"request": {"method": "ANY", "urlPattern": ".*"},
             "response": response}))
        return ["java", "-jar", jars[0], "--port", self.port, "--root-dir",
                self.folder, "--disable-banner", "--bind-address",
                "127.0.0.1", "--async-response-enabled", "true"]


class MockServer(Server):
    name = "MockServer 7.6.0"

    def prepare(self, kind):
        if not glob.glob(f"{self.peers}/mockserver/mockserver-netty-*.jar") \
                or not shutil.which("java"):
            raise Missing("MockServer is not installed")
        response = {"statusCode": 200, "body": BODY}
        if kind == "delay":
            response["delay"] = {"timeUnit": "MILLISECONDS",
                                 "value": DELAY_MS}
        (self.folder / "init.json").write_text(json.dumps(
            [{"httpRequest": {}, "httpResponse": response}]))
        return ["java", "-cp", f"{self.peers}/mockserver/*",
                f"-Dmockserver.initializationJsonPath={self.folder}/init.json",
                "org.mockserver.cli.Main", "-serverPort", self.port,
                "-logLevel", "ERROR"]


class Mountebank(Server):
    name = "mountebank 2.9.1"

    def prepare(self, kind):
        mb = self.peers / "node_modules" / ".bin" / "mb"
        if not mb.exists():
            raise Missing("mountebank is not installed")
        response = {"is": {"statusCode": 200, "body": BODY}}
        if kind == "delay":
            response["behaviors"] = [{"wait": DELAY_MS}]
        (self.folder / "imposters.json").write_text(json.dumps({"imposters": [
            {"port": self.port, "protocol": "http", "host": "127.0.0.1",
             "stubs": [{"responses": [response]}]}]}))
        return ["node", mb.resolve(), "start", "--configfile",
                self.folder / "imposters.json", "--port", self.port + 500,
                "--host", "127.0.0.1", "--nologfile", "--loglevel", "error",
                "--pidfile", self.folder / "pid"]


class Toxiproxy(Server):
    name = "toxiproxy 2.5.0 + nginx"

    def prepare(self, kind):
        if not (self.peers / "server").exists():
            raise Missing("toxiproxy is not installed")
        self.upstream = Nginx(self.build, self.peers, self.folder,
                              self.port + 1000)
        self.upstream.start("ok")
        (self.folder / "proxies.json").write_text(json.dumps([
            {"name": "bench", "listen": f"127.0.0.1:{self.port}",
             "upstream": f"127.0.0.1:{self.upstream.port}",
             "enabled": True}]))
        self.api = self.port + 500
        return [self.peers / "server", "-port", self.api, "-config",
                self.folder / "proxies.json"]

    def add_delay(self):
        toxic = {"type": "latency", "attributes": {"latency": DELAY_MS}}
        urllib.request.urlopen(urllib.request.Request(
            f"http://127.0.0.1:{self.api}/proxies/bench/toxics",
            data=json.dumps(toxic).encode()))

    def start(self, kind):
        cold_ms = super().start(kind)
        return cold_ms + DELAY_MS if kind == "delay" else cold_ms

    def rss_kb(self):
        return super().rss_kb() + self.upstream.rss_kb()

    def signal(self, number):
        super().signal(number)
        self.upstream.signal(number)

    def stop(self):
        super().stop()
        if getattr(self, "upstream", None) is not None:
            self.upstream.stop()


ALL = [Nginx, NginxLua, Floor, Retrial, Decide, WireMock, MockServer,
       Mountebank, Toxiproxy]
