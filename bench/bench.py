#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures Retrial's server beside its peers, and makes
docs/measured/performance.md.

bench.py BUILD PEERS [--quick] [--output FILE]

A program of its own in Python, since most of the work is to start strangers
and to count; what is timed closely is timed by wrk and bench_late. Every
figure is the median of rounds in which all servers take their turn, so that
what else the machine does falls upon all of them.
"""
import argparse
import datetime
import json
import os
import pathlib
import platform
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import textwrap
import time

import servers

ROOT = pathlib.Path(__file__).resolve().parent.parent
CLIENT_CORE = "1"
# A record ends at 100,000 attempts: of both together.
WARM_S, ROUND_S = 0.25, 0.6
CONNECTIONS = (1, 100, 1000)
HELD = 10000
FIRST_PORT = 18300


def spread(values, digits=0):
    if not values:
        return "-"
    if len(values) == 1:
        return f"{values[0]:,.{digits}f}"
    return (f"{statistics.median(values):,.{digits}f} ({min(values):,.{digits}f}"
            f"-{max(values):,.{digits}f})")


def table(head, rows):
    lines = [head, ["---"] * len(head)] + rows
    return "\n".join("| " + " | ".join(map(str, line)) + " |"
                     for line in lines)


# ---- what is measured ----

def load(server, seconds):
    """Requests a second, and how many there were. wrk counts in whole seconds,
    but ends in time when it is interrupted."""
    with subprocess.Popen(
            ["taskset", "-c", CLIENT_CORE, "wrk", "-t1", "-c64", "--timeout",
             "20s", "-d60s", "-s", ROOT / "bench" / "post.lua",
             f"http://127.0.0.1:{server.port}/v1/batch"],
            stdout=subprocess.PIPE, text=True) as wrk:
        time.sleep(seconds)
        wrk.send_signal(signal.SIGINT)
        told = wrk.communicate()[0]
    if wrk.returncode != 0 or "Non-2xx" in told or "Socket errors" in told:
        sys.exit(f"bench: {server.name} failed under load; it "
                 f"{server.state()}; wrk (exit {wrk.returncode}) told:\n"
                 f"{told}its last words:\n{server.last_words()}")
    rate = float(re.search(r"Requests/sec: *([\d.]+)", told)[1])
    count = int(re.search(r"(\d+) requests in", told)[1])
    return max(rate, 1.0), max(count, 1) # 1: starved, by others


def cpu_us(server):
    """Processor time of the server so far; threads of one process."""
    task = pathlib.Path(f"/proc/{server.process.pid}/task")
    return sum(int((one / "schedstat").read_text().split()[0])
               for one in task.iterdir()) / 1e3


def lateness(build, port, connections, rounds):
    run = subprocess.run(
        ["taskset", "-c", CLIENT_CORE, build / "bench_late", str(port),
         str(servers.DELAY_MS), str(connections), str(rounds)],
        capture_output=True, text=True)
    return json.loads(run.stdout) if run.returncode == 0 else None


class Bench:
    def __init__(self, build, peers, quick):
        self.build, self.peers, self.quick = build, peers, quick
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="retrial-bench-"))
        self.port = FIRST_PORT
        self.rates = {one: [] for one in servers.ALL}
        self.costs = {one: [] for one in servers.ALL}
        self.cold = {one: [] for one in servers.ALL}
        self.memory = {one: [] for one in servers.ALL}
        self.late = {}
        self.missing = {}
        self.made = []

    def make(self, kind_of):
        self.port += 1
        server = kind_of(self.build, self.peers, self.scratch, self.port)
        self.made.append(server)
        return server

    def clear(self):
        """Whatever went wrong, nothing that was started stays."""
        for server in self.made:
            server.stop()
        shutil.rmtree(self.scratch, ignore_errors=True)

    def start(self, kind_of, kind="ok"):
        """A running server, or None when it is not to be had."""
        if kind_of in self.missing:
            return None
        server = self.make(kind_of)
        try:
            cold_ms = server.start(kind)
        except servers.Missing as missing:
            self.missing[kind_of] = str(missing)
            print(f"bench: {missing}", file=sys.stderr)
            return None
        if kind == "ok":
            self.cold[kind_of].append(cold_ms)
            self.memory[kind_of].append(server.rss_kb() / 1024)
        return server

    # A record is bounded, so that each round has a server of its own.
    def is_fresh_each_round(self, kind_of):
        return issubclass(kind_of, servers.Retrial)

    def throughput(self):
        running = {}
        for one in servers.ALL:
            if not self.is_fresh_each_round(one):
                running[one] = self.start(one)
                if running[one] is not None:
                    if not self.quick:
                        load(running[one], 2) # warms the JVMs
                    running[one].pause()
        for _ in range(1 if self.quick else 5):
            for one in servers.ALL:
                fresh = self.is_fresh_each_round(one)
                server = self.start(one) if fresh else running[one]
                if server is None:
                    continue
                if not fresh:
                    server.go_on()
                load(server, WARM_S)
                before_us = cpu_us(server)
                rate, count = load(server, ROUND_S)
                self.rates[one].append(rate)
                self.costs[one].append((cpu_us(server) - before_us) / count)
                if fresh:
                    server.stop()
                else:
                    server.pause()
        for server in running.values():
            if server is not None:
                server.stop()

    def cold_starts(self):
        for _ in range(1 if self.quick else 10):
            for one in (servers.Nginx, servers.Retrial, servers.Toxiproxy):
                server = self.start(one)
                if server is not None:
                    server.stop()

    def delays(self):
        for one in servers.ALL:
            if not one.delays or one is servers.Decide:
                continue
            server = self.start(one, "delay")
            if server is None:
                continue
            for connections in CONNECTIONS:
                rounds = 3 if self.quick else max(12, 200 // connections)
                self.late[one, connections] = lateness(
                    self.build, server.port, connections, rounds)
            server.stop()

    def held(self):
        """MB of the server with so many requests that it lets hang."""
        server = self.make(servers.Retrial)
        command = server.prepare("hang")
        server.process = subprocess.Popen(
            [str(word) for word in command], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL)
        server.process.stdout.readline() # it listens
        request = (b"POST /v1/batch HTTP/1.1\r\nHost: x\r\n"
                   b"Content-Length: 12\r\n\r\n" + b'{"batch":[]}')
        lines = []
        count = 500 if self.quick else HELD
        for _ in range(count):
            line = socket.create_connection(("127.0.0.1", server.port))
            line.sendall(request)
            lines.append(line)
        for line in lines[-1:]: # all that came before it has been read
            line.settimeout(1)
            try:
                line.recv(1)
            except socket.timeout:
                pass
        open_count = len(os.listdir(f"/proc/{server.process.pid}/fd"))
        megabytes = server.rss_kb() / 1024
        for line in lines:
            line.close()
        server.stop()
        if open_count < count:
            sys.exit(f"bench: only {open_count} of {count} are held")
        return count, megabytes

    def suite(self):
        output = self.scratch / "run.json"
        words = ["status/*"] if self.quick else []
        subprocess.run([self.build / "retrial", "certify", "--seed", "1",
                        "--json", output, *words], cwd=ROOT, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return json.loads(output.read_text())


# ---- the page ----

def rate_rows(bench):
    nginx = bench.rates[servers.Nginx]
    rows = []
    for one in servers.ALL:
        rates = bench.rates[one]
        if not rates:
            rows.append([one.name, "not installed", "-", "-", "-", "-"])
            continue
        ratio = (f"{statistics.median(rates) / statistics.median(nginx):.2f}"
                 if nginx else "-")
        rows.append([one.name, spread(rates), ratio,
                     spread(bench.costs[one], 1), spread(bench.cold[one], 1),
                     f"{min(bench.memory[one]):.0f}"])
    return rows


def goal(bench):
    """What the goal leaves for Retrial's own work, and what that takes."""
    wanted = "The goal is 0.9 of nginx with a record and a Lua `decide`."
    cost = {one: statistics.median(costs)
            for one, costs in bench.costs.items() if costs}
    if servers.Nginx not in cost:
        return wanted
    floor_us = cost[servers.Floor]
    return wanted + (
        f" That would be {cost[servers.Nginx] / 0.9:.1f} us a request, of"
        f" which libmicrohttpd alone takes {floor_us:.1f}. What Retrial does"
        f" beside takes {cost[servers.Retrial] - floor_us:.1f}, and"
        f" {cost[servers.Decide] - floor_us:.1f} with Lua.")


