/* SPDX-License-Identifier: MIT */
/*
 * test_groups.c - what closing the members of a cleanup group waits for
 *
 * Who is a member, which callbacks still run when the members are closed,
 * and what is over when the call returns. test_groups_cancel.c has what the
 * cancel callback is told, test_groups_misuse.c what is reported, and
 * test_scenario_groups.c the races.
 *
 * A company (members.h) of one thread whose thread stands at a gate keeps
 * everything in the queue. That the call does not return too early is seen
 * by what it finds on return: all that it had to wait for has finished.
 */
#include "members.h"

/* ---- Who is a member ---- */

START_TEST(an_object_of_an_environment_with_a_group_is_its_member)
{	/* GROUP-01, GROUP-07 */
	struct company company;
	struct member member = MEMBER_INIT;
	unsigned long before;

	company_open(&company, 1, NULL);
	before = live_allocations();
	(void)member_work(&company, pass_work, &member);
	ck_assert_uint_eq(live_allocations(), before + 1);
	CloseThreadpoolCleanupGroupMembers(company.group, FALSE, NULL);
	ck_assert_uint_eq(live_allocations(), before);
	company_close(&company);
}
END_TEST

START_TEST(an_object_that_is_closed_by_hand_leaves_its_group)
{	/* GROUP-03 */
	struct company company;
	struct member closed = MEMBER_INIT, left = MEMBER_INIT;
	unsigned long before;
	PTP_WORK work;

	company_open(&company, 1, note_cancelled);
	before = live_allocations();
	work = member_work(&company, pass_work, &closed);
	(void)member_work(&company, pass_work, &left);
	CloseThreadpoolWork(work);
	ck_assert_uint_eq(live_allocations(), before + 1);
	CloseThreadpoolCleanupGroupMembers(company.group, TRUE, NULL);
	ck_assert_uint_eq(live_allocations(), before);
	ck_assert_uint_eq(tally_read(&closed.cancelled), 0);
	ck_assert_uint_eq(tally_read(&left.cancelled), 1);
	company_close(&company);
}
END_TEST

START_TEST(a_null_group_frees_the_environment_from_any)
{	/* GROUP-29 */
	struct company company;
	struct member member = MEMBER_INIT;
	PTP_WORK work;

	company_open(&company, 1, note_cancelled);
	SetThreadpoolCallbackCleanupGroup(&company.private.environ, NULL,
		NULL);
	work = member_work(&company, pass_work, &member);
	CloseThreadpoolCleanupGroupMembers(company.group, TRUE, NULL);
	ck_assert_uint_eq(tally_read(&member.cancelled), 0);
	SubmitThreadpoolWork(work);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	ck_assert_uint_eq(tally_read(&member.finished), 1);
	CloseThreadpoolWork(work);
	company_close(&company);
}
END_TEST

START_TEST(an_empty_group_is_closed_at_once)
{	/* GROUP-09 */
	struct company company;
	struct member member = MEMBER_INIT;

	company_open(&company, 1, note_cancelled);
	CloseThreadpoolCleanupGroupMembers(company.group, TRUE, NULL);
	CloseThreadpoolCleanupGroupMembers(company.group, FALSE, NULL);
	CloseThreadpoolWork(member_work(&company, pass_work, &member));
	CloseThreadpoolCleanupGroupMembers(company.group, TRUE, NULL);
	ck_assert_uint_eq(tally_read(&member.cancelled), 0);
	company_close(&company);
}
END_TEST

START_TEST(a_group_takes_new_members_when_the_old_ones_are_closed)
{	/* GROUP-08 */
	struct company company;

	company_open(&company, 1, note_cancelled);
	for (int generation = 0; generation < 3; generation++) {
		struct member first = MEMBER_INIT, second = MEMBER_INIT;

		submit(member_work(&company, pass_work, &first), 1);
		member_simple(&company, pass_simple, &second);
		CloseThreadpoolCleanupGroupMembers(company.group, FALSE,
			NULL);
		ck_assert_uint_eq(tally_read(&first.finished), 1);
		ck_assert_uint_eq(tally_read(&second.finished), 1);
	}
	company_close(&company);
}
END_TEST

