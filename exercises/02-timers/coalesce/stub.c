/* coalesce.c - due times: which of them has come, and which comes next */
/* SPDX-License-Identifier: MIT */
/*
 * TODO: write the first five functions. Begin without windows: the first
 * check and half of the others can pass then; and then let the dispatcher
 * sleep longer.
 */
#include "dispatch.h"

/*
 * Sets a due time, in place of the one it had, and wakes the dispatcher if
 * it sleeps for too long now.
 *
 * when: ticks of tp_wall if absolute, of tp_now if not.
 * window: ticks by which it may be served later; 0: as soon as possible.
 */
void
tp_due_set_locked(struct tp_due *due, tp_time when, tp_time window,
	bool absolute)
{
	tp_assert_held(&tp_waitable_lock);
	(void)due;			/* TODO */
	(void)when;
	(void)window;
	(void)absolute;
}

/* The due time will not come any more; harmless if none is set. */
void
tp_due_cancel_locked(struct tp_due *due)
{
	tp_assert_held(&tp_waitable_lock);
	(void)due;			/* TODO */
}

/*
 * Takes out due times that have come, at these times of the two clocks, and
 * calls expire for each. False: there were none.
 */
bool
tp_due_serve_locked(tp_time now, tp_time wall)
{
	tp_assert_held(&tp_waitable_lock);
	(void)now;			/* TODO */
	(void)wall;
	return false;
}

/* When the dispatcher must look again, by tp_now; TP_FOREVER: need not. */
tp_time
tp_due_next_look_locked(tp_time now, tp_time wall)
{
	tp_assert_held(&tp_waitable_lock);
	(void)now;			/* TODO */
	(void)wall;
	return TP_FOREVER;
}

/*
 * The next due time of something periodic that has just come, by tp_now.
 * period: ticks, not 0.
 */
tp_time
tp_due_next(const struct tp_due *due, tp_time period)
{
	return due->when + period / 2;	/* TODO */
}

/* ---- Given: what the due times of the API mean ---- */

/* Has the due time come, or passed? */
bool
tp_due_has_come(const struct tp_due *due)
{
	return due->when <= (due->absolute ? tp_wall() : tp_now());
}

/*
 * The time by tp_wall (absolute) or tp_now of a due time of the API:
 * positive, since 1601, by the system clock; else its opposite from now on.
 */
tp_time
tp_due_time(int64_t due, bool *absolute)
{
	*absolute = due > 0;
	if (due > 0)
		return due;
	return tp_time_after(tp_now(), due == INT64_MIN ? TP_FOREVER : -due);
}
