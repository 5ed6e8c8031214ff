// SPDX-License-Identifier: Apache-2.0
// Contract `env` for got: one POST, retried by got itself.
import got from 'got'

const { RETRIAL_URL, RETRIAL_BODY, RETRIAL_MAX_RETRIES = '2' } = process.env

try {
  await got.post(RETRIAL_URL, {
    body: RETRIAL_BODY,
    headers: { 'content-type': 'application/json' },
    retry: { limit: Number(RETRIAL_MAX_RETRIES), methods: ['POST'] },
    timeout: { response: 10_000 },
  })
} catch (error) {
  console.error(String(error))
  process.exitCode = 1
}
