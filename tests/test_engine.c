/* SPDX-License-Identifier: MIT */
/*
 * test_engine.c - the engine's parts, each by itself
 *
 * These tests include the engine's own headers: list and heap, the queue's
 * turns, a kind of object made for the test (probe) with its own table of
 * functions, due times, the lock order; and moments that no program can
 * arrange through the API alone, such as a post that comes while the pool
 * waits for a thread that it will not get.
 */
#include <stdio.h>

#include "harness.h"

#include "../ref/pool.h"

/* ---- List ---- */

struct member {
	struct tp_list link;
	char name;
};

static const char *
names_of(const struct tp_list *list)
{
	static char names[32];
	unsigned length = 0;

	for (const struct tp_list *node = list->next; node != list;
	     node = node->next) {
		ck_assert_ptr_eq(node->next->prev, node);
		names[length++] = tp_container(node, struct member,
			link)->name;
	}
	names[length] = '\0';
	return names;
}

START_TEST(list_keeps_its_order_and_any_node_may_leave)
{
	struct tp_list list = TP_LIST_INIT(list);
	struct member members[5];

	ck_assert(tp_list_empty(&list));
	ck_assert_ptr_null(tp_list_first(&list));
	for (int i = 0; i < 5; i++) {
		tp_list_init(&members[i].link);
		members[i].name = (char)('a' + i);
	}
	for (int i = 0; i < 3; i++)
		tp_list_append(&list, &members[i].link);
	tp_list_push(&list, &members[3].link);
	tp_list_append(&list, &members[4].link);
	ck_assert_str_eq(names_of(&list), "dabce");
	tp_list_remove(&members[1].link);	/* from the middle */
	tp_list_remove(&members[3].link);	/* the first */
	tp_list_remove(&members[4].link);	/* the last */
	ck_assert_str_eq(names_of(&list), "ac");
	ck_assert(tp_list_empty(&members[1].link));
	tp_list_remove(&members[1].link);	/* in none: harmless */
	ck_assert_str_eq(names_of(&list), "ac");
	tp_list_append(&list, &members[1].link);
	ck_assert_str_eq(names_of(&list), "acb");
	ck_assert_ptr_eq(tp_list_first(&list), &members[0].link);
}
END_TEST

/* ---- Heap ---- */

#define NODES	400

/* The reference: searched from end to end, so there is nothing to get wrong. */
struct reference {
	struct tp_heap_node nodes[NODES];
	bool inside[NODES];
	unsigned long inserted[NODES];	/* order of insertion */
	unsigned long insertions;
};

