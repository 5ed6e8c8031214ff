# SPDX-License-Identifier: Apache-2.0
# embed(TARGET SYMBOL FILES ...): puts text files into the binary as
#   const struct embedded SYMBOL[]; const size_t SYMBOL_count;
# (common/embedded.h), so that one file is all there is to install.
function(embed target symbol)
  set(output ${CMAKE_BINARY_DIR}/generated/${symbol}.c)
  set(inputs)
  foreach(file ${ARGN})
    list(APPEND inputs ${CMAKE_CURRENT_SOURCE_DIR}/${file})
  endforeach()
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DSYMBOL=${symbol} -DOUTPUT=${output}
            "-DINPUTS=${inputs}" -P ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/embed_files.cmake
    DEPENDS ${inputs} ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/embed_files.cmake
    COMMENT "embed ${symbol}" VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
