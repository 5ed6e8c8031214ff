// SPDX-License-Identifier: Apache-2.0
// Contract `env` for axios-retry: one POST, with its exponentialDelay.
import axios from 'axios'
import axiosRetry from 'axios-retry'

const { RETRIAL_URL, RETRIAL_BODY, RETRIAL_MAX_RETRIES = '3' } = process.env

const client = axios.create({
  timeout: 10_000,
  headers: { 'content-type': 'application/json' },
  transformRequest: [(text) => text],
})
axiosRetry(client, {
  retries: Number(RETRIAL_MAX_RETRIES),
  retryDelay: axiosRetry.exponentialDelay,
  retryCondition: axiosRetry.isRetryableError,
  shouldResetTimeout: true,
})
try {
  await client.post(RETRIAL_URL, RETRIAL_BODY)
} catch (error) {
  console.error(String(error))
  process.exitCode = 1
}
