/* usual.c - a right pool: that of this project */
/* SPDX-License-Identifier: MIT */
#include "../../../../ref/factory.c"
#include "../../../../ref/object.c"
#include "../../../../ref/pool.c"
#include "../../../../ref/queue.c"
