-- 200 to all that comes: the server without a script of its own.
scenario "bench/plain" {
  rules = { "STATUS-1" },
}