static unsigned
pseudo_random(unsigned *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

/* The node that has to come first; -1: none. */
static int
first_of(const struct reference *reference)
{
	int first = -1;

	for (int i = 0; i < NODES; i++) {
		const struct tp_heap_node *a = &reference->nodes[i];

		if (!reference->inside[i])
			continue;
		if (first < 0 || a->due < reference->nodes[first].due ||
		    (a->due == reference->nodes[first].due &&
		     reference->inserted[i] < reference->inserted[first]))
			first = i;
	}
	return first;
}

static void
expect_first(const struct tp_heap *heap, const struct reference *reference)
{
	int first = first_of(reference);

	if (first < 0)
		ck_assert_ptr_null(tp_heap_first(heap));
	else
		ck_assert_ptr_eq(tp_heap_first(heap),
			&reference->nodes[first]);
}

/* One insertion or removal; due times are few, so that many are equal. */
static void
change_heap(struct tp_heap *heap, struct reference *reference,
	unsigned *random)
{
	int i = (int)(pseudo_random(random) % NODES);

	ck_assert_int_eq(tp_heap_contains(&reference->nodes[i]),
		reference->inside[i]);
	if (reference->inside[i] && pseudo_random(random) % 3 == 0)
		i = first_of(reference);	/* as the dispatcher does */
	if (reference->inside[i]) {
		tp_heap_remove(heap, &reference->nodes[i]);
	} else {
		tp_heap_insert(heap, &reference->nodes[i],
			pseudo_random(random) % 50);
		reference->inserted[i] = ++reference->insertions;
	}
	reference->inside[i] = !reference->inside[i];
}

START_TEST(heap_agrees_with_a_sorted_reference)
{
	static struct reference reference;
	struct tp_heap heap = { NULL, 0 };
	unsigned random = 1;
	int i;

	for (int step = 0; step < 20000; step++) {
		change_heap(&heap, &reference, &random);
		expect_first(&heap, &reference);
	}
	while ((i = first_of(&reference)) >= 0) {
		expect_first(&heap, &reference);
		tp_heap_remove(&heap, &reference.nodes[i]);
		reference.inside[i] = false;
	}
	ck_assert_ptr_null(tp_heap_first(&heap));
}
END_TEST

START_TEST(heap_gives_equal_due_times_in_order_of_insertion)
{
	static struct tp_heap_node nodes[1000];
	struct tp_heap heap = { NULL, 0 };

	for (int i = 0; i < 1000; i++)
		tp_heap_insert(&heap, &nodes[i], i < 500 ? 7 : 3);
	for (int i = 500; i < 1500; i++) {
		ck_assert_ptr_eq(tp_heap_first(&heap), &nodes[i % 1000]);
		tp_heap_remove(&heap, &nodes[i % 1000]);
		tp_heap_remove(&heap, &nodes[i % 1000]);	/* harmless */
	}
	ck_assert_ptr_null(tp_heap_first(&heap));
}
END_TEST

/* ---- Queue ---- */

/* Objects a, b, ... of a pool that has nothing but lock and queue. */
struct queue_scene {
	TP_POOL pool;
	struct tp_object objects[4];
	char taken[64];
	unsigned length;
};

static void
queue_open(struct queue_scene *scene)
{
	memset(scene, 0, sizeof(*scene));
	tp_mutex_init(&scene->pool.lock, TP_RANK_POOL);
	tp_queue_init(&scene->pool.queue);
	scene->pool.maximum = 1;
	for (int i = 0; i < 4; i++) {
		scene->objects[i].pool = &scene->pool;
		scene->objects[i].priority = TP_CALLBACK_PRIORITY_NORMAL;
		tp_list_init(&scene->objects[i].ready);
	}
	tp_lock(&scene->pool.lock);
}

static void
queue_close(struct queue_scene *scene)
{
	ck_assert_uint_eq(scene->pool.queue.posts, 0);
	tp_unlock(&scene->pool.lock);
	tp_mutex_destroy(&scene->pool.lock);
}

static void
add(struct queue_scene *scene, int object, int posts)
{
	while (posts-- > 0)
		tp_queue_add_locked(&scene->objects[object]);
}

static const char *
take(struct queue_scene *scene, int posts)
{
	scene->length = 0;
	while (posts-- > 0)
		scene->taken[scene->length++] = (char)('a' +
			(tp_queue_take_locked(&scene->pool) -
			 scene->objects));
	scene->taken[scene->length] = '\0';
	return scene->taken;
}

START_TEST(queue_lets_objects_take_turns)
{	/* WORK-16 */
	struct queue_scene scene;

	queue_open(&scene);
	add(&scene, 0, 5);
	add(&scene, 1, 2);
	add(&scene, 2, 1);
	ck_assert_str_eq(take(&scene, 4), "abca");
	add(&scene, 2, 1);		/* behind those that wait already */
	ck_assert_str_eq(take(&scene, 5), "bacaa");
	queue_close(&scene);
}
END_TEST

START_TEST(queue_takes_higher_priorities_first)
{	/* POOL-33 */
	struct queue_scene scene;

	queue_open(&scene);
	scene.objects[0].priority = TP_CALLBACK_PRIORITY_LOW;
	scene.objects[2].priority = TP_CALLBACK_PRIORITY_HIGH;
	add(&scene, 0, 2);
	add(&scene, 1, 2);
	add(&scene, 2, 2);
	ck_assert_str_eq(take(&scene, 3), "ccb");
	add(&scene, 2, 1);
	ck_assert_str_eq(take(&scene, 4), "cbaa");
	queue_close(&scene);
}
END_TEST

START_TEST(queue_drops_the_posts_of_one_object_only)
{	/* WORK-14 */
	struct queue_scene scene;

	queue_open(&scene);
	ck_assert_uint_eq(tp_queue_drop_locked(&scene.objects[0]), 0);
	add(&scene, 0, 5);
	add(&scene, 1, 3);
	ck_assert_uint_eq(tp_queue_drop_locked(&scene.objects[0]), 5);
	ck_assert_uint_eq(scene.pool.queue.posts, 3);
	add(&scene, 0, 1);
	ck_assert_str_eq(take(&scene, 4), "babb");
	queue_close(&scene);
}
END_TEST

START_TEST(queue_starts_nothing_while_the_maximum_run)
{	/* POOL-06 */
	struct queue_scene scene;

	queue_open(&scene);
	ck_assert(!tp_queue_startable_locked(&scene.pool));
	add(&scene, 0, 1);
	ck_assert(tp_queue_startable_locked(&scene.pool));
	scene.pool.running = 1;
	ck_assert(!tp_queue_startable_locked(&scene.pool));
	scene.pool.maximum = 2;
	ck_assert(tp_queue_startable_locked(&scene.pool));
	(void)take(&scene, 1);
	queue_close(&scene);
}
END_TEST

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

/* ---- Due times ---- */

struct alarm {
	struct tp_due due;
	tp_time when;
	bool absolute, early;
	int again;			/* how often it sets itself anew */
	char name;
	struct alarms *alarms;
};

struct alarms {
	char order[64];			/* guarded by tp_waitable_lock */
	unsigned length;
	struct tally rung;
};

static void
ring(struct tp_due *due)
{
	struct alarm *alarm = tp_container(due, struct alarm, due);
	struct alarms *alarms = alarm->alarms;

	tp_assert_held(&tp_waitable_lock);
	if ((alarm->absolute ? tp_wall() : tp_now()) < alarm->when)
		alarm->early = true;
	if (alarms->length + 1 < sizeof(alarms->order))
		alarms->order[alarms->length++] = alarm->name;
	if (alarm->again-- > 0)
		tp_due_set_locked(due, alarm->when, alarm->absolute);
	tally_add(&alarms->rung);
}

static void
set(struct alarm *alarm, struct alarms *alarms, char name, tp_time when,
	bool absolute)
{
	*alarm = (struct alarm){ .due = { .expire = ring }, .when = when,
		.absolute = absolute, .name = name, .alarms = alarms };
	tp_due_set_locked(&alarm->due, when, absolute);
}

/* Sets six alarms of one clock, out of order, and lets them ring. */
static void
ring_in_order(bool absolute)
{
	static const int delays[] = { 30, 10, 20, 10, 0, 10 };	/* ms */
	struct alarms alarms = { .rung = TALLY_INIT };
	struct alarm six[6];
	tp_time now;

	ck_assert_uint_eq(tp_dispatcher_start(), 0);
	tp_lock(&tp_waitable_lock);
	now = absolute ? tp_wall() : tp_now();
	for (int i = 0; i < 6; i++)
		set(&six[i], &alarms, (char)('a' + i),
			now + delays[i] * TP_MS, absolute);
	tp_unlock(&tp_waitable_lock);
	tally_await(&alarms.rung, 6);
	tp_lock(&tp_waitable_lock);
	ck_assert_str_eq(alarms.order, "ebdfca");
	for (int i = 0; i < 6; i++)
		ck_assert(!six[i].early);
	tp_unlock(&tp_waitable_lock);
}

START_TEST(relative_due_times_come_in_order_and_never_early)
{
	ring_in_order(false);
}
END_TEST

START_TEST(absolute_due_times_come_in_order_and_never_early)
{
	ring_in_order(true);
}
END_TEST

START_TEST(due_time_may_be_set_again_in_place_of_the_first)
{
	struct alarms alarms = { .rung = TALLY_INIT };
	struct alarm alarm, other;

	ck_assert_uint_eq(tp_dispatcher_start(), 0);
	tp_lock(&tp_waitable_lock);
	set(&alarm, &alarms, 'a', tp_now() + 3600 * 1000 * TP_MS, false);
	set(&other, &alarms, 'b', tp_wall() + 3600 * 1000 * TP_MS, true);
	alarm.when = tp_wall();		/* earlier, and of the other clock */
	alarm.absolute = true;
	tp_due_set_locked(&alarm.due, alarm.when, true);
	tp_unlock(&tp_waitable_lock);
	tally_await(&alarms.rung, 1);
	tp_lock(&tp_waitable_lock);
	ck_assert_str_eq(alarms.order, "a");
	tp_due_cancel_locked(&other.due);
	ck_assert(!tp_heap_contains(&other.due.node));
	tp_unlock(&tp_waitable_lock);
}
END_TEST

START_TEST(due_time_may_be_set_anew_when_it_comes)
{
	struct alarms alarms = { .rung = TALLY_INIT };
	struct alarm alarm;

	ck_assert_uint_eq(tp_dispatcher_start(), 0);
	tp_lock(&tp_waitable_lock);
	set(&alarm, &alarms, 'a', tp_now(), false);
	alarm.again = 4;
	tp_unlock(&tp_waitable_lock);
	tally_await(&alarms.rung, 5);
	tp_lock(&tp_waitable_lock);
	ck_assert_str_eq(alarms.order, "aaaaa");
	ck_assert(!tp_heap_contains(&alarm.due.node));
	tp_unlock(&tp_waitable_lock);
}
END_TEST

/*
 * After a cancel under the lock, the due time has come completely or will
 * never come: the count does not change any more.
 */
START_TEST(cancelled_due_time_has_come_or_never_comes)
{
	unsigned long rung_in_time = 0;

	ck_assert_uint_eq(tp_dispatcher_start(), 0);
	for (int round = 0; round < 500; round++) {
		struct alarms alarms = { .rung = TALLY_INIT };
		struct alarm alarm;
		unsigned long rung;

		tp_lock(&tp_waitable_lock);
		set(&alarm, &alarms, 'a', round % 2 == 0 ?
			tp_now() + round : tp_wall() + round,
			round % 2 != 0);
		tp_unlock(&tp_waitable_lock);
		for (int i = 0; i < round % 50; i++)
			tp_thread_yield();
		tp_lock(&tp_waitable_lock);
		tp_due_cancel_locked(&alarm.due);
		rung = tally_read(&alarms.rung);
		tp_unlock(&tp_waitable_lock);
		rung_in_time += rung;
		memset(&alarm.due, 0xCC, sizeof(alarm.due));	/* its end */
		tp_thread_yield();
		ck_assert_uint_eq(tally_read(&alarms.rung), rung);
	}
	ck_assert_uint_le(rung_in_time, 500);
}
END_TEST

/* ---- Lock order ---- */

static void
take_waitable_under_pool(void *unused)
{
	PTP_POOL pool = CreateThreadpool(NULL);

	(void)unused;
	tp_lock(&pool->lock);
	tp_lock(&tp_waitable_lock);
}

static void
take_two_pools(void *unused)
{
	PTP_POOL first = CreateThreadpool(NULL);
	PTP_POOL second = CreateThreadpool(NULL);

	(void)unused;
	tp_lock(&first->lock);
	tp_lock(&second->lock);
}

static void
hold_nothing(void *unused)
{
	PTP_POOL pool = CreateThreadpool(NULL);

	(void)unused;
	tp_lock(&tp_waitable_lock);
	tp_assert_held(&pool->lock);
}

static void
hold_something(void *unused)
{
	(void)unused;
	tp_lock(&tp_waitable_lock);
	tp_assert_no_locks();
}

static void
take_locks_in_order(void *unused)
{
	PTP_POOL pool = CreateThreadpool(NULL);

	(void)unused;
	tp_lock(&pool->birth);
	tp_lock(&tp_waitable_lock);
	tp_lock(&pool->lock);
	tp_unlock(&tp_waitable_lock);	/* in any order */
	tp_unlock(&pool->birth);
	tp_unlock(&pool->lock);
	tp_assert_no_locks();
	CloseThreadpool(pool);
}

START_TEST(locks_taken_out_of_order_stop_the_program)
{
	ck_assert_str_eq(report_of(take_locks_in_order, NULL, false), "");
	ck_assert_str_eq(report_of(take_waitable_under_pool, NULL, true),
		"threadpool: internal error: waitable lock taken under "
		"pool lock\n");
	ck_assert_str_eq(report_of(take_two_pools, NULL, true),
		"threadpool: internal error: pool lock taken under "
		"pool lock\n");
	ck_assert_str_eq(report_of(hold_nothing, NULL, true),
		"threadpool: internal error: pool lock not held\n");
	ck_assert_str_eq(report_of(hold_something, NULL, true),
		"threadpool: internal error: waitable lock held\n");
}
END_TEST

/* ---- Threads that are not to be had ---- */

#define NEVER	"1000000"	/* ms; must not be armed, or the pool stays */

struct duo {
	struct private_pool private;
	struct gate gate, start, birth;
	struct tally runs;
	PTP_WORK blocker, counter;
};

static VOID CALLBACK
block_at_gate(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct duo *duo = context;

	(void)instance;
	(void)work;
	gate_wait(&duo->gate);
}

static VOID CALLBACK
count_run(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct duo *duo = context;

	(void)instance;
	(void)work;
	tally_add(&duo->runs);
}

/*
 * One worker, at the gate, of a pool that may have another one. A queue is
 * looked at again after stall_ms; NEVER: the test must do without.
 */
static void
duo_open(struct duo *duo, const char *stall_ms)
{
	*duo = (struct duo){ .gate = GATE_INIT, .start = GATE_INIT,
		.birth = GATE_INIT, .runs = TALLY_INIT };
	setenv("TP_PROCESSORS", "2", 1);
	setenv("TP_STALL_MS", stall_ms, 1);
	ck_assert_uint_eq(tp_dispatcher_start(), 0);
	private_pool_open(&duo->private, 0, 2);
	duo->blocker = CreateThreadpoolWork(block_at_gate, duo,
		&duo->private.environ);
	duo->counter = CreateThreadpoolWork(count_run, duo,
		&duo->private.environ);
	SubmitThreadpoolWork(duo->blocker);
	gate_await_waiting(&duo->gate, 1);
}

static void
duo_close(struct duo *duo)
{
	gate_open(&duo->gate);
	WaitForThreadpoolWorkCallbacks(duo->blocker, FALSE);
	WaitForThreadpoolWorkCallbacks(duo->counter, FALSE);
	CloseThreadpoolWork(duo->blocker);
	CloseThreadpoolWork(duo->counter);
	private_pool_close(&duo->private);
}

static void *
submit_at_start(void *argument)
{
	struct duo *duo = argument;

	gate_wait(&duo->start);
	SubmitThreadpoolWork(duo->counter);
	return NULL;
}

static bool
has_idle_worker(void *pool)
{
	TP_POOL *p = pool;
	bool found;

	tp_lock(&p->lock);
	found = p->idle_count > 0;
	tp_unlock(&p->lock);
	return found;
}

/*
 * While the pool is having a thread made, a post relies on that thread. It
 * fails to appear: the post must not lie there while a worker sleeps.
 */
START_TEST(post_during_a_failing_creation_is_not_lost)
{	/* WORK-03 */
	struct duo duo;
	pthread_t helper;

	duo_open(&duo, NEVER);
	ck_assert_int_eq(pthread_create(&helper, NULL, submit_at_start,
		&duo), 0);
	hold_threads(&duo.birth);
	gate_open(&duo.start);
	gate_await_waiting(&duo.birth, 1);	/* a thread is being made */
	gate_open(&duo.gate);
	await(has_idle_worker, duo.private.pool);
	ck_assert_uint_eq(tally_read(&duo.runs), 1);
	SetThreadpoolThreadMaximum(duo.private.pool, 1);
	await(has_idle_worker, duo.private.pool);
	SubmitThreadpoolWork(duo.counter);
	fail_threads(true);
	hold_threads(NULL);
	gate_open(&duo.birth);
	pthread_join(helper, NULL);
	tally_await(&duo.runs, 2);
	fail_threads(false);
	duo_close(&duo);
}
END_TEST

/* With the only worker blocked, the pool tries again by itself. */
START_TEST(creation_that_failed_is_tried_again)
{	/* POOL-07, WORK-03 */
	struct duo duo;

	duo_open(&duo, "1");
	fail_thread_number(1);
	SubmitThreadpoolWork(duo.counter);
	tally_await(&duo.runs, 1);
	duo_close(&duo);
}
END_TEST

struct creator {
	pthread_t thread;
	struct duo *duo;
	PTP_WORK work;
	DWORD error;
};

static void *
create_at_start(void *argument)
{
	struct creator *creator = argument;

	gate_wait(&creator->duo->start);
	creator->work = CreateThreadpoolWork(count_run, creator->duo,
		&creator->duo->private.environ);
	creator->error = creator->work != NULL ? 0 : GetLastError();
	return NULL;
}

/* Two threads create the first objects of a pool; fail: its threads fail. */
static void
create_two_first_objects(bool fail_both)
{
	struct duo duo = { .gate = GATE_INIT, .start = GATE_INIT,
		.birth = GATE_INIT, .runs = TALLY_INIT };
	struct creator creators[2];
	unsigned created = 0;

	private_pool_open(&duo.private, 0, 2);
	for (int i = 0; i < 2; i++) {
		creators[i] = (struct creator){ .duo = &duo };
		ck_assert_int_eq(pthread_create(&creators[i].thread, NULL,
			create_at_start, &creators[i]), 0);
	}
	gate_await_waiting(&duo.start, 2);
	hold_threads(&duo.birth);
	gate_open(&duo.start);
	gate_await_waiting(&duo.birth, 1);
	if (fail_both)
		fail_threads(true);
	else
		fail_thread_number(1);
	hold_threads(NULL);
	gate_open(&duo.birth);
	for (int i = 0; i < 2; i++) {
		pthread_join(creators[i].thread, NULL);
		if (creators[i].work == NULL) {
			ck_assert_uint_eq(creators[i].error,
				ERROR_NOT_ENOUGH_MEMORY);
			continue;
		}
		created++;
		SubmitThreadpoolWork(creators[i].work);
		WaitForThreadpoolWorkCallbacks(creators[i].work, FALSE);
		CloseThreadpoolWork(creators[i].work);
	}
	ck_assert_uint_eq(created, fail_both ? 0 : 1);
	ck_assert_uint_eq(tally_read(&duo.runs), created);
	private_pool_close(&duo.private);
}

START_TEST(first_objects_without_a_thread_are_both_refused)
{	/* POOL-04, port-defined */
	create_two_first_objects(true);
}
END_TEST

START_TEST(refused_first_object_does_not_take_the_second_with_it)
{	/* POOL-04, port-defined */
	create_two_first_objects(false);
}
END_TEST

static void *
raise_minimum_at_start(void *argument)
{
	struct duo *duo = argument;

	gate_wait(&duo->start);
	ck_assert(!SetThreadpoolThreadMinimum(duo->private.pool, 6));
	return NULL;
}

/* A minimum that fails takes back its own changes, not those of others. */
START_TEST(failing_minimum_spares_a_maximum_set_meanwhile)
{	/* POOL-10, POOL-13, port-defined */
	struct duo duo = { .start = GATE_INIT, .birth = GATE_INIT };
	pthread_t helper;

	private_pool_open(&duo.private, 2, 4);
	ck_assert_int_eq(pthread_create(&helper, NULL,
		raise_minimum_at_start, &duo), 0);
	hold_threads(&duo.birth);
	gate_open(&duo.start);
	gate_await_waiting(&duo.birth, 1);
	SetThreadpoolThreadMaximum(duo.private.pool, 10);
	fail_threads(true);
	hold_threads(NULL);
	gate_open(&duo.birth);
	pthread_join(helper, NULL);
	tp_lock(&duo.private.pool->lock);
	ck_assert_uint_eq(duo.private.pool->minimum, 2);
	ck_assert_uint_eq(duo.private.pool->maximum, 10);
	tp_unlock(&duo.private.pool->lock);
	private_pool_close(&duo.private);
}
END_TEST

static void *
raise_minimum_to_two(void *argument)
{
	struct duo *duo = argument;

	gate_wait(&duo->start);
	ck_assert(!SetThreadpoolThreadMinimum(duo->private.pool, 2));
	return NULL;
}

/* What was posted while a minimum was being made is not left behind. */
START_TEST(post_during_a_failing_minimum_is_not_lost)
{	/* POOL-10, WORK-03 */
	struct duo duo;
	pthread_t helper;

	duo_open(&duo, "1");
	ck_assert_int_eq(pthread_create(&helper, NULL, raise_minimum_to_two,
		&duo), 0);
	hold_threads(&duo.birth);
	gate_open(&duo.start);
	gate_await_waiting(&duo.birth, 1);
	SubmitThreadpoolWork(duo.counter);
	fail_thread_number(1);
	hold_threads(NULL);
	gate_open(&duo.birth);
	pthread_join(helper, NULL);
	tally_await(&duo.runs, 1);
	duo_close(&duo);
}
END_TEST

/* A stall that was found too late is forgotten: no thread too many. */
START_TEST(stall_is_forgotten_when_a_callback_starts)
{	/* POOL-07 */
	struct duo duo;

	duo_open(&duo, "1");
	tp_lock(&duo.private.pool->lock);
	duo.private.pool->stalled = true;
	tp_unlock(&duo.private.pool->lock);
	gate_open(&duo.gate);
	WaitForThreadpoolWorkCallbacks(duo.blocker, FALSE);
	SubmitThreadpoolWork(duo.counter);
	WaitForThreadpoolWorkCallbacks(duo.counter, FALSE);
	tp_lock(&duo.private.pool->lock);
	ck_assert(!duo.private.pool->stalled);
	ck_assert_uint_eq(duo.private.pool->total, 1);
	tp_unlock(&duo.private.pool->lock);
	duo_close(&duo);
}
END_TEST

static VOID CALLBACK
count_after_a_while(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	(void)instance;
	for (int i = 0; i < 20; i++)
		tp_thread_yield();
	tally_add(context);
}

static bool
counts_are_back(void *pool)
{
	TP_POOL *p = pool;
	bool back;

	tp_lock(&p->lock);
	back = p->waking == 0 && p->starting == 0 &&
		p->idle_count == p->total;
	tp_unlock(&p->lock);
	return back;
}

static void *
submit_some(void *argument)
{
	struct duo *duo = argument;

	gate_wait(&duo->start);	/* no helper itself may be refused */
	for (int i = 0; i < 2000; i++) {
		if (i % 32 == 0)
			fail_thread_number(1);
		SubmitThreadpoolWork(duo->counter);
		if (i % 16 == 0)
			SetThreadpoolThreadMaximum(duo->private.pool,
				(DWORD)(1 + i % 5));
		if (i % 64 == 0)
			(void)SetThreadpoolThreadMinimum(duo->private.pool,
				(DWORD)(i % 3));
	}
	return NULL;
}

/* When all is quiet, the counters of the pool say so. */
START_TEST(counters_of_the_pool_return_to_rest)
{	/* WORK-27, POOL-13, port-defined */
	struct duo duo;
	pthread_t threads[4];
	TP_POOL *pool;

	setenv("TP_IDLE_MS", "1", 1);
	duo_open(&duo, "1");
	pool = duo.private.pool;
	gate_open(&duo.gate);
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL,
			submit_some, &duo), 0);
	gate_await_waiting(&duo.start, 4);
	gate_open(&duo.start);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	WaitForThreadpoolWorkCallbacks(duo.counter, FALSE);
	ck_assert_uint_eq(tally_read(&duo.runs), 8000);
	await(counts_are_back, pool);
	tp_lock(&pool->lock);
	ck_assert_uint_eq(pool->running, 0);
	ck_assert_uint_eq(pool->suspended, 0);
	ck_assert_uint_eq(pool->queue.posts, 0);
	ck_assert_uint_eq(pool->objects, 2);
	tp_unlock(&pool->lock);
	duo_close(&duo);
}
END_TEST

