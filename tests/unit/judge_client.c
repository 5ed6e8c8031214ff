/* SPDX-License-Identifier: Apache-2.0 */
#include "judge_client.h"

#include "common/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { BATCHES_MAX = 4, LINES_MAX = 400, LINE_MAX = 256, GATES_MAX = 100 };

const char *sin_meaning(enum sin sin)
{
    static const char *const meanings[] = {[SIN_NONE] = "nothing wrong",
#define X(sin_, meaning) [sin_] = meaning,
                                           SIN_MAP(X)
#undef X
    };
    return meanings[sin];
}

/* ---- the trial ---- */

struct line {
    double at_s;
    char   text[LINE_MAX];
};

struct job { /* a batch under way */
    unsigned first; /* its events */
    unsigned last;
    unsigned sent;    /* attempts */
    unsigned counted; /* retries the budget paid for */
    unsigned since_wait;
    unsigned limits;  /* waits that a Retry-After asked for */
    double   cost;    /* the tokens of the retry under way */
    double   began_s; /* the first attempt, since the budgets began */
    double   due_s;
    double   failed_s; /* -1 = not yet */
    bool     done;
    bool     delivered;
    bool     left_out;  /* a retry went without its first event */
    bool     ambiguous; /* some answer left the client a choice */
};

struct gate { /* what a Retry-After told, and when it was known */
    double known_s;
    double until_s;
};

struct world {
    struct rng       *rng;
    enum sin          sin;
    bool              sinned_once;
    bool             *sinned;
    struct judge_case trial;
    struct bytes     *text;
    struct line       lines[LINES_MAX];
    size_t            line_count;
    struct job        jobs[BATCHES_MAX];
    size_t            job_count;
    struct gate       gates[GATES_MAX];
    size_t            gate_count;
    bool              parallel;
    unsigned          retries;
    bool              hangs;    /* a request timeout of 1 s was given */
    double            quota; /* of its retries' tokens, those left */
    double            budget_s; /* of counted retrying; -1 = not given */
    double            answer_s; /* the server is never slower */
    double            end_s;
};

static double between(struct world *world, double least, double most)
{
    /* The ends are where mistakes live. */
    switch (rng_below(world->rng, 4)) {
    case 0:
        return least;
    case 1:
        return most;
    default:
        return least + rng_unit(world->rng) * (most - least);
    }
}

static bool chance(struct world *world, unsigned percent)
{
    return rng_below(world->rng, 100) < percent;
}

/* ---- the server of chance ---- */

struct answer_drawn {
    char   text[64]; /* as in a case: "429 ra=2" */
    int    status;   /* 0 = a network failure */
    bool   hang;
    double told_s;   /* Retry-After; -1 = none, or nothing sure */
    double clamped_s; /* what junk may be clamped to; -1 = only absent */
    int    override; /* -1 ends it, 1 has it retried; 0 = it says nothing */
    bool   zero;     /* it may be taken for none at all */
    bool   junk;
    bool   date;
};

static const char *const junk_values[] = {"soon", "120junk", "", "1,5", "0x10"};

/* A decimal is a wait, as if absent, or either. */
static void draw_decimal(struct world *world, struct answer_drawn *answer)
{
    const struct profile *profile = &world->trial.profile;
    double                wait_s = 1.25 + (double)rng_below(world->rng, 4);

    snprintf(answer->text, sizeof answer->text, "429 ra=%.2f", wait_s);
    if (PROFILE_IS(profile, retry_after_decimals,
                   RETRY_AFTER_DECIMALS_HONOURED)) {
        answer->told_s = wait_s;
        return;
    }
    answer->junk = true;
    if (PROFILE_OPEN(profile, retry_after_decimals))
        answer->clamped_s = wait_s;
}

