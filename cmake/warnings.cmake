# SPDX-License-Identifier: Apache-2.0
# Every warning is an error, in every room: a certifier must not be careless
# about its own meaning.
add_compile_options(
  -Wall -Wextra -Wconversion -Wshadow -Wpedantic -Werror
  -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wundef
  -Wformat=2 -Wvla -Wcast-qual)
# Clang has it, and gcc from 14 on.
include(CheckCCompilerFlag)
check_c_compiler_flag(-Wmissing-variable-declarations MISSING_VARIABLES)
if(MISSING_VARIABLES)
  add_compile_options(-Wmissing-variable-declarations)
endif()
add_compile_definitions(_GNU_SOURCE)
