# SPDX-License-Identifier: Apache-2.0
# The dependency rule, as a test: reads the #include lines of every room and
# fails on one that the table does not allow.
#   cmake -DROOT=DIR -P check_rooms.cmake
cmake_minimum_required(VERSION 3.25)

set(rooms common model lua server server/faults server/keys judge reports
          client client/cli client/mutants warp runner runner/trial runner/suite
          runner/proof)

# Which rooms a room may include.
set(allows_common "")
set(allows_model common)
set(allows_lua common model)
set(allows_server common model server/keys)
set(allows_server/faults common model server)
set(allows_server/keys common)
set(allows_judge common model)
set(allows_reports common model)
set(allows_client common)
set(allows_client/cli common client)
set(allows_client/mutants common client client/cli)
set(allows_warp common)
set(allows_runner/proof common model server server/keys)
set(allows_runner/trial common model lua server server/keys judge warp)
set(allows_runner/suite ${allows_runner/trial} runner/trial)
set(allows_runner ${allows_runner/suite} reports runner/suite runner/proof)

# Which outside headers only these rooms, and rooms inside them, may include.
set(outside
  "lua.h:lua" "lualib.h:lua" "lauxlib.h:lua"
  "microhttpd.h:server" "gnutls/:server,runner/proof"
  "sys/socket.h:server,runner/proof" "netinet/:server,runner/proof"
  "arpa/inet.h:server,runner/proof"
  "curl/:client" "openssl/:client"
  "zlib.h:judge,client" "libxml/:reports"
  "cJSON.h:model,judge,reports,client,runner")

set(wrong "")
foreach(room ${rooms})
  file(GLOB files ${ROOT}/${room}/*.c ${ROOT}/${room}/*.h)
  foreach(file ${files})
    file(STRINGS ${file} lines REGEX "^#include")
    file(RELATIVE_PATH name ${ROOT} ${file})
    foreach(line ${lines})
      if(line MATCHES "^#include \"([a-z/]+)/[a-z0-9_]+\\.h\"")
        set(used ${CMAKE_MATCH_1})
        if(NOT used STREQUAL room AND NOT used IN_LIST allows_${room})
          list(APPEND wrong "${name}: ${room}/ may not include ${used}/")
        endif()
      endif()
      foreach(entry ${outside})
        string(REGEX MATCH "^([^:]+):(.*)$" _ ${entry})
        set(header ${CMAKE_MATCH_1})
        set(owners ${CMAKE_MATCH_2})
        string(REPLACE "," "|" any_owner ${owners})
        string(FIND "${line}" "<${header}" at)
        if(NOT at EQUAL -1 AND NOT room MATCHES "^(${any_owner})(/|$)")
          list(APPEND wrong "${name}: <${header}> belongs to ${owners}")
        endif()
      endforeach()
    endforeach()
  endforeach()
endforeach()

if(wrong)
  string(REPLACE ";" "\n  " wrong "${wrong}")
  message(FATAL_ERROR "rooms that know too much:\n  ${wrong}")
endif()