/* The profile's own field in ms, beside a Retry-After that says otherwise. */
static void draw_ms(struct world *world, struct answer_drawn *answer)
{
    const struct profile *profile = &world->trial.profile;
    unsigned              ms = 500 * (1 + (unsigned)rng_below(world->rng, 8));

    answer->told_s =
        profile->retry_after_ms_headers.count > 0 ? ms / 1000.0 : 5;
    if (!PROFILE_OPEN(profile, retry_after_ms_statuses) &&
        !profile->retry_after_ms_statuses[429])
        answer->told_s = 5;
    snprintf(answer->text, sizeof answer->text, "429 ra=5 head=wait-ms:%u", ms);
}

static void draw_429(struct world *world, struct answer_drawn *answer)
{
    unsigned seconds = 1 + (unsigned)rng_below(world->rng, 4);

    answer->status = 429;
    switch (rng_below(world->rng, 9)) {
    case 7:
        draw_decimal(world, answer);
        return;
    case 8:
        draw_ms(world, answer);
        return;
    case 0:
        snprintf(answer->text, sizeof answer->text, "429");
        return;
    case 1:
        snprintf(answer->text, sizeof answer->text, "429 ra=0");
        answer->zero = true;
        return;
    case 2:
        snprintf(answer->text, sizeof answer->text, "429 ra=\"%s\"",
                 junk_values[rng_below(world->rng, 5)]);
        answer->junk = true;
        return;
    case 3:
        snprintf(answer->text, sizeof answer->text, "429 ra=+%u", seconds);
        answer->junk = true;
        answer->clamped_s = seconds;
        return;
    case 4:
        snprintf(answer->text, sizeof answer->text, "429 date=imf:%u", seconds);
        answer->date = true;
        answer->clamped_s = seconds;
        return;
    default:
        snprintf(answer->text, sizeof answer->text, "429 ra=%u", seconds);
        answer->told_s = seconds;
        return;
    }
}

static struct answer_drawn draw_answer(struct world     *world,
                                       const struct job *job)
{
    static const int    statuses[] = {500, 503, 408, 410, 460, 502, 599};
    static const int    refusals[] = {400, 401, 413, 422, 501, 505, 511};
    struct answer_drawn answer = {.told_s = -1, .clamped_s = -1};
    uint64_t            outcome = rng_below(world->rng, 100);

    if (job->sent > 7)
        outcome = 0; /* an end to it */
    if (outcome < 35) {
        answer.status = 200 + (int)rng_below(world->rng, 200);
    } else if (outcome < 43) {
        answer.status = refusals[rng_below(world->rng, 7)];
    } else if (outcome < 65) {
        answer.status = statuses[rng_below(world->rng, 7)];
    } else if (outcome < 80) {
        answer.hang = world->hangs && chance(world, 40);
        snprintf(answer.text, sizeof answer.text, "%s",
                 answer.hang         ? "hang"
                 : chance(world, 50) ? "reset"
                                     : "close");
        return answer;
    } else {
        draw_429(world, &answer);
        return answer;
    }
    if (outcome >= 35 && chance(world, 10))
        answer.override = chance(world, 50) ? 1 : -1;
    snprintf(answer.text, sizeof answer.text, "%d%s%s", answer.status,
             chance(world, 10) && answer.status == 503 ? " ra=9" : "",
             answer.override > 0   ? " head=again:true"
             : answer.override < 0 ? " head=again:false"
                                   : "");
    return answer;
}

/* ---- the policy ---- */

enum outcome { OUT_DELIVERED, OUT_DROPPED, OUT_RETRY };

static enum outcome outcome_of(struct world              *world,
                               const struct answer_drawn *answer)
{
    const struct profile *profile = &world->trial.profile;
    enum status_class class = profile_status(profile, answer->status, false);

    if (answer->override != 0 && class != STATUS_DELIVERED &&
        !PROFILE_OPEN(profile, override_header))
        return answer->override > 0 ? OUT_RETRY : OUT_DROPPED;
    switch (class) {
    case STATUS_DELIVERED:
        return OUT_DELIVERED;
    case STATUS_DROPPED:
        return OUT_DROPPED;
    case STATUS_EITHER:
        return chance(world, 50) ? OUT_RETRY : OUT_DROPPED;
    case STATUS_RETRIED:
        break;
    }
    return OUT_RETRY;
}

