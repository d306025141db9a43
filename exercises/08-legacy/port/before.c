/* before.c - the old program under other names, to compare the new one with */
/* SPDX-License-Identifier: MIT */
#define house_open	old_house_open
#define house_report	old_house_report
#define house_close	old_house_close

#include "old.c"
