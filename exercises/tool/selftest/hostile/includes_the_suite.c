/* includes_the_suite.c - would call its own checks */
/* SPDX-License-Identifier: MIT */
/*
 * item: -
 * verdict: fail
 * message: line 9 includes <suite.c>: an answer includes only headers
 * points: 0
 */
%: include <suite.c>
