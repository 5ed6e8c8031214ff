# SPDX-License-Identifier: Apache-2.0
"""What the clients of these tests have in common: one batch, posted."""
import base64
import http.client
import json
import urllib.request


def post(job, events):
    """Whatever comes of it."""
    key = base64.b64encode((job["writeKey"] + ":").encode()).decode()
    body = {"batch": events, "writeKey": job["writeKey"]}
    request = urllib.request.Request(
        job["apiHost"] + "/v1/batch", json.dumps(body).encode(),
        {"Content-Type": "application/json", "Authorization": "Basic " + key})
    try:
        urllib.request.urlopen(request).read()
    except (OSError, http.client.HTTPException):
        pass  # the server may be gone: a client that lives on does