/*
 * A closed pool and the deadline of its queue end in any order: the
 * deadline is due all the time while the pool runs empty.
 */
START_TEST(pool_may_end_while_its_deadline_comes)
{	/* POOL-20 */
	struct tally runs = TALLY_INIT;

	setenv("TP_PROCESSORS", "1", 1);
	setenv("TP_STALL_MS", "1", 1);
	for (unsigned long round = 1; round <= 300; round++) {
		struct private_pool private;

		private_pool_open(&private, 0, 3);
		for (int i = 0; i < 20; i++)
			ck_assert(TrySubmitThreadpoolCallback(
				count_after_a_while, &runs,
				&private.environ));
		private_pool_close(&private);
		if (round % 10 == 0)
			tally_await(&runs, 20 * round);
	}
	tally_await(&runs, 20 * 300);
}
END_TEST

/* ---- The suite ---- */

static void
add_parts(TCase *small)
{
	tcase_add_test(small, list_keeps_its_order_and_any_node_may_leave);
	tcase_add_test(small,
		heap_gives_equal_due_times_in_order_of_insertion);
	tcase_add_test(small, queue_lets_objects_take_turns);
	tcase_add_test(small, queue_takes_higher_priorities_first);
	tcase_add_test(small, queue_drops_the_posts_of_one_object_only);
	tcase_add_test(small, queue_starts_nothing_while_the_maximum_run);
	tcase_add_test(small, locks_taken_out_of_order_stop_the_program);
}