static double backoff_s(struct world *world, unsigned retry)
{
    const struct profile *profile = &world->trial.profile;
    struct backoff_law    law = profile_backoff(profile);
    struct backoff_span   span = backoff_law_span(&law, retry);

    if (PROFILE_OPEN(profile, backoff_law))
        return between(world, 0.05, 20); /* at 0 no budget of time is spent */
    return between(world, (double)span.least_ns, (double)span.most_ns) / 1e9;
}

/* What the server asked for, as the profile has it meet the backoff. */
static double told_s(struct world *world, const struct job *job, double asked_s)
{
    const struct profile *profile = &world->trial.profile;
    double                own_s = backoff_s(world, job->counted + 1);

    switch (profile->retry_after_meets) {
    case RETRY_AFTER_MEETS_REPLACES:
        break;
    case RETRY_AFTER_MEETS_LARGER:
        return asked_s > own_s ? asked_s : own_s;
    case RETRY_AFTER_MEETS_ADDED:
        return asked_s + own_s;
    case RETRY_AFTER_MEETS_CLAMPED:
        if (asked_s < own_s)
            return own_s;
        return asked_s < own_s + profile->retry_after_clamp_s
                   ? asked_s
                   : own_s + profile->retry_after_clamp_s;
    }
    return asked_s;
}

/* Its waits for Retry-After, or its attempts, are as many as the profile
 * allows. */
static bool limits_spent(const struct world *world, const struct job *job,
                         bool is_wait)
{
    const struct profile *profile = &world->trial.profile;

    if (PROFILE_OPEN(profile, max_rate_limited_tries))
        return false;
    if (profile->max_rate_limited_means == MAX_RATE_LIMITED_MEANS_ATTEMPTS)
        return job->sent >= profile->max_rate_limited_tries + world->retries;
    return is_wait && job->limits >= profile->max_rate_limited_tries;
}

/* A wait for Retry-After has its budgets begin anew, or may have. */
static double requeued(struct world *world, struct job *job, double wait_s)
{
    const struct profile *profile = &world->trial.profile;
    bool                  anew =
        PROFILE_OPEN(profile, budget_after_requeue)
                             ? chance(world, 50)
                             : profile->budget_after_requeue == BUDGET_AFTER_REQUEUE_RESTART;

    job->limits++;
    job->ambiguous =
        job->ambiguous || PROFILE_OPEN(profile, budget_after_requeue) ||
        profile->retry_count_after_requeue == RETRY_COUNT_AFTER_REQUEUE_RESTART;
    if (anew) {
        job->counted = 0;
        job->failed_s = job->began_s = -1;
    }
    return wait_s;
}

/* What the budget of time begins with. */
static double spent_since_s(const struct world *world, const struct job *job)
{
    return world->trial.profile.max_total_backoff_from ==
                   MAX_TOTAL_BACKOFF_FROM_ATTEMPT
               ? job->began_s
               : job->failed_s;
}

/* A counted retry: -1 = it is not made. */
static double counted_wait(struct world *world, struct job *job, double wait_s,
                           double now_s)
{
    const struct profile *profile = &world->trial.profile;

    if (job->counted >= world->retries) {
        if (PROFILE_OPEN(profile, cool_off_s))
            return -1;
        job->counted = 0;
        wait_s = profile->cool_off_s;
    } else {
        job->counted++;
        if (wait_s < 0)
            wait_s = backoff_s(world, job->counted);
    }
    if (job->failed_s < 0)
        job->failed_s = now_s;
    return world->budget_s >= 0 &&
                   now_s + wait_s - spent_since_s(world, job) > world->budget_s
               ? -1
               : wait_s;
}

/* How long a right client waits, and whether its budget pays: -1 = it gives
 * up. Where the contract leaves a choice, chance chooses. */
