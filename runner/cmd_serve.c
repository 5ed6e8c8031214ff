/* SPDX-License-Identifier: Apache-2.0 */
/* retrial serve: one scenario on a chosen port, for any client, by hand.
 * Attempts are printed as they come; Ctrl-C brings verdict and record. */

#include "common/alloc.h"
#include "common/clock.h"
#include "common/io.h"
#include "runner/command.h"
#include "runner/conclusion.h"
#include "runner/documents.h"
#include "runner/options.h"
#include "runner/suite/record_file.h"
#include "runner/terminal.h"
#include "runner/trial/hooks.h"
#include "runner/trial/interrupt.h"
#include "runner/trial/job.h"
#include "runner/trial/job_wire.h"
#include "runner/trial/trial.h"
#include "server/keys/keys.h"
#include "server/server.h"

#include <stdio.h>

struct serve {
    const struct plan    *plan;
    struct script        *script;
    struct manifest      *manifest;
    struct record        *record;
    struct server        *server;
    struct report_options how;
    struct hooks          hooks;
    struct keys           keys; /* as far as the scenario has a use for them */
};

static void print_attempt(void *owner, const struct attempt *attempt)
{
    struct serve *serve = owner;
    struct bytes  line;

    bytes_init(&line, 1 << 16);
    report_attempt_line(attempt, &serve->manifest->profile, &serve->how, &line);
    printf("%s", bytes_text(&line));
    bytes_clear(&line);
}

/* What curl is to be told of the credentials. */
static char *curl_credentials(const struct profile *profile, const char *key)
{
    switch (profile->authorization) {
    case AUTHORIZATION_BEARER:
        return alloc_format("-H 'Authorization: Bearer %s' ", key);
    case AUTHORIZATION_HEADER:
        return alloc_format("-H '%s: %s' ", profile->credential_name, key);
    case AUTHORIZATION_QUERY:
    case AUTHORIZATION_BODY_FIELD:
        return alloc_text("");
    case AUTHORIZATION_BASIC:
    case AUTHORIZATION_NONE:
    case AUTHORIZATION_AS_SENT:
        break;
    }
    return alloc_format("-u %s: ", key);
}

static void print_invitation(const struct serve *serve)
{
    const struct profile *profile = &serve->manifest->profile;
    const char           *key = serve->plan->given.write_key;
    int                   port = server_port(serve->server);
    bool                  https = serve->keys.authority != NULL;
    const char           *scheme = https ? "https" : "http";
    char                 *body = job_body(serve->plan, profile, 1);
    char *address = alloc_format("%s://127.0.0.1:%d", scheme, port);
    char *url = job_url(profile, address, key);
    char *who = curl_credentials(profile, key);

    printf("%s is played on %s (write key %s). Try:\n\n"
           "  curl -i %s%s%s%s-H 'Content-Type: %s' \\\n"
           "    -d '%.2000s' \\\n    %s\n\n"
           "Ctrl-C ends it, with the verdict.\n\n",
           serve->plan->id, address, key, https ? "--cacert " : "",
           https ? authority_ca_file(serve->keys.authority) : "",
           https ? " " : "", who, job_type(profile), body, url);
    if (serve->keys.credential != NULL)
        printf("OAuth: client %s, key %s in %s, tokens from "
               "%s://127.0.0.1:%d/token\n\n",
               CREDENTIAL_CLIENT_ID, CREDENTIAL_KEY_ID,
               credential_key_file(serve->keys.credential), scheme, port);
    fflush(stdout);
    alloc_free(body);
    alloc_free(address);
    alloc_free(url);
    alloc_free(who);
}

static void serve_until_interrupt(struct serve *serve)
{
    struct pollfd fds[2] = {
        {.fd = server_fd(serve->server), .events = POLLIN},
        {.fd = interrupt_fd(), .events = POLLIN},
    };

    do {
        io_poll(fds, 2, server_wait_ns(serve->server));
        server_turn(serve->server);
        fflush(stdout); /* once a turn, for all attempts of it */
    } while ((fds[1].revents & POLLIN) == 0);
}

static bool play(struct serve *serve, const struct options *options,
                 struct err *err)
{
    const struct clock *clock = clock_real();
    struct trial_setup  setup = {
         .plan = serve->plan,
         .manifest = serve->manifest,
         .script = serve->script,
         .seed = options->seed,
    };
    struct server_config config = {
        .profile = &serve->manifest->profile,
        .plan = serve->plan,
        .record = serve->record,
        .clock = clock,
        .epoch_ns = clock_now_ns(clock),
        .port = options->port,
        .hooks =
            hooks_make(&serve->hooks, serve->script, &serve->manifest->profile),
        .on_attempt = options->given[OPTION_QUIET] ? NULL : print_attempt,
        .owner = serve,
        .keys = serve->keys,
    };
    bool served;

