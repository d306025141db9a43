/* suite.c - the checks of "Nobody starves" */
/* SPDX-License-Identifier: MIT */
/*
 * Most checks play scripts. The only thread of a pool is held by its first
 * callback, in which nothing is measured yet; meanwhile posts are queued, a
 * letter for each: H, I and J are objects of high priority, N, O and P of
 * normal, L, M and K of low; -H drops what is queued of H. Then the thread
 * goes on, and each callback writes its letter: what they have written is
 * the order in which they were taken, since one thread runs them all.
 */
#include <stdlib.h>
#include <string.h>

#include "suite.h"

#include "threadpool.h"

#define LOG_SIZE 64

static const char letters[] = "HIJNOPLMK";	/* three of each priority */
#define OBJECTS (sizeof(letters) - 1)

struct stage {
	PTP_POOL pool;
	PTP_WORK holder;		/* of callback 1 */
	PTP_WORK works[OBJECTS];
	struct gate held;
	struct tally begun;		/* of the holder */
	pthread_mutex_t lock;
	char log[LOG_SIZE];		/* guarded by lock */
};

static struct part {
	struct stage *stage;
	char letter;
} parts[2][OBJECTS];

static void CALLBACK
write_letter(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct part *part = context;
	struct stage *stage = part->stage;
	size_t length;

	(void)instance;
	(void)work;
	pthread_mutex_lock(&stage->lock);
	length = strlen(stage->log);
	if (length < LOG_SIZE - 1)
		stage->log[length] = part->letter;
	pthread_mutex_unlock(&stage->lock);
}

static void CALLBACK
hold(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct stage *stage = context;

	(void)instance;
	(void)work;
	tally_add(&stage->begun);
	gate_wait(&stage->held);
}

/* Nothing that the pool does by the clock may help. */
static PTP_POOL
new_pool(unsigned maximum, TP_CALLBACK_ENVIRON *environment)
{
	PTP_POOL pool;

	setenv("TP_IDLE_MS", "36000000", 1);
	setenv("TP_STALL_MS", "36000000", 1);
	setenv("TP_PROCESSORS", "4", 1);
	pool = CreateThreadpool(NULL);
	require(pool != NULL, "CreateThreadpool failed");
	SetThreadpoolThreadMaximum(pool, maximum);
	InitializeThreadpoolEnvironment(environment);
	SetThreadpoolCallbackPool(environment, pool);
	return pool;
}

static PTP_WORK
new_work(PTP_WORK_CALLBACK callback, void *context,
	TP_CALLBACK_ENVIRON *environment)
{
	PTP_WORK work = CreateThreadpoolWork(callback, context, environment);

	require(work != NULL, "CreateThreadpoolWork failed");
	return work;
}

/* A pool of one thread, which is held by its first callback. */
static void
open_stage(struct stage *stage, struct part *its_parts)
{
	static const struct stage empty = {
		.held = GATE_SHUT,
		.begun = TALLY_ZERO,
		.lock = PTHREAD_MUTEX_INITIALIZER
	};
	TP_CALLBACK_ENVIRON environment;

	*stage = empty;
	stage->pool = new_pool(1, &environment);
	stage->holder = new_work(hold, stage, &environment);
	for (size_t i = 0; i < OBJECTS; i++) {
		its_parts[i] = (struct part){ stage, letters[i] };
		SetThreadpoolCallbackPriority(&environment,
			(TP_CALLBACK_PRIORITY)(i / 3));
		stage->works[i] = new_work(write_letter, &its_parts[i],
			&environment);
	}
	SubmitThreadpoolWork(stage->holder);
	await_still();
	require(tally_read(&stage->begun) == 1,
		"one callback was posted to a pool, and no worker took it");
}

static void
play(struct stage *stage, const char *script)
{
	for (; *script != '\0'; script++) {
		bool drop = *script == '-';
		size_t i = (size_t)(strchr(letters, script[drop]) - letters);

		if (drop) {
			WaitForThreadpoolWorkCallbacks(stage->works[i], TRUE);
			script++;
		} else {
			SubmitThreadpoolWork(stage->works[i]);
		}
	}
}

/* What has been queued runs. */
static void
require_log(struct stage *stage, const char *script, const char *expected)
{
	gate_open(&stage->held);
	await_still();
	pthread_mutex_lock(&stage->lock);
	require(strcmp(stage->log, expected) == 0, "queued were %s, behind "
		"one callback that ran: they ought to have started as %s, "
		"and did as %s", script, expected,
		*stage->log == '\0' ? "nothing" : stage->log);
	pthread_mutex_unlock(&stage->lock);
}

static void
close_stage(struct stage *stage)
{
	awaiting("the end of objects whose callbacks have all run");
	for (size_t i = 0; i < OBJECTS; i++) {
		WaitForThreadpoolWorkCallbacks(stage->works[i], FALSE);
		CloseThreadpoolWork(stage->works[i]);
	}
	WaitForThreadpoolWorkCallbacks(stage->holder, FALSE);
	CloseThreadpoolWork(stage->holder);
	CloseThreadpool(stage->pool);
}

static void
expect(const char *script, const char *expected)
{
	static struct stage stage;

	awaiting("a pool of one thread to run what was posted to it");
	open_stage(&stage, parts[0]);
	play(&stage, script);
	require_log(&stage, script, expected);
	close_stage(&stage);
	await_still();
}

CHECK(objects_of_one_priority_take_turns)
{
	expect("NO", "NO");
	expect("NNNNOOPP", "NOPNOPNN");
	expect("HHHIJ", "HIJHH");
	expect("LMLKLL", "LMKLLL");
}

