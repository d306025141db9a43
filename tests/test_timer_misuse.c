/* SPDX-License-Identifier: MIT */
/*
 * test_timer_misuse.c - timers used wrongly are reported
 *
 * What a program must not do to a timer object: use it when it is closed,
 * take it for something else or something else for it, and wait for it in
 * its own callback. report.h says how a report is looked for.
 *
 * A suite of its own, because it forks: the suites that are repeated over a
 * poller (test_timers_epoll.c) have threads by then, and cannot.
 */
#include "timing.h"
#include "report.h"

static PTP_TIMER
some_timer(void)
{
	return CreateThreadpoolTimer(ring, NULL, NULL);
}

static PTP_TIMER
closed_timer(void)
{
	PTP_TIMER timer = some_timer();

	CloseThreadpoolTimer(timer);
	return timer;
}

static void
set_null_pointer(void *unused)
{
	(void)unused;
	SetThreadpoolTimer(NULL, NULL, 0, 0);
}

static void
set_closed(void *unused)
{
	(void)unused;
	set_ms(closed_timer(), 0, 0);
}

static void
set_closed_ex(void *unused)
{
	(void)unused;
	(void)set_ms_ex(closed_timer(), 0);
}

static void
ask_closed(void *unused)
{
	(void)unused;
	(void)IsThreadpoolTimerSet(closed_timer());
}

static void
wait_for_closed(void *unused)
{
	(void)unused;
	WaitForThreadpoolTimerCallbacks(closed_timer(), TRUE);
}

static void
close_twice(void *unused)
{
	(void)unused;
	CloseThreadpoolTimer(closed_timer());
}

static void
set_work(void *unused)
{
	(void)unused;
	unset((PTP_TIMER)(void *)some_work());
}

static void
close_as_work(void *unused)
{
	(void)unused;
	CloseThreadpoolWork((PTP_WORK)(void *)some_timer());
}

static VOID CALLBACK
close_and_set(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	(void)instance;
	(void)context;
	CloseThreadpoolTimer(timer);
	set_ms(timer, 0, 0);
}

static VOID CALLBACK
wait_for_itself(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_TIMER timer)
{
	(void)instance;
	(void)context;
	WaitForThreadpoolTimerCallbacks(timer, TRUE);
}

static void
set_closed_in_callback(void *unused)
{
	(void)unused;
	set_ms(CreateThreadpoolTimer(close_and_set, NULL, NULL), 0, 0);
	wait_for_the_end();
}

static void
wait_in_callback(void *unused)
{
	(void)unused;
	set_ms(CreateThreadpoolTimer(wait_for_itself, NULL, NULL), 0, 0);
	wait_for_the_end();
}

START_TEST(timers_used_wrongly_are_reported)
{	/* WORK-19, WORK-20, DIAG-04, DIAG-24, port-defined */
	static const struct {
		void (*scene)(void *unused);
		const char *code, *call, *rule;
	} scenes[] = {
		{ set_null_pointer, "not-an-object", "SetThreadpoolTimer",
			"WORK-19" },
		{ set_closed, "closed-object", "SetThreadpoolTimer",
			"WORK-19" },
		{ set_closed_ex, "closed-object", "SetThreadpoolTimerEx",
			"WORK-19" },
		{ ask_closed, "closed-object", "IsThreadpoolTimerSet",
			"WORK-19" },
		{ wait_for_closed, "closed-object",
			"WaitForThreadpoolTimerCallbacks", "WORK-19" },
		{ close_twice, "closed-object", "CloseThreadpoolTimer",
			"WORK-19" },
		{ set_closed_in_callback, "closed-object",
			"SetThreadpoolTimer", "WORK-19" },
		{ set_work, "wrong-kind", "SetThreadpoolTimer", "WORK-19" },
		{ close_as_work, "wrong-kind", "CloseThreadpoolWork",
			"WORK-19" },
		{ wait_in_callback, "self-wait",
			"WaitForThreadpoolTimerCallbacks", "WORK-20" },
	};

	for (unsigned i = 0; i < sizeof(scenes) / sizeof(*scenes); i++)
		expect_report(scenes[i].scene, scenes[i].code,
			scenes[i].call, scenes[i].rule);
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("timer_misuse");

	tcase_add_test(harness_case(suite, "small"),
		timers_used_wrongly_are_reported);
	return harness_run(suite);
}
