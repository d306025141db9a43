/* suite.c - the checks of "A timer thread that sleeps too long" */
/* SPDX-License-Identifier: MIT */
/*
 * Time is virtual: it moves only when the check says so, and only when
 * nothing else can happen. So "100 ms later" is exactly that, and to set the
 * wall clock back an hour is a call.
 *
 * Each check looks for one kind of fault, and looks away from the others: the
 * first, for instance, finds what is late and lets pass what is early.
 */
#include "clock.h"
#include "explore.h"
#include "suite.h"

#include "timers.h"

#define MS 1000ll
#define NOT_YET (-1)

/* One timer of a check, and when its callback ran. */
struct shot {
	const char *name;
	long long due;			/* us */
	long long at;			/* us; guarded by lock */
	unsigned long number;		/* it ran as the so many-th */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct tally ran = TALLY_ZERO;
static struct gate gate = GATE_SHUT;
static struct timers *timers;

static void
begin(void)
{
	clock_begin();
	timers = timers_start();
	require(timers != NULL, "timers_start failed");
	await_still();
}

static void
stop(void)
{
	unsigned long threads;

	awaiting("timers_stop to return");
	timers_stop(timers);
	threads = live_threads();
	require(threads == 0, "timers_stop returned while its thread was "
		"still there");
}

static long long
time_of(const struct shot *shot)
{
	long long at;

	pthread_mutex_lock(&lock);
	at = shot->at;
	pthread_mutex_unlock(&lock);
	return at;
}

static void
set_time(struct shot *shot, long long at)
{
	pthread_mutex_lock(&lock);
	shot->at = at;
	pthread_mutex_unlock(&lock);
}

static void
fire(void *argument)
{
	struct shot *shot = argument;

	require(time_of(shot) == NOT_YET, "%s ran twice", shot->name);
	set_time(shot, clock_us());
	shot->number = tally_add(&ran);
}

static void
add_as(struct shot *shot, const char *name, long long delay,
	void (*run)(void *argument))
{
	shot->name = name;
	set_time(shot, NOT_YET);
	shot->due = clock_us() + delay;
	require(timers_add(timers, delay, run, shot), "timers_add failed");
}

static void
add(struct shot *shot, const char *name, long long delay)
{
	add_as(shot, name, delay, fire);
}

static void
require_not_late(const struct shot *shot)
{
	long long at = time_of(shot);

	require(at != NOT_YET, "%s has not run, and its time has "
		"passed", shot->name);
	require(at < shot->due + 1 * MS, "%s ran %lld ms late",
		shot->name, (at - shot->due) / MS);
}

static void
require_not_early(const struct shot *shot)
{
	long long at = time_of(shot);

	require(at == NOT_YET || at >= shot->due,
		"%s ran %lld us before its time", shot->name,
		shot->due - at);
}

static void
require_punctual(const struct shot *shot)
{
	require_not_early(shot);
	require_not_late(shot);
}

/* ---- Earlier and later ones ---- */

static void
add_shorter(void *shot)
{
	add(shot, "a timer of 20 ms, added along with one of 50 ms,", 20 * MS);
}

CHECK(an_earlier_timer_is_not_kept_waiting)
{
	static struct shot late, early, first;
	struct actor actor;

	begin();
	add(&late, "a timer of 500 ms", 500 * MS);
	clock_to(100 * MS);
	if (explore_active())	/* else it would be a matter of luck */
		actor_start(&actor, add_shorter, &first);
	add(&early, "a timer of 50 ms, added while the thread slept until a "
		"later one,", 50 * MS);
	if (explore_active())
		actor_join(&actor);
	clock_to(400 * MS + 500);
	require_not_late(&early);
	if (explore_active())
		require_not_late(&first);
	clock_to(502 * MS);
	require_not_late(&late);
	stop();
}

/* ---- The clocks ---- */

CHECK(setting_the_wall_clock_changes_nothing)
{
	static struct shot back, forth;

	begin();
	add(&back, "a timer, since the wall clock was set back an hour,",
		300 * MS);
	clock_to(100 * MS);
	clock_step_wall(-3600 * 1000l);
	clock_to(301 * MS + 500);
	require_punctual(&back);
	clock_to(400 * MS);
	add(&forth, "a timer, since the wall clock was set forward an hour,",
		300 * MS);
	await_still();
	clock_step_wall(3600 * 1000l);
	clock_to(500 * MS + 500);
	require_not_early(&forth);
	clock_to(701 * MS + 500);
	require_punctual(&forth);
	stop();
}

/* So long after the machine was started, and that much at once. */
static void
add_after(long long up, long long delay, const char *name)
{
	static struct shot shot;

	clock_begin_after(up);
	timers = timers_start();
	require(timers != NULL, "timers_start failed");
	await_still();
	add(&shot, name, delay);
	clock_to(delay - 10 * MS);
	require_not_early(&shot);
	clock_to(delay + 1 * MS);
	require_punctual(&shot);
	stop();
}

CHECK(any_time_and_any_fraction_of_a_second_will_do)
{
	static struct shot carry, full;

	begin();
	clock_to(700 * MS);
	add(&carry, "a timer of 600 ms, added 700 ms after a full second,",
		600 * MS);
	clock_to(1301 * MS + 500);
	require_punctual(&carry);
	stop();
	begin();
	clock_to(700 * MS);
	add(&full, "a timer of 300 ms, added 700 ms after a full second,",
		300 * MS);
	clock_to(1001 * MS + 500);
	require_punctual(&full);
	stop();
	if (explore_active())
		return;		/* an execution has an hour */
	add_after(4294967296 - 100, 200 * MS, "a timer of 200 ms, on a "
		"machine that has been up for 49 days,");
	add_after(1000000, 2592000000 * MS, "a timer of 30 days");
}

/* ---- Neither too early, nor out of turn ---- */

static void
wake_without_cause(void)
{
	static struct shot shot;

	begin();
	spurious_wakeups(3);
	add(&shot, "a timer of 200 ms, whose thread was woken without a "
		"cause,", 200 * MS);
	clock_to(201 * MS + 500);
	spurious_wakeups(0);
	require_not_early(&shot);
	stop();
}

static void
wake_by_others(void)
{
	static struct shot shot, other, dropped;

	begin();
	add(&shot, "a timer of 200 ms, whose thread was woken by timers_add,",
		200 * MS);
	clock_to(50 * MS);
	add(&other, "a timer of 100 ms, added while the thread slept until a "
		"later one,", 100 * MS);
	clock_to(201 * MS + 500);
	require_not_early(&other);
	require_not_early(&shot);
	add(&dropped, "a timer of 500 ms, whose thread was woken by "
		"timers_stop,", 500 * MS);
	clock_to(300 * MS);
	stop();
	require_not_early(&dropped);
}

static void
keep_the_order(void)
{
	static struct shot shots[4];
	static const long long delays[] = { 1500, 1999, 1500, 1 };
	static const unsigned place[] = { 2, 4, 3, 1 };
	static const struct tally zero = TALLY_ZERO;

	begin();
	ran = zero;
	for (int i = 0; i < 4; i++)
		add(&shots[i], "a timer of some microseconds", delays[i]);
	clock_to(5 * MS);
	stop();
	for (int i = 0; i < 4; i++)
		require_not_early(&shots[i]);
	for (int i = 0; i < 4; i++)
		require(shots[i].number == place[i], "timers of 1500, 1999, "
			"1500 and 1 us ran out of turn: the %s ran as the "
			"%lu. of them", i == 0 ? "first" : i == 1 ? "second" :
			i == 2 ? "third" : "fourth", shots[i].number);
}

CHECK(each_timer_has_its_turn_and_not_before)
{
	wake_without_cause();
	wake_by_others();
	keep_the_order();
}

/* ---- Callbacks ---- */

static struct shot second;

static void
fire_and_add(void *argument)
{
	fire(argument);
	add(&second, "a timer that a callback has added", 10 * MS);
}

static void
fire_behind_gate(void *argument)
{
	fire(argument);
	gate_wait(&gate);
}

static void
add_one_more(void *shot)
{
	add(shot, "a timer that was added while a callback ran,", 10 * MS);
}

static void
stop_in_background(void *unused)
{
	(void)unused;
	timers_stop(timers);
}

CHECK(callbacks_run_without_the_lock)
{
	static struct shot one, slow, other;
	struct actor actor;

	begin();
	add_as(&one, "a timer of 20 ms", 20 * MS, fire_and_add);
	awaiting("a callback that calls timers_add");
	clock_to(31 * MS + 500);
	tally_await(&ran, 2);
	require_not_late(&second);
	add_as(&slow, "a timer of 10 ms", 10 * MS, fire_behind_gate);
	clock_to(50 * MS);
	awaiting("timers_add to return while a callback runs");
	actor_start(&actor, add_one_more, &other);
	actor_join(&actor);
	clock_to(100 * MS);
	actor_start(&actor, stop_in_background, NULL);
	await_still();
	require(!actor_done(&actor),
		"timers_stop returned while a callback was running");
	gate_open(&gate);
	awaiting("timers_stop to return after the last callback");
	actor_join(&actor);
}
