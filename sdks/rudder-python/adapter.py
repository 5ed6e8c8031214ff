# SPDX-License-Identifier: Apache-2.0
# Contract `e2e` for rudder-sdk-python: its client with the trial's
# configuration, and what its on_error says. It retries nothing itself.
import json
import sys
import time

from rudderstack.analytics.client import Client

job = json.loads(sys.argv[sys.argv.index("--input") + 1])
config = job["config"]
given = {
    "upload_size": config.get("flushAt"),
    "upload_interval": config["flushInterval"] / 1000,
    "max_retries": config.get("maxRetries"),
    "timeout": config.get("timeout"),
}
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
        client.track(
            event["userId"],
            event["event"],
            event["properties"],
            message_id=event["messageId"],
        )
client.shutdown()
print(json.dumps({"success": not errors, "error": (errors or [""])[0][:1000]}))
