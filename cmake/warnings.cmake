# Every warning is an error, in every room: a certifier must not be careless
# about its own meaning.
add_compile_options(
  -Wall -Wextra -Wconversion -Wshadow -Wpedantic -Werror
  -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wundef
  -Wformat=2 -Wvla)
add_compile_definitions(_GNU_SOURCE)
