// SPDX-License-Identifier: Apache-2.0
// Contract `env` for undici: one POST through its RetryAgent.
import { Agent, RetryAgent, request } from 'undici'

const { RETRIAL_URL, RETRIAL_BODY, RETRIAL_MAX_RETRIES = '5' } = process.env

const dispatcher = new RetryAgent(
  new Agent({ headersTimeout: 10_000, bodyTimeout: 10_000 }),
  { maxRetries: Number(RETRIAL_MAX_RETRIES), methods: ['POST'] }
)
try {
  const { statusCode, body } = await request(RETRIAL_URL, {
    dispatcher,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: RETRIAL_BODY,
  })
  await body.text()
  if (statusCode < 200 || statusCode > 299) throw new Error(`status ${statusCode}`)
} catch (error) {
  console.error(String(error))
  process.exitCode = 1
}
