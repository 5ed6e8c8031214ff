#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// A right client of contract e2e on http.request, which claims no capability:
// one batch after the other, each on a connection of its own.
'use strict'
const http = require('http')

const TIMEOUT_MS = 10000
const FLUSH_AT = 20
const RETRIES = 1000
const BUDGET_MS = 43200 * 1000
const RETRY_AFTER_CAP_S = 300
const EVENT_BYTES = 32768
const BATCH_BYTES = 475000
const RETRIED = new Set([408, 410, 429, 460])
const REFUSED = new Set([501, 505, 511])

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const nowMs = () => performance.now()

// Each with as many events as it may have, and none over its size.
function batchesOf(events, flushAt) {
  const batches = []
  let bytes = 0
  for (const event of events) {
    const more = Buffer.byteLength(event) + 1
    const last = batches[batches.length - 1]
    if (!last || last.length === flushAt || bytes + more > BATCH_BYTES - 1000) {
      batches.push([event])
      bytes = more
    } else {
      last.push(event)
      bytes += more
    }
  }
  return batches
}

// Seconds in digits, said once or alike; else it is as if absent.
function waitMs(told) {
  const said = new Set(told.map((value) => value.replace(/^[ \t]+|[ \t]+$/g, '')))
  const [text] = said
  if (said.size !== 1 || !/^[0-9]+$/.test(text)) return 0
  return Math.min(RETRY_AFTER_CAP_S, Number(text)) * 1000
}

// Its status and its Retry-After; rejected: the network's fault.
function post(job, body, retry) {
  const headers = {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    Authorization: 'Basic ' + Buffer.from(job.writeKey + ':').toString('base64'),
    Connection: 'close',
  }
  if (retry > 0) headers['X-Retry-Count'] = String(retry)
  return new Promise((resolve, reject) => {
    const request = http.request(job.apiHost + '/v1/batch', {
      method: 'POST',
      agent: false,
      headers,
    })
    const timer = setTimeout(
      () => request.destroy(new Error('no answer in time')),
      TIMEOUT_MS
    )
    let answer
    // What comes after a whole answer belongs to none.
    const over = (error) => {
      clearTimeout(timer)
      request.destroy()
      if (!answer?.complete) return reject(error ?? new Error('cut short'))
      const told = answer.headersDistinct['retry-after'] ?? []
      resolve({ status: answer.statusCode, told })
    }
    request.on('error', over)
    request.on('close', () => over())
    request.on('response', (heard) => {
      answer = heard
      answer.on('error', over)
      answer.on('end', () => over())
      answer.resume()
    })
    request.end(body)
  })
}

// undefined: it was delivered; else why it was dropped.
async function send(job, events) {
  const retries = job.config?.maxRetries ?? RETRIES
  let sent = 0
  let counted = 0
  let failed, limited
  for (;;) {
    const stamp = new Date().toISOString()
    const body =
      `{"batch":[${events.join(',')}],"sentAt":"${stamp}",` +
      `"writeKey":${JSON.stringify(job.writeKey)}}`
    const { status, told, trouble } = await post(job, body, sent).catch(
      (error) => ({ status: 0, told: [], trouble: error })
    )
    const why = trouble ? `network: ${trouble.message}` : `status ${status}`
    if (status >= 200 && status <= 399) return undefined
    if (status > 0 && !RETRIED.has(status) && (status < 500 || REFUSED.has(status)))
      return why
    const now = nowMs()
    let wait = status === 429 ? waitMs(told) : 0
    let since
    if (wait > 0) {
      since = limited ??= now
    } else {
      if (++counted > retries) return why
      since = failed ??= now
      const law = 500 * 2 ** Math.min(counted - 1, 8)
      wait = Math.min(60000, law * (0.9 + 0.2 * Math.random()))
    }
    if (now + wait - since > BUDGET_MS || retries === 0) return why
    await pause(Math.ceil(wait))
    sent++
  }
}

async function run(job) {
  let why
  for (const { delayMs, events } of job.sequences) {
    await pause(delayMs)
    const texts = events.map((event) => JSON.stringify(event))
    const fit = texts.filter((text) => Buffer.byteLength(text) <= EVENT_BYTES)
    if (fit.length < texts.length) why = 'an event is too large'
    for (const batch of batchesOf(fit, job.config?.flushAt ?? FLUSH_AT))
      why = (await send(job, batch)) ?? why
  }
  return why
}

const given = process.argv[process.argv.indexOf('--input') + 1]
Promise.resolve()
  .then(() => run(JSON.parse(given)))
  .catch((error) => `wrong input: ${error.message}`)
  .then((why) => {
    console.log(JSON.stringify(why ? { success: false, error: why } : { success: true }))
    process.exitCode = why ? 1 : 0
  })