def late_rows(bench):
    rows = []
    for one in servers.ALL:
        if not one.delays or one is servers.Decide:
            continue
        row = [one.name]
        for connections in CONNECTIONS:
            found = bench.late.get((one, connections))
            if found is None or "p50_ms" not in found:
                row.append("not installed" if one in bench.missing
                           else "no answer")
                continue
            row.append(f"{found['p50_ms']:.2f} / {found['p99_ms']:.2f}"
                       + (f", {found['missing']} missing"
                          if found["missing"] else ""))
        rows.append(row)
    return rows


def suite_rows(run):
    longest = max(run["trials"], key=lambda trial: trial["wall_ms"])
    wall, waits = run["wall_ms"], run["totals"]["waits_ms"]
    return [
        ["trials", len(run["trials"])],
        ["clock", run["clock"]],
        ["wall time", f"{wall / 1e3:.1f} s"],
        [f"longest trial (`{longest['id']}`)",
         f"{longest['wall_ms'] / 1e3:.1f} s"],
        ["wall / longest", f"{wall / longest['wall_ms']:.2f}"],
        ["sum of the waits", f"{waits / 1e3:.1f} s"],
        ["waits / wall", f"{waits / wall:.1f}"]]


def version(command, **how):
    run = subprocess.run(command, stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, text=True, **how)
    return run.stdout.strip().splitlines()[0]


