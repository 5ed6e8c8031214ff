# SPDX-License-Identifier: Apache-2.0
# Contract `e2e` for segment-analytics-python: its client with the trial's
# configuration, and what its on_error says. It retries nothing itself.
import json
import sys
import time

from segment.analytics.client import Client

job = json.loads(sys.argv[sys.argv.index("--input") + 1])
config = job["config"]


def seconds(key):
    return config[key] / 1000 if key in config else None


given = {
    "upload_size": config.get("flushAt"),
    "upload_interval": config["flushInterval"] / 1000,
    "max_retries": config.get("maxRetries"),
    "timeout": config.get("timeout"),
    "max_total_backoff_duration": seconds("maxTotalBackoffMs"),
    "max_rate_limit_duration": seconds("maxRateLimitMs"),
}
if "oauth" in job:
    oauth = job["oauth"]
    with open(oauth["keyFile"], encoding="ascii") as file:
        given["oauth_client_key"] = file.read()
    given["oauth_client_id"] = oauth["clientId"]
    given["oauth_key_id"] = oauth["keyId"]
    given["oauth_auth_server"] = oauth["authServer"]
    given["oauth_scope"] = oauth["scope"]
errors = []
client = Client(
    job["writeKey"],
    host=job["apiHost"],
    on_error=lambda error, batch: errors.append(str(error) or repr(error)),
    **{key: value for key, value in given.items() if value is not None},
)
for sequence in job["sequences"]:
    time.sleep(sequence["delayMs"] / 1000)
    for event in sequence["events"]:
        try:
            client.track(
                event["userId"],
                event["event"],
                event["properties"],
                message_id=event["messageId"],
            )
        except RuntimeError as error:  # too large
            errors.append(str(error) or repr(error))
client.shutdown()
print(json.dumps({"success": not errors, "error": (errors or [""])[0][:1000]}))
