/* test_io_group.c - I/O objects as members of cleanup groups */
/* SPDX-License-Identifier: MIT */
/*
 * An I/O object that was made with a group is closed by it, with the others.
 * Without cancel the group waits for what was announced, however long that
 * takes, even if callbacks announce more; with cancel all announcements are
 * dropped, and the cancel callback is called once for the object. The
 * requests themselves are none of the group's business: whoever made them
 * cancels them, and leaves their memory alone until they have ended.
 */
#include "members.h"
#include "requests.h"

static VOID CALLBACK
pass_io(PTP_CALLBACK_INSTANCE instance, PVOID context, PVOID overlapped,
	ULONG error, ULONG_PTR bytes, PTP_IO io)
{
	(void)instance;
	(void)overlapped;
	(void)error;
	(void)bytes;
	(void)io;
	pass(context);
}

static PTP_IO
member_io(struct company *company, HANDLE handle,
	PTP_WIN32_IO_CALLBACK callback, PVOID context)
{
	PTP_IO io = CreateThreadpoolIo(handle, callback, context,
		&company->private.environ);

	ck_assert_ptr_nonnull(io);
	return io;
}

/* ---- Membership ---- */

START_TEST(an_io_object_of_a_group_is_closed_by_it)
{	/* IO-22, GROUP-02 */
	struct member member = MEMBER_INIT;
	struct company company;
	unsigned long before;
	HANDLE ends[2];

	company_open(&company, 1, note_cancelled);
	open_pair(ends);
	before = live_allocations();
	(void)member_io(&company, ends[0], pass_io, &member);
	CloseThreadpoolCleanupGroupMembers(company.group, FALSE, NULL);
	await(is_freed, &before);
	ck_assert_uint_eq(tally_read(&member.cancelled), 0);
	company_close(&company);
	close_ends(ends);
}
END_TEST

START_TEST(an_io_object_that_was_closed_is_no_member_any_more)
{	/* IO-22, GROUP-03 */
	struct member member = MEMBER_INIT;
	struct company company;
	HANDLE ends[2];

	company_open(&company, 1, note_cancelled);
	open_pair(ends);
	CloseThreadpoolIo(member_io(&company, ends[0], pass_io, &member));
	CloseThreadpoolCleanupGroupMembers(company.group, TRUE, NULL);
	ck_assert_uint_eq(tally_read(&member.cancelled), 0);
	company_close(&company);
	close_ends(ends);
}
END_TEST

/* ---- Without cancel ---- */

START_TEST(without_cancel_the_group_waits_for_what_was_announced)
{	/* IO-22, GROUP-04, GROUP-05 */
	struct member member = MEMBER_INIT;
	struct request read = { .calls = 0 };
	struct company company;
	struct closer closer;
	HANDLE ends[2];
	PTP_IO io;

	company_open(&company, 1, note_cancelled);
	open_pair(ends);
	io = member_io(&company, ends[0], pass_io, &member);
	announce_read(io, ends[0], &read);
	closer_start(&closer, &company, FALSE);
	await(io_has_waiter, io);
	ck_assert_uint_eq(tally_read(&closer.closed), 0);
	ck_assert(!HasOverlappedIoCompleted(&read.overlapped));
	put_text(ends[1], "x");
	join(closer.thread);
	ck_assert_uint_eq(tally_read(&member.finished), 1);
	ck_assert_uint_eq(tally_read(&member.cancelled), 0);
	company_close(&company);
	close_ends(ends);
}
END_TEST

/* Announces another read, so many times. */
struct chain {
	struct request read;
	HANDLE handle;
	unsigned left;
	struct gate gate;
	struct tally calls;
};

#define CHAIN_INIT { .gate = GATE_INIT, .calls = TALLY_INIT }

static VOID CALLBACK
announce_again(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PVOID overlapped, ULONG error, ULONG_PTR bytes, PTP_IO io)
{
	struct chain *chain = context;

	(void)instance;
	(void)overlapped;
	(void)error;
	(void)bytes;
	gate_wait(&chain->gate);
	if (chain->left > 0) {
		chain->left--;
		announce_read(io, chain->handle, &chain->read);
	}
	tally_add(&chain->calls);
}

