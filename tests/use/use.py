#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Uses the program as a new user would, and as a hostile client would: wrong
input must give one clear line and the right exit code, never a crash.

use.py BUILD_DIR SOURCE_DIR [PART...]
"""
import ctypes
import fnmatch
import json
import os
import pathlib
import resource
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

from checks import check, conclude

BUILD = pathlib.Path(sys.argv[1]).resolve()
SOURCE = pathlib.Path(sys.argv[2]).resolve()
HERE = SOURCE / "tests" / "use"
RETRIAL = str(BUILD / "retrial")
ONE = str(HERE / "scenarios" / "one.lua")
LONG = str(HERE / "scenarios" / "long.lua")
JUMP = str(HERE / "scenarios" / "jump.lua")
NAMES = str(HERE / "scenarios" / "names.lua")
REAL = str(HERE / "scenarios" / "real.lua")
HTTPS = "network/tls/tls-expired/once"
SANITIZED = b"__asan_init" in pathlib.Path(RETRIAL).read_bytes()
SEVERAL = str(HERE / "scenarios" / "several.lua")
SCRATCH = pathlib.Path(tempfile.mkdtemp(prefix="retrial-use-"))
# Where the program makes what it makes for a run; nothing may stay there.
KEYS = SCRATCH / "keys"
KEYS.mkdir()
os.environ["TMPDIR"] = str(KEYS)


def retrial(*words, timeout=60):
    return subprocess.run([RETRIAL, *map(str, words)], cwd=SOURCE, text=True,
                          capture_output=True, timeout=timeout,
                          stdin=subprocess.DEVNULL)


def client(how):
    return f"{sys.executable} {HERE}/clients/hostile.py {how}"


def expect(name, run, code, *parts, lines=3):
    """Exit code, what the talk says, and in how many lines it says it."""
    talk = run.stderr + run.stdout
    shown = f"  exit {run.returncode}, wanted {code}\n{talk[-3000:]}"
    ok = run.returncode == code and all(part in talk for part in parts)
    if code >= 2 and lines:
        ok = ok and len(run.stderr.strip().splitlines()) <= lines
    check(name, ok, shown)


def wrong_words():
    expect("no command", retrial(), 2, "usage: retrial COMMAND", lines=0)
    expect("unknown command", retrial("certfy"), 2, "did you mean certify?")
    expect("unknown flag", retrial("certify", "--jsn", "x"), 2,
           "--jsn is no flag", "did you mean --json?")
    expect("flag of another command", retrial("plan", "--port", "1"), 2,
           "--port is no flag of this command", "see retrial help plan")
    for word in ("-x", "-xv", "-vx"):
        expect(f"the unknown letter of {word}", retrial("certify", word), 2,
               "flags: -x is no flag of this command")
    expect("flag without its argument", retrial("certify", "--json"), 2,
           "--json: needs an argument; allowed is one --json F")
    expect("flag with an argument too many", retrial("certify", "--tap=x"), 2,
           "--tap: takes no argument")
    for words in ((), ("--sdk", "curl"),
                  ("--sdk", "curl", "--client", "true")):
        expect(f"a contract for a manifest {words}",
               retrial("certify", "--contract", "env", *words), 2,
               "--contract: goes with a bare --client")
    expect("version as a command", retrial("version"), 2,
           "did you mean --version?")
    expect("a family as a shell completes it",
           retrial("certify", "delivery/sent-at/"), 0, "certified")
    expect("a folder in place of a pattern", retrial("certify", "scenarios"),
           2, "scenarios: no scenario has this name; allowed are ids",
           "--scenarios")
    expect("serve two", retrial("serve", NAMES), 2,
           "names.lua: found 2 scenarios, allowed is one")
    expect("flag twice", retrial("certify", "--seed=1", "--seed=2"), 2,
           "given twice")
    expect("a seed that is no number", retrial("certify", "--seed", "x"), 2,
           "--seed: found x, allowed is a whole number")
    expect("a shard out of range", retrial("certify", "--shard", "3/2"), 2,
           "--shard: found 3/2")
    expect("unknown profile", retrial("certify", "--profile", "x"), 2,
           "no such profile; known: ", "segment")
    expect("a pattern that matches nothing",
           retrial("certify", "status/4xx/41"), 2,
           "no scenario has this name; did you mean status/4xx/4")
    flags = retrial("certify", "--help")
    expect("help", flags, 0, "--known-failures F")
    for words in (("help", "certify"), ("certify", "-h"),
                  ("certify", "status", "--help"), ("help", "certify", "-h")):
        check(" ".join(words), retrial(*words).stdout == flags.stdout)
    usage = retrial("--help")
    expect("usage", usage, 0, "retrial help COMMAND", "certify")
    for words in (("help",), ("-h",), ("help", "--help")):
        check(" ".join(words), retrial(*words).stdout == usage.stdout)
    expect("help for no command", retrial("help", "certfy"), 2,
           "certfy: no such command; did you mean certify?")
    expect("version", retrial("--version"), 0, "retrial 0.")
    expect("list of nothing known", retrial("list", "rulez"), 2,
           "did you mean rules?")
    expect("explain nothing known", retrial("explain", "RA-99"), 2,
           "RA-99: no rule")
    expect("contract", retrial("certify", "--contract", "soap"), 2,
           "allowed is e2e, env or stdio")
    expect("a jumping clock for a client of many trials",
           retrial("certify", "--sdk", "sdks/reference-stdio", "--clock",
                   "jump"), 2, "--clock: found jump")


def sdks():
    listed = retrial("list", "sdks").stdout.splitlines()
    check("list sdks", any(line.split()[0] == "reference" for line in listed))
    expect("an SDK by its name",
           retrial("certify", "--sdk", "reference", ONE, "-v"), 0,
           "use/one")
    expect("from wherever one stands", subprocess.run(
        [RETRIAL, "certify", "--sdk", "reference", ONE], cwd=SCRATCH,
        text=True, capture_output=True, timeout=60), 0, "certified")
    own = SCRATCH / "reference"
    own.mkdir()
    expect("a folder of that name goes before it", subprocess.run(
        [RETRIAL, "certify", "--sdk", "reference", ONE], cwd=SCRATCH,
        text=True, capture_output=True, timeout=60), 2, "neither client.json")
    own.rmdir()
    expect("no SDK of that name", retrial("certify", "--sdk", "refrence"), 2,
           "--sdk: found refrence (did you mean reference?)",
           "retrial list sdks")
    expect("a file for an SDK", retrial("certify", "--sdk", ONE), 2,
           "--sdk: found /", "allowed is a folder")


def wrong_files():
    expect("a typo in a scenario",
           retrial("plan", HERE / "scenarios" / "typo.lua"), 3,
           "typo.lua:", "retry_afer", "did you mean retry_after?")
    expect("a scenario that is not there", retrial("plan", "no.lua"), 2,
           "no.lua: ", "No such file")
    expect("a manifest with an unknown key",
           retrial("certify", "--sdk", HERE / "manifests" / "unknown-key"), 2,
           "capabilites: unknown key; did you mean capabilities?")
    expect("a folder without a manifest",
           retrial("certify", "--sdk", HERE), 2, "neither client.json")
    expect("a report in no folder",
           retrial("certify", "--json", "/no/such/x.json"), 2,
           "/no/such/x.json: cannot be written")
    expect("a report on a full disk",
           retrial("certify", ONE, "--json", "/dev/full"), 5,
           "/dev/full: cannot be written: No space left")
    expect("a report that is a folder",
           retrial("certify", ONE, "--json", SCRATCH), 2,
           "found a folder, allowed is a file")
    expect("two reports in one file",
           retrial("certify", ONE, "--json", SCRATCH / "x", "--html",
                   SCRATCH / "x"), 2, "two reports, as json and as html")
    expect("records in a file",
           retrial("certify", ONE, "--records", ONE), 2,
           "found a file, allowed is a folder")
    expect("a flag with nothing", retrial("certify", ONE, "--json="), 2,
           "--json: found nothing")
    full_stdout()
    known = SCRATCH / "known"
    known.write_text("# a comment\n\nuse/one:RA-99 because\n")
    expect("a known failure of no rule",
           retrial("certify", ONE, "--known-failures", known), 2,
           "known:3", "RA-99")
    known.write_text("use/one because\n# and\nretry-after/seconds/3x no\n")
    expect("a known failure of no scenario",
           retrial("certify", ONE, "--known-failures", known), 2,
           "known:3: found the scenario retry-after/seconds/3x (did you mean "
           "retry-after/seconds/3")
    known.write_text("retry_after/* because\n")
    expect("a glob of known failures that matches none",
           retrial("certify", ONE, "--known-failures", known), 2,
           "known:1: found the scenario retry_after/*")
    expect("expected failures of other scenarios than those that are run",
           retrial("certify", "--sdk", "sdks/curl", ONE, "-v"),
           0, "use/one")
    for sdk in sorted(SOURCE.glob("sdks/*/client.json")):
        expect(f"the expected failures of {sdk.parent.name}",
               retrial("certify", "--sdk", sdk.parent, "no-such-scenario"), 2,
               "no scenario has this name")


def full_stdout():
    record = SCRATCH / "full"
    retrial("certify", ONE, "--records", record)
    for words in ("--help", "--version", "help", "certify --help",
                  "help judge", "list scenarios", "list mutants",
                  "explain rules", f"plan {ONE}", "faults refuse",
                  f"certify {ONE}", f"certify {ONE} --tap",
                  f"judge {record}/use_one.jsonl --scenarios {ONE}"):
        for where, why in ((">/dev/full", "No space left on device"),
                           (">&-", "Bad file descriptor")):
            run = subprocess.run(f"{RETRIAL} {words} {where}", shell=True,
                                 cwd=SOURCE, text=True, timeout=60,
                                 stderr=subprocess.PIPE)
            check(f"{words} {where}", run.returncode == 5 and run.stderr ==
                  f"retrial: stdout: could not be written: {why}\n",
                  f"{run.returncode} {run.stderr}")


def records():
    where = SCRATCH / "records"
    expect("a record is kept",
           retrial("certify", ONE, "--records", where), 0)
    path = where / "use_one.jsonl"
    before = path.read_bytes()
    (where / "use_long.jsonl").mkdir() # as good as a full disk
    run = retrial("certify", ONE, LONG, "--records", where)
    expect("a record that could not be kept", run, 5, "use_long.jsonl: cannot "
           "be written", "1 record of this run could not be kept", lines=1)
    check("the run is reported all the same", "2 trials" in run.stdout,
          run.stdout)
    check("the other record is kept, and nothing beside it",
          len(path.read_bytes()) > 0 and len(list(where.iterdir())) == 2)
    path.write_bytes(before)
    apart = SCRATCH / "apart"
    expect("ids that differ in _ and / alone",
           retrial("certify", NAMES, "--records", apart), 0, "2 trials")
    check("have a record each", sorted(one.name for one in apart.iterdir())
          == ["use_c=d.jsonl", "use_c_d.jsonl"])
    expect("and are judged again",
           retrial("judge", *apart.iterdir(), "--scenarios", NAMES), 0,
           "2 trials")
    expect("a record is judged again",
           retrial("judge", path, "--scenarios", ONE), 0, "DELIVER-1")
    text = path.read_bytes()
    drawn = []
    for seed in (7, 8):
        where = SCRATCH / f"drawn-{seed}"
        run = retrial("certify", "sequences/drawn/1", "--seed", seed,
                      "--records", where)
        expect(f"what is drawn, by seed {seed}", run, 0)
        drawn += where.iterdir()
    expect("is judged again as it was drawn", retrial("judge", *drawn), 0,
           "certified: 2 trials")
    half = SCRATCH / "half.jsonl"
    half.write_bytes(text[:len(text) // 2])
    expect("a record cut in half",
           retrial("judge", half, "--scenarios", ONE), 2, "half.jsonl:")
    lines = text.splitlines(keepends=True)
    half.write_bytes(b"".join(lines[:-1]))
    expect("a record without its end",
           retrial("judge", half, "--scenarios", ONE), 2, "half.jsonl",
           "cut")
    other = SCRATCH / "other.lua"
    other.write_text(pathlib.Path(ONE).read_text().replace("200", "201"))
    expect("a scenario that has changed since",
           retrial("judge", path, "--scenarios", other), 2, "has changed")
    expect("no record at all", retrial("judge"), 2, "name a record")
    expect("a scenario instead of a record", retrial("judge", ONE), 2,
           "judge takes records")


def clients_that_cannot_run():
    bare = SCRATCH / "bare"
    bare.write_text("echo '{\"success\":true}'\n")
    orphan = SCRATCH / "orphan"
    orphan.write_text("#!/no/such/shell\n")
    for one in (bare, orphan):
        one.chmod(0o755)
    for command, part in [("/bin/false", "exit code 1"),
                          ("yes", "exit code 1"),
                          (client("only-floods"), "printed more than allowed"),
                          ("/no/such/program", "No such file"),
                          ("sh -c 'kill -9 $$'", "signal 9"),
                          (client("dies-early"), "no such module: analytics"),
                          ("'unclosed", "an unclosed quote"),
                          (bare, "bare: the client could not be started: it "
                           "is no binary of this machine and has no #! line"),
                          (orphan, "the program in its #! line is not there"),
                          (SCRATCH, "one with a manifest is named by --sdk"),
                          ("no-such-program", "No such file"),
                          ("''", "command: found an empty name"),
                          ("'\a'", "a control character (0x07) in word 1")]:
        code = 2 if str(command).startswith("'") else 4
        expect(f"--client {command}",
               retrial("certify", "--client", command), code, part)
    expect("nothing but what it lacks",
           retrial("certify", "--sdk", "sdks/curl", "batches"), 2,
           "no trial ran", "batches")


def explained():
    """What exercises a rule: each line is what certify takes, with as many
    scenarios as it says; all of them together are those that name the rule."""
    named = [line.split() for line in
             retrial("list", "scenarios").stdout.splitlines()]
    for rule in ("AUTH-1", "NET-1", "BACK-4", "DELIVER-1", "WIRE-8"):
        run = retrial("explain", rule)
        lines = run.stdout.partition("  exercised by ")[2]
        told = set()
        for line in lines.partition("  judged by ")[0].splitlines():
            pattern, *count = line.split()
            of = [words for words in named
                  if fnmatch.fnmatch(words[0], pattern)]
            mine = [words[0] for words in of if rule in words[1:]]
            right = [] if len(of) == 1 else (
                ["all", str(len(of))] if len(mine) == len(of)
                else [str(len(mine)), "of", str(len(of))])
            check(f"{rule}: {pattern}", mine and count == right, line)
            told.update(mine)
        check(f"{rule}: all are told",
              told == {words[0] for words in named if rule in words[1:]},
              run.stdout)
        check(f"{rule}: as a page", len(run.stdout.splitlines()) < 40,
              run.stdout)
    expect("who breaks a rule is told", retrial("explain", "BACK-4"), 0,
           "judged by    backoff.herd: ",
           "broken by    jitter-seeded-the-same: Draws its jitter")


def told_in_part():
    alone = retrial("certify", ONE)
    expect("the report of one trial is the trial", alone, 0,
           "PASS  use/one", "rules not exercised (-v: which)")
    check("and no list of what it had nothing to say of",
          alone.stdout.count("not exercised") == 1, alone.stdout)
    part = retrial("certify", "status/2xx/20*")
    expect("of a few, each has its line", part, 0,
           "pass          status/2xx/200", "pass          status/2xx/204")
    every = retrial("certify", ONE, "-v")
    check("-v tells every rule", every.stdout.count("not exercised") > 30,
          every.stdout)


def with_limits(limits, *words, user=None):
    """resource -> (soft, hard); where root would be let through, as nobody."""
    def become():
        for which, values in limits.items():
            resource.setrlimit(which, values)
    return subprocess.run([RETRIAL, "certify", *map(str, words)], cwd=SOURCE,
                          text=True, capture_output=True, timeout=60,
                          preexec_fn=become, user=user)


def a_poor_machine():
    """One error before the trials, and not one a trial."""
    none = {resource.RLIMIT_NOFILE: (20, 20)}
    expect("too few descriptors", with_limits(none, ONE), 4,
           "-n allows 20 descriptors; a run needs 512: ulimit -n 512")
    if not SANITIZED:  # or its shadow would have no room
        small = {resource.RLIMIT_AS: (200 << 20, 200 << 20)}
        expect("too little memory", with_limits(small, ONE), 4,
               "-v allows 204800 KiB of address space; a run needs 262144")
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    told = SCRATCH / "told"
    command = SCRATCH / "tells-limit"
    command.write_text(f"#!/bin/sh\nulimit -n >{told}\n"
                       f"exec {BUILD}/retrial-client \"$@\"\n")
    command.chmod(0o755)
    expect("a limit that may be raised is raised",
           with_limits({resource.RLIMIT_NOFILE: (40, hard)}, "backoff/herd",
                       "--client", command, "--jobs", "1"), 0)
    check("and the client has it as it was", told.read_text() == "40\n",
          told.read_text())
    nobody = 65534 if os.geteuid() == 0 else None
    try:
        run = with_limits({resource.RLIMIT_NPROC: (9, 9)}, ONE, user=nobody)
    except PermissionError:
        return  # nobody else may go where this was built
    expect("too few processes", run, 4, "-u, or pids.max of a container",
           "a run needs 64")


# AddressSanitizer's leak checker traces the process it checks, and fails where
# that is forbidden.
NO_LEAK_CHECK = {**os.environ, "LSAN_OPTIONS": "detect_leaks=0"}


def forbid_ptrace():
    """In a new process: as many a container's seccomp does, EPERM."""
    load, equal, give = 0x20, 0x15, 0x06
    code = [(load, 0, 0, 0),               # the call's number
            (equal, 0, 1, 101),            # ptrace, on x86-64
            (give, 0, 0, 0x00050000 | 1),  # EPERM
            (give, 0, 0, 0x7fff0000)]      # allowed
    text = b"".join(struct.pack("HBBI", *line) for line in code)
    lines = ctypes.create_string_buffer(text)
    program = struct.pack("HxxxxxxP", len(code), ctypes.addressof(lines))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(38, 1, 0, 0, 0)             # PR_SET_NO_NEW_PRIVS
    libc.prctl(22, 2, program, 0, 0)       # PR_SET_SECCOMP, by a filter


