/* SPDX-License-Identifier: Apache-2.0 */
/* The six calls of the public API (ingest.h): each makes an event's JSON of
 * its parts and sends it. */

#include "client/ingest.h"

#include "common/alloc.h"

#include <cJSON.h>
#include <string.h>

struct part {
    const char *key;
    const char *text; /* NULL = left out */
};

/* One object, and nothing behind it that would become a part of ours. */
static bool is_object(const char *text)
{
    cJSON *json = cJSON_ParseWithOpts(text, NULL, true);
    bool   is = cJSON_IsObject(json);

    cJSON_Delete(json);
    return is;
}

/* What each call has: a text of its own, and an object, which is JSON and
 * stays as it was written. */
static bool send_parts(struct ingest *ingest, const char *type,
                       const char *user_id, struct part text,
                       struct part object, struct err *err)
{
    const struct part parts[] = {{"type", type}, {"userId", user_id}, text};
    cJSON            *event;
    char             *head;
    char             *whole;
    bool              sent;

    if (object.text != NULL && !is_object(object.text))
        return err_set(err, ERR_USAGE, object.key, "found no JSON object");
    event = cJSON_CreateObject();
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (parts[i].text != NULL)
            cJSON_AddStringToObject(event, parts[i].key, parts[i].text);
    head = cJSON_PrintUnformatted(event);
    if (object.text != NULL)
        whole = alloc_format("%.*s,\"%s\":%s}", (int)strlen(head) - 1, head,
                             object.key, object.text);
    else
        whole = alloc_text(head);
    sent = ingest_send(ingest, whole, err);
    alloc_free(whole);
    cJSON_free(head);
    cJSON_Delete(event);
    return sent;
}

bool ingest_track(struct ingest *ingest, const char *user_id, const char *event,
                  const char *properties_json, struct err *err)
{
    return send_parts(ingest, "track", user_id, (struct part){"event", event},
                      (struct part){"properties", properties_json}, err);
}

bool ingest_identify(struct ingest *ingest, const char *user_id,
                     const char *traits_json, struct err *err)
{
    return send_parts(ingest, "identify", user_id, (struct part){NULL, NULL},
                      (struct part){"traits", traits_json}, err);
}

bool ingest_page(struct ingest *ingest, const char *user_id, const char *name,
                 const char *properties_json, struct err *err)
{
    return send_parts(ingest, "page", user_id, (struct part){"name", name},
                      (struct part){"properties", properties_json}, err);
}

bool ingest_screen(struct ingest *ingest, const char *user_id, const char *name,
                   const char *properties_json, struct err *err)
{
    return send_parts(ingest, "screen", user_id, (struct part){"name", name},
                      (struct part){"properties", properties_json}, err);
}

bool ingest_group(struct ingest *ingest, const char *user_id,
                  const char *group_id, const char *traits_json,
                  struct err *err)
{
    return send_parts(ingest, "group", user_id,
                      (struct part){"groupId", group_id},
                      (struct part){"traits", traits_json}, err);
}

bool ingest_alias(struct ingest *ingest, const char *user_id,
                  const char *previous_id, struct err *err)
{
    return send_parts(ingest, "alias", user_id,
                      (struct part){"previousId", previous_id},
                      (struct part){NULL, NULL}, err);
}
