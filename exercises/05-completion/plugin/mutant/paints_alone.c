/* paints_alone.c - a mutant: paints all walls itself, in one callback */
/* SPDX-License-Identifier: MIT */
/*
 * check: walls_are_painted_at_the_same_time
 * message: 3 walls, and 1 were painted at once
 */
#include "painters.h"

VOID CALLBACK
paint_house(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	const struct order *order = context;

	FreeLibraryWhenCallbackReturns(instance, order->plugin);
	for (LONG wall = 0; wall < order->walls; wall++)
		order->paint(order->house, wall);
	order->finished(order->house, TRUE);
}