def untraced(clock):
    return subprocess.run([RETRIAL, "certify", ONE, "--clock", clock],
                          cwd=SOURCE, text=True, capture_output=True,
                          timeout=60, preexec_fn=forbid_ptrace,
                          env=NO_LEAK_CHECK)


def a_clock_of_its_own():
    expect("on the other clock it is not run",
           retrial("certify", JUMP, REAL, "--clock", "real", "-v"), 0,
           "use/jump  (lacks: clock.jump)",
           "1 not exercised (lack: clock.jump 1)")
    expect("nothing but such scenarios",
           retrial("certify", JUMP, "--clock", "real"), 2, "no trial ran",
           "clock.jump")
    expect("who serves by hand cannot jump", retrial("serve", JUMP), 2,
           "use/jump", "needs clock.jump")
    if retrial("certify", ONE, "--clock", "jump").returncode == 2:
        return  # this machine does not let us
    kept = SCRATCH / "clocks.json"
    expect("each gets its own",
           retrial("certify", JUMP, REAL, "--clock", "jump", "--json", kept),
           0, "certified: 2 trials, 0 failed")
    check("and the report says which",
          {trial["id"]: trial["clock"]
           for trial in json.loads(kept.read_text())["trials"]}
          == {"use/jump": "jump", "use/real": "real"}, kept.read_text())
    expect("the best there is", retrial("certify", ONE, "--clock", "auto"), 0,
           "clock     jump")
    expect("the best there is for a client of many trials",
           retrial("certify", ONE, "--clock", "auto", "--sdk",
                   "sdks/reference-stdio"), 0, "clock     real")
    expect("where nobody may trace time runs as it does", untraced("auto"), 0,
           "ptrace is forbidden", "time runs as it does", "clock     real")
    expect("and who insists is refused", untraced("jump"), 5,
           "ptrace is forbidden")


