/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/cli.h"

#include "client/cli/cli_job.h"
#include "client/cli/line.h"
#include "client/cli/profile.h"
#include "client/monitor.h"
#include "common/alloc.h"
#include "common/clock.h"
#include "common/text.h"
#include "common/version.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_DELIVERED = 0, EXIT_NOT_DELIVERED = 1, EXIT_USAGE = 2 };

enum { LINE_BYTES_MAX = 64 << 20 }; /* of a job on stdin */

/* What the workers reported. */
struct outcome_counts {
    struct monitor monitor;
    uint64_t       batches;
    uint64_t       dropped; /* events */
    char          *error;   /* the first one */
};

static void on_delivered(void *context, const struct ingest_report *report)
{
    struct outcome_counts *counts = context;

    (void)report;
    monitor_lock(&counts->monitor);
    counts->batches++;
    monitor_unlock(&counts->monitor);
}

static void on_error(void *context, const struct ingest_report *report)
{
    struct outcome_counts *counts = context;

    monitor_lock(&counts->monitor);
    counts->dropped += report->count;
    if (counts->error == NULL)
        counts->error = alloc_text(report->reason);
    monitor_unlock(&counts->monitor);
}

/* Nobody notifies this wait; it ends by the clock. */
static void wait_ms(struct outcome_counts *counts, int64_t ms)
{
    int64_t until_ns = clock_now_ns(clock_real()) + ms * NS_PER_MS;

    monitor_lock(&counts->monitor);
    while (clock_now_ns(clock_real()) < until_ns)
        monitor_wait(&counts->monitor, until_ns);
    monitor_unlock(&counts->monitor);
}

static void send_sequence(struct ingest                 *ingest,
                          const struct cli_job_sequence *sequence)
{
    const cJSON *event;
    struct err   err;

    assert(cJSON_IsArray(sequence->events));
    cJSON_ArrayForEach (event, sequence->events) {
        char *json = cJSON_PrintUnformatted(event);

        /* A refused event is counted by on_error; the rest still go. */
        if (!ingest_send(ingest, json, &err))
            (void)err;
        cJSON_free(json);
    }
    /* A sequence is a burst of its own: what it leaves over goes out now and
     * not together with the next. */
    ingest_flush(ingest, 0);
}

/* What we can do beyond the base contract, told with every result so that a
 * harness that knows us by our command alone can use it. */
static const char *const capabilities[] = {
    "config.timeout",
    "config.maxRetryAfterMs",
    "config.maxRateLimitMs",
    "config.maxTotalBackoffMs",
    "config.workers",
    "config.backoffBaseMs",
    "config.maxBackoffMs",
    "config.maxBatchBytes",
    "config.maxQueueSize",
    "keep-alive",
    "sent-at",
    "oauth",
    "https",
    "config.caFile",
    "refuses-config",
    "config.maxRetries.zero",
    "config.maxRetryAfterMs.zero",
    "config.maxRetryAfterMs.fraction",
    "config.maxTotalBackoffMs.zero",
    "config.maxTotalBackoffMs.fraction",
    "config.maxRateLimitMs.zero",
    "config.maxRateLimitMs.fraction",
};

enum { CAPABILITY_COUNT = sizeof capabilities / sizeof capabilities[0] };

/* The one line of the contract; error is NULL after a success. */
static int print_result(uint64_t batches, const char *error)
{
    cJSON *result = cJSON_CreateObject();
    char  *line;
    bool   printed;

    cJSON_AddBoolToObject(result, "success", error == NULL);
    cJSON_AddNumberToObject(result, "sentBatches", (double)batches);
    if (error != NULL)
        cJSON_AddStringToObject(result, "error", error);
    cJSON_AddItemToObject(
        result, "capabilities",
        cJSON_CreateStringArray(capabilities, CAPABILITY_COUNT));
    line = cJSON_PrintUnformatted(result);
    printed = printf("%s\n", line) > 0 && fflush(stdout) == 0;
    cJSON_free(line);
    cJSON_Delete(result);
    return error == NULL && printed ? EXIT_DELIVERED : EXIT_NOT_DELIVERED;
}

static char *describe(const struct err *err)
{
    return alloc_format("%s%s%s", err->place, err->place[0] ? ": " : "",
                        err->text);
}

static int print_counts(struct outcome_counts *counts)
{
    char *error = NULL;
    int   code;

    assert((counts->error == NULL) == (counts->dropped == 0));
    monitor_lock(&counts->monitor);
    if (counts->error != NULL)
        error = alloc_format("%s (events dropped: %llu)", counts->error,
                             (unsigned long long)counts->dropped);
    code = print_result(counts->batches, error);
    monitor_unlock(&counts->monitor);
    alloc_free(error);
    return code;
}

/* Flush, then speak, then shut down: the answer is the flush's, and whoever
 * reads it may trust that no request follows. */
