-- expect: 2: a/b: needs[1]: unknown config key; did you mean maxRetries? allowed: flushAt, flushInterval, maxRetries, timeout, maxRetryAfterMs, maxTotalBackoffMs, maxRateLimitMs, workers, backoffBaseMs, maxBackoffMs, maxBatchBytes, maxQueueSize
scenario "a/b" {
  rules = { "RA-1" },
  needs = { "config.maxRetrys" },
}
