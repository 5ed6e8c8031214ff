// SPDX-License-Identifier: Apache-2.0
// Meets each fault with node's fetch, all at once: one request each, never
// repeated. stdin: [{"fault":, "url":, "body":, "key":, "timeout_ms":}, ...];
// stdout: {fault: {"status": 200 or null, "error": text or null}}

let input = ''
for await (const part of process.stdin) input += part

async function meet({ url, body, key, timeout_ms }) {
  const saw = { status: null, error: null }
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}`,
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeout_ms),
    })
    saw.status = answer.status
    await answer.arrayBuffer()
  } catch (error) {
    const cause = error.cause ?? error
    saw.error = [error.name, error.message, cause.code, cause.message].join(' ')
  }
  return saw
}

const saw = {}
setInterval(() => {}, 1000) // the timers of its timeouts hold nobody here
await Promise.all(JSON.parse(input).map(async (job) => {
  saw[job.fault] = await meet(job)
}))
console.log(JSON.stringify(saw))
process.exit(0) // whatever lies in its pool
