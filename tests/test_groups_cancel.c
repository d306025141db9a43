/* SPDX-License-Identifier: MIT */
/*
 * test_groups_cancel.c - whom the cancel callback of a group is called for
 *
 * When the members of a group are closed with TRUE, the cancel callback is
 * called once for each member that is still open: whatever was posted, and
 * whether or not any of it has run. It is called when no callback of any
 * member runs any more, on the thread that closes the members.
 *
 * A helper, which is no member, stands at the gate and keeps the one thread
 * of the company (members.h) from doing anything else.
 */
#include "members.h"

/* A company whose one thread stands at the gate. */
struct held {
	struct company company;
	struct gate gate;
	struct member helper;
	PTP_WORK helping;
};

static void
held_open(struct held *held)
{
	held->gate = (struct gate)GATE_INIT;
	held->helper = (struct member)MEMBER_INIT;
	held->helper.gate = &held->gate;
	company_open(&held->company, 1, NULL);
	SetThreadpoolCallbackCleanupGroup(&held->company.private.environ,
		NULL, NULL);
	held->helping = member_work(&held->company, pass_work,
		&held->helper);
	SetThreadpoolCallbackCleanupGroup(&held->company.private.environ,
		held->company.group, note_cancelled);
	submit(held->helping, 1);
	gate_await_waiting(&held->gate, 1);
}

static void
held_close(struct held *held)
{
	gate_open(&held->gate);
	WaitForThreadpoolWorkCallbacks(held->helping, FALSE);
	CloseThreadpoolWork(held->helping);
	company_close(&held->company);
}

/* ---- Whom it is called for ---- */

START_TEST(it_is_called_once_however_many_posts_were_queued)
{	/* GROUP-06, GROUP-10 */
	struct held held;
	struct member member = MEMBER_INIT;

	held_open(&held);
	submit(member_work(&held.company, pass_work, &member), 7);
	CloseThreadpoolCleanupGroupMembers(held.company.group, TRUE, NULL);
	ck_assert_uint_eq(tally_read(&member.cancelled), 1);
	held_close(&held);
	ck_assert_uint_eq(tally_read(&member.started), 0);
}
END_TEST

START_TEST(it_is_called_for_a_queued_callback_of_every_kind)
{	/* GROUP-02 */
	HANDLE event = CreateEventA(NULL, FALSE, TRUE, NULL);
	struct held held;
	struct member members[4] = { MEMBER_INIT, MEMBER_INIT, MEMBER_INIT,
		MEMBER_INIT };

	ck_assert_ptr_nonnull(event);
	held_open(&held);
	submit(member_work(&held.company, pass_work, &members[0]), 1);
	set_ms(member_timer(&held.company, pass_timer, &members[1]), 0, 0);
	SetThreadpoolWait(member_wait(&held.company, pass_wait, &members[2]),
		event, NULL);
	member_simple(&held.company, pass_simple, &members[3]);
	CloseThreadpoolCleanupGroupMembers(held.company.group, TRUE, NULL);
	held_close(&held);
	for (int i = 0; i < 4; i++) {
		ck_assert_uint_eq(tally_read(&members[i].cancelled), 1);
		ck_assert_uint_eq(tally_read(&members[i].started), 0);
	}
	CloseHandle(event);
}
END_TEST

START_TEST(it_is_called_for_members_with_nothing_queued)
{	/* GROUP-11 */
	HANDLE event = CreateEventA(NULL, FALSE, FALSE, NULL);
	struct company company;
	struct member members[5] = { MEMBER_INIT, MEMBER_INIT, MEMBER_INIT,
		MEMBER_INIT, MEMBER_INIT };

	ck_assert_ptr_nonnull(event);
	company_open(&company, 1, note_cancelled);
	(void)member_work(&company, pass_work, &members[0]);
	(void)member_timer(&company, pass_timer, &members[1]);
	(void)member_wait(&company, pass_wait, &members[2]);
	set_ms(member_timer(&company, pass_timer, &members[3]),
		DAY_MS, 0);
	SetThreadpoolWait(member_wait(&company, pass_wait, &members[4]),
		event, NULL);
	CloseThreadpoolCleanupGroupMembers(company.group, TRUE, NULL);
	for (int i = 0; i < 5; i++)
		ck_assert_uint_eq(tally_read(&members[i].cancelled), 1);
	company_close(&company);
	CloseHandle(event);
}
END_TEST

