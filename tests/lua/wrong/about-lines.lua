-- expect: 2: a/b: about: found "one\x0atwo"; allowed: text without CR, LF and NUL
scenario "a/b" {
  rules = { "RA-1" },
  about = "one\ntwo",
}
