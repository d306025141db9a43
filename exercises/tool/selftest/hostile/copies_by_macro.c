/* copies_by_macro.c - includes a right answer, by a name that is put together */
/* SPDX-License-Identifier: MIT */
/*
 * item: -
 * verdict: fail
 * message: line 11 includes RIGHT: an answer includes only headers
 * points: 0
 */
#define RIGHT "../fixture/correct/add.c"

#include RIGHT
