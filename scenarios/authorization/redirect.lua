-- AUTH-5: Credentials never reach another origin, whatever a redirect says.
for _, status in ipairs { 301, 302, 303, 307, 308 } do
  scenario("authorization/redirect/" .. status) {
    rules  = { "AUTH-5", "STATUS-1" },
    given  = { events = 1 },
    server = { answer { status, location = "elsewhere" },
               rest(answer { 200 }) },
    expect = { attempts = 1, delivered = "all", success = true },
  }
end

scenario "authorization/redirect/bearer" {
  rules  = { "AUTH-5", "AUTH-2" },
  given  = { events = 1 },
  server = { answer { 307, location = "elsewhere" },
             token = rest(answer { 200 }) },
  expect = { attempts = 1, delivered = "all", success = true },
}