    trial_open_record(&setup, clock, serve->record);
    if (!server_start(&serve->server, &config, err))
        return false;
    print_invitation(serve);
    serve_until_interrupt(serve);
    served = trial_was_served(serve->server, serve->record, err);
    server_stop(serve->server);
    serve->record->outcome.end = CLIENT_BY_HAND;
    serve->record->outcome.ended_ns = clock_now_ns(clock) - config.epoch_ns;
    return served;
}

/* Takes the record. */
static bool conclude(struct serve *serve, const struct options *options,
                     enum exit_code *exit_code, struct err *err)
{
    struct run          *run = run_new();
    struct trial_result *trial = run_add(run, serve->plan);
    const char          *path = options->text[OPTION_RECORD];
    struct bytes         text;
    bool                 ok;

    run->client = alloc_text("by hand");
    run->command = alloc_text("serve");
    run->clock = alloc_text("real");
    run->profile = serve->manifest->profile;
    run->profile_base = serve->manifest->profile_base;
    trial->record = serve->record;
    trial->verdict = verdict_new();
    trial->runs = 1;
    trial->wall_ns = serve->record->outcome.ended_ns;
    ok = (path == NULL || record_file_write(path, serve->record, err)) &&
         trial_judge(serve->plan, &run->profile, serve->script, serve->record,
                     trial->verdict, err);
    if (ok) {
        bytes_init(&text, REPORT_BYTES_MAX);
        report_trial(trial, run, &serve->how, &text);
        printf("\n%s", bytes_text(&text));
        bytes_clear(&text);
        *exit_code = conclusion_of(run);
    }
    run_free(run);
    return ok;
}

static bool clock_fits(const struct plan *plan, struct err *err)
{
    const char *lack = plan_clock_lacks(plan, PLAN_CLOCK_REAL);

    return lack == NULL ||
           err_set(err, ERR_USAGE, plan->id,
                   "needs %s; who serves by hand has the real one only", lack);
}

/* From here on a signal ends what is served, and not the process. */
static bool make_keys(struct serve *serve, struct err *err)
{
    interrupt_start();
    return keys_make(&serve->keys, plan_has_oauth(serve->plan),
                     serve->plan->given.https, err);
}

static bool the_one(const struct script *script, const char *path,
                    const struct plan **plan, struct err *err)
{
    size_t count = script_plan_count(script);

    *plan = count > 0 ? script_plan(script, 0) : NULL;
    return count == 1 ||
           err_set(err, ERR_USAGE, path,
                   "found %zu scenarios, allowed is one; name it by its id, "
                   "and the file by --scenarios",
                   count);
}

static bool serve(const struct options *options, enum exit_code *exit_code,
                  struct err *err)
{
    struct serve serve = {0};
    const char  *id = options->arguments[0];
    bool         ok;

    if (options->argument_count != 1)
        return err_set(err, ERR_USAGE, "serve",
                       "name one scenario: its id, or a file that holds one");
    ok = documents_check(options, err) &&
         options_manifest(options, &serve.manifest, err) &&
         options_script(options, &serve.manifest->profile, &serve.script, err);
    ok = ok &&
         (scenarios_is_file(id)
              ? the_one(serve.script, id, &serve.plan, err)
              : scenarios_find(serve.script, id, &serve.plan, err)) &&
         clock_fits(serve.plan, err);
    if (ok) {
        serve.record = record_new();
        serve.how = terminal_options(true, options->given[OPTION_SECRETS]);
        ok = make_keys(&serve, err) && play(&serve, options, err);
        if (ok)
            ok = conclude(&serve, options, exit_code, err);
        else
            record_free(serve.record);
    }
    keys_clear(&serve.keys);
    interrupt_stop();
    script_close(serve.script);
    manifest_free(serve.manifest);
    return ok;
}

const struct command cmd_serve = {
    .name = "serve",
    .synopsis = "SCENARIO [FLAG...]",
    .about = "play one scenario for a client by hand",
    .flags = OPTION_BIT(OPTION_PORT) | OPTION_BIT(OPTION_RECORD) |
             OPTION_BIT(OPTION_SCENARIOS) | OPTION_BIT(OPTION_LUA_DIR) |
             OPTION_BIT(OPTION_PROFILE) | OPTION_BIT(OPTION_PROFILE_SET) |
             OPTION_BIT(OPTION_SEED) | OPTION_BIT(OPTION_SECRETS) |
             OPTION_BIT(OPTION_QUIET) | OPTION_BIT(OPTION_SDK),
    .run = serve,
};
