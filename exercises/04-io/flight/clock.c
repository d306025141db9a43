/* clock.c - time stands still until the checks move it */
/* SPDX-License-Identifier: MIT */
#include "../../tool/clock.c"
