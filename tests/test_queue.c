/* SPDX-License-Identifier: MIT */
/*
 * test_queue.c - the list, and the queue of a pool that is made of lists
 *
 * The objects of a queue are given letters, and a test reads in which order
 * they are taken. The pool of these tests has nothing but a lock and a
 * queue: no thread, so nothing is taken but by the test.
 */
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

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("queue");
	TCase *small = harness_case(suite, "small");

	tcase_add_test(small, list_keeps_its_order_and_any_node_may_leave);
	tcase_add_test(small, queue_lets_objects_take_turns);
	tcase_add_test(small, queue_takes_higher_priorities_first);
	tcase_add_test(small, queue_drops_the_posts_of_one_object_only);
	tcase_add_test(small, queue_starts_nothing_while_the_maximum_run);
	return harness_run(suite);
}
