/* clock.c - the virtual time of the checks: exercises/tool/clock.c */
/* SPDX-License-Identifier: MIT */
#include "../../tool/clock.c"