START_TEST(it_is_called_although_all_posts_have_run)
{	/* GROUP-11, GROUP-17 */
	struct company company;
	struct member member = MEMBER_INIT;
	PTP_WORK work;

	company_open(&company, 1, note_cancelled);
	work = member_work(&company, pass_work, &member);
	submit(work, 2);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	CloseThreadpoolCleanupGroupMembers(company.group, TRUE, NULL);
	ck_assert_uint_eq(tally_read(&member.finished), 2);
	ck_assert_uint_eq(tally_read(&member.cancelled), 1);
	company_close(&company);
}
END_TEST

START_TEST(it_is_never_called_if_nothing_is_cancelled)
{	/* GROUP-12 */
	struct company company;
	struct member members[3] = { MEMBER_INIT, MEMBER_INIT, MEMBER_INIT };

	company_open(&company, 1, note_cancelled);
	submit(member_work(&company, pass_work, &members[0]), 3);
	(void)member_timer(&company, pass_timer, &members[1]);
	member_simple(&company, pass_simple, &members[2]);
	CloseThreadpoolCleanupGroupMembers(company.group, FALSE, NULL);
	for (int i = 0; i < 3; i++)
		ck_assert_uint_eq(tally_read(&members[i].cancelled), 0);
	company_close(&company);
}
END_TEST

/* A simple callback closes itself when it starts. */
START_TEST(it_is_not_called_for_a_simple_callback_that_has_started)
{	/* GROUP-13 */
	struct company company;
	struct gate gate = GATE_INIT;
	struct member finished = MEMBER_INIT, running = MEMBER_INIT;
	struct closer closer;

	running.gate = &gate;
	company_open(&company, 1, note_cancelled);
	member_simple(&company, pass_simple, &finished);
	tally_await(&finished.finished, 1);
	member_simple(&company, pass_simple, &running);
	gate_await_waiting(&gate, 1);
	closer_start(&closer, &company, TRUE);
	gate_open(&gate);
	join(closer.thread);
	ck_assert_uint_eq(tally_read(&finished.cancelled), 0);
	ck_assert_uint_eq(tally_read(&running.cancelled), 0);
	ck_assert_uint_eq(tally_read(&running.finished), 1);
	company_close(&company);
}
END_TEST

START_TEST(members_may_have_different_cancel_callbacks_or_none)
{	/* GROUP-18 */
	struct company company;
	struct member with = MEMBER_INIT, without = MEMBER_INIT;

	company_open(&company, 1, note_cancelled);
	(void)member_work(&company, pass_work, &with);
	SetThreadpoolCallbackCleanupGroup(&company.private.environ,
		company.group, NULL);
	(void)member_work(&company, pass_work, &without);
	CloseThreadpoolCleanupGroupMembers(company.group, TRUE, NULL);
	ck_assert_uint_eq(tally_read(&with.cancelled), 1);
	ck_assert_uint_eq(tally_read(&without.cancelled), 0);
	company_close(&company);
}
END_TEST

/* None is forgotten, and none is told twice; in which order is not said. */
START_TEST(it_is_called_for_each_of_many_members_in_whatever_order)
{	/* GROUP-10, GROUP-20 */
	enum { MANY = 50 };
	struct company company;
	struct member members[MANY];
	unsigned long before;

	company_open(&company, 2, note_cancelled);
	before = live_allocations();
	for (int i = 0; i < MANY; i++) {
		members[i] = (struct member)MEMBER_INIT;
		submit(member_work(&company, pass_work, &members[i]), 1);
	}
	CloseThreadpoolCleanupGroupMembers(company.group, TRUE, NULL);
	ck_assert_uint_eq(live_allocations(), before);
	for (int i = 0; i < MANY; i++)
		ck_assert_uint_eq(tally_read(&members[i].cancelled), 1);
	company_close(&company);
}
END_TEST

/* ---- What it is given, where and when it runs ---- */

