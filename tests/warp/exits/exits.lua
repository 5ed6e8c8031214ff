-- The answer comes at once, or after some time, and then the client exits. The
-- limit is far: a clock that jumped while it exits would go there.
local function exits(id, delay)
  scenario(id) {
    rules  = { "STATUS-1" },
    server = answer { 200, delay = delay },
    expect = { attempts = 1, delivered = "all", success = true },
    clock  = "jump",
    limit  = "30h",
  }
end

exits("exits/hour", "1h")
exits("exits/minutes", "4m")
for number = 1, 20 do
  exits("exits/now/" .. number, "0s")
end
