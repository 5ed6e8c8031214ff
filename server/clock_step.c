#include "server/clock_step.h"

#include "common/alloc.h"
#include "server/state.h"

#include <assert.h>

struct clock_step {
    struct clock_step *next;
    struct server     *server;
    struct timer       due;
    int64_t            by_ns;
};

static void on_due(void *owner)
{
    struct clock_step          *step = owner;
    const struct server_config *config = &step->server->config;

    config->step_wall(config->step_wall_owner, step->by_ns);
}

void clock_step_begin(struct server *server, const struct step *step)
{
    struct clock_step *begun;

    if (step == NULL || step->clock_by_ns == 0)
        return;
    assert(server->config.step_wall != NULL);
    begun = alloc_zero(1, sizeof *begun);
    *begun = (struct clock_step){
        .next = server->clock_steps,
        .server = server,
        .due = {.fire = on_due, .owner = begun},
        .by_ns = step->clock_by_ns,
    };
    server->clock_steps = begun;
    core_set_timer(&server->core, &begun->due, step->clock_after_ns);
}

void clock_steps_clear(struct server *server)
{
    while (server->clock_steps != NULL) {
        struct clock_step *step = server->clock_steps;

        server->clock_steps = step->next;
        loop_cancel_timer(&server->core.loop, &step->due);
        alloc_free(step);
    }
}
