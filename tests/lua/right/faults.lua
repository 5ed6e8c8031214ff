-- The list of all faults is there to be looped over, and everybody's own.
local by_name = {}
for i, known in ipairs(faults()) do
  assert(faults()[i].name == known.name and faults()[i] ~= known)
  assert(known.family and known.taken_for)
  by_name[known.name] = known
  known.name = "changed"
end
assert(by_name["reset"].taken_for == "trouble" and faults()[1].name ~= "changed")
assert(by_name["reset"].status == nil and by_name["cut-body"].status == 200)
assert(by_name["cut-body"].takes.by and not by_name["reset"].takes.by)
assert(by_name["refuse"].of_connection and not by_name["hang"].of_connection)
assert(by_name["hang"].over == "any" and by_name["tls-expired"].over == "tls")
assert(by_name["hang"].family == "silent" and #faults() >= 40)

scenario "faults" { rules = { "RA-1" } }