static void
add_objects(TCase *small)
{
	tcase_add_test(small,
		actions_on_return_come_in_a_fixed_order_library_last);
	tcase_add_test(small, finalization_runs_once_for_every_callback);
	tcase_add_test(small, wait_lasts_until_the_actions_are_done);
	tcase_add_test(small,
		wait_does_not_last_until_the_library_is_released);
	tcase_add_test(small, cancel_has_the_kind_discard_what_it_kept);
	tcase_add_test(small, wait_lasts_while_the_kind_is_busy);
	tcase_add_test(small, environment_of_version_1_is_not_persistent);
}

static void
add_due_times(TCase *small)
{
	tcase_add_test(small,
		relative_due_times_come_in_order_and_never_early);
	tcase_add_test(small,
		absolute_due_times_come_in_order_and_never_early);
	tcase_add_test(small,
		due_time_may_be_set_again_in_place_of_the_first);
	tcase_add_test(small, due_time_may_be_set_anew_when_it_comes);
}

static void
add_failures(TCase *small)
{
	tcase_add_test(small, post_during_a_failing_creation_is_not_lost);
	tcase_add_test(small, creation_that_failed_is_tried_again);
	tcase_add_test(small,
		first_objects_without_a_thread_are_both_refused);
	tcase_add_test(small,
		refused_first_object_does_not_take_the_second_with_it);
	tcase_add_test(small,
		failing_minimum_spares_a_maximum_set_meanwhile);
	tcase_add_test(small, post_during_a_failing_minimum_is_not_lost);
	tcase_add_test(small, stall_is_forgotten_when_a_callback_starts);
}

int
main(void)
{
	Suite *suite = suite_create("engine");
	TCase *small = harness_case(suite, "small");
	TCase *large = harness_case(suite, "large");

	add_parts(small);
	add_objects(small);
	add_due_times(small);
	add_failures(small);
	tcase_add_test(large, heap_agrees_with_a_sorted_reference);
	tcase_add_test(large, cancelled_due_time_has_come_or_never_comes);
	tcase_add_test(large, counters_of_the_pool_return_to_rest);
	tcase_add_test(large, pool_may_end_while_its_deadline_comes);
	return harness_run(suite);
}
