/* SPDX-License-Identifier: MIT */
/*
 * test_scenario_handles.c - handles and names: found against closed
 *
 * Scenarios (scenario.h says what that is) of how objects come and go: a
 * handle is duplicated while it is closed, a name is looked for while the
 * object that has it goes, and the table of handles grows while two threads
 * need an entry. Whoever finds an object has it until its handle is closed;
 * whoever does not is told so. The comment above a test names the function
 * whose promise is at stake.
 */
#include "objects.h"

#include "../ref/waitable.h"

static void *
close_handle(void *handle)
{
	ck_assert(CloseHandle(handle));
	return NULL;
}

/* use_source: found and used in one step, or not found. */
START_TEST(duplicate_against_close_of_its_source_gives_a_handle_or_none)
{	/* KOBJ-01, KOBJ-02, port-defined */
	HANDLE object = try_event(AUTO), copy = NULL;
	HANDLE process = GetCurrentProcess();
	struct race race = { .count = 0 };

	if (object == NULL)
		return;
	race_start(&race, close_handle, object);
	if (DuplicateHandle(process, object, process, &copy, 0, FALSE,
			DUPLICATE_SAME_ACCESS)) {
		ck_assert(SetEvent(copy));
		ck_assert_uint_eq(poll(copy), WAIT_OBJECT_0);
		ck_assert(CloseHandle(copy));
	} else {
		ck_assert_uint_eq(GetLastError(), ERROR_INVALID_HANDLE);
	}
	race_join(&race);
	ck_assert_uint_eq(poll(object), WAIT_FAILED);
}
END_TEST

struct named {
	HANDLE handle;
	DWORD error;
};

static void *
create_by_name(void *argument)
{
	struct named *named = argument;

	named->handle = CreateEventA(NULL, MANUAL, FALSE, "Deep");
	named->error = GetLastError();
	if (named->handle == NULL)
		tolerate(named->error);
	return NULL;
}

/* tp_waitable_publish: looked for and added in one step. */
START_TEST(of_two_threads_that_create_one_name_one_finds_it)
{	/* KOBJ-02, KOBJ-16 */
	struct named first = { NULL, 0 }, second = { NULL, 0 };
	struct race race = { .count = 0 };

	race_start(&race, create_by_name, &first);
	(void)create_by_name(&second);
	race_join(&race);
	if (first.handle != NULL && second.handle != NULL) {
		ck_assert_uint_eq(first.error + second.error,
			ERROR_ALREADY_EXISTS);
		ck_assert(SetEvent(first.handle));
		ck_assert_uint_eq(poll(second.handle), WAIT_OBJECT_0);
	}
	close_all(2, (HANDLE[]){ first.handle, second.handle });
}
END_TEST

static void *
create_and_close_by_name(void *argument)
{
	struct named *named = argument;

	(void)create_by_name(named);
	if (named->handle != NULL)
		ck_assert(CloseHandle(named->handle));
	return NULL;
}

/* tp_waitable_let_go_locked: the name goes with the last handle. */
START_TEST(create_against_the_last_close_of_a_name)
{	/* KOBJ-16 */
	struct named first = { NULL, 0 }, second = { NULL, 0 };
	struct race race = { .count = 0 };

	race_start(&race, create_and_close_by_name, &first);
	(void)create_by_name(&second);
	race_join(&race);
	if (second.handle == NULL)
		return;
	ck_assert(second.error == NO_ERROR ||
		second.error == ERROR_ALREADY_EXISTS);
	ck_assert(SetEvent(second.handle));
	(void)create_by_name(&first);	/* it still has its name */
	if (first.handle != NULL)
		ck_assert_uint_eq(poll(first.handle), WAIT_OBJECT_0);
	close_all(2, (HANDLE[]){ first.handle, second.handle });
}
END_TEST

/* Enough handles of one object to leave no entry of the table free. */
enum { FULL = 64 };

static void
fill_table(HANDLE object, HANDLE *handles)
{
	tp_lock(&tp_waitable_lock);
	for (unsigned i = 0; i < FULL - 1; i++)
		handles[i] = tp_handle_new_locked(
			tp_handle_find_locked(object));
	tp_unlock(&tp_waitable_lock);
}

static void
empty_table(HANDLE *handles)
{
	for (unsigned i = 0; i < FULL - 1; i++)
		ck_assert(CloseHandle(handles[i]));
}

static void *
create_event(void *argument)
{
	HANDLE *handle = argument;

	*handle = try_event(AUTO);
	return NULL;
}

/* tp_handle_room_locked: another thread may have been faster. */
START_TEST(table_of_handles_grows_once_for_two_threads)
{	/* KOBJ-02 */
	HANDLE object = try_event(AUTO), handles[FULL], more[2] = { 0 };
	struct race race = { .count = 0 };

	if (object == NULL)
		return;
	fill_table(object, handles);
	race_start(&race, create_event, &more[0]);
	(void)create_event(&more[1]);
	race_join(&race);
	if (all_made(2, more)) {
		ck_assert(SetEvent(more[0]));
		ck_assert_uint_eq(poll(more[1]), WAIT_TIMEOUT);
		ck_assert_uint_eq(poll(more[0]), WAIT_OBJECT_0);
	}
	ck_assert(SetEvent(handles[FULL - 2]));
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	close_all(2, more);
	empty_table(handles);
	ck_assert(CloseHandle(object));
}
END_TEST

/* tp_waitable_unlock: what is to be done later is done once. */
START_TEST(objects_of_two_threads_come_and_go_at_once)
{	/* KOBJ-01, port-defined */
	HANDLE objects[2] = { try_event(AUTO), try_event(AUTO) };
	struct race race = { .count = 0 };

	if (all_made(2, objects)) {
		race_start(&race, close_handle, objects[0]);
		race_start(&race, set_event, objects[1]);
		ck_assert(SetEvent(objects[1]));
		race_join(&race);
		ck_assert_uint_eq(poll(objects[1]), WAIT_OBJECT_0);
		ck_assert_uint_eq(poll(objects[1]), WAIT_TIMEOUT);
		objects[0] = NULL;
	}
	close_all(2, objects);
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("scenario_handles");
	TCase *scenario = harness_case(suite, "scenario");

	tcase_add_test(scenario,
		duplicate_against_close_of_its_source_gives_a_handle_or_none);
	tcase_add_test(scenario,
		of_two_threads_that_create_one_name_one_finds_it);
	tcase_add_test(scenario, create_against_the_last_close_of_a_name);
	tcase_add_test(scenario, table_of_handles_grows_once_for_two_threads);
	tcase_add_test(scenario, objects_of_two_threads_come_and_go_at_once);
	return harness_run(suite);
}