START_TEST(members_may_belong_to_several_pools)
{	/* GROUP-19 */
	struct company company;
	struct private_pool other;
	struct member here = MEMBER_INIT, there = MEMBER_INIT;
	struct member idle = MEMBER_INIT;
	unsigned long before;
	PTP_WORK work;

	company_open(&company, 1, note_cancelled);
	private_pool_open(&other, 1, 1);
	SetThreadpoolCallbackCleanupGroup(&other.environ, company.group,
		note_cancelled);
	before = live_allocations();
	submit(member_work(&company, pass_work, &here), 1);
	work = CreateThreadpoolWork(pass_work, &there, &other.environ);
	ck_assert_ptr_nonnull(work);
	submit(work, 1);
	ck_assert_ptr_nonnull(CreateThreadpoolWork(pass_work, &idle,
		&other.environ));
	CloseThreadpoolCleanupGroupMembers(company.group, FALSE, NULL);
	ck_assert_uint_eq(tally_read(&here.finished), 1);
	ck_assert_uint_eq(tally_read(&there.finished), 1);
	ck_assert_uint_eq(live_allocations(), before);
	private_pool_close(&other);
	company_close(&company);
}
END_TEST

/* An environment without a pool: members in the default pool. */
START_TEST(members_may_belong_to_the_default_pool)
{	/* GROUP-01, POOL-27 */
	PTP_CLEANUP_GROUP group = CreateThreadpoolCleanupGroup();
	struct member member = MEMBER_INIT;
	TP_CALLBACK_ENVIRON environ;
	PTP_WORK work;

	ck_assert_ptr_nonnull(group);
	InitializeThreadpoolEnvironment(&environ);
	SetThreadpoolCallbackCleanupGroup(&environ, group, NULL);
	work = CreateThreadpoolWork(pass_work, &member, &environ);
	ck_assert_ptr_nonnull(work);
	submit(work, 3);
	CloseThreadpoolCleanupGroupMembers(group, FALSE, NULL);
	ck_assert_uint_eq(tally_read(&member.finished), 3);
	CloseThreadpoolCleanupGroup(group);
	DestroyThreadpoolEnvironment(&environ);
}
END_TEST

static bool
has_ticked(void *member)
{
	return tally_read(&((struct member *)member)->finished) >= 1;
}

START_TEST(closing_the_members_of_one_group_leaves_others_alone)
{	/* GROUP-30 */
	struct company company, other;
	struct member mine = MEMBER_INIT, theirs = MEMBER_INIT;
	PTP_TIMER timer;

	not_on_a_slow_machine();
	company_open(&company, 1, note_cancelled);
	company_open(&other, 1, note_cancelled);
	set_ms(member_timer(&company, pass_timer, &mine), DAY_MS, 0);
	timer = member_timer(&other, pass_timer, &theirs);
	set_ms(timer, 1, 1);
	CloseThreadpoolCleanupGroupMembers(company.group, TRUE, NULL);
	ck_assert_uint_eq(tally_read(&mine.cancelled), 1);
	ck_assert_uint_eq(tally_read(&theirs.cancelled), 0);
	SetThreadpoolTimer(timer, NULL, 0, 0);
	WaitForThreadpoolTimerCallbacks(timer, TRUE);
	theirs.finished.count = 0;
	set_ms(timer, 1, 1);
	await(has_ticked, &theirs);
	CloseThreadpoolCleanupGroupMembers(other.group, TRUE, NULL);
	company_close(&other);
	company_close(&company);
}
END_TEST

START_TEST(closing_members_waits_for_no_other_object_of_their_pool)
{	/* GROUP-05 */
	struct company company;
	struct gate gate = GATE_INIT;
	struct member member = MEMBER_INIT, outsider = MEMBER_INIT;
	TP_CALLBACK_ENVIRON environ;
	PTP_WORK work;

	outsider.gate = &gate;
	company_open(&company, 2, NULL);
	environ = company.private.environ;
	SetThreadpoolCallbackCleanupGroup(&environ, NULL, NULL);
	work = CreateThreadpoolWork(pass_work, &outsider, &environ);
	ck_assert_ptr_nonnull(work);
	submit(work, 1);
	gate_await_waiting(&gate, 1);
	submit(member_work(&company, pass_work, &member), 3);
	CloseThreadpoolCleanupGroupMembers(company.group, FALSE, NULL);
	ck_assert_uint_eq(tally_read(&member.finished), 3);
	ck_assert_uint_eq(tally_read(&outsider.finished), 0);
	gate_open(&gate);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	CloseThreadpoolWork(work);
	company_close(&company);
}
END_TEST

/* ---- What runs, and what is waited for ---- */

