/* SPDX-License-Identifier: MIT */
/*
 * test_wait_load.c - hundreds of wait objects at once, and a hundred thousand
 *
 * Every member of a crowd is a wait object that watches an object of its own.
 * Each is told each of its signals once, in whatever order they come; and a
 * hundred thousand of them take no thread and no descriptor each. They can be
 * closed while they are set.
 */
#include "kernel.h"
#include "watch.h"

#define HUNDREDS	512
#define MANY		100000u

struct crowd {
	struct private_pool private;
	struct member {
		HANDLE object;
		PTP_WAIT wait;
		LONG volatile signals;
		struct tally *told;
	} *members;
	unsigned count;
	struct tally told;
};

static VOID CALLBACK
count_for_member(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WAIT wait, TP_WAIT_RESULT result)
{
	struct member *member = context;

	(void)instance;
	if (wait != member->wait || result != WAIT_OBJECT_0)
		abort();
	InterlockedIncrement(&member->signals);
	tally_add(member->told);
}

static void
crowd_open(struct crowd *crowd, unsigned count)
{
	private_pool_open(&crowd->private, 2, 2);
	crowd->members = calloc(count, sizeof(*crowd->members));
	crowd->count = count;
	ck_assert_ptr_nonnull(crowd->members);
	for (unsigned i = 0; i < count; i++) {
		struct member *member = &crowd->members[i];

		member->object = i % 2 == 0 ? event(AUTO, UNSET) :
			semaphore(0, 9);
		member->told = &crowd->told;
		member->wait = wait_object(count_for_member, member,
			&crowd->private);
		SetThreadpoolWait(member->wait, member->object, NULL);
	}
}

static void
crowd_signal(struct crowd *crowd, unsigned i)
{
	if (i % 2 == 0)
		ck_assert(SetEvent(crowd->members[i].object));
	else
		ck_assert(ReleaseSemaphore(crowd->members[i].object, 1,
			NULL));
}

/* Each of them has been told so many signals. */
static void
crowd_assert(struct crowd *crowd, unsigned signals)
{
	tally_await(&crowd->told, (unsigned long)signals * crowd->count);
	for (unsigned i = 0; i < crowd->count; i++)
		ck_assert_int_eq(InterlockedCompareExchange(
			&crowd->members[i].signals, 0, 0), (int)signals);
	ck_assert_uint_eq(tally_read(&crowd->told),
		(unsigned long)signals * crowd->count);
}

static void
crowd_close(struct crowd *crowd)
{
	for (unsigned i = 0; i < crowd->count; i++)
		CloseThreadpoolWait(crowd->members[i].wait);
	for (unsigned i = 0; i < crowd->count; i++)
		ck_assert(CloseHandle(crowd->members[i].object));
	private_pool_close(&crowd->private);
	free(crowd->members);
}

START_TEST(hundreds_of_waits_work_at_once)
{	/* WAIT-13 */
	struct crowd crowd = { .told = TALLY_INIT };

	crowd_open(&crowd, HUNDREDS);
	for (unsigned i = 0; i < HUNDREDS; i++) {
		crowd_signal(&crowd, i);
		tally_await(&crowd.told, i + 1);
		ck_assert_int_eq(crowd.members[i].signals, 1);
	}
	crowd_assert(&crowd, 1);
	for (unsigned i = 0; i < HUNDREDS; i++)
		SetThreadpoolWait(crowd.members[i].wait,
			crowd.members[i].object, NULL);
	for (unsigned i = HUNDREDS; i-- > 0; ) {
		crowd_signal(&crowd, i);
		tally_await(&crowd.told, 2 * HUNDREDS - i);
		ck_assert_int_eq(crowd.members[i].signals, 2);
	}
	crowd_assert(&crowd, 2);
	crowd_close(&crowd);
}
END_TEST

START_TEST(many_set_waits_can_be_closed_and_then_their_handles)
{	/* WAIT-25 */
	struct crowd crowd = { .told = TALLY_INIT };

	crowd_open(&crowd, HUNDREDS);
	crowd_close(&crowd);
	ck_assert_uint_eq(tally_read(&crowd.told), 0);
}
END_TEST

/* A step that has no divisor in common with the count visits each once. */
#define STEP	38197u

START_TEST(a_hundred_thousand_waits_are_told_once_each)
{	/* WAIT-02, WAIT-13 */
	struct crowd crowd = { .told = TALLY_INIT };
	unsigned long threads = live_threads();
	unsigned open = open_descriptors(), i = 4711;

	crowd_open(&crowd, MANY);
	/* Two workers, the dispatcher; nothing for each object. */
	ck_assert_uint_le(live_threads(), threads + 3);
	ck_assert_uint_eq(open_descriptors(), open);
	for (unsigned n = 0; n < MANY; n++) {
		crowd_signal(&crowd, i);
		i = (i + STEP) % MANY;
	}
	crowd_assert(&crowd, 1);
	ck_assert_uint_le(live_threads(), threads + 3);
	ck_assert_uint_eq(open_descriptors(), open);
	crowd_close(&crowd);
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("wait_load");
	TCase *large = harness_case(suite, "large");

	tcase_add_test(large, hundreds_of_waits_work_at_once);
	tcase_add_test(large,
		many_set_waits_can_be_closed_and_then_their_handles);
	tcase_add_test(large, a_hundred_thousand_waits_are_told_once_each);
	return harness_run(suite);
}
