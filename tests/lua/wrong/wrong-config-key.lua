-- expect: 2: a/b: given.wrong_config.maxRetry: unknown word; did you mean maxRetries? allowed: flushAt, flushInterval, maxRetries, timeout, maxRetryAfterMs, maxTotalBackoffMs, maxRateLimitMs, workers, backoffBaseMs, maxBackoffMs, maxBatchBytes, maxQueueSize
scenario "a/b" {
  rules = { "RA-1" },
  given = { wrong_config = { maxRetry = "-1" } },
}
