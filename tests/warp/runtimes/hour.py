# SPDX-License-Identifier: Apache-2.0
"""sleep: prints how many seconds an hour took. request: sends what the contract
env gives, and waits for the answer."""
import base64
import os
import sys
import time
import urllib.request

if sys.argv[1] == "sleep":
    began = time.monotonic()
    time.sleep(3600)
    print(time.monotonic() - began)
else:
    key = base64.b64encode(os.environ["RETRIAL_WRITE_KEY"].encode() + b":")
    urllib.request.urlopen(urllib.request.Request(
        os.environ["RETRIAL_URL"], os.environ["RETRIAL_BODY"].encode(),
        {"Authorization": "Basic " + key.decode(),
         "Content-Type": "application/json"}), timeout=7200).read()
