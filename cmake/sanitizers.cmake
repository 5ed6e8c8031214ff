# SPDX-License-Identifier: Apache-2.0
# RETRIAL_SANITIZE=address,undefined builds everything with these sanitizers.
set(RETRIAL_SANITIZE "" CACHE STRING "Sanitizers, comma-separated")
option(RETRIAL_FUZZ "Build the libFuzzer targets (needs clang)" OFF)

if(RETRIAL_SANITIZE)
  add_compile_options(-fsanitize=${RETRIAL_SANITIZE}
                      -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${RETRIAL_SANITIZE})
endif()
if(RETRIAL_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
  add_link_options(-fsanitize=fuzzer-no-link)
endif()
