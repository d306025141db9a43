/* note.c - lines of the program's own in the interleaving */
/* SPDX-License-Identifier: MIT */
/*
 * The record has room for so many; of those beyond, only that there were
 * more. A note is a step, so that schedules count it like any other, but it
 * stands in reports where it was said (order.c).
 */
#include <stdio.h>

#include "inner.h"

/* See explore.h. */
void
explore_note_text(const char *text)
{
	static unsigned count;
	unsigned n = count;

	if (!xp_active())
		return;
	if (n < XP_NOTES - 1)
		count++;
	else
		text = "...";
	snprintf(xp_record->notes[n], sizeof(xp_record->notes[n]), "%s", text);
	xp_simple_step(XP_NOTE, NULL, n);
}