START_TEST(queued_callbacks_run_before_it_returns_if_not_cancelled)
{	/* GROUP-05 */
	struct company company;
	struct gate gate = GATE_INIT;
	struct member member = MEMBER_INIT;
	struct closer closer;
	PTP_WORK work;

	member.gate = &gate;
	company_open(&company, 1, note_cancelled);
	work = member_work(&company, pass_work, &member);
	submit(work, 5);
	gate_await_waiting(&gate, 1);
	closer_start(&closer, &company, FALSE);
	await(has_waiter, work);
	gate_open(&gate);
	join(closer.thread);
	ck_assert_uint_eq(tally_read(&member.finished), 5);
	company_close(&company);
}
END_TEST

START_TEST(queued_callbacks_are_dropped_if_cancelled)
{	/* GROUP-06 */
	struct company company;
	struct gate gate = GATE_INIT;
	struct member member = MEMBER_INIT;
	struct closer closer;
	PTP_WORK work;

	member.gate = &gate;
	company_open(&company, 1, note_cancelled);
	work = member_work(&company, pass_work, &member);
	submit(work, 5);
	gate_await_waiting(&gate, 1);
	closer_start(&closer, &company, TRUE);
	await(has_waiter, work);
	gate_open(&gate);
	join(closer.thread);
	ck_assert_uint_eq(tally_read(&member.started), 1);
	ck_assert_uint_eq(tally_read(&member.finished), 1);
	company_close(&company);
}
END_TEST

/* One of each kind runs, and each has a gate of its own. */
struct four {
	struct gate gates[4];
	struct member members[4];
	struct company company;
	HANDLE event;
};

static void
four_start(struct four *four)
{
	PTP_WAIT wait;

	for (int i = 0; i < 4; i++) {
		four->gates[i] = (struct gate)GATE_INIT;
		four->members[i] = (struct member)MEMBER_INIT;
		four->members[i].gate = &four->gates[i];
	}
	company_open(&four->company, 4, note_cancelled);
	four->event = CreateEventA(NULL, FALSE, TRUE, NULL);
	ck_assert_ptr_nonnull(four->event);
	submit(member_work(&four->company, pass_work, &four->members[0]), 1);
	set_ms(member_timer(&four->company, pass_timer, &four->members[1]),
		0, 0);
	wait = member_wait(&four->company, pass_wait, &four->members[2]);
	SetThreadpoolWait(wait, four->event, NULL);
	member_simple(&four->company, pass_simple, &four->members[3]);
	for (int i = 0; i < 4; i++)
		gate_await_waiting(&four->gates[i], 1);
}

/* Whichever finishes last, the call has waited for it. */
static void
close_four(BOOL cancel, int last)
{
	struct closer closer;
	struct four four;

	four_start(&four);
	closer_start(&closer, &four.company, cancel);
	for (int i = 0; i < 4; i++)
		if (i != last)
			gate_open(&four.gates[i]);
	for (int i = 0; i < 4; i++)
		if (i != last)
			tally_await(&four.members[i].finished, 1);
	ck_assert_uint_eq(tally_read(&closer.closed), 0);
	gate_open(&four.gates[last]);
	join(closer.thread);
	for (int i = 0; i < 4; i++)
		ck_assert_uint_eq(tally_read(&four.members[i].finished), 1);
	company_close(&four.company);
	CloseHandle(four.event);
}

START_TEST(running_callbacks_of_every_kind_are_waited_for)
{	/* GROUP-04, WORK-23 */
	for (int last = 0; last < 4; last++)
		close_four(FALSE, last);
}
END_TEST

START_TEST(those_that_run_are_waited_for_if_others_are_cancelled)
{	/* GROUP-04, WORK-23 */
	for (int last = 0; last < 4; last++)
		close_four(TRUE, last);
}
END_TEST

/* The group waits for those who have left, and object waits do not. */
static VOID CALLBACK
leave_and_pass(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)work;
	DisassociateCurrentThreadFromCallback(instance);
	pass(context);
}

static VOID CALLBACK
leave_and_pass_simply(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	DisassociateCurrentThreadFromCallback(instance);
	pass(context);
}

