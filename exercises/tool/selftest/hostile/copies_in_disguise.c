/* copies_in_disguise.c - includes a right answer, in an old spelling */
/* SPDX-License-Identifier: MIT */
/*
 * item: -
 * verdict: fail
 * message: line 9 includes "../fixture/correct/add.c": an answer includes only
 * points: 0
 */
??=incl??/
ude/**/"../fixture/correct/add.c"
