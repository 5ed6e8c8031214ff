-- What wrk sends: a batch of two events, 1 KB, as an SDK would.
local events = {}
for i = 1, 2 do
  events[i] = string.format('{"type":"track","event":"retrial-event-%05d",'
    .. '"messageId":"retrial-event-%05d","userId":"retrial-user",'
    .. '"properties":{"retrial":%d,"padding":"%s"}}', i, i, i,
    string.rep("x", 340))
end
wrk.method = "POST"
wrk.body = '{"batch":[' .. table.concat(events, ",") .. "]}"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Basic cmV0cmlhbC13cml0ZS1rZXk6"