def hostile_clients():
    expect("a good client of python",
           retrial("certify", ONE, "--client", client("good")), 0)
    expect("a good client that starts late",
           retrial("certify", ONE, "--client", client("starts-late")), 0)
    for how, part in [("hangs", "outlived its limit"),
                      ("crashes", "signal"),
                      ("floods", "printed more"),
                      ("silent", "printed nothing")]:
        expect(f"a client that {how}",
               retrial("certify", ONE, "--client", client(how)), 1,
               "contract", part)
    expect("a client that explains itself at length",
           retrial("certify", "status/4xx/400", "--client",
                   client("explains")), 0)
    expect("a client that explains itself beyond all bounds",
           retrial("certify", ONE, "--client", client("says-too-much")), 1,
           "contract", "more than 4 MB on stdout")
    left = "retry-after/long/60"
    run = retrial("certify", left, "--client", client("leaves"))
    expect("a client that leaves in the middle of a wait", run, 1,
           "reported failure at ", "waits_s")
    check("it is blamed for that alone",
          "not certified: 1 trial, 1 failed" in run.stdout and
          run.stdout.count(" breached") == 1, run.stdout)
    expect("the same, whose manifest says so",
           retrial("certify", left, "--client", client("leaves"), "--sdk",
                   HERE / "manifests" / "waits-half-a-minute"), 4,
           "own command waits for 30 s, and left while the")
    # Time must not jump while it waits for room in its pipe: of five runs one
    # did, when what it had printed was not asked for, and when a thread that
    # was on its way to another processor was taken for one that sleeps.
    for turn in range(1, 6):
        expect(f"a client that talks much, run {turn}",
               retrial("certify", ONE, "--client", client("talks")), 0)
    expect("a client that grows",
           retrial("certify", LONG, "--client", client("grows")), 1,
           "contract", "more memory than allowed")
    started = time.monotonic()
    run = retrial("certify", ONE, "--client", client("forks"), "--records",
                  SCRATCH / "forks")
    expect("a client that leaves a daemon", run, 0)
    record = (SCRATCH / "forks" / "use_one.jsonl").read_text()
    check("its late request is in no record",
          record.count('"kind":"attempt"') == 1, record)
    check("it is not waited for", time.monotonic() - started < 60)
    left = subprocess.run(["pgrep", "-f", f"{HERE}/clients/hostile.py"],
                          capture_output=True, text=True)
    check("no process of a client is left", left.returncode == 1,
          left.stdout)


