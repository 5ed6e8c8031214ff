-- 200 to all that comes, said by Lua each time.
scenario "bench/decide" {
  rules  = { "STATUS-1" },
  server = { decide = function(request, memory)
    memory.seen = (memory.seen or 0) + 1
    return answer { 200 }
  end },
}
