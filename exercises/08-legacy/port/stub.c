/* port.c - a house that is looked after, by the API of Vista */
/* SPDX-License-Identifier: MIT */
/*
 * TODO: port old.c. Begin with the doors, and house_close; then the evening,
 * the rounds, and the reports.
 */
#include <stdlib.h>

#include "house.h"

struct house *
house_open(const struct house_plan *plan)
{
	(void)plan;			/* TODO */
	return NULL;
}

bool
house_report(struct house *house, int subject)
{
	(void)house;			/* TODO */
	(void)subject;
	return false;
}

void
house_close(struct house *house)
{
	(void)house;			/* TODO */
}