START_TEST(without_cancel_what_callbacks_announce_is_waited_for_too)
{	/* IO-22, GROUP-05 */
	struct chain chain = CHAIN_INIT;
	struct company company;
	struct closer closer;
	HANDLE ends[2];
	PTP_IO io;

	company_open(&company, 1, NULL);
	open_pair(ends);
	io = member_io(&company, ends[0], announce_again, &chain);
	chain.handle = ends[0];
	chain.left = 3;
	announce_read(io, ends[0], &chain.read);
	put_text(ends[1], "x");
	gate_await_waiting(&chain.gate, 1);
	closer_start(&closer, &company, FALSE);
	gate_open(&chain.gate);
	for (unsigned calls = 1; calls <= 3; calls++) {
		tally_await(&chain.calls, calls);
		ck_assert_uint_eq(tally_read(&closer.closed), 0);
		put_text(ends[1], "x");
	}
	join(closer.thread);
	ck_assert_uint_eq(tally_read(&chain.calls), 4);
	company_close(&company);
	close_ends(ends);
}
END_TEST

START_TEST(cancelling_the_requests_lets_the_group_close_in_order)
{	/* IO-18, IO-22 */
	struct member member = MEMBER_INIT;
	struct request reads[5] = { { .calls = 0 } };
	struct company company;
	HANDLE ends[2];
	PTP_IO io;

	company_open(&company, 2, note_cancelled);
	open_pair(ends);
	io = member_io(&company, ends[0], pass_io, &member);
	for (int i = 0; i < 5; i++)
		announce_read(io, ends[0], &reads[i]);
	ck_assert(CancelIoEx(ends[0], NULL));
	ck_assert(CloseHandle(ends[0]));
	CloseThreadpoolCleanupGroupMembers(company.group, FALSE, NULL);
	ck_assert_uint_eq(tally_read(&member.finished), 5);
	company_close(&company);
	ck_assert(CloseHandle(ends[1]));
}
END_TEST

/* ---- With cancel ---- */

START_TEST(with_cancel_the_callback_is_called_once_for_the_object)
{	/* IO-22, GROUP-10, GROUP-14, GROUP-15 */
	struct member member = MEMBER_INIT;
	struct request reads[2] = { { .calls = 0 } };
	struct company company;
	HANDLE ends[2];
	PTP_IO io;

	company_open(&company, 1, note_cancelled);
	open_pair(ends);
	io = member_io(&company, ends[0], pass_io, &member);
	announce_read(io, ends[0], &reads[0]);
	announce_read(io, ends[0], &reads[1]);
	StartThreadpoolIo(io);
	CloseThreadpoolCleanupGroupMembers(company.group, TRUE, &company);
	ck_assert_uint_eq(tally_read(&member.cancelled), 1);
	ck_assert_ptr_eq(member.cleanup, &company);
	ck_assert_uint_eq(member.thread, GetCurrentThreadId());
	ck_assert(!HasOverlappedIoCompleted(&reads[0].overlapped));
	put_text(ends[1], "x");
	assert_outcome(ends[0], &reads[0], NO_ERROR, 1);
	ck_assert(CancelIoEx(ends[0], NULL));
	assert_outcome(ends[0], &reads[1], ERROR_OPERATION_ABORTED, 0);
	ck_assert_uint_eq(tally_read(&member.started), 0);
	company_close(&company);
	close_ends(ends);
}
END_TEST

/* Work that is no member keeps the one thread of the pool. */
static VOID CALLBACK
stand(PTP_CALLBACK_INSTANCE instance, PVOID gate, PTP_WORK work)
{
	(void)instance;
	(void)work;
	gate_wait(gate);
}

static PTP_WORK
hold_company(struct company *company, struct gate *gate)
{
	TP_CALLBACK_ENVIRON environ;
	PTP_WORK holder;

	InitializeThreadpoolEnvironment(&environ);
	SetThreadpoolCallbackPool(&environ, company->private.pool);
	holder = CreateThreadpoolWork(stand, gate, &environ);
	ck_assert_ptr_nonnull(holder);
	SubmitThreadpoolWork(holder);
	gate_await_waiting(gate, 1);
	return holder;
}