static double wait_of(struct world *world, struct job *job,
                      const struct answer_drawn *answer, double now_s)
{
    const struct profile *profile = &world->trial.profile;
    double                wait_s = -1;

    if (limits_spent(world, job, answer->told_s > 0))
        return -1;
    if (answer->told_s > 0) {
        job->since_wait = 0;
        wait_s = told_s(world, job, answer->told_s);
        if (profile->rate_limited_tries != RATE_LIMITED_TRIES_COUNTED)
            return world->retries == 0 && chance(world, 50)
                       ? -1
                       : requeued(world, job, wait_s);
    } else if (answer->zero || answer->junk || answer->date) {
        job->ambiguous = true;
        if (answer->zero && chance(world, 50))
            wait_s = profile->retry_after_floor_s;
        if (answer->clamped_s > 0 && chance(world, 50))
            wait_s = told_s(world, job, answer->clamped_s);
        if (wait_s > 0 && chance(world, 50) && !limits_spent(world, job, true))
            return requeued(world, job, wait_s); /* and it costs nothing */
    }
    wait_s = counted_wait(world, job, wait_s, now_s);
    return wait_s > 0 && answer->told_s > 0 ? requeued(world, job, wait_s)
                                            : wait_s;
}

/* What the retry takes of the client's tokens; not enough = it gives up. */
static double paid(struct world *world, struct job *job,
                   const struct answer_drawn *answer, double wait_s)
{
    const struct profile *profile = &world->trial.profile;
    double cost = answer->hang ? profile->retry_quota_cost_timeout
                               : profile->retry_quota_cost;

    if (PROFILE_OPEN(profile, retry_quota) || wait_s < 0)
        return wait_s;
    if (world->quota < cost)
        return -1;
    world->quota -= cost;
    job->cost = cost;
    job->ambiguous = true; /* nobody but the client knows what is left */
    return wait_s;
}

static void give_back(struct world *world, const struct job *job)
{
    double quota = world->trial.profile.retry_quota;

    world->quota += job->cost > 0 ? job->cost : 1;
    if (world->quota > quota)
        world->quota = quota;
}

/* ---- sins ---- */

/* The batch's own history leaves no doubt what is right. */
static bool is_plain(const struct world *world, const struct job *job,
                     const struct answer_drawn *answer)
{
    return !job->ambiguous && world->budget_s < 0 && !answer->junk &&
           !answer->date && !answer->zero;
}

/* The policy leaves it to the client whether it retries, or how often. */
static bool is_free(const struct world        *world,
                    const struct answer_drawn *answer)
{
    const struct profile *profile = &world->trial.profile;

    return PROFILE_OPEN(profile, max_retries_default) ||
           profile_status(profile, answer->status, false) == STATUS_EITHER;
}

static double sinful_wait(struct world *world, struct job *job,
                          const struct answer_drawn *answer, double wait_s)
{
    bool plain = is_plain(world, job, answer) && !is_free(world, answer);
    bool lawful = plain && !PROFILE_OPEN(&world->trial.profile, backoff_law);

    if (world->sin == SIN_GIVES_UP && wait_s >= 0 && plain &&
        world->retries > 0) {
        *world->sinned = true;
        return -1;
    }
    if (world->sin == SIN_HURRIES && lawful && answer->told_s < 0 &&
        wait_s > 0.4 && !world->parallel) {
        *world->sinned = true;
        return 0;
    }
    if (world->sin == SIN_IGNORES_TOLD && answer->told_s > 0 && wait_s > 0 &&
        !world->parallel && !PROFILE_OPEN(&world->trial.profile, backoff_law)) {
        *world->sinned = true;
        return 0;
    }
    if (world->sin == SIN_DAWDLES && lawful && answer->told_s < 0 &&
        wait_s >= 0 && !world->parallel) {
        *world->sinned = true;
        return 300;
    }
    if (world->sin == SIN_ONE_MORE && !world->sinned_once && wait_s < 0 &&
        plain && answer->told_s < 0) {
        *world->sinned = true;
        world->sinned_once = true;
        return 60;
    }
    return wait_s;
}

