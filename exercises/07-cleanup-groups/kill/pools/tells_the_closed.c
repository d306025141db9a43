/* tells_the_closed.c - a wrong group: tells also of what has closed itself */
/* SPDX-License-Identifier: MIT */
#include "../../members/mutant/tells_the_closed.c"
