/* does_not_wait.c - a wrong group: closes the members, and waits for none */
/* SPDX-License-Identifier: MIT */
#include "../../members/mutant/does_not_wait.c"
