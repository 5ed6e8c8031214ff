# SPDX-License-Identifier: Apache-2.0
"""exits.py HOW: sends what the contract env gives, in that company, and exits
as soon as it is answered."""
import asyncio
import base64
import concurrent.futures
import multiprocessing
import os
import sys
import threading
import time
import urllib.request

HOUR_S = 3600


def ask():
    key = base64.b64encode(os.environ["RETRIAL_WRITE_KEY"].encode() + b":")
    answer = urllib.request.urlopen(urllib.request.Request(
        os.environ["RETRIAL_URL"], os.environ["RETRIAL_BODY"].encode(),
        {"Authorization": "Basic " + key.decode(),
         "Content-Type": "application/json"}), timeout=2 * HOUR_S)
    answer.read()
    return 0 if answer.status == 200 else 1


def daemon():
    threading.Thread(target=time.sleep, args=(12 * HOUR_S,),
                     daemon=True).start()
    return ask()


def pool():
    with concurrent.futures.ThreadPoolExecutor(4) as threads:
        threads.map(time.sleep, [0.1, 0.2])
        return threads.submit(ask).result()


async def wait_and_ask():
    sleeper = asyncio.create_task(asyncio.sleep(12 * HOUR_S))
    code = await asyncio.wait_for(asyncio.to_thread(ask), 2 * HOUR_S)
    sleeper.cancel()
    return code


def spawned():
    with multiprocessing.get_context("spawn").Pool(2) as processes:
        return processes.apply(ask)


def forked():
    with multiprocessing.get_context("fork").Pool(4) as processes:
        return processes.apply_async(ask).get()


WAYS = {"return": ask, "daemon": daemon, "pool": pool, "spawn": spawned,
        "fork": forked, "asyncio": lambda: asyncio.run(wait_and_ask()),
        "os._exit": lambda: os._exit(ask())}

if __name__ == "__main__":
    sys.exit(WAYS[sys.argv[1]]())
