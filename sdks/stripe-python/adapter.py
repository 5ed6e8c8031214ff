# SPDX-License-Identifier: Apache-2.0
# Contract `env` for stripe: the batch by raw_request(), to a path of its
# second version, whose bodies are JSON. What retries is all its own.
import json
import os
import sys
from urllib.parse import urlsplit

import stripe

url = urlsplit(os.environ["RETRIAL_URL"])
client = stripe.StripeClient(
    os.environ["RETRIAL_WRITE_KEY"],
    base_addresses={"api": f"{url.scheme}://{url.netloc}"},
    max_network_retries=int(os.environ["RETRIAL_MAX_RETRIES"]),
)
try:
    client.raw_request(
        "post", "/v2/batch", **json.loads(os.environ["RETRIAL_BODY"])
    )
except stripe.StripeError as error:
    sys.exit(f"{type(error).__name__}: {error}")