/* ---- one attempt ---- */

/* As the profile's attempt header says so many retries; a sinner's first is
 * what it must not be. */
static void describe_count(struct world *world, const struct job *job,
                           unsigned count, struct bytes *line)
{
    const struct profile *profile = &world->trial.profile;
    bool     is_absent = profile->attempt_first == ATTEMPT_FIRST_ABSENT;
    unsigned said = count + (profile->attempt_first == ATTEMPT_FIRST_ONE);

    if (PROFILE_OPEN(profile, attempt_header))
        return;
    if (world->sin == SIN_NO_COUNT) {
        *world->sinned = *world->sinned || (count > 0 && !job->ambiguous) ||
                         (job->sent == 0 && !is_absent);
        bytes_add(line, " count=-");
    } else if (world->sin == SIN_COUNT_FIRST && job->sent == 0) {
        *world->sinned = true;
        bytes_add(line, is_absent ? " count=0" : " count=-");
    } else if (count == 0 && is_absent) {
        bytes_add(line, " count=-");
    } else {
        bytes_format(line, " count=%u", said);
    }
}

static void describe_request(struct world *world, struct job *job,
                             struct bytes *line)
{
    const struct profile *profile = &world->trial.profile;
    unsigned              count = job->sent;
    unsigned              first = job->first;

    if (profile->retry_count_after_requeue == RETRY_COUNT_AFTER_REQUEUE_RESTART)
        count = job->since_wait;
    if (world->sin == SIN_CHANGES_BATCH && job->sent > 0 &&
        job->first < job->last) {
        *world->sinned = job->left_out = true;
        first++;
    }
    bytes_format(line, "%u-%u", first, job->last);
    describe_count(world, job, count, line);
    if (world->sin == SIN_NO_AUTHORIZATION) {
        *world->sinned = true;
        bytes_add(line, " auth=none");
    }
    if (world->sin == SIN_BROKEN_BODY) {
        *world->sinned = true;
        bytes_add(line, " body={");
    }
}

/* Plays an attempt; returns when the client knows what came of it. */
static double play(struct world *world, struct job *job, double at_s,
                   const struct answer_drawn *answer)
{
    double       took_s = between(world, 0.0001, world->answer_s);
    struct line *line = &world->lines[world->line_count++];
    struct bytes text;
    double       known_s = at_s + took_s / 2 * (1 + rng_unit(world->rng));

    assert_true(world->line_count <= LINES_MAX);
    bytes_init(&text, LINE_MAX - 1);
    bytes_format(&text, "%.6f ", at_s);
    describe_request(world, job, &text);
    bytes_format(&text, " -> %s", answer->text);
    if (answer->hang) {
        known_s = at_s + 1 + between(world, 0, 0.05);
        bytes_format(&text, " gone=%.6f", known_s + between(world, 0, 0.05));
    } else {
        bytes_format(&text, " took=%.6f", took_s);
    }
    line->at_s = at_s;
    snprintf(line->text, LINE_MAX, "%s", bytes_text(&text));
    bytes_clear(&text);
    job->sent++;
    job->since_wait++;
    return known_s;
}

static void finish(struct world *world, struct job *job, double now_s)
{
    job->done = true;
    if (now_s > world->end_s)
        world->end_s = now_s;
}

