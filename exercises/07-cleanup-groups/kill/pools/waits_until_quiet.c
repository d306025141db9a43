/* waits_until_quiet.c - a wrong group: forgets who has disassociated */
/* SPDX-License-Identifier: MIT */
#include "../../members/mutant/waits_until_quiet.c"
