/* SPDX-License-Identifier: Apache-2.0 */
/* A room that knows too much: cmake/check_rooms.cmake must refuse it. */
#include "server/server.h"
