/* suite.c - the checks of "From Windows 2000 to Vista" */
/* SPDX-License-Identifier: MIT */
/*
 * Each scene is played twice, with the old program and with the new one, and
 * what has happened is compared: how often whom was told what, how many were
 * told at a time, and what had happened by when. So what is promised is
 * what the old program does.
 *
 * Time is virtual, and who is told can be held at a gate, so that in each
 * scene only one thing can happen next.
 */
#include <stdlib.h>

#include "clock.h"
#include "suite.h"

#include "house.h"

#define MS 1000ll
#define A_WHILE (100 * 1000 * MS)	/* idle threads leave */
#define NEVER (24 * 3600 * 1000)	/* ms; until the first round */
#define SUBJECTS 3
#define STORM 20
#define ALLOCATIONS 24			/* of house_open, at most */
#define EXPLORED 2			/* of these: each takes threads */

/* The old program: before.c. */
struct house *old_house_open(const struct house_plan *plan);
bool old_house_report(struct house *house, int subject);
void old_house_close(struct house *house);

struct program {
	struct house *(*open)(const struct house_plan *plan);
	bool (*report)(struct house *house, int subject);
	void (*close)(struct house *house);
};

static const struct program old_one = {
	old_house_open, old_house_report, old_house_close
};
static const struct program new_one = {
	house_open, house_report, house_close
};

/* What is counted in a scene. */
enum fact {
	AT_DOOR, AT_ROUND, OPENED, QUIET, EVENINGS, ROUNDS, REPORTS,
	SUM, FACTS
};

static const char *const names[FACTS] = {
	[OPENED] = "doors that were told to be open",
	[QUIET] = "doors that were told to be quiet",
	[AT_DOOR] = "times that a door was told of while it was told of",
	[EVENINGS] = "evenings that were told of",
	[ROUNDS] = "rounds that were made",
	[AT_ROUND] = "rounds that were made during another one",
	[REPORTS] = "reports that were begun",
	[SUM] = "sum of the subjects of the reports"
};

/* Who is held. */
enum who { DOOR, EVENING, ROUND, REPORT, WHO };

#define HOLD(who)	(1u << (who))

struct count {
	unsigned long facts[FACTS];
};

/* One performance. */
struct play {
	const struct program *program;
	struct house *house;
	struct house_plan plan;
	struct gate gates[WHO];		/* open: nobody is held */
	unsigned reports_from;		/* HOLD: who orders one when told */

