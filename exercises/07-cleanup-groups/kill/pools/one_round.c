/* one_round.c - a wrong group: waits for each member once */
/* SPDX-License-Identifier: MIT */
#include "../../members/mutant/one_round.c"
