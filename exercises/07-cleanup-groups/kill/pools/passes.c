/* passes.c - a right group: a pass for each of the steps */
/* SPDX-License-Identifier: MIT */
#include "../../members/correct/passes.c"