/* Few of these callbacks favour somebody. */
CHECK(a_higher_priority_comes_first)
{
	expect("NH", "HN");
	expect("LNH", "HNL");
	expect("LLHH", "HHLL");
	expect("LN", "NL");
	expect("LHNHHH", "HHNHHL");
}

/*
 * Callback 1 is the holder. So letter 3 is that of callback 4, which is for
 * normal objects, and letter 7 that of 8, which is for low ones.
 */
CHECK(nobody_starves)
{
	static struct stage one, other;

	expect("HHHHHHHHHHHHNNLL", "HHNHHHLHHHNHHHLH");
	expect("HHHHHHHHLLL", "HHHHHHLHHLL");
	expect("HHHHHHHHNNN", "HHNHHHHHHNN");
	expect("NNNNNNNNLMLM", "NNNNNNLNNMLM");
	expect("LLLLKKKK", "LKLKLKLK");
	expect("HHHHIIIINNOOLLMM", "HINHIHLIHIONOMLM");
	awaiting("two pools of one thread each to run what was posted");
	open_stage(&one, parts[0]);
	open_stage(&other, parts[1]);
	play(&one, "HHHNN");
	play(&other, "HHHNN");
	require_log(&one, "HHHNN", "HHNHN");
	require_log(&other, "HHHNN", "HHNHN");
	close_stage(&one);
	close_stage(&other);
	await_still();
}

CHECK(dropped_posts_do_not_run)
{
	expect("NNN-N", "");
	expect("NOON-NP", "OPO");
	expect("HHHLL-HL", "LLL");
	expect("-NNO", "NO");
	expect("NO-NN", "ON");
	expect("L-LNNL-NL", "LL");
}

/* ---- Many threads ---- */

static struct gate crowd = GATE_SHUT;
static struct tally arrived, done;

static void CALLBACK
crowd_in(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)context;
	(void)work;
	tally_add(&arrived);
	gate_wait(&crowd);
	tally_add(&done);
}

/* One object, posted this often; returns how many callbacks run at once. */
static unsigned long
crowd_of(PTP_WORK work, int posts)
{
	while (posts-- > 0)
		SubmitThreadpoolWork(work);
	await_still();
	return tally_read(&arrived);
}

CHECK(as_many_run_as_the_maximum_allows)
{
	TP_CALLBACK_ENVIRON environment;
	PTP_POOL pool = new_pool(3, &environment);
	PTP_WORK work = new_work(crowd_in, NULL, &environment);
	unsigned long count;

	awaiting("five callbacks of one object to run on three threads");
	/* They are there, and idle: only the queue holds them back. */
	require(SetThreadpoolThreadMinimum(pool, 3),
		"SetThreadpoolThreadMinimum failed");
	await_still();
	count = crowd_of(work, 2);
	require(count == 2, "one object was posted twice, the maximum is 3: "
		"%lu of its callbacks ran at the same time", count);
	SetThreadpoolThreadMaximum(pool, 2);
	count = crowd_of(work, 1);
	require(count == 2, "the maximum was lowered to 2 while 2 callbacks "
		"ran, and a third one started");
	SetThreadpoolThreadMaximum(pool, 1);
	count = crowd_of(work, 2);
	require(count == 2, "the maximum was lowered to 1 while 2 callbacks "
		"ran, and a third one started");
	gate_open(&crowd);
	await_still();
	count = tally_read(&done);
	require(count == 5, "5 callbacks were posted in all, and %lu ran",
		count);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	CloseThreadpoolWork(work);
	CloseThreadpool(pool);
	await_still();
}

/* ---- Two objects that post each other, in a group that is closed ---- */

#define TURNS 4

static PTP_WORK pair[2];
static struct gate turns[TURNS] = { GATE_SHUT, GATE_SHUT, GATE_SHUT,
	GATE_SHUT };
static struct tally turn, over;

static void CALLBACK
take_turns(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	unsigned long number = tally_add(&turn);

	(void)instance;
	(void)context;
	gate_wait(&turns[number - 1]);
	if (number < TURNS)
		SubmitThreadpoolWork(pair[work == pair[0]]);
	tally_add(&over);
}

static void
close_members(void *group)
{
	CloseThreadpoolCleanupGroupMembers(group, FALSE, NULL);
}

/*
 * The group waits for the first of the pair, then for the second, and again,
 * until the posts that it has counted are the same in two rounds. Each turn
 * ends when it waits for the one whose turn it is.
 */
CHECK(each_post_is_counted)
{
	TP_CALLBACK_ENVIRON environment;
	PTP_POOL pool = new_pool(1, &environment);
	PTP_CLEANUP_GROUP group = CreateThreadpoolCleanupGroup();
	struct actor closer;

	require(group != NULL, "CreateThreadpoolCleanupGroup failed");
	SetThreadpoolCallbackCleanupGroup(&environment, group, NULL);
	for (int i = 0; i < 2; i++)
		pair[i] = new_work(take_turns, NULL, &environment);
	SubmitThreadpoolWork(pair[1]);
	await_still();
	actor_start(&closer, close_members, group);
	for (int i = 0; i < TURNS; i++) {
		await_still();
		require(!actor_done(&closer), "two members of a group post "
			"each other while it is closed, and it was closed "
			"before they had come to an end");
		gate_open(&turns[i]);
	}
	awaiting("CloseThreadpoolCleanupGroupMembers to return");
	actor_join(&closer);
	require(tally_read(&over) == TURNS, "of %d posts, %lu ran", TURNS,
		tally_read(&over));
	CloseThreadpoolCleanupGroup(group);
	CloseThreadpool(pool);
	await_still();
}