START_TEST(it_is_given_both_contexts)
{	/* GROUP-14 */
	struct company company;
	struct member members[2] = { MEMBER_INIT, MEMBER_INIT };
	int cleanup;

	company_open(&company, 1, note_cancelled);
	(void)member_work(&company, pass_work, &members[0]);
	(void)member_timer(&company, pass_timer, &members[1]);
	CloseThreadpoolCleanupGroupMembers(company.group, TRUE, &cleanup);
	for (int i = 0; i < 2; i++) {
		ck_assert_uint_eq(tally_read(&members[i].cancelled), 1);
		ck_assert_ptr_eq(members[i].cleanup, &cleanup);
	}
	company_close(&company);
}
END_TEST

START_TEST(it_runs_on_the_thread_that_closes_the_members)
{	/* GROUP-15 */
	struct company company;
	struct member member = MEMBER_INIT;

	company_open(&company, 1, note_cancelled);
	(void)member_work(&company, pass_work, &member);
	CloseThreadpoolCleanupGroupMembers(company.group, TRUE, NULL);
	ck_assert_uint_eq(member.thread, GetCurrentThreadId());
	company_close(&company);
}
END_TEST

/* It comes when those that were running have finished. */
START_TEST(it_comes_after_the_running_callbacks_of_the_member)
{	/* GROUP-16 */
	struct company company;
	struct gate gate = GATE_INIT;
	struct member member = MEMBER_INIT;
	struct closer closer;
	PTP_WORK work;

	member.gate = &gate;
	company_open(&company, 2, note_cancelled);
	work = member_work(&company, pass_work, &member);
	submit(work, 9);
	gate_await_waiting(&gate, 2);
	closer_start(&closer, &company, TRUE);
	await(has_waiter, work);
	ck_assert_uint_eq(tally_read(&member.cancelled), 0);
	gate_open(&gate);
	join(closer.thread);
	ck_assert_uint_eq(tally_read(&member.cancelled), 1);
	ck_assert_uint_eq(member.finished_before, 2);
	company_close(&company);
}
END_TEST

/* Also after those of other members: they may use what it frees. */
START_TEST(it_comes_after_the_running_callbacks_of_all_members)
{	/* GROUP-16 */
	struct company company;
	struct gate gate = GATE_INIT;
	struct member idle = MEMBER_INIT, running = MEMBER_INIT;
	struct closer closer;
	PTP_WORK work;

	running.gate = &gate;
	company_open(&company, 1, note_cancelled);
	(void)member_work(&company, pass_work, &idle);
	work = member_work(&company, pass_work, &running);
	submit(work, 1);
	gate_await_waiting(&gate, 1);
	closer_start(&closer, &company, TRUE);
	await(has_waiter, work);
	ck_assert_uint_eq(tally_read(&idle.cancelled), 0);
	gate_open(&gate);
	join(closer.thread);
	ck_assert_uint_eq(tally_read(&idle.cancelled), 1);
	company_close(&company);
}
END_TEST

/* ---- What it may do ---- */

/* A post owns a parcel until its callback takes it; then that frees it. */
struct sender {
	pthread_mutex_t mutex;
	unsigned count;
	int *parcels[4];		/* guarded by mutex */
	struct gate gate;
	struct tally delivered;
};

static int *
take_parcel(struct sender *sender)
{
	int *parcel = NULL;

	pthread_mutex_lock(&sender->mutex);
	if (sender->count > 0)
		parcel = sender->parcels[--sender->count];
	pthread_mutex_unlock(&sender->mutex);
	return parcel;
}

static VOID CALLBACK
deliver(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct sender *sender = context;
	int *parcel = take_parcel(sender);

	(void)instance;
	(void)work;
	ck_assert_ptr_nonnull(parcel);
	tally_add(&sender->delivered);
	gate_wait(&sender->gate);
	free(parcel);
}

static VOID CALLBACK
take_back(PVOID context, PVOID cleanup)
{
	unsigned *returned = cleanup;
	int *parcel;

	while ((parcel = take_parcel(context)) != NULL) {
		free(parcel);
		++*returned;
	}
}

