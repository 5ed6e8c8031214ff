// SPDX-License-Identifier: Apache-2.0
// The e2e contract (docs/client-contract.md) for @segment/analytics-node, on
// its public API only: it makes the client, hands over the events, waits for
// closeAndFlush and reports what the SDK reported. It retries nothing itself.
import { readFileSync } from 'node:fs'
import { Analytics } from '@segment/analytics-node'

const seconds = (ms) => (ms === undefined ? undefined : ms / 1000)

function readInput(argv) {
  const at = argv.indexOf('--input')
  if (at < 0 || at + 1 >= argv.length) throw new Error('--input JSON is missing')
  return JSON.parse(argv[at + 1])
}

function oauthSettings(oauth) {
  if (oauth === undefined) return undefined
  const { clientId, keyId, authServer, scope } = oauth
  const clientKey = readFileSync(oauth.keyFile, 'utf8')
  return { clientId, keyId, clientKey, authServer, scope }
}

function settings(input) {
  const config = input.config ?? {}
  const given = {
    writeKey: input.writeKey,
    host: input.apiHost,
    flushAt: config.flushAt,
    flushInterval: config.flushInterval,
    maxRetries: config.maxRetries,
    httpRequestTimeout: config.timeout,
    maxTotalBackoffDuration: seconds(config.maxTotalBackoffMs),
    maxRateLimitDuration: seconds(config.maxRateLimitMs),
    oauthSettings: oauthSettings(input.oauth),
  }
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined)
  )
}

// As long as setTimeout can count: how long it takes is the SDK's to decide.
const LONGEST_MS = 2 ** 31 - 1

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

async function run(input) {
  const analytics = new Analytics(settings(input))
  const errors = []
  analytics.on('error', ({ reason, code }) =>
    errors.push(String(reason?.message ?? reason ?? code))
  )
  for (const { delayMs = 0, events } of input.sequences) {
    if (delayMs > 0) await pause(delayMs)
    for (const { type, ...event } of events) analytics[type](event)
  }
  // The trial has a limit of its own; the SDK's must not come first.
  await analytics.closeAndFlush({ timeout: LONGEST_MS })
  return errors
}

let result
try {
  const errors = await run(readInput(process.argv))
  result =
    errors.length === 0
      ? { success: true }
      : { success: false, error: errors[0], errors: errors.length }
} catch (error) {
  result = { success: false, error: String(error?.message ?? error) }
}
console.log(JSON.stringify(result))
process.exitCode = result.success ? 0 : 1
