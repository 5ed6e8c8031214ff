# SPDX-License-Identifier: Apache-2.0
"""The two sides of the ledger, and the law between them.

The client's side is what chaos_client wrote; the server's is a list of Attempt
in order of arrival, from whatever server it was. An attempt is known on both
sides by its batch's first messageId and its X-Retry-Count.

What can be known: the server knows what it sent, not whether it arrived. So an
event that was reported as dropped may have been accepted, if the client saw
nothing of that answer. That is the only doubt, and it is counted.
"""
import collections
import sys

# accepted: the server took the events; status: what it sent, 0 = no status
# line, None = not known.
Attempt = collections.namedtuple("Attempt", "accepted status ids target")
Seen = collections.namedtuple("Seen", "status trouble")
Report = collections.namedtuple("Report", "word status retries ids reason")

COMPLETE = "a complete answer"


class Client:
    """What the client saw and said."""

    def __init__(self, lines):
        self.seen = {}  # (first id, retry) -> Seen
        self.retries = collections.defaultdict(list)  # first id -> retries
        self.reports = []
        self.refused = self.in_time = None
        for line in lines:
            self.take(line.rstrip("\n"))

    def take(self, line):
        words = line.split(" ")
        if words[0] == "attempt":
            first, retry = words[1], int(words[2])
            assert (first, retry) not in self.seen, f"twice: {line}"
            self.seen[first, retry] = Seen(int(words[3]), " ".join(words[4:]))
            self.retries[first].append(retry)
        elif words[0] == "end":
            self.refused, self.in_time = int(words[1]), words[2] == "1"
        else:
            head, _, reason = line.partition(" : ")
            word, status, retries, *ids = head.split(" ")
            self.reports.append(
                Report(word, int(status), int(retries), ids, reason))


class Server:
    """What a server got and did."""

    def __init__(self):
        self.attempts = {}  # (first id, retry) -> Attempt
        self.twice = []

    def add(self, retry, attempt):
        key = attempt.ids[0], retry
        if key in self.attempts:
            self.twice.append(key)
        self.attempts[key] = attempt


def reported_once(client, events):
    """Every event is delivered or dropped, in exactly one report."""
    said = collections.Counter(
        event for report in client.reports for event in report.ids)
    for number in range(1, events + 1):
        if said[f"e{number}"] != 1:
            yield f"e{number} was reported {said[f'e{number}']} times"
    if len(+said) > events:
        yield f"{len(+said)} events were reported, {events} were sent"
    for report in client.reports:
        if (report.word == "delivered") != (report.reason == ""):
            yield f"{report.ids[0]} {report.word} for \"{report.reason}\""
    refused = [r for r in client.reports if "queue is full" in r.reason]
    if client.refused != len(refused):
        yield f"{client.refused} refused by the call, {len(refused)} reported"


def attempts_agree(client, server):
    """What the client saw of an attempt is what the server sent, and each was
    counted: nothing reached the server that the client did not mean."""
    for key in server.twice:
        yield f"attempt {key} came twice"
    for key in server.attempts.keys() - client.seen.keys():
        yield f"the client knows nothing of attempt {key}"
    for key, seen in client.seen.items():
        attempt = server.attempts.get(key)
        sent = attempt.status if attempt else 0
        if seen.status != 0 and sent is not None and seen.status != sent:
            yield f"{key}: {sent} was sent, the client saw {seen.status}"
        if (seen.status != 0) != (seen.trouble == COMPLETE):
            yield f"{key}: status {seen.status} and {seen.trouble}"


def batches_hold(client, server):
    """All attempts of a batch carry what was reported of it, in its order, to
    the one place that was configured."""
    ids = {report.ids[0]: report.ids for report in client.reports}
    for (first, retry), attempt in server.attempts.items():
        if attempt.ids != ids.get(first):
            yield f"attempt {first}/{retry} carried {attempt.ids}"
        if attempt.target != "/v1/batch":
            yield f"attempt {first}/{retry} went to {attempt.target}"


def retries_count(client):
    """A batch's attempts are numbered without a gap, and none comes after its
    report. One that was refused by the call had none."""
    for report in client.reports:
        retries = client.retries.get(report.ids[0], [])
        if retries != list(range(report.retries + 1)) and \
                not (retries == [] and report.word == "dropped"):
            yield f"{report.ids[0]}: {report.retries} retries, but {retries}"