static void attempt(struct world *world, struct job *job)
{
    const struct profile *profile = &world->trial.profile;
    struct answer_drawn   answer = draw_answer(world, job);
    /* A slow machine, within the lateness: but no sinner's excuse. */
    bool   slow = world->sin == SIN_NONE && chance(world, 20);
    double most_s = profile->lateness_ms / 1000 * (slow ? 0.9 : 0.1);
    double at_s = job->due_s + between(world, 0, most_s);
    double known_s = play(world, job, at_s, &answer);
    double wait_s;

    if (job->began_s < 0)
        job->began_s = at_s;

    switch (outcome_of(world, &answer)) {
    case OUT_DELIVERED:
        job->delivered = true;
        give_back(world, job);
        if (world->sin == SIN_TWICE) {
            *world->sinned = true;
            known_s = play(world, job, known_s + 1, &answer);
        }
        finish(world, job, known_s);
        return;
    case OUT_DROPPED:
        if (world->sin != SIN_RETRIES_DROPPED ||
            profile_status(profile, answer.status, false) == STATUS_EITHER) {
            finish(world, job, known_s);
            return;
        }
        *world->sinned = true;
        job->due_s = known_s + 1;
        return;
    case OUT_RETRY:
        break;
    }
    wait_s = paid(world, job, &answer, wait_of(world, job, &answer, known_s));
    wait_s = sinful_wait(world, job, &answer, wait_s);
    if (wait_s < 0) {
        finish(world, job, known_s);
        return;
    }
    if (answer.told_s > 0 && profile->gate == GATE_ALL &&
        world->gate_count < GATES_MAX)
        world->gates[world->gate_count++] =
            (struct gate){known_s, known_s + wait_s};
    job->due_s =
        known_s + wait_s - (wait_s > 0.1 ? between(world, 0, 0.004) : 0);
}

/* ---- many batches ---- */

/* What other batches were told holds this one up too. */
static double held_until(const struct world *world, double due_s)
{
    for (size_t i = 0; i < world->gate_count; i++)
        if (world->gates[i].known_s <= due_s && world->gates[i].until_s > due_s)
            due_s = world->gates[i].until_s;
    return due_s;
}

static struct job *next_job(struct world *world)
{
    struct job *next = NULL;

    for (size_t i = 0; i < world->job_count; i++) {
        struct job *job = &world->jobs[i];

        if (job->done)
            continue;
        if (!world->parallel)
            return job;
        if (next == NULL || job->due_s < next->due_s)
            next = job;
    }
    return next;
}

static void run(struct world *world)
{
    struct job *job;

    while ((job = next_job(world)) != NULL) {
        double held_s =
            world->parallel ? held_until(world, job->due_s) : job->due_s;

        if (held_s > job->due_s) {
            job->due_s = held_s;
            if (world->budget_s >= 0 && job->failed_s >= 0 &&
                held_s - spent_since_s(world, job) > world->budget_s)
                finish(world, job, held_s); /* now it is too late */
            continue;
        }
        attempt(world, job);
        for (size_t i = 0; i < world->job_count && !world->parallel; i++)
            if (world->jobs[i].sent == 0)
                world->jobs[i].due_s = world->end_s + 0.001;
    }
}

/* ---- setting and telling ---- */

