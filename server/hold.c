#include "server/hold.h"

#include "server/connection.h"
#include "server/exchange.h"
#include "server/state.h"

/* libmicrohttpd calls exchange_request again, in this turn's MHD_run. */
static void on_due(void *owner)
{
    struct exchange *exchange = owner;

    exchange->state = EXCHANGE_DUE;
    connection_resume(exchange->connection);
}

void hold_start(struct exchange *exchange)
{
    struct server *server = exchange->server;

    exchange->state = EXCHANGE_HELD;
    exchange->due = (struct timer){.fire = on_due, .owner = exchange};
    core_set_timer(&server->core, &exchange->due, exchange->step->delay_ns);
    connection_suspend(exchange->connection);
}

void hold_hung_up(void *owner)
{
    struct exchange *exchange = owner;

    exchange->attempt->gone_ns = core_now_ns(&exchange->server->core);
    exchange->state = EXCHANGE_BROKEN;
    exchange->broken = ANSWER_GONE;
    loop_cancel_timer(&exchange->server->core.loop, &exchange->due);
    connection_resume(exchange->connection);
}
