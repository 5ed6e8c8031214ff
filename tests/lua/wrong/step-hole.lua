-- expect: 2: a/b: server[2]: found nothing; allowed: a list of steps: answer {...}, fault {...}, hang {...}, decide(function) or rest(step)
scenario "a/b" {
  rules = { "RA-1" },
  server = { answer { 200 }, nil, answer { 200 } },
}
