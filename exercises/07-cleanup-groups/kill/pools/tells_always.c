/* tells_always.c - a wrong group: calls the cancel callback without a cancel */
/* SPDX-License-Identifier: MIT */
#include "../../members/mutant/tells_always.c"
