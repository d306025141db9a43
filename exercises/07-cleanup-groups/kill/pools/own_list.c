/* own_list.c - a right group: takes its members out first */
/* SPDX-License-Identifier: MIT */
#include "../../members/correct/own_list.c"
