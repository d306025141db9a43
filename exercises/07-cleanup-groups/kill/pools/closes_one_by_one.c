/* closes_one_by_one.c - waits for one and closes it, then the next */
/* SPDX-License-Identifier: MIT */
#include "../../members/mutant/closes_one_by_one.c"
