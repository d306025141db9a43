/* there_and_back.c - a right group: the last member is closed first */
/* SPDX-License-Identifier: MIT */
#include "../../members/correct/there_and_back.c"
