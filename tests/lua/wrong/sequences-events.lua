-- expect: 2: a/b: given.sequences[1].events: found nothing; allowed: an integer from 1 to 10000
scenario "a/b" {
  rules = { "RA-1" },
  given = { sequences = { { delay = "1s" } } },
}