def a_bare_command_of_contract_env():
    told = SCRATCH / "told"
    script = SCRATCH / "told.sh"
    script.write_text(f'#!/bin/sh\necho "$RETRIAL_MAX_RETRIES" >{told}\n')
    script.chmod(0o755)
    retrial("certify", "budgets/retries-3/500", "--contract", "env",
            "--client", script)
    check("it is told how often it may retry", told.read_text() == "3\n",
          told.read_text())


def leaves(command, clock):
    """A client that delivers and leaves this behind; what is told of it, and
    what when its record is judged again."""
    folder = SCRATCH / f"left-{clock}"
    run = retrial("certify", "status/2xx/200", "--clock", clock, "--client",
                  f"sh -c '{command} exec {BUILD}/retrial-client \"$@\"' sh",
                  "--json", SCRATCH / "left.json", "--records", folder)
    again = retrial("judge", *folder.glob("*.jsonl"))
    shutil.rmtree(folder, ignore_errors=True)
    trial, = json.loads((SCRATCH / "left.json").read_text())["trials"]
    return run, again, trial["client"]["left"]


def what_is_left():
    """Time must not jump between a client's end and its trial's, which the
    talk would tell; what sleeps on is named, and makes no difference."""
    quiet = "</dev/null >/dev/null 2>&1"
    # Of its own group nothing outlives it: what is there must be asleep then.
    asleep = "until grep -q State:.S /proc/$!/status; do :; done;"
    for clock in ("jump", "real"):
        for how in ("", "setsid "):
            run, again, left = leaves(f"{how}sleep 1000 {quiet} & {asleep}", clock)
            name = f"{how}sleep is left behind, clock {clock}"
            for told in (run, again): # a page breaks its lines anywhere
                expect(name, told, 0)
                check(f"{name}, is told", "left running: sleep 1000" in
                      " ".join(told.stdout.split()), told.stdout)
            check(f"{name}, by name", left == "sleep 1000", left)
            check(f"{name}, and no talk of it", run.stderr == "", run.stderr)
        run, again, left = leaves("true;", clock)
        check("nothing is left behind", left is None, left)
    run, again, left = leaves(f"timeout 1000 sleep 2000 {quiet} & {asleep}",
                             "jump")
    check("a family is named once", left == "timeout 1000 sleep 2000", left)


