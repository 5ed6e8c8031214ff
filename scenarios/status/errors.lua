-- STATUS-2 to STATUS-5: An error is retried if the profile says so. If not, the
-- batch is dropped and reported.
local statuses = {
  400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415,
  416, 417, 418, 421, 422, 423, 424, 425, 426, 428, 429, 431, 451, 460, 499,
  500, 501, 502, 503, 504, 505, 506, 507, 508, 510,
  520, 521, 522, 523, 524, 525, 526, 527, 599,
}

for _, status in ipairs(statuses) do
  local retried = profile.retries(status)
  scenario(("status/%dxx/%d"):format(status // 100, status)) {
    when   = profile.rule(status) ~= false,
    rules  = { profile.rule(status), retried and "COUNT-2" },
    given  = { events = 1, config = { maxRetries = not retried and 2 or nil } },
    server = retried and { answer { status }, answer { 200 } }
      or rest(answer { status }),
    expect = "policy",
  }
end

-- STATUS-6: 511 is retried only when OAuth is configured.
scenario "status/5xx/511" {
  rules  = { profile.rule(511) },
  given  = { events = 1, config = { maxRetries = 2 } },
  server = { rest(answer { 511 }) },
}
