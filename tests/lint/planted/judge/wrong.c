/* A room that knows too much: cmake/check_rooms.cmake must refuse it. */
#include "server/server.h"
