/* shuts_one_by_one.c - a wrong group: stops a timer when it comes to it */
/* SPDX-License-Identifier: MIT */
#include "../../members/mutant/shuts_one_by_one.c"
