// SPDX-License-Identifier: Apache-2.0
// sleep: prints how many seconds an hour took. request: sends what the contract
// env gives, and waits for the answer. (fetch gives up after 300 s by itself.)
const http = require("http");

if (process.argv[2] === "sleep") {
  const began = performance.now();
  setTimeout(() => console.log((performance.now() - began) / 1000), 3600e3);
} else {
  const key = Buffer.from(process.env.RETRIAL_WRITE_KEY + ":");
  http.request(process.env.RETRIAL_URL, {
    method: "POST",
    headers: {
      "Authorization": "Basic " + key.toString("base64"),
      "Content-Type": "application/json",
    },
  }, (answer) => {
    answer.resume();
    process.exitCode = answer.statusCode === 200 ? 0 : 1;
  }).end(process.env.RETRIAL_BODY);
}
