# SPDX-License-Identifier: Apache-2.0
# Contract `env` for openai: the batch by its own door for endpoints that it
# has no method for, client.post(); what retries is all its own.
import os
import sys

import openai

base_url, path = os.environ["RETRIAL_URL"].rsplit("/", 1)
given = {}
if "RETRIAL_MAX_RETRIES" in os.environ:
    given["max_retries"] = int(os.environ["RETRIAL_MAX_RETRIES"])
client = openai.OpenAI(
    api_key=os.environ["RETRIAL_WRITE_KEY"], base_url=base_url, timeout=10, **given
)
try:
    client.post(
        "/" + path,
        cast_to=object,
        content=os.environ["RETRIAL_BODY"].encode(),
        options={"headers": {"Content-Type": "application/json"}},
    )
except openai.OpenAIError as error:
    sys.exit(f"{type(error).__name__}: {error}")