	/* Guarded by lock. */
	struct count count;
	unsigned at_door[HOUSE_DOORS], at_round, present;
	bool closed;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct play play;

static DWORD WINAPI
do_nothing(PVOID unused)
{
	(void)unused;
	return 0;
}

static VOID CALLBACK
never(PVOID context, BOOLEAN unused)
{
	(void)context;
	(void)unused;
}

/* The default pool's first thread, and that of its timers. */
void
suite_prepare(void)
{
	HANDLE timer;

	setenv("TP_IDLE_MS", "5000", 1);
	setenv("TP_STALL_MS", "100000000", 1);
	setenv("TP_PROCESSORS", "2", 1);
	clock_begin();
	require(QueueUserWorkItem(do_nothing, NULL, WT_EXECUTEDEFAULT),
		"QueueUserWorkItem failed");
	require(CreateTimerQueueTimer(&timer, NULL, never, NULL, NEVER, 0,
		WT_EXECUTEINTIMERTHREAD), "CreateTimerQueueTimer failed");
	await_still();
	DeleteTimerQueueTimer(NULL, timer, INVALID_HANDLE_VALUE);
	await_still();
}

/* ---- Who is told ---- */

static void
add(enum fact fact, unsigned long number)
{
	play.count.facts[fact] += number;
}

static void
enter(void)
{
	pthread_mutex_lock(&lock);
	require(!play.closed, "somebody was told something after house_close "
		"had returned");
	play.present++;
}

static void
leave(void)
{
	play.present--;
	pthread_mutex_unlock(&lock);
}

/* Held, unless the gate is open; the lock is held on either side. */
static void
stay(enum who who)
{
	pthread_mutex_unlock(&lock);
	gate_wait(&play.gates[who]);
	pthread_mutex_lock(&lock);
}

/* Whoever was told something orders a report. */
static void
report_from(enum who who)
{
	if ((play.reports_from & HOLD(who)) != 0)
		require(play.program->report(play.house, 1),
			"house_report failed");
}

static void
tell_door(void *context, int door, bool opened)
{
	require(context == &play, "a function came with another context");
	require(door >= 0 && door < HOUSE_DOORS, "a door was told of that "
		"the house has not got");
	enter();
	add(opened ? OPENED : QUIET, 1);
	add(AT_DOOR, play.at_door[door] > 0);
	require(play.count.facts[OPENED] + play.count.facts[QUIET] < STORM,
		"a door was told of again and again");
	play.at_door[door]++;
	stay(DOOR);
	play.at_door[door]--;
	leave();
	report_from(DOOR);
}

static void
tell_evening(void *context)
{
	require(context == &play, "a function came with another context");
	enter();
	add(EVENINGS, 1);
	require(play.count.facts[EVENINGS] < STORM, "the evening, which stays "
		"set, was told of again and again");
	stay(EVENING);
	leave();
	report_from(EVENING);
}

static void
make_round(void *context)
{
	require(context == &play, "a function came with another context");
	enter();
	add(ROUNDS, 1);
	add(AT_ROUND, play.at_round > 0);
	play.at_round++;
	stay(ROUND);
	play.at_round--;
	leave();
	report_from(ROUND);
}

static void
write_report(void *context, int subject)
{
	require(context == &play, "a function came with another context");
	enter();
	add(REPORTS, 1);
	add(SUM, (unsigned long)subject);
	stay(REPORT);
	leave();
	if (subject == 2)
		report_from(REPORT);
}

/* ---- Performances ---- */

static void
make_plan(DWORD quiet, DWORD round)
{
	struct house_plan *plan = &play.plan;

	for (int i = 0; i < HOUSE_DOORS; i++)
		plan->doors[i] = CreateEvent(NULL, FALSE, FALSE, NULL);
	plan->evening = CreateEvent(NULL, TRUE, FALSE, NULL);
	require(plan->evening != NULL, "the check itself has no memory");
	plan->quiet = quiet;
	plan->round = round;
	plan->tell_door = tell_door;
	plan->tell_evening = tell_evening;
	plan->make_round = make_round;
	plan->write_report = write_report;
	plan->context = &play;
}

/* held: HOLD of those who are. */
static void
raise_curtain(const struct program *program, DWORD quiet, DWORD round,
	unsigned held)
{
	static const struct gate shut = GATE_SHUT;

	play = (struct play){ .program = program };
	for (enum who who = 0; who < WHO; who++) {
		play.gates[who] = shut;
		if ((held & HOLD(who)) == 0)
			gate_open(&play.gates[who]);
	}
	make_plan(quiet, round);
}

static void
open_house(const struct program *program, DWORD quiet, DWORD round,
	unsigned held)
{
	raise_curtain(program, quiet, round, held);
	play.house = program->open(&play.plan);
	require(play.house != NULL, "house_open failed");
	await_still();
}

static void
close_events(void)
{
	for (int i = 0; i < HOUSE_DOORS; i++)
		CloseHandle(play.plan.doors[i]);
	CloseHandle(play.plan.evening);
}

static void
close_it(void *unused)
{
	(void)unused;
	play.program->close(play.house);
	pthread_mutex_lock(&lock);
	require(play.present == 0, "house_close returned while somebody was "
		"being told something");
	play.closed = true;
	pthread_mutex_unlock(&lock);
}

/* Whatever comes now comes too late; what is idle goes. */
static void
drop_curtain(void)
{
	SetEvent(play.plan.doors[0]);
	clock_to(clock_us() + A_WHILE);
	close_events();
}

static void
close_house(void)
{
	awaiting("house_close to return");
	close_it(NULL);
	awaiting(NULL);
	drop_curtain();
}

static void
still_closing(struct actor *closer, const char *what)
{
	await_still();
	require(!actor_done(closer), "house_close returned while %s", what);
}

/* While somebody is held; then he goes on, and after him the evening. */
static void
close_around(enum who held)
{
	static const char telling[] = "somebody was being told something";
	struct actor closer;

	actor_start(&closer, close_it, NULL);
	still_closing(&closer, telling);
	SetEvent(play.plan.doors[0]);	/* too late */
	gate_open(&play.gates[held]);
	if (held != REPORT && play.reports_from != 0)
		still_closing(&closer, "a report that had been taken was "
			"not written");
	gate_open(&play.gates[REPORT]);
	if ((play.reports_from & HOLD(EVENING)) != 0)
		still_closing(&closer, telling);
	gate_open(&play.gates[EVENING]);
	awaiting("house_close to return, after all that it waits for");
	actor_join(&closer);
	awaiting(NULL);
	drop_curtain();
}

/* What has happened so far, for the comparison. */
static struct count
look(void)
{
	struct count count;

	await_still();
	pthread_mutex_lock(&lock);
	count = play.count;
	pthread_mutex_unlock(&lock);
	return count;
}

static void
later(long long milliseconds)
{
	clock_to(clock_us() + milliseconds * MS);
}

static void
compare(const char *when, const struct count *was, const struct count *is)
{
	for (enum fact fact = 0; fact < FACTS; fact++)
		require(is->facts[fact] == was->facts[fact], "%s: %s: %lu; "
			"with the old program: %lu", when, names[fact],
			is->facts[fact], was->facts[fact]);
}

/* Plays a scene twice; it looks twice, in the middle and at the end. */
static void
play_both(void (*scene)(const struct program *program,
	struct count counts[2]), const char *middle, const char *end)
{
	struct count was[2], is[2];