def reports_are_true(client, server, counts):
    """Nothing is called delivered that the server did not accept, and nothing
    dropped that the client saw accepted."""
    for report in client.reports:
        first = report.ids[0]
        keys = [(first, retry) for retry in client.retries.get(first, [])]
        accepted = [key for key in keys if key in server.attempts
                    and server.attempts[key].accepted]
        heard = [key for key in accepted if client.seen[key].status != 0]
        counts[report.word] += len(report.ids)
        if report.word == "delivered":
            if heard != [(first, report.retries)]:
                yield f"{first} is called delivered; accepted were {heard}"
            counts["accepted twice, an answer being lost"] += \
                len(report.ids) if len(accepted) > 1 else 0
        elif heard:
            yield f"{first} is called dropped, but {heard} was accepted"
        elif accepted:
            counts["dropped though accepted, the answer being lost"] += \
                len(report.ids)


def deadline_is_told(client):
    """The shutdown says whether anything was given up for its sake."""
    given_up = [report for report in client.reports
                if report.reason.endswith("the client was shut down")]
    if client.in_time != (not given_up):
        yield (f"the shutdown returned {client.in_time}, given up were "
               f"{len(given_up)} batches")


def judge(client, server, events):
    """(what is wrong, what was counted)."""
    counts = collections.Counter(
        attempts=len(client.seen), batches=len(client.retries))
    wrong = [*reported_once(client, events), *attempts_agree(client, server),
             *batches_hold(client, server), *retries_count(client),
             *reports_are_true(client, server, counts),
             *deadline_is_told(client)]
    return wrong, counts


# ---- the law can fail ----

RIGHT = """attempt e1 0 503 a complete answer
attempt e1 1 0 the connection was reset
attempt e1 2 200 a complete answer
delivered 200 2 e1 e2
attempt e3 0 0 no answer within the request timeout
attempt e3 1 400 a complete answer
dropped 400 1 e3 : HTTP 400: not retryable
dropped 0 0 e4 : the queue is full (1 events)
end 1 1
"""

# What is changed in it, and what the change is a lie about.
LIES = [
    ("delivered 200 2 e1 e2\n", "", "an event is lost"),
    ("delivered 200 2 e1 e2", "delivered 200 2 e1", "part of a batch is lost"),
    ("e1 e2", "e2 e1", "the order"),
    ("end 1", "end 2", "a refusal is not reported"),
    ("dropped 400 1 e3 : HTTP 400: not retryable", "delivered 400 1 e3",
     "a refused event is called delivered"),
    ("delivered 200 2 e1 e2", "dropped 200 2 e1 e2 : HTTP 200",
     "an accepted event is called dropped"),
    ("dropped 0 0 e4", "dropped 400 1 e3 e4", "an event is reported twice"),
    ("attempt e1 1 0 the connection was reset\n", "", "an uncounted attempt"),
    ("attempt e1 0 503", "attempt e1 0 500", "another status was seen"),
    ("attempt e3 0 0 no answer within the request timeout",
     "attempt e3 0 200 a complete answer", "a success is retried"),
    ("delivered 200 2", "delivered 200 1", "a retry after the report"),
    ("dropped 0 0 e4 : the", "dropped 0 0 e9 : the", "an event nobody sent"),
    ("end 1 1", "end 1 0", "a deadline that cost nothing"),
    ("HTTP 400: not retryable", "HTTP 400: the client was shut down",
     "a deadline that is not told"),
]


def side(text):
    """(client, server) of RIGHT, the client's part changed."""
    client = Client(text.splitlines())
    server = Server()
    for retry, attempt in [
            (0, Attempt(False, 503, ["e1", "e2"], "/v1/batch")),
            (1, Attempt(True, 200, ["e1", "e2"], "/v1/batch")),
            (2, Attempt(True, 200, ["e1", "e2"], "/v1/batch")),
            (0, Attempt(True, 200, ["e3"], "/v1/batch")),
            (1, Attempt(False, 400, ["e3"], "/v1/batch"))]:
        server.add(retry, attempt)
    return client, server


def check_self():
    wrong, counts = judge(*side(RIGHT), 4)
    missed = [f"the right ledger is blamed: {wrong}"] if wrong else []
    if counts["dropped though accepted, the answer being lost"] != 1:
        missed.append("the one doubt is not counted")
    for old, new, name in LIES:
        assert old in RIGHT, old
        if not judge(*side(RIGHT.replace(old, new)), 4)[0]:
            missed.append(f"not seen: {name}")
    print("\n".join(missed) or "each lie is seen")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(check_self())