START_TEST(with_cancel_members_of_every_kind_are_told_once_each)
{	/* IO-22, GROUP-02, GROUP-10 */
	struct member members[5] = { MEMBER_INIT, MEMBER_INIT, MEMBER_INIT,
		MEMBER_INIT, MEMBER_INIT };
	HANDLE ends[2], door = CreateEventA(NULL, TRUE, TRUE, NULL);
	struct request read = { .calls = 0 };
	struct gate gate = GATE_INIT;
	struct company company;
	PTP_WORK holder;

	company_open(&company, 1, note_cancelled);
	open_pair(ends);
	holder = hold_company(&company, &gate);
	submit(member_work(&company, pass_work, &members[0]), 3);
	set_ms(member_timer(&company, pass_timer, &members[1]), 0, 1);
	SetThreadpoolWait(member_wait(&company, pass_wait, &members[2]), door,
		NULL);
	member_simple(&company, pass_simple, &members[3]);
	announce_read(member_io(&company, ends[0], pass_io, &members[4]),
		ends[0], &read);
	put_text(ends[1], "x");
	assert_outcome(ends[0], &read, NO_ERROR, 1);	/* it is queued */
	CloseThreadpoolCleanupGroupMembers(company.group, TRUE, NULL);
	gate_open(&gate);
	WaitForThreadpoolWorkCallbacks(holder, FALSE);
	CloseThreadpoolWork(holder);
	for (int i = 0; i < 5; i++) {
		ck_assert_uint_eq(tally_read(&members[i].cancelled), 1);
		ck_assert_uint_eq(tally_read(&members[i].started), 0);
	}
	company_close(&company);
	close_ends(ends);
	CloseHandle(door);
}
END_TEST

START_TEST(without_cancel_members_of_every_kind_are_waited_for)
{	/* IO-22, GROUP-02, GROUP-05, GROUP-12 */
	struct member members[5] = { MEMBER_INIT, MEMBER_INIT, MEMBER_INIT,
		MEMBER_INIT, MEMBER_INIT };
	HANDLE ends[2], door = CreateEventA(NULL, TRUE, TRUE, NULL);
	struct request read = { .calls = 0 };
	struct company company;

	company_open(&company, 2, note_cancelled);
	open_pair(ends);
	submit(member_work(&company, pass_work, &members[0]), 1);
	set_ms(member_timer(&company, pass_timer, &members[1]), 0, 0);
	tally_await(&members[1].started, 1);
	SetThreadpoolWait(member_wait(&company, pass_wait, &members[2]), door,
		NULL);
	member_simple(&company, pass_simple, &members[3]);
	announce_read(member_io(&company, ends[0], pass_io, &members[4]),
		ends[0], &read);
	put_text(ends[1], "x");
	CloseThreadpoolCleanupGroupMembers(company.group, FALSE, NULL);
	for (int i = 0; i < 5; i++) {
		ck_assert_uint_eq(tally_read(&members[i].cancelled), 0);
		ck_assert_uint_eq(tally_read(&members[i].finished), 1);
	}
	company_close(&company);
	close_ends(ends);
	CloseHandle(door);
}
END_TEST

static bool
io_is_refusing(void *io)
{
	struct tp_object *object = io;
	bool refusing;

	tp_lock(&object->pool->lock);
	refusing = object->refusing;
	tp_unlock(&object->pool->lock);
	return refusing;
}

START_TEST(with_cancel_what_a_callback_announces_meanwhile_is_dropped)
{	/* IO-22, GROUP-25, port-defined: the request goes on unannounced */
	struct chain chain = CHAIN_INIT;
	struct company company;
	struct closer closer;
	HANDLE ends[2];
	PTP_IO io;

	company_open(&company, 1, NULL);
	open_pair(ends);
	io = member_io(&company, ends[0], announce_again, &chain);
	chain.handle = ends[0];
	chain.left = 3;
	announce_read(io, ends[0], &chain.read);
	put_text(ends[1], "x");
	gate_await_waiting(&chain.gate, 1);
	closer_start(&closer, &company, TRUE);
	await(io_is_refusing, io);
	gate_open(&chain.gate);
	join(closer.thread);
	ck_assert_uint_eq(tally_read(&chain.calls), 1);
	ck_assert(!HasOverlappedIoCompleted(&chain.read.overlapped));
	put_text(ends[1], "y");
	assert_outcome(ends[0], &chain.read, NO_ERROR, 1);
	ck_assert_uint_eq(tally_read(&chain.calls), 1);
	company_close(&company);
	close_ends(ends);
}
END_TEST