def launchers():
    """What stands before a client, and is not the client."""
    reference = f"{BUILD}/retrial-client"
    for before in (HERE / "clients" / "storm.sh", "env A=1", "nice -n 1",
                   "timeout 100000", "sh -c '\"$@\"; exit $?' sh"):
        expect(f"a client behind {before}",
               retrial("certify", "retry-after/seconds/*", "--client",
                       f"{before} {reference}"), 0, "certified: ")


def several_clients():
    expect("three clients at once",
           retrial("certify", SEVERAL, "--client", client("good")), 0)
    expect("one of three crashes",
           retrial("certify", SEVERAL, "--client", client("third-crashes")),
           1, "the client crashed", "client 3: it printed nothing")
    expect("one of three reports failure",
           retrial("certify", SEVERAL, "--client", client("third-fails")),
           1, "reported failure", "client 3: no room")
    expect("one of three hangs",
           retrial("certify", SEVERAL, "--client", client("third-hangs")),
           1, "outlived its limit")


def has_below(pid, name):
    """Whether a process of that name runs below it."""
    for task in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            try:
                if pathlib.Path(f"/proc/{child}/comm").read_text() == \
                        name + "\n" or has_below(child, name):
                    return True
            except OSError:
                pass # it is gone
    return False


def clients_of_ours():
    """Those that this test started: other tests run the same client."""
    run = subprocess.run(["pgrep", "-f", str(BUILD / "retrial-client")],
                         capture_output=True, text=True, check=False)
    ours = []
    for pid in run.stdout.split():
        try:
            environment = pathlib.Path(f"/proc/{pid}/environ").read_bytes()
        except OSError:
            continue # it is gone
        if f"TMPDIR={KEYS}".encode() in environment.split(b"\0"):
            ours.append(pid)
    return ours