START_TEST(disassociated_callbacks_are_waited_for)
{	/* GROUP-22, INST-22 */
	struct company company;
	struct gate gates[2] = { GATE_INIT, GATE_INIT };
	struct member work = MEMBER_INIT, simple = MEMBER_INIT;
	struct closer closer;
	PTP_WORK object;

	work.gate = &gates[0];
	simple.gate = &gates[1];
	company_open(&company, 2, note_cancelled);
	object = member_work(&company, leave_and_pass, &work);
	submit(object, 1);
	member_simple(&company, leave_and_pass_simply, &simple);
	gate_await_waiting(&gates[0], 1);
	gate_await_waiting(&gates[1], 1);
	WaitForThreadpoolWorkCallbacks(object, FALSE);
	ck_assert_uint_eq(tally_read(&work.finished), 0);
	closer_start(&closer, &company, TRUE);
	await(has_waiter, object);
	gate_open(&gates[0]);
	tally_await(&work.finished, 1);
	ck_assert_uint_eq(tally_read(&closer.closed), 0);
	gate_open(&gates[1]);
	join(closer.thread);
	ck_assert_uint_eq(tally_read(&work.finished), 1);
	ck_assert_uint_eq(tally_read(&simple.finished), 1);
	company_close(&company);
}
END_TEST

/* ---- What is over ---- */

/*
 * Each of them is due all the time. Their contexts are gone when the call
 * returns, and what would still come to them is given time to come.
 */
static void
close_while_they_tick(BOOL cancel)
{
	enum { TIMERS = 20 };
	struct company company;
	struct member *members = calloc(TIMERS, sizeof(*members));
	struct member later = MEMBER_INIT;
	PTP_TIMER last;

	ck_assert_ptr_nonnull(members);
	company_open(&company, 2, note_cancelled);
	for (int i = 0; i < TIMERS; i++) {
		members[i] = (struct member)MEMBER_INIT;
		set_ms(member_timer(&company, pass_timer, &members[i]), 1, 1);
	}
	tally_await(&members[TIMERS - 1].finished, 1);
	CloseThreadpoolCleanupGroupMembers(company.group, cancel, NULL);
	free(members);
	last = member_timer(&company, pass_timer, &later);
	set_ms(last, 5, 0);		/* after all that was due before */
	tally_await(&later.finished, 1);
	CloseThreadpoolCleanupGroupMembers(company.group, cancel, NULL);
	company_close(&company);
}

START_TEST(no_timer_of_the_group_fires_when_its_members_are_closed)
{	/* GROUP-21 */
	not_on_a_slow_machine();
	close_while_they_tick(TRUE);
	close_while_they_tick(FALSE);
}
END_TEST

START_TEST(a_wait_of_the_group_takes_no_signal_when_it_is_closed)
{	/* GROUP-21 */
	HANDLE event = CreateEventA(NULL, FALSE, FALSE, NULL);
	struct company company;
	struct member member = MEMBER_INIT;

	ck_assert_ptr_nonnull(event);
	company_open(&company, 1, note_cancelled);
	for (int cancel = 0; cancel < 2; cancel++) {
		SetThreadpoolWait(member_wait(&company, pass_wait, &member),
			event, NULL);
		CloseThreadpoolCleanupGroupMembers(company.group, cancel,
			NULL);
		SetEvent(event);
		ck_assert_uint_eq(WaitForSingleObject(event, 0),
			WAIT_OBJECT_0);
	}
	ck_assert_uint_eq(tally_read(&member.started), 0);
	company_close(&company);
	CloseHandle(event);
}
END_TEST

/* ---- What callbacks do meanwhile ---- */

struct two_works {
	struct member member;
	PTP_WORK other;
	struct gate *gate;
};

static VOID CALLBACK
post_the_other(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct two_works *two = context;

	(void)instance;
	(void)work;
	gate_wait(two->gate);
	SubmitThreadpoolWork(two->other);
	tally_add(&two->member.finished);
}

/* first_made is waited for first, and then the other one posts it. */
static unsigned long
posts_of_a_callback_that_run(BOOL cancel)
{
	struct company company;
	struct gate gate = GATE_INIT;
	struct member posted = MEMBER_INIT;
	struct two_works two = { .member = MEMBER_INIT, .gate = &gate };
	struct closer closer;
	PTP_WORK poster;

	company_open(&company, 1, note_cancelled);
	two.other = member_work(&company, pass_work, &posted);
	poster = member_work(&company, post_the_other, &two);
	submit(poster, 1);
	gate_await_waiting(&gate, 1);
	closer_start(&closer, &company, cancel);
	await(has_waiter, poster);
	gate_open(&gate);
	join(closer.thread);
	ck_assert_uint_eq(tally_read(&two.member.finished), 1);
	ck_assert_uint_eq(tally_read(&posted.cancelled), cancel ? 1 : 0);
	company_close(&company);
	return tally_read(&posted.finished);
}