static bool run_job(const char *input, const struct cli_program *program,
                    struct outcome_counts *counts, int *code, struct err *err)
{
    const struct hooks *hooks = program->hooks;
    struct ingest      *ingest = NULL;
    struct cli_job      job;
    char               *other = NULL;
    bool                is_job;

    if (hooks != NULL && hooks->read != NULL)
        other = hooks->read(input);
    is_job = cli_job_init(&job, other ? other : input, program->profile, err);
    alloc_free(other);
    if (!is_job)
        return false;
    job.config.on_delivered = on_delivered;
    job.config.on_error = on_error;
    job.config.context = counts;
    ingest = ingest_new_hooked(&job.config, hooks, err);
    if (ingest != NULL) {
        for (size_t i = 0; i < job.count; i++) {
            wait_ms(counts, job.sequences[i].delay_ms);
            send_sequence(ingest, &job.sequences[i]);
        }
        ingest_flush(ingest, INGEST_FOREVER);
        *code = print_counts(counts);
        ingest_shutdown(ingest, INGEST_FOREVER);
        ingest_free(ingest);
    }
    cli_job_clear(&job);
    return ingest != NULL;
}

static int refuse(const char *why)
{
    return print_result(0, why);
}

static int cli_run(const char *input, const struct cli_program *program)
{
    struct outcome_counts counts = {.batches = 0};
    struct err            err;
    int                   code = EXIT_NOT_DELIVERED;

    monitor_init(&counts.monitor);
    if (!run_job(input, program, &counts, &code, &err)) {
        char *error = describe(&err);

        code = refuse(error);
        alloc_free(error);
    }
    alloc_free(counts.error);
    monitor_clear(&counts.monitor);
    return code;
}

/* A line is a job and has its answer; a wrong one costs itself alone. Ends
 * well when every answer could be written, whatever they were. */
static int cli_serve(const struct cli_program *program)
{
    struct line_reader *reader = alloc_zero(1, sizeof *reader);
    enum line_end       end;

    reader->fd = STDIN_FILENO;
    bytes_init(&reader->text, LINE_BYTES_MAX);
    while (!ferror(stdout) && (end = line_next(reader)) != LINE_NONE) {
        const char *line = bytes_text(&reader->text);

        if (end == LINE_TOO_LONG)
            refuse("input: a line of more than 64 MB, allowed is 64 MB");
        else if (strlen(line) != reader->text.length)
            refuse("input: found a NUL byte, allowed is JSON");
        else
            cli_run(line, program);
    }
    bytes_clear(&reader->text);
    alloc_free(reader);
    return ferror(stdout) ? EXIT_NOT_DELIVERED : EXIT_DELIVERED;
}

int cli_wrong(const struct cli_program *program, const char *format, ...)
{
    char    text[256];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    fprintf(stderr, "%s: %s; see --help\n", program->name, text);
    return EXIT_USAGE;
}

static int cli_dispatch(const struct cli_program *program, int argc,
                        char **argv)
{
    if (argc >= 1 && strcmp(argv[0], "--help") == 0) {
        fputs(program->usage, stdout);
        return EXIT_DELIVERED;
    }
    if (argc >= 1 && strcmp(argv[0], "--version") == 0) {
        printf("%s %s\n", program->name, RETRIAL_VERSION);
        return EXIT_DELIVERED;
    }
    if (argc == 2 && strcmp(argv[0], "--input") == 0)
        return cli_run(argv[1], program);
    if (argc == 1 && text_starts_with(argv[0], "--input="))
        return cli_run(argv[0] + strlen("--input="), program);
    if (argc == 1 && strcmp(argv[0], "--stdio") == 0)
        return cli_serve(program);
    if (argc == 0)
        return cli_wrong(program, "--input JSON or --stdio is missing");
    if (argc == 1 && strcmp(argv[0], "--input") == 0)
        return cli_wrong(program, "--input needs a JSON text");
    if (text_starts_with(argv[0], "--input"))
        return cli_wrong(program, "unexpected \"%.60s\"",
                         argv[argc > 2 && argv[0][7] == '\0' ? 2 : 1]);
    return cli_wrong(program, "unexpected \"%.60s\"", argv[0]);
}

int cli_main(const struct cli_program *program, int argc, char **argv)
{
    struct cli_program own = *program;
    struct err         err;
    char              *values = NULL;
    int                code;

    own.profile = getenv("RETRIAL_PROFILE");
    if (argc >= 2 && strcmp(argv[0], "--profile") == 0) {
        values = profile_flatten(argv[1], &err);
        if (values == NULL)
            return cli_wrong(program, "%.200s: %.200s", err.place, err.text);
        own.profile = values;
        argc -= 2;
        argv += 2;
    }
    code = cli_dispatch(&own, argc, argv);
    alloc_free(values);
    return code;
}
