#include "server/response.h"

#include "common/alloc.h"
#include "server/reply.h"

#include <string.h>

enum { BODY_KEPT_MAX = 4096 };

static bool is_same(const struct response *response, const struct reply *reply)
{
    const struct header_list *fields = &response->fields;

    if (response->body == NULL || fields->count != reply->fields.count ||
        response->body_bytes != reply->body_bytes)
        return false;
    for (size_t i = 0; i < fields->count; i++)
        if (strcmp(fields->items[i].value, reply->fields.items[i].value) != 0 ||
            strcmp(fields->items[i].name, reply->fields.items[i].name) != 0)
            return false;
    return reply->body_bytes == 0 ||
           memcmp(response->body, reply->body, reply->body_bytes) == 0;
}

/* A long body is not kept: it lives as long as its exchange, which outlives
 * what libmicrohttpd sends of it, and it is not compared either. */
static void create(struct response *response, const struct reply *reply)
{
    const bool is_long = reply->body_bytes > BODY_KEPT_MAX;

    response_clear(response);
    response->body_bytes = reply->body_bytes;
    if (!is_long)
        response->body = alloc_text_n(reply->body, reply->body_bytes);
    response->made = MHD_create_response_from_buffer(
        reply->body_bytes, (void *)(uintptr_t)reply->body,
        is_long ? MHD_RESPMEM_PERSISTENT : MHD_RESPMEM_MUST_COPY);
}

static void make(struct response *response, const struct reply *reply)
{
    create(response, reply);
    for (size_t i = 0; response->made != NULL && i < reply->fields.count; i++) {
        const struct header *field = &reply->fields.items[i];

        header_add(&response->fields, field->name, field->value);
        if (MHD_add_response_header(response->made, field->name,
                                    field->value) != MHD_YES)
            response_clear(response);
    }
}

struct MHD_Response *response_of(struct response    *response,
                                 const struct reply *reply)
{
    if (!is_same(response, reply))
        make(response, reply);
    return response->made;
}

void response_clear(struct response *response)
{
    if (response->made != NULL)
        MHD_destroy_response(response->made);
    header_clear(&response->fields);
    alloc_free(response->body);
    *response = (struct response){0};
}
