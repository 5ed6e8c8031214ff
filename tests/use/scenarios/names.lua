-- Two ids that are one when _ stands for /.
for _, id in ipairs { "use/c/d", "use/c_d" } do
  scenario(id) {
    rules  = { "DELIVER-1" },
    given  = { events = 1 },
    server = { answer { 200 } },
    limit  = "4s",
  }
end
