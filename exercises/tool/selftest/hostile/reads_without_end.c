/* reads_without_end.c - gives the compiler a file that never ends */
/* SPDX-License-Identifier: MIT */
/*
 * item: -
 * verdict: fail
 * message: compiling it takes more than the compiler may use
 * points: 0
 */
#include "/dev/zero"
