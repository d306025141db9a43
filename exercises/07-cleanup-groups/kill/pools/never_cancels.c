/* never_cancels.c - a wrong group: lets run what it is to drop */
/* SPDX-License-Identifier: MIT */
#include "../../members/mutant/never_cancels.c"
