// SPDX-License-Identifier: Apache-2.0
// Contract `env` for ky: one POST, retried by ky itself.
import ky from 'ky'

const { RETRIAL_URL, RETRIAL_BODY, RETRIAL_MAX_RETRIES = '2' } = process.env

try {
  await ky
    .post(RETRIAL_URL, {
      body: RETRIAL_BODY,
      headers: { 'content-type': 'application/json' },
      retry: {
        limit: Number(RETRIAL_MAX_RETRIES),
        methods: ['post'],
        retryOnTimeout: true,
      },
    })
    .text()
} catch (error) {
  console.error(String(error))
  process.exitCode = 1
}
