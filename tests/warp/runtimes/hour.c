/* SPDX-License-Identifier: Apache-2.0 */
/* sleep: prints how many seconds an hour took. request: sends what the contract
 * env gives by libcurl, and waits for the answer. */

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static size_t drop(char *data, size_t size, size_t count, void *unused)
{
    (void)data;
    (void)unused;
    return size * count;
}

static int sleep_an_hour(void)
{
    const struct timespec hour = {.tv_sec = 3600};
    double                began_s = now_s();

    nanosleep(&hour, NULL);
    printf("%.6f\n", now_s() - began_s);
    return 0;
}

int main(int argc, char **argv)
{
    CURL              *easy = curl_easy_init();
    struct curl_slist *json =
        curl_slist_append(NULL, "Content-Type: application/json");
    long status = 0;

    if (argc > 1 && strcmp(argv[1], "sleep") == 0)
        return sleep_an_hour();
    curl_easy_setopt(easy, CURLOPT_URL, getenv("RETRIAL_URL"));
    curl_easy_setopt(easy, CURLOPT_USERNAME, getenv("RETRIAL_WRITE_KEY"));
    curl_easy_setopt(easy, CURLOPT_PASSWORD, "");
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, json);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, getenv("RETRIAL_BODY"));
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop);
    curl_easy_perform(easy);
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    return status == 200 ? 0 : 1;
}
