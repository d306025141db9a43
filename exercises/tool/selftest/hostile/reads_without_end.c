/* reads_without_end.c - gives the compiler a file that never ends */
/* SPDX-License-Identifier: MIT */
/*
 * item: -
 * verdict: fail
 * message: line 9 includes "/dev/zero": an answer includes only headers
 * points: 0
 */
#include "/dev/zero"
