-- DELIVER-1, with a server that does everything but behave, for the client of
-- tests/chaos. What becomes of an attempt hangs on the seed, on the batch's
-- first messageId and on its retry count, never on the order of arrival: the
-- same seed is the same misfortune, whichever worker meets it.

local salt = random(1 << 30)

-- A number from 0 to n - 1 (FNV-1a, and a stir).
local function draw(text, n)
  local hash = 0xcbf29ce484222325 ~ salt
  for i = 1, #text do
    hash = (hash ~ text:byte(i)) * 0x100000001b3
  end
  hash = (hash ~ (hash >> 29)) * 0x2545f4914f6cdd1d
  return ((hash ~ (hash >> 32)) & 0x7fffffff) % n
end

local function any(list)
  return function(text) return answer { list[1 + draw(text .. "?", #list)] } end
end

local dates = { "imf", "rfc850", "asctime" }
local junk = { 0, -1, "1.5", "+1", "", "1 junk", "soon", { 1, 120 },
  "99999999999999999999", date { offset = "-1h" } }

-- How often in a thousand, and what is played.
local fates = {
  { 530, any { 200, 200, 200, 201, 204, 299 } },
  { 20, function() -- never followed: /elsewhere is an attempt too
    return answer { 302, headers = { Location = "/elsewhere" } }
  end },
  { 30, any { 400, 401, 403, 404, 413, 422, 501, 505, 511, 999 } },
  { 130, any { 500, 502, 503, 504, 520, 599, 408, 410, 460 } },
  { 40, any { 429 } },
  { 40, function(text)
    return answer { 429, retry_after = junk[1 + draw(text .. "j", #junk)] }
  end },
  { 40, function(text) -- not a 429: the header says nothing
    return answer { draw(text .. "s", 2) == 0 and 503 or 200, retry_after = 1 }
  end },
  { 8, function() return answer { 429, retry_after = 1 } end },
  { 6, function(text)
    return answer { 429, retry_after =
      date { form = dates[1 + draw(text .. "d", 3)], offset = "2s" } }
  end },
  { 70, function() return fault "reset" end },
  { 70, function() return fault "close" end },
  { 6, function() return hang {} end },
  { 6, function() -- accepted, but the answer comes too late to be heard
    return answer { 200, delay = "2s" }
  end },
  { 4, any { 103 } }, -- the last word is none
}

scenario "chaos" {
  rules  = { "DELIVER-1" },
  server = { decide = function(request)
    local first = request.body:match '"messageId":"([^"]*)"'
    local text = first .. "/" .. (request.retry_count or 0)
    local left = draw(text, 1000)
    for _, fate in ipairs(fates) do
      left = left - fate[1]
      if left < 0 then return fate[2](text) end
    end
    return answer { 200 }
  end },
}