START_TEST(what_belongs_to_a_post_is_freed_by_one_of_the_two_callbacks)
{	/* GROUP-17 */
	struct sender sender = { .mutex = PTHREAD_MUTEX_INITIALIZER,
		.count = 4, .gate = GATE_INIT, .delivered = TALLY_INIT };
	struct company company;
	struct closer closer;
	unsigned returned = 0;
	PTP_WORK work;

	for (int i = 0; i < 4; i++) {
		sender.parcels[i] = malloc(sizeof(int));
		ck_assert_ptr_nonnull(sender.parcels[i]);
	}
	company_open(&company, 1, take_back);
	work = member_work(&company, deliver, &sender);
	submit(work, 4);
	gate_await_waiting(&sender.gate, 1);
	closer = (struct closer){ .group = company.group, .cancel = TRUE,
		.cleanup = &returned, .closed = TALLY_INIT };
	start(&closer.thread, close_members, &closer);
	await(has_waiter, work);
	gate_open(&sender.gate);
	join(closer.thread);
	ck_assert_uint_eq(tally_read(&sender.delivered), 1);
	ck_assert_uint_eq(returned, 3);
	company_close(&company);
}
END_TEST

struct partners {
	PTP_WORK other;
	unsigned told;
};

static VOID CALLBACK
close_the_other(PVOID context, PVOID cleanup)
{
	struct partners *partners = context;

	(void)cleanup;
	partners->told++;
	CloseThreadpoolWork(partners->other);
}

/* The one that it has closed is not open any more when its turn comes. */
START_TEST(it_may_close_another_member)
{	/* GROUP-10 */
	struct partners partners[2] = { { NULL, 0 }, { NULL, 0 } };
	struct company company;
	unsigned long before;

	company_open(&company, 1, close_the_other);
	before = live_allocations();
	for (int i = 0; i < 2; i++)
		partners[1 - i].other = member_work(&company, pass_work,
			&partners[i]);
	CloseThreadpoolCleanupGroupMembers(company.group, TRUE, NULL);
	ck_assert_uint_eq(partners[0].told + partners[1].told, 1);
	ck_assert_uint_eq(live_allocations(), before);
	company_close(&company);
}
END_TEST

struct founder {
	struct company company;
	struct member heir;
};

static VOID CALLBACK
leave_an_heir(PVOID context, PVOID cleanup)
{
	struct founder *founder = cleanup;

	if (context == founder)
		submit(member_work(&founder->company, pass_work,
			&founder->heir), 1);
	else
		tally_add(&founder->heir.cancelled);
}

START_TEST(what_it_creates_in_the_group_belongs_to_the_next_call)
{	/* GROUP-25, port-defined */
	struct founder founder = { .heir = MEMBER_INIT };

	company_open(&founder.company, 1, leave_an_heir);
	(void)member_work(&founder.company, pass_work, &founder);
	CloseThreadpoolCleanupGroupMembers(founder.company.group, TRUE,
		&founder);
	ck_assert_uint_eq(tally_read(&founder.heir.cancelled), 0);
	CloseThreadpoolCleanupGroupMembers(founder.company.group, FALSE,
		&founder);
	ck_assert_uint_eq(tally_read(&founder.heir.finished), 1);
	company_close(&founder.company);
}
END_TEST

/* ---- The suite ---- */

static void
add_whom(TCase *small)
{
	tcase_add_test(small,
		it_is_called_once_however_many_posts_were_queued);
	tcase_add_test(small,
		it_is_called_for_a_queued_callback_of_every_kind);
	tcase_add_test(small, it_is_called_for_members_with_nothing_queued);
	tcase_add_test(small, it_is_called_although_all_posts_have_run);
	tcase_add_test(small, it_is_never_called_if_nothing_is_cancelled);
	tcase_add_test(small,
		it_is_not_called_for_a_simple_callback_that_has_started);
	tcase_add_test(small,
		members_may_have_different_cancel_callbacks_or_none);
	tcase_add_test(small,
		it_is_called_for_each_of_many_members_in_whatever_order);
}

int
main(void)
{
	Suite *suite = suite_create("groups_cancel");
	TCase *small = harness_case(suite, "small");

	add_whom(small);
	tcase_add_test(small, it_is_given_both_contexts);
	tcase_add_test(small, it_runs_on_the_thread_that_closes_the_members);
	tcase_add_test(small,
		it_comes_after_the_running_callbacks_of_the_member);
	tcase_add_test(small,
		it_comes_after_the_running_callbacks_of_all_members);
	tcase_add_test(small,
		what_belongs_to_a_post_is_freed_by_one_of_the_two_callbacks);
	tcase_add_test(small, it_may_close_another_member);
	tcase_add_test(small,
		what_it_creates_in_the_group_belongs_to_the_next_call);
	return harness_run(suite);
}