def interrupted():
    records = SCRATCH / "cut"
    records.mkdir()
    run = subprocess.Popen([RETRIAL, "certify", "retry-after", "--json",
                            str(SCRATCH / "cut.json"), "--records",
                            str(records)], cwd=SOURCE,
                           text=True, stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE)
    # Some trial has ended when its record is there; others go on for seconds.
    while not any(records.iterdir()) and run.poll() is None:
        time.sleep(0.05)
    run.send_signal(signal.SIGINT)
    out, err = run.communicate(timeout=30)
    check("Ctrl-C ends it with a report", run.returncode == 130 and
          out.splitlines()[-1].startswith("interrupted: ") and not err,
          f"{run.returncode} {out[-2000:]}{err}")
    report = json.loads((SCRATCH / "cut.json").read_text())
    kept = {one.name for one in records.iterdir()}
    check("what had ended is not lost, and nothing else is told",
          report["interrupted"] and report["unended"] > 0 and
          report["trials"] and not report["certified"] and
          all(one["verdict"] == "pass" and
              one["id"].replace("/", "_") + ".jsonl" in kept
              for one in report["trials"]), json.dumps(report)[:2000])
    proofs = subprocess.Popen([RETRIAL, "faults", "--json",
                               str(SCRATCH / "proofs.json")], cwd=SOURCE,
                              text=True, stdout=subprocess.PIPE,
                              preexec_fn=hear_all)
    first = proofs.stdout.readline()
    proofs.send_signal(signal.SIGINT)
    out = first + proofs.communicate(timeout=30)[0]
    check("Ctrl-C amid the proofs of faults", proofs.returncode == 130 and
          out.splitlines()[-1].startswith("interrupted: ") and
          len(json.loads((SCRATCH / "proofs.json").read_text())) ==
          out.count("\nok ") + 1, f"{proofs.returncode} {out}")
    nap = f"sleep 30.{os.getpid()}" # nobody else's
    slow = subprocess.Popen([RETRIAL, "certify", ONE, "--client",
                             f"sh -c 'exec {nap}'"], cwd=SOURCE, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            preexec_fn=hear_all)
    while not has_below(slow.pid, "sleep") and slow.poll() is None:
        time.sleep(0.01)
    slow.send_signal(signal.SIGTERM)
    out, err = slow.communicate(timeout=15)
    check("SIGTERM amid the preflight", slow.returncode == 143 and not out and
          err == "retrial: interrupted before any trial\n",
          f"{slow.returncode} {out} {err}")
    left = subprocess.run(["pgrep", "-x", "-f", nap],
                          capture_output=True)
    check("and no client is left", left.returncode == 1)
    left = clients_of_ours()
    check("no client is left after Ctrl-C", not left, left)


ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def hear_all():
    """In a new process: who started us may have had some ignored (nohup)."""
    for number in ENDS:
        signal.signal(number, signal.SIG_DFL)


