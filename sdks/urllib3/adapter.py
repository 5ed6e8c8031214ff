# SPDX-License-Identifier: Apache-2.0
# Contract `env` for urllib3: one POST, retried by its Retry alone.
import os
import sys

import urllib3

retry = urllib3.Retry(
    total=int(os.environ.get("RETRIAL_MAX_RETRIES", "3")),
    backoff_factor=0.5,
    status_forcelist=[408, 429, 500, 502, 503, 504],
    allowed_methods=None,
)
http = urllib3.PoolManager(
    retries=retry, timeout=10, ca_certs=os.environ.get("SSL_CERT_FILE")
)
try:
    answer = http.request(
        "POST",
        os.environ["RETRIAL_URL"],
        body=os.environ["RETRIAL_BODY"].encode(),
        headers={"Content-Type": "application/json"},
    )
except (urllib3.exceptions.HTTPError, ValueError) as error:
    sys.exit(str(error))
sys.exit(0 if 200 <= answer.status < 300 else f"status {answer.status}")