def machine():
    model = next(line.split(":")[1].strip() for line in open("/proc/cpuinfo")
                 if line.startswith("model name"))
    found = [f"{model}, {os.cpu_count()} cores, Linux "
             + platform.release().split("-")[0]]
    for command in (["/usr/sbin/nginx", "-v"], ["wrk", "-v"],
                    ["java", "-version"], ["node", "-v"]):
        if shutil.which(command[0]):
            found.append(version(command).replace(" [epoll] Copyright (C) "
                                                  "2012 Will Glozer", ""))
    return "; ".join(found)


def page(bench, held, run, load):
    text = (ROOT / "bench" / "page.md").read_text()
    return text.format(
        machine=textwrap.fill("{}; load average {:.1f} before, {:.1f} after."
                              .format(machine(), *load), 120),
        date=datetime.date.today().isoformat(),
        retrial=version([bench.build / "retrial", "--version"]),
        goal=textwrap.fill(goal(bench), 120),
        rates=table(["server", "requests/s", "/ nginx", "CPU us/request",
                     "cold start ms", "memory MB"], rate_rows(bench)),
        late=table(["server"] + [f"{n:,} connections" for n in CONNECTIONS],
                   late_rows(bench)),
        goals=table(["goal", "seen"], [
            ["cold start under 15 ms",
             spread(bench.cold[servers.Retrial], 1) + " ms"],
            ["10,000 held connections under 100 MB",
             f"{held[0]:,}: {held[1]:.0f} MB"],
            ["error of a delay: p99 under 1 ms when idle", "{} ms".format(
                (bench.late.get((servers.Retrial, 1)) or {}).get("p99_ms"))],
        ]),
        suite=table(["certify, reference client", ""], suite_rows(run)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("peers", type=pathlib.Path)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--output", type=pathlib.Path)
    given = parser.parse_args()
    if shutil.which("wrk") is None:
        print("bench: wrk is not installed", file=sys.stderr)
        return 77
    bench = Bench(given.build.resolve(), given.peers.resolve(), given.quick)
    before = os.getloadavg()[0]
    try:
        bench.throughput()
        bench.cold_starts()
        bench.delays()
        held = bench.held()
        run = bench.suite()
    finally:
        bench.clear()
    text = page(bench, held, run, (before, os.getloadavg()[0]))
    output = given.output or (None if given.quick else
                              ROOT / "docs" / "measured" / "performance.md")
    if output is None:
        print(text)
    else:
        output.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