def ended():
    """Whatever ends it, the keys and certificates of a run go with it: at once
    when they are made, amid proofs and trials, and when it serves."""
    both = ["certify", "authorization/bearer", "network/tls"]
    for how, words, made in [("at once", both, "*"),
                             ("amid trials", both, "*/trust.jks"),
                             ("serving", ["serve", HTTPS], "*/trust.jks")]:
        for number in ENDS:
            run = subprocess.Popen([RETRIAL, *words], cwd=SOURCE, text=True,
                                   stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT,
                                   preexec_fn=hear_all)
            while not (begun := any(KEYS.glob(made))) and run.poll() is None:
                time.sleep(0.001)
            run.send_signal(number)
            out = run.communicate(timeout=30)[0]
            check(f"{how}, signal {number}: it ends by itself",
                  begun and (run.returncode == 128 + number
                             if words is both else run.returncode in (0, 1)),
                  f"{run.returncode}: {out[-1000:]}")
            nothing_left(f"{how}, signal {number}")


def killed():
    """Who is killed cannot clean up; the next run does it for him."""
    run = subprocess.Popen([RETRIAL, "serve", HTTPS], cwd=SOURCE,
                           stdout=subprocess.DEVNULL)
    while not any(KEYS.glob("*/trust.jks")) and run.poll() is None:
        time.sleep(0.01)
    begun = run.poll() is None
    expect("beside one that lives", retrial("certify", HTTPS), 0)
    check("its keys are left alone", begun and any(KEYS.glob("*/trust.jks")))
    run.kill()
    run.wait()
    check("a killed one leaves its keys", any(KEYS.glob("*/trust.jks")))
    expect("the next run", retrial("certify", HTTPS), 0)


