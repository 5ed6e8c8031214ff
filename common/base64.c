/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base64.h"

#include "common/alloc.h"

#include <stdint.h>
#include <string.h>

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

char *base64_encode(const void *data, size_t length_bytes)
{
    const unsigned char *in = data;
    char                *text = alloc_zero((length_bytes + 2) / 3 * 4 + 1, 1);
    char                *out = text;

    for (size_t i = 0; i < length_bytes; i += 3) {
        size_t   left = length_bytes - i;
        uint32_t group = (uint32_t)in[i] << 16;

        if (left > 1)
            group |= (uint32_t)in[i + 1] << 8;
        if (left > 2)
            group |= in[i + 2];
        *out++ = alphabet[group >> 18 & 63];
        *out++ = alphabet[group >> 12 & 63];
        *out++ = left > 1 ? alphabet[group >> 6 & 63] : '=';
        *out++ = left > 2 ? alphabet[group & 63] : '=';
    }
    return text;
}

static bool decode_group(const char *group, bool last, struct bytes *decoded)
{
    uint32_t value = 0;
    size_t   padding = 0;
    char     out[3];

    for (int i = 0; i < 4; i++) {
        const char *at = group[i] ? strchr(alphabet, group[i]) : NULL;

        if (group[i] == '=' && last && i >= 2)
            padding++;
        else if (at == NULL || padding > 0)
            return false;
        value = value << 6 | (at ? (uint32_t)(at - alphabet) : 0);
    }
    out[0] = (char)(value >> 16 & 0xff);
    out[1] = (char)(value >> 8 & 0xff);
    out[2] = (char)(value & 0xff);
    /* The bits under the padding must be zero, or two texts mean the same. */
    for (size_t i = 3 - padding; i < 3; i++)
        if (out[i] != 0)
            return false;
    return bytes_append(decoded, out, 3 - padding);
}

bool base64_decode(const char *text, struct bytes *decoded)
{
    size_t length = strlen(text);

    if (length % 4 != 0)
        return false;
    for (size_t i = 0; i < length; i += 4)
        if (!decode_group(text + i, i + 4 == length, decoded))
            return false;
    return true;
}

static void replace(char *text, const char *from, const char *to)
{
    for (; *text != '\0'; text++)
        for (size_t i = 0; from[i] != '\0'; i++)
            if (*text == from[i]) {
                *text = to[i];
                break;
            }
}

char *base64url_encode(const void *data, size_t length_bytes)
{
    char *text = base64_encode(data, length_bytes);

    replace(text, "+/", "-_");
    text[strcspn(text, "=")] = '\0';
    return text;
}

bool base64url_decode(const char *text, size_t length, struct bytes *decoded)
{
    size_t padded = (length + 3) / 4 * 4;
    char  *standard = alloc_zero(padded + 1, 1);
    bool   ok = memchr(text, '+', length) == NULL &&
              memchr(text, '/', length) == NULL &&
              memchr(text, '=', length) == NULL;

    memset(standard, '=', padded);
    memcpy(standard, text, length);
    replace(standard, "-_", "+/");
    ok = ok && base64_decode(standard, decoded);
    alloc_free(standard);
    return ok;
}