START_TEST(what_a_callback_posts_meanwhile_is_waited_for)
{	/* GROUP-05 */
	ck_assert_uint_eq(posts_of_a_callback_that_run(FALSE), 1);
}
END_TEST

START_TEST(what_a_callback_posts_meanwhile_is_dropped_if_cancelled)
{	/* GROUP-06 */
	ck_assert_uint_eq(posts_of_a_callback_that_run(TRUE), 0);
}
END_TEST

static VOID CALLBACK
close_this_work(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	pass(context);
	CloseThreadpoolWork(work);
}

static VOID CALLBACK
close_this_timer(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_TIMER timer)
{
	(void)instance;
	pass(context);
	CloseThreadpoolTimer(timer);
}

static VOID CALLBACK
close_this_wait(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	(void)instance;
	(void)result;
	pass(context);
	CloseThreadpoolWait(wait);
}

/* Nobody is told of what its own callback has closed. */
static void
close_those_that_close_themselves(BOOL cancel)
{
	HANDLE event = CreateEventA(NULL, FALSE, TRUE, NULL);
	struct gate gate = GATE_INIT;
	struct member members[3];
	struct company company;
	struct closer closer;
	PTP_WORK work;

	ck_assert_ptr_nonnull(event);
	for (int i = 0; i < 3; i++) {
		members[i] = (struct member)MEMBER_INIT;
		members[i].gate = &gate;
	}
	company_open(&company, 3, note_cancelled);
	work = member_work(&company, close_this_work, &members[0]);
	submit(work, 1);
	set_ms(member_timer(&company, close_this_timer, &members[1]), 0, 0);
	SetThreadpoolWait(member_wait(&company, close_this_wait,
		&members[2]), event, NULL);
	gate_await_waiting(&gate, 3);
	closer_start(&closer, &company, cancel);
	await(has_waiter, work);
	gate_open(&gate);
	join(closer.thread);
	for (int i = 0; i < 3; i++) {
		ck_assert_uint_eq(tally_read(&members[i].finished), 1);
		ck_assert_uint_eq(tally_read(&members[i].cancelled), 0);
	}
	company_close(&company);
	CloseHandle(event);
}

START_TEST(callbacks_may_close_their_own_objects_meanwhile)
{	/* GROUP-13, GROUP-23 */
	close_those_that_close_themselves(FALSE);
	close_those_that_close_themselves(TRUE);
}
END_TEST

/* ---- Who calls it, and when ---- */

static VOID CALLBACK
close_other_members(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	(void)instance;
	(void)work;
	CloseThreadpoolCleanupGroupMembers(context, FALSE, NULL);
}

/* On a worker, and not in a callback of the group's. */
START_TEST(a_callback_may_close_the_members_of_another_group)
{	/* GROUP-24 */
	struct company company;
	struct private_pool elsewhere;
	struct member member = MEMBER_INIT;
	PTP_WORK work;

	company_open(&company, 1, NULL);
	private_pool_open(&elsewhere, 1, 1);
	submit(member_work(&company, pass_work, &member), 3);
	work = CreateThreadpoolWork(close_other_members, company.group,
		&elsewhere.environ);
	ck_assert_ptr_nonnull(work);
	submit(work, 1);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	ck_assert_uint_eq(tally_read(&member.finished), 3);
	CloseThreadpoolWork(work);
	private_pool_close(&elsewhere);
	company_close(&company);
}
END_TEST

static bool
has_two_waiters(void *work)
{
	struct tp_object *object = work;
	bool found;

	tp_lock(&object->pool->lock);
	found = object->waiters.next != object->waiters.prev;
	tp_unlock(&object->pool->lock);
	return found;
}

/* Whoever of the two comes last frees it. */
START_TEST(a_thread_may_wait_for_a_member_until_it_is_closed)
{	/* GROUP-04, WORK-18 */
	struct company company;
	struct gate gate = GATE_INIT;
	struct member member = MEMBER_INIT;
	struct waiter waiter = { .finished = &member.finished };
	struct closer closer;

	member.gate = &gate;
	company_open(&company, 1, note_cancelled);
	waiter.work = member_work(&company, pass_work, &member);
	submit(waiter.work, 1);
	gate_await_waiting(&gate, 1);
	start(&waiter.thread, wait_for_work, &waiter);
	await(has_waiter, waiter.work);
	closer_start(&closer, &company, FALSE);
	await(has_two_waiters, waiter.work);
	gate_open(&gate);
	join(closer.thread);
	CloseThreadpoolCleanupGroup(company.group);
	join(waiter.thread);
	ck_assert_uint_eq(waiter.seen, 1);
	private_pool_close(&company.private);
}
END_TEST