def nothing_left(when):
    left = [str(path) for path in KEYS.rglob("*")]
    check(f"{when}: no file is left", not left, "\n".join(left))
    for path in KEYS.iterdir():
        shutil.rmtree(path)


def serve():
    busy = socket.socket()
    busy.bind(("127.0.0.1", 0))
    busy.listen()
    port = busy.getsockname()[1]
    expect("a port in use", retrial("serve", ONE, "--port", port), 2,
           f"{port}", "in use")
    busy.close()
    expect("serve nothing", retrial("serve"), 2, "name one scenario")
    kept = SCRATCH / "served.jsonl"
    run = subprocess.Popen([RETRIAL, "serve", ONE, "--record", str(kept)],
                           cwd=SOURCE, text=True, stdout=subprocess.PIPE)
    head = run.stdout.readline()
    url = head.split(" is played on ")[1].split(" ")[0]
    subprocess.run([sys.executable, HERE / "clients" / "hostile.py", "silent",
                    "--input", json.dumps({
                        "apiHost": url, "writeKey": "retrial-write-key",
                        "sequences": [{"events": [{
                            "type": "track", "event": "retrial-event-00001",
                            "messageId": "retrial-event-00001"}]}]})],
                   check=True)
    run.send_signal(signal.SIGINT)
    out, _ = run.communicate(timeout=30)
    check("serve prints attempts and the verdict",
          run.returncode == 0 and "200" in out and "pass" in out.lower(),
          out)
    check("serve keeps the record", kept.read_text().count("\n") >= 3)


def two_at_once():
    runs = [subprocess.Popen([RETRIAL, "certify", "status/2xx", "network"],
                             cwd=SOURCE, stdout=subprocess.DEVNULL)
            for _ in range(2)]
    check("two at once do not disturb each other",
          [run.wait(timeout=120) for run in runs] == [0, 0])


def closed_pipe():
    run = subprocess.run(f"{RETRIAL} list scenarios | head -1", shell=True,
                         cwd=SOURCE, text=True, capture_output=True)
    check("a closed pipe is no crash", run.returncode == 0)


PARTS = (wrong_words, wrong_files, sdks, records, clients_that_cannot_run,
         explained, told_in_part, a_poor_machine, a_clock_of_its_own,
         hostile_clients, what_is_left, launchers, several_clients,
         a_bare_command_of_contract_env, interrupted, serve, two_at_once,
         closed_pipe, ended, killed)
for part in PARTS:
    if part.__name__ in sys.argv[3:] or len(sys.argv) == 3:
        part()
        nothing_left(part.__name__)
conclude(SCRATCH)
