// SPDX-License-Identifier: Apache-2.0
// exits.js HOW: sends what the contract env gives, in that company, and exits
// as soon as it is answered.
const http = require("http");
const { Worker, isMainThread, parentPort } = require("worker_threads");

const HOUR_MS = 3600e3;
const headers = {
  "Authorization": "Basic " +
    Buffer.from(process.env.RETRIAL_WRITE_KEY + ":").toString("base64"),
  "Content-Type": "application/json",
};

function ask(options, done) {
  http.request(process.env.RETRIAL_URL, { method: "POST", headers, ...options },
    (answer) => {
      answer.resume();
      answer.on("end", () => done(answer.statusCode === 200 ? 0 : 1));
    }).end(process.env.RETRIAL_BODY);
}

function leave(code) {
  process.exitCode = code;
}

const ways = {
  return: () => ask({}, leave),
  exit: () => ask({}, (code) => process.exit(code)),
  unref: () => {
    setTimeout(() => {}, 12 * HOUR_MS).unref();
    setInterval(() => {}, HOUR_MS / 6).unref();
    ask({}, leave);
  },
  pool: () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });

    ask({ agent }, leave);
  },
  worker: () => {
    const worker = new Worker(__filename);

    worker.on("message", (code) => {
      worker.terminate();
      leave(code);
    });
    new Worker(__filename, { argv: ["idle"] }).unref();
  },
  // It gives up after 300 s by itself.
  fetch: async () => {
    const answer = await fetch(process.env.RETRIAL_URL, {
      method: "POST", headers, body: process.env.RETRIAL_BODY,
      signal: AbortSignal.timeout(2 * HOUR_MS),
    });

    await answer.text();
    leave(answer.ok ? 0 : 1);
  },
  abort: () => {
    const control = new AbortController();

    setTimeout(() => control.abort(), 2 * HOUR_MS).unref();
    ask({ signal: control.signal }, leave);
  },
};

if (isMainThread)
  ways[process.argv[2]]();
else if (process.argv[2] === "idle")
  setTimeout(() => {}, 12 * HOUR_MS);
else
  ask({}, (code) => parentPort.postMessage(code));