	scene(&old_one, was);
	scene(&new_one, is);
	compare(middle, &was[0], &is[0]);
	compare(end, &was[1], &is[1]);
}

static void
open_door(int door)
{
	SetEvent(play.plan.doors[door]);
	await_still();
}

/* ---- Doors ---- */

static void
open_doors(const struct program *program, struct count counts[2])
{
	open_house(program, 600 * 1000, NEVER, HOLD(DOOR));
	open_door(0);
	open_door(1);
	counts[0] = look();
	gate_open(&play.gates[DOOR]);
	await_still();
	later(599 * 1000);
	open_door(0);			/* the other one at 600 s */
	later(2000);
	counts[1] = look();
	close_house();
}

static void
leave_doors(const struct program *program, struct count counts[2])
{
	open_house(program, 100, NEVER, 0);
	later(250);
	counts[0] = look();
	open_door(0);			/* at 250; the other one at 300 */
	later(80);
	open_door(1);			/* at 330 */
	later(60);			/* 390: the first at 350 */
	counts[1] = look();
	close_house();
}

static void
open_a_door_meanwhile(const struct program *program, struct count counts[2])
{
	open_house(program, 100, NEVER, HOLD(DOOR));
	open_door(0);
	open_door(0);
	open_door(0);
	later(50);
	counts[0] = look();
	gate_open(&play.gates[DOOR]);
	await_still();
	later(70);			/* one at 100, the other at 150 */
	counts[1] = look();
	close_house();
}

CHECK(doors_are_told_of_as_before)
{
	play_both(open_a_door_meanwhile, "a door was opened twice while it "
		"was being told of", "and when that was over, with 100 ms of "
		"quiet, after 70 ms");
	if (one_of_many())	/* there is less at once in what follows */
		return;
	play_both(open_doors, "a door was opened, and while it was being told "
		"of, another one", "and the first again after 599 s, with "
		"600 s of quiet, and after 601 s");
	play_both(leave_doors, "doors that are to be told of every 100 ms, "
		"after 250 ms", "then the first was opened, and 80 ms later "
		"the second, and 60 ms later");
}

/* ---- The evening ---- */

static void
let_evening_come(const struct program *program, struct count counts[2])
{
	open_house(program, INFINITE, NEVER, 0);
	counts[0] = look();
	SetEvent(play.plan.evening);
	await_still();
	require(WaitForSingleObject(play.plan.evening, 0) == WAIT_OBJECT_0,
		"the event of the evening stays set, and was reset");
	ResetEvent(play.plan.evening);
	SetEvent(play.plan.evening);
	counts[1] = look();
	close_house();
}

static void
close_before_the_evening(const struct program *program,
	struct count counts[2])
{
	open_house(program, INFINITE, NEVER, 0);
	later(100000);
	counts[0] = look();
	close_house();
	SetEvent(play.plan.evening);
	counts[1] = look();
}

CHECK(the_evening_comes_once)
{
	play_both(let_evening_come, "before the evening", "the evening has "
		"come, and stays");
	if (one_of_many())	/* there is less at once in what follows */
		return;
	play_both(close_before_the_evening, "the evening has not come",
		"it comes when the house is closed");
}

/* ---- Rounds ---- */

static void
make_rounds(const struct program *program, struct count counts[2])
{
	open_house(program, INFINITE, 40, 0);
	later(30);
	counts[0] = look();
	later(145);			/* 175: at 40, 80, 120, 160 */
	counts[1] = look();
	close_house();
}

static void
make_a_long_round(const struct program *program, struct count counts[2])
{
	open_house(program, INFINITE, 40, HOLD(ROUND));
	later(135);
	open_door(0);
	counts[0] = look();
	gate_open(&play.gates[ROUND]);
	await_still();
	later(30);			/* 165 */
	counts[1] = look();
	close_house();
}

CHECK(rounds_are_made_one_after_another)
{
	play_both(make_a_long_round, "a round every 40 ms, the first of which "
		"takes long, after 135 ms", "when it was over, after 165 ms");
	if (one_of_many())	/* there is less at once in what follows */
		return;
	play_both(make_rounds, "a round every 40 ms, after 30 ms",
		"after 175 ms");
}

/* ---- Reports ---- */

static void
order(int subject)
{
	require(play.program->report(play.house, subject),
		"house_report failed");
	await_still();
}

static void
order_reports(const struct program *program, struct count counts[2])
{
	open_house(program, INFINITE, NEVER, HOLD(REPORT));
	for (int i = 0; i < SUBJECTS; i++)
		order(1 << i);
	counts[0] = look();
	open_door(0);
	SetEvent(play.plan.evening);
	await_still();
	counts[1] = look();
	gate_open(&play.gates[REPORT]);
	await_still();
	close_house();
}

CHECK(reports_keep_nothing_waiting)
{
	play_both(order_reports, "three reports were ordered, which take hours",
		"then a door was opened, and the evening came");
}

/* ---- The end ---- */

static void
close_around_a_door(const struct program *program, struct count counts[2])
{
	open_house(program, 100, NEVER,
		HOLD(DOOR) | HOLD(EVENING) | HOLD(REPORT));
	play.reports_from = HOLD(DOOR) | HOLD(EVENING);
	SetEvent(play.plan.evening);
	open_door(0);
	counts[0] = look();
	close_around(DOOR);
	counts[1] = look();
}

static void
close_around_a_round(const struct program *program, struct count counts[2])
{
	open_house(program, INFINITE, 40, HOLD(ROUND) | HOLD(REPORT));
	play.reports_from = HOLD(ROUND);
	later(130);
	counts[0] = look();
	close_around(ROUND);
	counts[1] = look();
}

static void
close_around_reports(const struct program *program, struct count counts[2])
{
	open_house(program, INFINITE, NEVER, HOLD(REPORT));
	play.reports_from = HOLD(REPORT);
	order(1);
	order(2);
	counts[0] = look();
	close_around(REPORT);
	counts[1] = look();
}

/* Nothing is held: what is on its way is told, whoever comes first. */
static void
close_at_once(const struct program *program, struct count counts[2])
{
	open_house(program, INFINITE, NEVER, 0);
	require(program->report(play.house, 1) &&
		program->report(play.house, 2), "house_report failed");
	SetEvent(play.plan.doors[0]);
	SetEvent(play.plan.evening);
	close_it(NULL);
	counts[0] = look();
	drop_curtain();
	counts[1] = look();
}

CHECK(the_end_waits_and_drops_nothing)
{
	if (!one_of_many()) {	/* there, less at once */
		play_both(close_around_a_door, "the evening came, and a door "
			"was opened", "the house was closed while both were "
			"told of, and reports were ordered then");
		play_both(close_around_a_round, "a round every 40 ms, the "
			"first of which takes long, after 130 ms", "the "
			"house was closed, and then the rounds ended, and "
			"ordered reports");
		play_both(close_around_reports, "two reports were ordered",
			"the house was closed while they were written, and "
			"one ordered another");
	}
	play_both(close_at_once, "reports were ordered, a door opened, and "
		"the evening had come when the house was closed", "and later");
}

/* ---- No memory ---- */

static void
open_when_nothing_is_left(unsigned long number)
{
	unsigned long before;

	raise_curtain(&new_one, 50, 40, 0);
	before = live_allocations();
	fail_allocation(number);
	play.house = house_open(&play.plan);
	fail_allocation(0);
	if (play.house != NULL) {
		close_house();
		return;
	}
	await_still();
	require(live_allocations() <= before, "house_open failed, and left "
		"something behind");
	pthread_mutex_lock(&lock);
	play.closed = true;
	pthread_mutex_unlock(&lock);
	drop_curtain();
}

static void
order_when_nothing_is_left(void)
{
	unsigned long ordered = 0, begun;

	open_house(&new_one, INFINITE, NEVER, 0);
	for (unsigned long number = 1; number <= 3; number++) {
		fail_allocation(number);
		ordered += house_report(play.house, 1);
		fail_allocation(0);
		await_still();
	}
	begun = look().facts[REPORTS];
	require(begun == ordered, "reports that house_report had taken, when "
		"memory was short: %lu; and those that were written: %lu",
		ordered, begun);
	close_house();
}

CHECK(what_fails_leaves_nothing_behind)
{
	unsigned long most = one_of_many() ? EXPLORED : ALLOCATIONS;

	order_when_nothing_is_left();
	for (unsigned long number = 1; number <= most; number++)
		open_when_nothing_is_left(number);
}
