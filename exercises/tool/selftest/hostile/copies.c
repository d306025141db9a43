/* copies.c - includes a right answer */
/* SPDX-License-Identifier: MIT */
/*
 * item: -
 * verdict: fail
 * message: line 9 includes "../fixture/correct/add.c": an answer includes only headers
 * points: 0
 */
#include "../fixture/correct/add.c"
