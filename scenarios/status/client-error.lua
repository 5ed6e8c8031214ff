-- STATUS-2: 408, 410, 429 and 460 are retried (410 on purpose).
for _, status in ipairs { 408, 410, 429, 460 } do
  scenario("status/4xx/" .. status) {
    rules  = { "STATUS-2", "COUNT-2" },
    given  = { events = 1 },
    server = { answer { status }, answer { 200 } },
    expect = { attempts = 2, delivered = "all", success = true },
  }
end

-- STATUS-3: Any other 4xx is not retried; the batch is dropped and reported.
local dropped = {
  400, 401, 402, 403, 404, 405, 406, 407, 409, 411, 412, 413, 414, 415, 416,
  417, 418, 421, 422, 423, 424, 425, 426, 428, 431, 451, 499,
}

for _, status in ipairs(dropped) do
  scenario("status/4xx/" .. status) {
    rules  = { "STATUS-3" },
    given  = { events = 1, config = { maxRetries = 2 } },
    server = { rest(answer { status }) },
    expect = { attempts = 1, delivered = "none" },
  }
end
