/* script.c - right: tests as tables of steps, played by one function */
/* SPDX-License-Identifier: MIT */
/*
 * Three work objects, A to C, each with a gate; C's callback submits A
 * before it comes to the gate. What may block is played by an actor, 0 or
 * 1; after every step, all that can happen without us has happened.
 */
#include "pool.h"
#include "suite.h"

enum { A, B, C, OBJECTS };

enum what {
	END, START, SUBMIT, OPEN, WAIT, CANCEL, STOP,
	BEGUN, BACK, NOT_BACK, SPURIOUS
};

struct step {
	enum what what;
	int who;			/* object, actor or number */
	unsigned long number;		/* of callbacks; actor of a wait */
};

struct object {
	struct work *work;
	struct gate gate;
	struct tally begun;
};

static const struct step scripts[][16] = {
	/* C submits A; one thread is not enough for both. */
	{ { START, 2, 0 }, { SUBMIT, C, 0 }, { BEGUN, A, 1 },
	  { BEGUN, C, 1 }, { OPEN, A, 0 }, { OPEN, C, 0 }, { STOP, 0, 0 },
	  { BACK, 0, 0 } },
	/* Idle threads, which have been woken without a cause. */
	{ { SPURIOUS, 9, 0 }, { START, 5, 0 }, { STOP, 0, 0 },
	  { BACK, 0, 0 } },
	/* Posts add up, and all run before the pool stops. */
	{ { START, 1, 0 }, { SUBMIT, A, 0 }, { SUBMIT, A, 0 },
	  { SUBMIT, A, 0 }, { SUBMIT, B, 0 }, { STOP, 0, 0 },
	  { NOT_BACK, 0, 0 }, { OPEN, A, 0 }, { OPEN, B, 0 },
	  { BACK, 0, 0 }, { BEGUN, A, 3 }, { BEGUN, B, 1 } },
	/* Two wait for A, which runs; B does not concern them. */
	{ { START, 2, 0 }, { SUBMIT, A, 0 }, { SUBMIT, B, 0 },
	  { WAIT, A, 0 }, { WAIT, A, 1 }, { NOT_BACK, 0, 0 },
	  { NOT_BACK, 1, 0 }, { OPEN, A, 0 }, { BACK, 0, 0 },
	  { BACK, 1, 0 }, { OPEN, B, 0 }, { STOP, 0, 0 }, { BACK, 0, 0 } },
	/* A cancel drops one post of A and waits for the other. */
	{ { START, 1, 0 }, { SUBMIT, A, 0 }, { SUBMIT, A, 0 },
	  { CANCEL, A, 0 }, { NOT_BACK, 0, 0 }, { OPEN, A, 0 },
	  { BACK, 0, 0 }, { BEGUN, A, 1 }, { STOP, 0, 0 }, { BACK, 0, 0 } },
	/* A cancel by one ends the wait of another. */
	{ { START, 1, 0 }, { SUBMIT, B, 0 }, { BEGUN, B, 1 },
	  { SUBMIT, A, 0 }, { WAIT, A, 0 }, { NOT_BACK, 0, 0 },
	  { CANCEL, A, 1 }, { BACK, 1, 0 }, { BACK, 0, 0 },
	  { OPEN, B, 0 }, { STOP, 0, 0 }, { BACK, 0, 0 } },
};

static struct pool *pool;
static struct object objects[OBJECTS];
static struct actor actors[2];

static void
run(void *argument)
{
	struct object *object = argument;

	tally_add(&object->begun);
	if (object == &objects[C])
		work_submit(objects[A].work);
	gate_wait(&object->gate);
}

static void
start(unsigned threads)
{
	static const struct object shut = {
		NULL, GATE_SHUT, TALLY_ZERO
	};

	pool = pool_start(threads);
	for (int i = 0; i < OBJECTS; i++) {
		objects[i] = shut;
		objects[i].work = work_create(pool, run, &objects[i]);
	}
}

static void
wait_for(void *object)
{
	work_wait(((struct object *)object)->work, false);
}

static void
cancel(void *object)
{
	work_wait(((struct object *)object)->work, true);
}

static void
stop(void *unused)
{
	(void)unused;
	for (int i = 0; i < OBJECTS; i++)
		work_close(objects[i].work);
	pool_stop(pool);
}

static void
look(const struct step *step, size_t script, long number)
{
	unsigned long begun;

	if (step->what == BEGUN) {
		begun = tally_read(&objects[step->who].begun);
		require(begun == step->number, "script %zu, step %ld: %lu "
			"callbacks had begun", script, number, begun);
		return;
	}
	require(actor_done(&actors[step->who]) == (step->what == BACK),
		"script %zu, step %ld: it %s", script, number,
		step->what == BACK ? "had not returned" : "had returned");
	if (step->what == BACK)
		actor_join(&actors[step->who]);
}

static void
play(const struct step *step, size_t script, long number)
{
	struct object *object = &objects[step->who % OBJECTS];

	switch (step->what) {
	case SPURIOUS:
		spurious_wakeups((unsigned long)step->who);
		break;
	case START:
		start((unsigned)step->who);
		break;
	case SUBMIT:
		work_submit(object->work);
		break;
	case OPEN:
		gate_open(&object->gate);
		break;
	case WAIT:
		actor_start(&actors[step->number], wait_for, object);
		break;
	case CANCEL:
		actor_start(&actors[step->number], cancel, object);
		break;
	case STOP:
		actor_start(&actors[step->who], stop, NULL);
		break;
	default:
		look(step, script, number);
	}
}

void tests(void);

void
tests(void)
{
	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++)
		for (long j = 0; scripts[i][j].what != END; j++) {
			play(&scripts[i][j], i, j);
			await_still();
		}
}
