# SPDX-License-Identifier: Apache-2.0
# Contract `env` for tenacity around requests: the pair as it is met in most
# code, any RequestException and any status that raise_for_status() minds.
import os
import sys

import requests
from tenacity import retry, retry_if_exception_type, stop_after_attempt
from tenacity import wait_exponential_jitter

retries = int(os.environ.get("RETRIAL_MAX_RETRIES", "3"))


@retry(
    retry=retry_if_exception_type(requests.RequestException),
    wait=wait_exponential_jitter(max=60),
    stop=stop_after_attempt(retries + 1),
    reraise=True,
)
def send():
    requests.post(
        os.environ["RETRIAL_URL"],
        data=os.environ["RETRIAL_BODY"].encode(),
        headers={"Content-Type": "application/json"},
        timeout=10,
    ).raise_for_status()


try:
    send()
except requests.RequestException as error:
    sys.exit(str(error))