/* Its members are the last objects of the pool. */
START_TEST(the_pool_may_be_closed_before_the_members)
{	/* POOL-20 */
	struct company company;
	struct member member = MEMBER_INIT;

	company_open(&company, 2, note_cancelled);
	submit(member_work(&company, pass_work, &member), 5);
	private_pool_close(&company.private);
	CloseThreadpoolCleanupGroupMembers(company.group, FALSE, NULL);
	ck_assert_uint_eq(tally_read(&member.finished), 5);
	CloseThreadpoolCleanupGroup(company.group);
}
END_TEST

START_TEST(members_group_environment_pool_is_the_order_leaving_nothing)
{	/* GROUP-27 */
	struct company company;
	struct member members[3] = { MEMBER_INIT, MEMBER_INIT, MEMBER_INIT };

	not_on_a_slow_machine();
	company_open(&company, 2, note_cancelled);
	submit(member_work(&company, pass_work, &members[0]), 10);
	set_ms(member_timer(&company, pass_timer, &members[1]), 1, 1);
	member_simple(&company, pass_simple, &members[2]);
	CloseThreadpoolCleanupGroupMembers(company.group, TRUE, NULL);
	CloseThreadpoolCleanupGroup(company.group);
	DestroyThreadpoolEnvironment(&company.private.environ);
	CloseThreadpool(company.private.pool);
}
END_TEST

START_TEST(a_group_that_cannot_be_made_is_an_error)
{	/* GROUP-01 */
	fail_allocation_number(1);
	ck_assert_ptr_null(CreateThreadpoolCleanupGroup());
	ck_assert_uint_eq(GetLastError(), ERROR_NOT_ENOUGH_MEMORY);
}
END_TEST

/* ---- The suite ---- */

static void
add_members(TCase *small)
{
	tcase_add_test(small,
		an_object_of_an_environment_with_a_group_is_its_member);
	tcase_add_test(small,
		an_object_that_is_closed_by_hand_leaves_its_group);
	tcase_add_test(small, a_null_group_frees_the_environment_from_any);
	tcase_add_test(small, an_empty_group_is_closed_at_once);
	tcase_add_test(small,
		a_group_takes_new_members_when_the_old_ones_are_closed);
	tcase_add_test(small, members_may_belong_to_several_pools);
	tcase_add_test(small, members_may_belong_to_the_default_pool);
	tcase_add_test(small,
		closing_the_members_of_one_group_leaves_others_alone);
	tcase_add_test(small,
		closing_members_waits_for_no_other_object_of_their_pool);
	tcase_add_test(small, a_group_that_cannot_be_made_is_an_error);
}

int
main(void)
{
	Suite *suite = suite_create("groups");
	TCase *small = harness_case(suite, "small");

	add_members(small);
	tcase_add_test(small,
		queued_callbacks_run_before_it_returns_if_not_cancelled);
	tcase_add_test(small, queued_callbacks_are_dropped_if_cancelled);
	tcase_add_test(small, running_callbacks_of_every_kind_are_waited_for);
	tcase_add_test(small,
		those_that_run_are_waited_for_if_others_are_cancelled);
	tcase_add_test(small, disassociated_callbacks_are_waited_for);
	tcase_add_test(small,
		no_timer_of_the_group_fires_when_its_members_are_closed);
	tcase_add_test(small,
		a_wait_of_the_group_takes_no_signal_when_it_is_closed);
	tcase_add_test(small, what_a_callback_posts_meanwhile_is_waited_for);
	tcase_add_test(small,
		what_a_callback_posts_meanwhile_is_dropped_if_cancelled);
	tcase_add_test(small,
		callbacks_may_close_their_own_objects_meanwhile);
	tcase_add_test(small,
		a_callback_may_close_the_members_of_another_group);
	tcase_add_test(small,
		a_thread_may_wait_for_a_member_until_it_is_closed);
	tcase_add_test(small, the_pool_may_be_closed_before_the_members);
	tcase_add_test(small,
		members_group_environment_pool_is_the_order_leaving_nothing);
	return harness_run(suite);
}
