/* SPDX-License-Identifier: MIT */
/*
 * test_object.c - the callback object, by a kind made for the test
 *
 * The engine knows a kind of object by its table of functions only. These
 * tests give it a kind that no chapter has, the probe, which uses all of the
 * table and notes each step of its callback by a letter: so they see in
 * which order the engine calls it, what a wait waits for, and what a cancel
 * has the kind discard.
 */
#include "harness.h"

#include "../ref/pool.h"

/* ---- A kind of object made for the test ---- */

/*
 * A probe notes each step of its callback by a letter: c(laim), r(un),
 * f(inalization), and the actions on return s, m, p, e, l; a gate may stand
 * at one of them. Claims and discards are counted.
 */
struct probe {
	struct tp_object object;
	char steps[64];			/* guarded by mutex */
	pthread_mutex_t mutex;
	char stop;			/* the step at which the gate is */
	struct gate gate;
	unsigned discards, announced;	/* guarded by the pool lock */
	unsigned running_at_event, running_at_library;
	struct tally done;		/* its last step of all */
};

static void
note_step(struct probe *probe, char step)
{
	size_t length;

	pthread_mutex_lock(&probe->mutex);
	length = strlen(probe->steps);
	if (length + 1 < sizeof(probe->steps))
		probe->steps[length] = step;
	pthread_mutex_unlock(&probe->mutex);
	if (step == probe->stop)
		gate_wait(&probe->gate);
}

static unsigned
running_of(struct probe *probe)
{
	unsigned running;

	tp_assert_no_locks();
	tp_lock(&probe->object.pool->lock);
	running = probe->object.running;
	tp_unlock(&probe->object.pool->lock);
	return running;
}

/* The target of every action is the probe; its count is the letter. */
static void
perform_step(void *target, DWORD letter)
{
	struct probe *probe = target;

	if (letter == 'e')
		probe->running_at_event = running_of(probe);
	if (letter == 'l')
		probe->running_at_library = running_of(probe);
	note_step(probe, (char)letter);
	if (letter == 'l')
		tally_add(&probe->done);
}

static void
run_probe(struct tp_object *object, TP_CALLBACK_INSTANCE *instance)
{
	static const char letters[] = "smpel";
	struct probe *probe = tp_container(object, struct probe, object);

	ck_assert_ptr_eq(tp_current_instance(), instance);
	ck_assert_ptr_eq(instance->object, object);
	ck_assert_uint_eq(instance->claimed[0], 'c');
	note_step(probe, 'r');
	for (int i = 0; i < TP_ON_RETURN_KINDS; i++)
		instance->on_return[i] = (struct tp_on_return){
			perform_step, probe, (DWORD)letters[i] };
}

static void
claim_probe(struct tp_object *object, TP_CALLBACK_INSTANCE *instance)
{
	struct probe *probe = tp_container(object, struct probe, object);

	tp_assert_held(&object->pool->lock);
	probe->steps[strlen(probe->steps)] = 'c';
	instance->claimed[0] = 'c';
}

static void
discard_probe(struct tp_object *object)
{
	tp_assert_held(&object->pool->lock);
	tp_container(object, struct probe, object)->discards++;
}

static bool
probe_is_busy(const struct tp_object *object)
{
	tp_assert_held(&object->pool->lock);
	return tp_container(object, const struct probe, object)->announced
		> 0;
}

static VOID CALLBACK
finalize_probe(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	ck_assert_ptr_eq(tp_current_instance(), instance);
	note_step(context, 'f');
}

static const struct tp_ops probe_ops = {
	.kind = "probe", .run = run_probe, .claim = claim_probe,
	.discard = discard_probe, .busy = probe_is_busy
};

static struct probe *
new_probe(struct private_pool *private, char stop)
{
	struct probe *probe = calloc(1, sizeof(*probe));

	ck_assert_ptr_nonnull(probe);
	pthread_mutex_init(&probe->mutex, NULL);
	probe->gate = (struct gate)GATE_INIT;
	probe->done = (struct tally)TALLY_INIT;
	probe->stop = stop;
	TpSetCallbackFinalizationCallback(&private->environ,
		finalize_probe);
	ck_assert_uint_eq(tp_object_init(&probe->object, &probe_ops, probe,
		&private->environ), 0);
	return probe;
}

struct probe_waiter {
	pthread_t thread;
	struct probe *probe;
	bool cancel;
	struct tally released;
};

static void *
wait_for_probe(void *argument)
{
	struct probe_waiter *waiter = argument;

	tp_object_wait(&waiter->probe->object, waiter->cancel);
	tally_add(&waiter->released);
	return NULL;
}

static bool
is_waited_for(void *argument)
{
	struct tp_object *object = argument;
	bool found;

	tp_lock(&object->pool->lock);
	found = !tp_list_empty(&object->waiters);
	tp_unlock(&object->pool->lock);
	return found;
}

/* ---- Steps of a callback, and waits ---- */

START_TEST(actions_on_return_come_in_a_fixed_order_library_last)
{	/* INST-08, INST-09, INST-28, port-defined */
	struct private_pool private;
	struct probe *probe;

	private_pool_open(&private, 1, 1);
	probe = new_probe(&private, '-');
	tp_object_post(&probe->object);
	tally_await(&probe->done, 1);
	ck_assert_str_eq(probe->steps, "crfsmpel");
	ck_assert_uint_eq(probe->running_at_event, 1);
	ck_assert_uint_eq(probe->running_at_library, 0);
	tp_object_close(&probe->object);
	private_pool_close(&private);
}
END_TEST