static void tell(struct world *world, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void tell(struct world *world, const char *format, ...)
{
    char    line[CASE_TEXT_MAX];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    bytes_format(world->text, "%s\n", line);
    judge_case_line(&world->trial, line);
}

static void draw_profile(struct world *world)
{
    static const char *const words[] = {
        "retry_after_zero=floor",
        "delivered=200-299",
        "either=300-399,503,408",
        "network_failure=null",
        "max_retries_default=null",
        "retry_after_meets=larger",
        "retry_after_meets=added",
        "retry_after_meets=clamped retry_after_clamp_s=2",
        "backoff_law=linear",
        "backoff_law=fixed",
        "backoff_law=fibonacci",
        "backoff_law=table backoff_table_s=1,0.5,3",
        "backoff_law=null",
        "backoff_cap_s=2",
        "backoff_cap_s=2 backoff_cap_meets=law",
        "first_retry_s=0.3 first_retry_then=first",
        "jitter=added jitter_added_s=0.7",
        "jitter=decorrelated",
        "attempt_header=null",
        "attempt_header=Attempt attempt_first=one",
        "attempt_first=zero",
        "retry_count_after_requeue=restart",
        "rate_limited_tries=counted",
        "retried=408,410,429,460,500,502-504,506-599",
        "gate=batch",
        "jitter_min=1 jitter_max=2",
        "jitter_min=0.75 jitter_max=1.5",
        "jitter_min=1 jitter_max=1",
        "backoff_floor_s=0.6",
        "override_header=again",
        "max_rate_limited_tries=2",
        "max_rate_limited_tries=2 max_rate_limited_means=attempts",
        "budget_after_requeue=restart",
        "budget_after_requeue=null",
        "cool_off_s=3",
        "retry_quota=20 retry_quota_cost=5 retry_quota_cost_timeout=7",
        "max_total_backoff_from=attempt",
        "retry_after_decimals=honoured",
        "retry_after_decimals=absent",
        "retry_after_ms_headers=wait-ms",
        "retry_after_ms_headers=wait-ms retry_after_ms_statuses=503",
    };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (chance(world, 12))
            tell(world, "profile %s", words[i]);
}

static void draw_given(struct world *world)
{
    unsigned events = 0;

    world->job_count = 1 + rng_below(world->rng, BATCHES_MAX);
    world->parallel = chance(world, 30);
    world->hangs = chance(world, 30);
    world->answer_s = world->hangs ? 0.7 : 2;
    if (world->sin != SIN_NONE)
        world->answer_s = 0.001;
    world->retries = 1000;
    world->budget_s = -1;
    world->quota = world->trial.profile.retry_quota;
    for (size_t i = 0; i < world->job_count; i++) {
        world->jobs[i].first = events + 1;
        events += 3;
        world->jobs[i].last = events;
        world->jobs[i].failed_s = world->jobs[i].began_s = -1;
    }
    tell(world, "given events=%u flushAt=3", events);
    if (world->hangs)
        tell(world, "given timeout=1000");
    if (chance(world, 60)) {
        world->retries = (unsigned)rng_below(world->rng, 4);
        tell(world, "given maxRetries=%u", world->retries);
    }
    if (chance(world, 10)) {
        world->budget_s = (double)rng_below(world->rng, 4);
        tell(world, "given maxTotalBackoffMs=%.0f", world->budget_s * 1000);
    }
}

static int by_time(const void *left, const void *right)
{
    const struct line *a = left;
    const struct line *b = right;

    return a->at_s < b->at_s ? -1 : a->at_s > b->at_s;
}

static bool all_delivered(const struct world *world)
{
    for (size_t i = 0; i < world->job_count; i++)
        if (!world->jobs[i].delivered)
            return false;
    return true;
}

/* Watched: what came later is cut off, and nobody is to blame for it. */
static void tell_all(struct world *world)
{
    bool   success = all_delivered(world);
    bool   watched = world->sin == SIN_NONE && chance(world, 15);
    double until_s = watched ? rng_unit(world->rng) * world->end_s : 1e9;

    if (world->sin == SIN_LIES && !success)
        *world->sinned = success = true;
    qsort(world->lines, world->line_count, sizeof world->lines[0], by_time);
    for (size_t i = 0; i < world->line_count; i++)
        if (world->lines[i].at_s < until_s - 4) /* answered by then */
            tell(world, "at %s", world->lines[i].text);
    if (watched)
        tell(world, "end observed %.6f", until_s);
    else
        tell(world, "end exited %.6f %s", world->end_s,
             success ? "success" : "failure");
}

struct judge_case judge_client_trial(struct rng *rng, enum sin sin,
                                     bool *sinned, struct bytes *text)
{
    static struct world world; /* too large for a stack with sanitizers */
    const char         *none = "case drawn\n";
    int                 line = 0;

    world =
        (struct world){.rng = rng, .sin = sin, .sinned = sinned, .text = text};
    *sinned = false;
    judge_case_next(&none, &line, &world.trial);
    draw_profile(&world);
    draw_given(&world);
    if (sin == SIN_LOSES_LAST && world.job_count > 1) {
        *sinned = true;
        world.jobs[world.job_count - 1].done = true;
    }
    run(&world);
    tell_all(&world);
    return world.trial;
}
