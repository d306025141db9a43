/* always_cancels.c - a wrong group: drops what is queued, whatever is asked */
/* SPDX-License-Identifier: MIT */
#include "../../members/mutant/always_cancels.c"
