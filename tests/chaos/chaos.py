#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The reference client under load and misfortune, event by event.

chaos.py serve BUILD SOURCE [--events N] [--seed N] [--deadline MS] [--under TOOL]
             [KNOB=N ...]
    `retrial serve` plays tests/chaos/chaos.lua
chaos.py kill BUILD SOURCE [--events N] [--seed N] [KNOB=N ...]
    tests/chaos/mortal.py kills itself (SIGKILL) in the middle of batches, and
    is started again on the same port

KNOB=N goes to chaos_client. The seed is printed; with the same one the same
batches meet the same fate. --under 'valgrind ...' runs the client under it.
"""
import argparse
import collections
import json
import pathlib
import random
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import ledger

HERE = pathlib.Path(__file__).resolve().parent
SKIPPED = 77
DEATHS = 12  # of the mortal server, three of each kind
DEATH_KINDS = ["head", "unwritten", "unanswered", "half"]
# What must have been played at least once in a large run.
FATES = ["answer 2xx", "answer 3xx", "answer 4xx", "answer 5xx", "fault reset",
         "fault close", "fault hang", "late answer 2xx", "answer 1xx"]
LARGE = 50000  # events
LIMIT_S = 280  # of a client's life; then its ledger is judged as it is


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("how", choices=["serve", "kill"])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("source", type=pathlib.Path)
    parser.add_argument("--events", type=int, default=100000)
    parser.add_argument("--seed", type=int,
                        default=int(time.time() * 1000) % 1000000)
    parser.add_argument("--under", default="")
    parser.add_argument("--deadline", type=int, metavar="MS",
                        help="the shutdown's, in the middle of it all")
    parser.add_argument("--keep", type=pathlib.Path, metavar="DIR",
                        help="both ledgers stay there")
    parser.add_argument("knobs", nargs="*")
    return parser.parse_intermixed_args()


def start_client(args, scratch, url):
    return subprocess.Popen(
        [*shlex.split(args.under), str(args.build / "chaos_client"), url,
         str(scratch / "client.txt"), f"events={args.events}",
         f"seed={args.seed}", f"shutdown_ms={args.deadline or -1}",
         *args.knobs])


def ids_of(body):
    return [event["messageId"] for event in json.loads(body)["batch"]]


# ---- retrial serve ----

def attempt_of(line):
    """An attempt of a record (docs: model/record_write.c), and its retry."""
    counts = [int(field["value"]) for field in line["headers"]
              if field["name"] == "X-Retry-Count"]
    decided = re.search(r"answer (\d+)", line["played"])
    accepted = bool(decided) and 200 <= int(decided.group(1)) <= 399
    return (counts or [0])[0], ledger.Attempt(
        accepted, line["status"], ids_of(line["body"]), line["target"])


def fate_of(line):
    """What was played, without its numbers: enough to see that all came."""
    fate = line["played"].split("decide: ")[1].replace("after 2.000 s:", "late")
    return re.sub(r"(answer \d)\d\d.*", r"\1xx", fate)


def serve(args, scratch):
    """The client against our own server; the record is its ledger."""
    record = scratch / "record.jsonl"
    server = subprocess.Popen(
        [args.build / "retrial", "serve", HERE / "chaos.lua", "--seed",
         str(args.seed), "--record", record], cwd=args.source, text=True,
        stdout=subprocess.PIPE)
    try:
        url = server.stdout.readline().split(" is played on ")[1].split()[0]
        # Nobody reads what it says of each attempt; it must not wait for that.
        drain = subprocess.Popen(["cat"], stdin=server.stdout,
                                 stdout=subprocess.DEVNULL)
        ended = start_client(args, scratch, url).wait(LIMIT_S)
        server.send_signal(signal.SIGINT)
        served = server.wait(60)
        drain.wait(60)
    finally:
        server.kill()
    side = ledger.Server()
    fates = collections.Counter()
    for line in map(json.loads, open(record)):
        if line["kind"] == "attempt":
            side.add(*attempt_of(line))
            fates[fate_of(line)] += 1
    # The judge's verdict (exit 1) is not asked: its plan knows no such events.
    wrong = [] if served in (0, 1) else [f"serve ended with {served}"]
    if args.events >= LARGE:
        wrong += [f"never played: {fate}" for fate in FATES if not fates[fate]]
    return ended, side, wrong, fates


# ---- a server that dies ----

def start_mortal(port, path, death, after, seed):
    server = subprocess.Popen(
        [sys.executable, "-S", "-E", HERE / "mortal.py", *map(
            str, (port, path, death, after, seed))],
        text=True, stdout=subprocess.PIPE)
    return server, int(server.stdout.readline())


def lives(args):
    """How each life of the server ends; the last has no end."""
    chance = random.Random(args.seed)
    batches = args.events // 20
    for number in range(DEATHS):
        yield (DEATH_KINDS[number % len(DEATH_KINDS)],
               chance.randrange(batches // DEATHS))
    yield "never", 0


def kill(args, scratch):
    """The client against a server that is killed and started again."""
    path = scratch / "server.jsonl"
    ends = lives(args)
    server, port = start_mortal(0, path, *next(ends), args.seed)
    killed = 0
    client = start_client(args, scratch, f"http://127.0.0.1:{port}")
    try:
        while client.poll() is None:
            try:
                server.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
            killed += server.returncode == -signal.SIGKILL
            server, _ = start_mortal(port, path, *next(ends),
                                     args.seed + killed)
    finally:
        server.kill()
        client.kill()
    side = ledger.Server()
    for line in map(json.loads, open(path)):
        side.add(line["retry"], ledger.Attempt(
            line["accepted"], None, line["ids"], line["target"]))
    wrong = [] if killed == DEATHS else [f"{killed} deaths, not {DEATHS}"]
    return client.wait(), side, wrong, collections.Counter(kills=killed)


def main():
    args = options()
    if args.under and not shutil.which(shlex.split(args.under)[0]):
        print(f"skipped: there is no {args.under}")
        return SKIPPED
    print(f"seed {args.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="retrial-chaos-") as made:
        scratch = args.keep or pathlib.Path(made)
        play = serve if args.how == "serve" else kill
        ended, server, wrong, fates = play(args, scratch)
        client = ledger.Client(open(scratch / "client.txt"))
    more, counts = ledger.judge(client, server, args.events)
    wrong += more
    if args.how == "kill" and counts["dropped"]:
        wrong.append(f"{counts['dropped']} events dropped: it had retries left")
    if args.deadline and client.in_time:
        wrong.append("the shutdown's deadline did not fall into the middle")
    if ended != 0:
        wrong.append(f"the client ended with {ended}")
    for name, count in sorted((counts + fates).items()):
        print(f"{count:8} {name}")
    print("\n".join(wrong[:20] + [f"{len(wrong)} complaints"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