START_TEST(finalization_runs_once_for_every_callback)
{	/* INST-27 */
	struct private_pool private;
	struct probe *probe;

	private_pool_open(&private, 1, 1);
	probe = new_probe(&private, '-');
	for (int i = 0; i < 3; i++)
		tp_object_post(&probe->object);
	tally_await(&probe->done, 3);
	ck_assert_str_eq(probe->steps, "crfsmpelcrfsmpelcrfsmpel");
	tp_object_close(&probe->object);
	private_pool_close(&private);
}
END_TEST

/* A wait lasts while a callback stands at each of these steps. */
START_TEST(wait_lasts_until_the_actions_are_done)
{	/* INST-11, port-defined */
	static const char stops[] = "rfsmpe";
	struct private_pool private;

	private_pool_open(&private, 1, 1);
	for (int i = 0; stops[i] != '\0'; i++) {
		struct probe_waiter waiter = { .cancel = i % 2 == 0,
			.released = TALLY_INIT };

		waiter.probe = new_probe(&private, stops[i]);
		tp_object_post(&waiter.probe->object);
		gate_await_waiting(&waiter.probe->gate, 1);
		ck_assert_int_eq(pthread_create(&waiter.thread, NULL,
			wait_for_probe, &waiter), 0);
		await(is_waited_for, &waiter.probe->object);
		ck_assert_uint_eq(tally_read(&waiter.released), 0);
		gate_open(&waiter.probe->gate);
		pthread_join(waiter.thread, NULL);
		tally_await(&waiter.probe->done, 1);
		tp_object_close(&waiter.probe->object);
	}
	private_pool_close(&private);
}
END_TEST

START_TEST(wait_does_not_last_until_the_library_is_released)
{	/* INST-11, INST-09, port-defined */
	struct private_pool private;
	struct probe *probe;

	private_pool_open(&private, 1, 1);
	probe = new_probe(&private, 'l');
	tp_object_post(&probe->object);
	gate_await_waiting(&probe->gate, 1);
	tp_object_wait(&probe->object, false);
	ck_assert_uint_eq(tally_read(&probe->done), 0);
	gate_open(&probe->gate);
	tally_await(&probe->done, 1);
	tp_object_close(&probe->object);
	private_pool_close(&private);
}
END_TEST

START_TEST(cancel_has_the_kind_discard_what_it_kept)
{	/* WORK-11 */
	struct private_pool private;
	struct probe *busy, *probe;

	private_pool_open(&private, 1, 1);
	busy = new_probe(&private, 'r');
	probe = new_probe(&private, '-');
	tp_object_post(&busy->object);
	gate_await_waiting(&busy->gate, 1);
	tp_object_post(&probe->object);
	tp_object_post(&probe->object);
	tp_object_wait(&probe->object, true);
	ck_assert_uint_eq(probe->discards, 1);
	ck_assert_uint_eq(probe->object.refs, 1);
	gate_open(&busy->gate);
	tally_await(&busy->done, 1);
	ck_assert_str_eq(probe->steps, "");
	tp_object_close(&probe->object);
	tp_object_close(&busy->object);
	private_pool_close(&private);
}
END_TEST

START_TEST(wait_lasts_while_the_kind_is_busy)
{	/* WORK-09 */
	struct private_pool private;
	struct probe_waiter waiter = { .released = TALLY_INIT };
	struct tp_object *object;

	private_pool_open(&private, 1, 1);
	waiter.probe = new_probe(&private, '-');
	object = &waiter.probe->object;
	waiter.probe->announced = 1;
	ck_assert_int_eq(pthread_create(&waiter.thread, NULL,
		wait_for_probe, &waiter), 0);
	await(is_waited_for, object);
	tp_object_post(object);
	tally_await(&waiter.probe->done, 1);
	ck_assert_uint_eq(tally_read(&waiter.released), 0);
	tp_lock(&object->pool->lock);
	waiter.probe->announced = 0;
	tp_object_wake_if_quiet_locked(object);
	tp_unlock(&object->pool->lock);
	pthread_join(waiter.thread, NULL);
	tp_object_close(object);
	private_pool_close(&private);
}
END_TEST

START_TEST(environment_of_version_1_is_not_persistent)
{	/* POOL-25 */
	struct private_pool private;
	struct probe *probe;

	private_pool_open(&private, 1, 1);
	SetThreadpoolCallbackPersistent(&private.environ);
	SetThreadpoolCallbackRunsLong(&private.environ);
	SetThreadpoolCallbackPriority(&private.environ,
		TP_CALLBACK_PRIORITY_LOW);
	probe = new_probe(&private, '-');
	ck_assert(probe->object.persistent);
	ck_assert(probe->object.runs_long);
	ck_assert_uint_eq(probe->object.priority, TP_CALLBACK_PRIORITY_LOW);
	tp_object_close(&probe->object);
	private.environ.Version = 1;
	probe = new_probe(&private, '-');
	ck_assert(!probe->object.persistent);
	ck_assert(probe->object.runs_long);
	ck_assert_uint_eq(probe->object.priority,
		TP_CALLBACK_PRIORITY_NORMAL);
	tp_object_close(&probe->object);
	private_pool_close(&private);
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("object");
	TCase *small = harness_case(suite, "small");

	tcase_add_test(small,
		actions_on_return_come_in_a_fixed_order_library_last);
	tcase_add_test(small, finalization_runs_once_for_every_callback);
	tcase_add_test(small, wait_lasts_until_the_actions_are_done);
	tcase_add_test(small, wait_does_not_last_until_the_library_is_released);
	tcase_add_test(small, cancel_has_the_kind_discard_what_it_kept);
	tcase_add_test(small, wait_lasts_while_the_kind_is_busy);
	tcase_add_test(small, environment_of_version_1_is_not_persistent);
	return harness_run(suite);
}
