/* order.c - steps as rows, in the order in which they took effect */
/* SPDX-License-Identifier: MIT */
/*
 * A step is written down when its thread is chosen to perform it. Most take
 * effect right then. But a thread that unlocks does so at once and lets
 * others come in afterwards: its step is written down when it goes on. In a
 * drawing that would look as if somebody took a lock that was not yet free.
 * So such a late step gets its row where it took effect: right after the
 * step of its thread that was before it.
 *
 * Two things are added that the steps do not say. Was the thread of the row
 * before put aside although it could have gone on (forced)? These are the
 * switches that a failure needs. And which row made this one possible
 * (from)? The last one before which its thread could not proceed and after
 * which it could: the unlock before a lock, the signal before a wake-up.
 *
 * Interface: xp_rows_in_order, xp_is_late.
 */
#include <stdlib.h>
#include <string.h>

#include "picture.h"

#define NONE		UINT32_MAX
#define LOOK_BACK	4096	/* steps, for the one that enabled this */

struct order {
	struct xp_picture *picture;
	const struct xp_event *events;
	uint32_t count;
	uint32_t *next;			/* step of the same thread, or NONE */
	int *row;			/* of each step, or -1 */
};

/* Is it written down after it took effect? */
bool
xp_is_late(const struct xp_event *event)
{
	return event->kind == XP_UNLOCK || event->kind == XP_RW_UNLOCK ||
		event->kind == XP_NOTE ||
		(event->kind == XP_ONCE && event->data == 1);
}

/*
 * A pause has no effect, except where the program sets the clock. And what
 * the tests' own tools count for themselves is nobody's business.
 */
static bool
is_hidden(const struct xp_event *event)
{
	if (event->kind == XP_ATOMIC || event->kind == XP_ACCESS)
		return xp_spot_is_cover(event->frames);
	return event->kind == XP_PAUSE && event->object != 0;
}

static bool
is_ready(const struct xp_event *event, unsigned thread)
{
	return event->ready >> thread & 1;
}

/* Who yields asks for others; to run them is not forced. */
static bool
is_forced(const struct order *order, uint32_t i)
{
	const struct xp_event *event = &order->events[i];

	if (i == 0 || event->before == event->thread ||
		!is_ready(event, event->before))
		return false;
	for (uint32_t j = i; j < order->count; j++)
		if (order->events[j].thread == event->before)
			return order->events[j].kind != XP_YIELD;
	return order->picture->record->thread[event->before].kind !=
		XP_YIELD;
}

/* The step whose effect made step i possible, or NONE. */
static uint32_t
enabled_by(const struct order *order, uint32_t i)
{
	const struct xp_event *event = &order->events[i], *before;
	uint32_t first = i > LOOK_BACK ? i - LOOK_BACK : 0;

	if (event->outcome != XP_READY || xp_is_late(event))
		return NONE;
	for (uint32_t j = i; j-- > first;) {
		uint32_t after = order->next[j];

		before = &order->events[j];
		if (event->kind == XP_START && before->kind == XP_CREATE &&
			before->data == event->thread)
			return j;
		if (before->thread == event->thread)
			return NONE;
		if (event->kind == XP_START ||
			is_ready(before, event->thread) ||
			!is_ready(before + 1, event->thread))
			continue;
		return after != NONE && xp_is_late(&order->events[after]) ?
			after : j;
	}
	return NONE;
}

static void
add(struct order *order, const struct xp_event *event, bool forced,
	xp_time time)
{
	struct xp_picture *picture = order->picture;
	size_t i = (size_t)(event - order->events);
	uint32_t from = NONE;

	if (event >= order->events && i < order->count) {
		order->row[i] = (int)picture->row_count;
		from = enabled_by(order, (uint32_t)i);
	}
	picture->rows[picture->row_count++] = (struct xp_row){
		.event = event, .thread = event->thread, .forced = forced,
		.from = from != NONE ? order->row[from] : -1, .time = time,
		.place = "",
	};
}

/* The late step that the thread is in at the end, or NULL. */
static const struct xp_event *
unfinished(struct order *order, unsigned thread)
{
	const struct xp_thread_note *note =
		&order->picture->record->thread[thread];
	struct xp_event *event = &order->picture->unfinished[thread];

	*event = (struct xp_event){ .thread = (uint8_t)thread,
		.kind = note->kind, .object = note->object };
	memcpy(event->frames, note->frames, sizeof(event->frames));
	return note->lives && xp_is_late(event) ? event : NULL;
}

static void
add_all(struct order *order)
{
	const struct xp_event *events = order->events, *late;
	bool forced = false;		/* not shown yet */

	if (order->count > 0 && xp_is_late(&events[0]))
		add(order, &events[0], false, 0);
	for (uint32_t i = 0; i < order->count; i++) {
		const struct xp_event *event = &events[i];
		uint32_t next = order->next[i];

		if (i > 0 && event->thread != events[i - 1].thread)
			forced = false;
		forced = forced || is_forced(order, i);
		if (!xp_is_late(event) && !is_hidden(event)) {
			add(order, event, forced, event->time);
			forced = false;
		}
		late = next == NONE ? unfinished(order, event->thread) :
			xp_is_late(&events[next]) ? &events[next] : NULL;
		if (late != NULL) {
			add(order, late, forced, event->time);
			forced = false;
		}
	}
}

/* Fills in picture->rows, which has room for steps and XP_THREADS more. */
bool
xp_rows_in_order(struct xp_picture *picture, uint32_t steps)
{
	struct order order = { .picture = picture, .count = steps,
		.events = picture->record->events,
		.next = calloc(steps + 1u, sizeof(*order.next)),
		.row = calloc(steps + 1u, sizeof(*order.row)) };
	uint32_t last[XP_THREADS];
	bool can = order.next != NULL && order.row != NULL;

	memset(last, 0xff, sizeof(last));	/* NONE */
	for (uint32_t i = steps; can && i-- > 0;) {
		unsigned thread = order.events[i].thread % XP_THREADS;

		order.next[i] = last[thread];
		last[thread] = i;
		order.row[i] = -1;
	}
	if (can)
		add_all(&order);
	free(order.next);
	free(order.row);
	return can;
}
