-- expect: 2: a/b: rules: found nothing; allowed: a list of rules, such as { "RA-1" }
scenario "a/b" {
  about = "No rules.",
}
