/* SPDX-License-Identifier: Apache-2.0 */
#include "server/response_cache.h"

#include "common/alloc.h"
#include "server/response.h"

#include <string.h>

enum { BODY_KEPT_MAX = 4096 };

static bool is_same(const struct response_cache *cache,
                    const struct response       *response)
{
    const struct header_list *fields = &cache->fields;

    if (cache->body == NULL || fields->count != response->fields.count ||
        cache->body_bytes != response->body_bytes)
        return false;
    for (size_t i = 0; i < fields->count; i++)
        if (strcmp(fields->items[i].value, response->fields.items[i].value) !=
                0 ||
            strcmp(fields->items[i].name, response->fields.items[i].name) != 0)
            return false;
    return response->body_bytes == 0 ||
           memcmp(cache->body, response->body, response->body_bytes) == 0;
}

/* A long body is not kept: it lives as long as its exchange, which outlives
 * what libmicrohttpd sends of it, and it is not compared either. */
static void create(struct response_cache *cache,
                   const struct response *response)
{
    const bool is_long = response->body_bytes > BODY_KEPT_MAX;

    response_cache_clear(cache);
    cache->body_bytes = response->body_bytes;
    if (!is_long)
        cache->body = alloc_text_n(response->body, response->body_bytes);
    cache->made = MHD_create_response_from_buffer(
        response->body_bytes, (void *)(uintptr_t)response->body,
        is_long ? MHD_RESPMEM_PERSISTENT : MHD_RESPMEM_MUST_COPY);
}

static void make(struct response_cache *cache, const struct response *response)
{
    create(cache, response);
    for (size_t i = 0; cache->made != NULL && i < response->fields.count; i++) {
        const struct header *field = &response->fields.items[i];

        header_add(&cache->fields, field->name, field->value);
        if (MHD_add_response_header(cache->made, field->name, field->value) !=
            MHD_YES)
            response_cache_clear(cache);
    }
}

struct MHD_Response *response_cache_find(struct response_cache *cache,
                                         const struct response *response)
{
    if (!is_same(cache, response))
        make(cache, response);
    return cache->made;
}

void response_cache_clear(struct response_cache *cache)
{
    if (cache->made != NULL)
        MHD_destroy_response(cache->made);
    header_clear(&cache->fields);
    alloc_free(cache->body);
    *cache = (struct response_cache){0};
}
