-- expect: 2: a/b: given.sequences: found an empty list; allowed: at least one sequence
scenario "a/b" {
  rules = { "RA-1" },
  given = { sequences = {} },
}
