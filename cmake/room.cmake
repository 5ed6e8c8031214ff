# SPDX-License-Identifier: Apache-2.0
# room(NAME [FOLDERS inner ...] [BUT file ...] USES rooms and packages ...): one
# static library a room, of all its files and those of the inner rooms that are
# named, but for main.c and files that are another's. Headers are included by
# their room, "model/plan.h", so that a reader and cmake/check_rooms.cmake see at
# once whose word is used.
function(room name)
  cmake_parse_arguments(ROOM "" "" "FOLDERS;BUT;USES" ${ARGN})
  file(GLOB files CONFIGURE_DEPENDS *.c)
  foreach(folder ${ROOM_FOLDERS})
    file(GLOB inner CONFIGURE_DEPENDS ${folder}/*.c)
    list(APPEND files ${inner})
  endforeach()
  foreach(file main.c ${ROOM_BUT})
    list(REMOVE_ITEM files ${CMAKE_CURRENT_SOURCE_DIR}/${file})
  endforeach()
  add_library(retrial_${name} STATIC ${files})
  target_include_directories(retrial_${name} PUBLIC
    ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR}/generated)
  target_link_libraries(retrial_${name} PUBLIC ${ROOM_USES})
endfunction()

# unit_test(NAME USES rooms): tests/unit/NAME_test.c as one cmocka program.
function(unit_test name)
  cmake_parse_arguments(UNIT "" "" "USES" ${ARGN})
  add_executable(${name}_test ${name}_test.c)
  target_link_libraries(${name}_test PRIVATE ${UNIT_USES} PkgConfig::CMOCKA)
  add_test(NAME unit.${name} COMMAND ${name}_test)
  set_tests_properties(unit.${name} PROPERTIES LABELS unit TIMEOUT 600)
endfunction()