static VOID CALLBACK
cancel_refused(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PVOID overlapped, ULONG error, ULONG_PTR bytes, PTP_IO io)
{
	struct chain *chain = context;
	OVERLAPPED *again = overlapped;

	(void)instance;
	(void)error;
	(void)bytes;
	gate_wait(&chain->gate);
	StartThreadpoolIo(io);
	if (!ReadFile(chain->handle, NULL, 1, NULL, again))
		CancelThreadpoolIo(io);
	tally_add(&chain->calls);
}

START_TEST(with_cancel_an_announcement_can_still_be_taken_back)
{	/* IO-05, IO-22, GROUP-25, port-defined */
	struct chain chain = CHAIN_INIT;
	struct company company;
	struct closer closer;
	HANDLE ends[2];
	PTP_IO io;

	company_open(&company, 1, NULL);
	open_pair(ends);
	io = member_io(&company, ends[0], cancel_refused, &chain);
	chain.handle = ends[0];
	announce_read(io, ends[0], &chain.read);
	put_text(ends[1], "x");
	gate_await_waiting(&chain.gate, 1);
	closer_start(&closer, &company, TRUE);
	await(io_is_refusing, io);
	gate_open(&chain.gate);
	join(closer.thread);
	ck_assert_uint_eq(tally_read(&chain.calls), 1);
	company_close(&company);
	close_ends(ends);
}
END_TEST

static VOID CALLBACK
close_oneself(PTP_CALLBACK_INSTANCE instance, PVOID context, PVOID overlapped,
	ULONG error, ULONG_PTR bytes, PTP_IO io)
{
	(void)instance;
	(void)overlapped;
	(void)error;
	(void)bytes;
	pass(context);
	CloseThreadpoolIo(io);
}

START_TEST(a_callback_may_close_its_member_while_the_group_waits)
{	/* IO-22, GROUP-13, GROUP-23 */
	struct member member = MEMBER_INIT;
	struct request read = { .calls = 0 };
	struct gate gate = GATE_INIT;
	struct company company;
	struct closer closer;
	HANDLE ends[2];
	PTP_IO io;

	company_open(&company, 1, note_cancelled);
	open_pair(ends);
	member.gate = &gate;
	io = member_io(&company, ends[0], close_oneself, &member);
	announce_read(io, ends[0], &read);
	put_text(ends[1], "x");
	gate_await_waiting(&gate, 1);
	closer_start(&closer, &company, TRUE);
	await(io_is_refusing, io);
	gate_open(&gate);
	join(closer.thread);
	ck_assert_uint_eq(tally_read(&member.finished), 1);
	ck_assert_uint_eq(tally_read(&member.cancelled), 0);
	company_close(&company);
	close_ends(ends);
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("io_group");
	TCase *small = io_case(suite, "small");

	tcase_add_test(small, an_io_object_of_a_group_is_closed_by_it);
	tcase_add_test(small,
		an_io_object_that_was_closed_is_no_member_any_more);
	tcase_add_test(small,
		without_cancel_the_group_waits_for_what_was_announced);
	tcase_add_test(small,
		without_cancel_what_callbacks_announce_is_waited_for_too);
	tcase_add_test(small,
		cancelling_the_requests_lets_the_group_close_in_order);
	tcase_add_test(small,
		with_cancel_the_callback_is_called_once_for_the_object);
	tcase_add_test(small,
		with_cancel_members_of_every_kind_are_told_once_each);
	tcase_add_test(small,
		without_cancel_members_of_every_kind_are_waited_for);
	tcase_add_test(small,
		with_cancel_what_a_callback_announces_meanwhile_is_dropped);
	tcase_add_test(small,
		with_cancel_an_announcement_can_still_be_taken_back);
	tcase_add_test(small,
		a_callback_may_close_its_member_while_the_group_waits);
	return harness_run(suite);
}
