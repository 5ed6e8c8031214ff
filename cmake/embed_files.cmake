# SPDX-License-Identifier: Apache-2.0
# Writes ${OUTPUT}: each file of ${INPUTS} as an array of bytes, named by its
# file name, and the table ${SYMBOL}. Run by embed() at build time.
set(text "#include \"common/embedded.h\"\n\n")
set(table "")
set(index 0)
foreach(input ${INPUTS})
  file(READ ${input} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)"
         "\\1\n" bytes "${bytes}")
  get_filename_component(name ${input} NAME)
  string(APPEND text "static const unsigned char file_${index}[] = {\n${bytes}0};\n\n")
  string(APPEND table
    "    {\"${name}\", (const char *)file_${index}, sizeof file_${index} - 1},\n")
  math(EXPR index "${index} + 1")
endforeach()
string(APPEND text "const struct embedded ${SYMBOL}[] = {\n${table}};\n")
string(APPEND text "const size_t ${SYMBOL}_count = ${index};\n")
# The table is declared where it is used; this keeps -Wmissing-* content.
string(REPLACE "const struct embedded ${SYMBOL}[]"
  "extern const struct embedded ${SYMBOL}[];\nextern const size_t ${SYMBOL}_count;\nconst struct embedded ${SYMBOL}[]"
  text "${text}")
file(WRITE ${OUTPUT} "${text}")
