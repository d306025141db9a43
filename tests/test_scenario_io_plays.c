/* SPDX-License-Identifier: MIT */
/*
 * test_scenario_io_plays.c - requests among much else
 *
 * An I/O object whose callback reads on is a member of a cleanup group, with
 * others that feed it, when the members are closed. And plays: two threads
 * make moves that were drawn from a number, in every order; whatever they
 * do, each request that was announced ends once, and each byte is read once.
 */
#include "timing.h"
#include "wire.h"

/* ---- Members of a cleanup group ---- */

/* An echo: its callback reads on until it is to stop. Others feed it. */
struct echo {
	struct wire wire;
	struct order order;
	PTP_CLEANUP_GROUP group;
	PTP_WORK work;
	PTP_TIMER timer;
	PTP_WAIT wait;
	HANDLE event;
	LONG volatile stop;
	int reads, fed;			/* the callbacks': only the pool
					   orders them */
};

static VOID CALLBACK
echo(PTP_CALLBACK_INSTANCE instance, PVOID context, PVOID overlapped,
	ULONG error, ULONG_PTR moved, PTP_IO io)
{
	struct echo *site = context;
	struct order *order = overlapped;

	(void)instance;
	ck_assert_int_eq(count_of(&site->wire.over), 0);
	site->reads++;
	if (error != NO_ERROR) {
		tolerate_io(error);
		return;
	}
	ck_assert_uint_eq(moved, 1);
	if (count_of(&site->stop) != 0)
		return;
	StartThreadpoolIo(io);
	(void)was_accepted(order, ReadFile(site->wire.end, order->bytes, 1,
		NULL, &order->overlapped));
}

/* One thread: so these do not run at the same time. */
static void
feed(struct echo *site)
{
	ck_assert_int_eq(count_of(&site->wire.over), 0);
	site->fed++;
	put_text(&site->wire, "f");
}

static VOID CALLBACK
feed_by_work(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)work;
	feed(context);
}

static VOID CALLBACK
feed_by_timer(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	(void)instance;
	(void)timer;
	feed(context);
}

static VOID CALLBACK
feed_by_wait(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	(void)instance;
	(void)wait;
	(void)result;
	feed(context);
}

/* The four members; false: not all of them could be made. */
static bool
try_members(struct echo *site)
{
	PTP_CALLBACK_ENVIRON environ = &site->wire.private.environ;

	SetThreadpoolCallbackCleanupGroup(environ, site->group, NULL);
	site->wire.io = CreateThreadpoolIo(site->wire.end, echo, site,
		environ);
	site->work = CreateThreadpoolWork(feed_by_work, site, environ);
	site->timer = CreateThreadpoolTimer(feed_by_timer, site, environ);
	site->wait = CreateThreadpoolWait(feed_by_wait, site, environ);
	return site->wire.io != NULL && site->work != NULL &&
		site->timer != NULL && site->wait != NULL;
}

static bool
try_echo(struct echo *site)
{
	*site = (struct echo){ .event = try_event(AUTO) };
	if (site->event == NULL)
		return false;
	open_ends(&site->wire, false, false);
	if (!try_end(&site->wire)) {
		ck_assert(CloseHandle(site->event));
		return false;
	}
	site->group = CreateThreadpoolCleanupGroup();
	if (made(site->group) && try_members(site))
		return true;
	tolerate(ERROR_NOT_ENOUGH_MEMORY);
	if (site->group != NULL) {
		CloseThreadpoolCleanupGroupMembers(site->group, FALSE, NULL);
		CloseThreadpoolCleanupGroup(site->group);
	}
	give_back(&site->wire);
	ck_assert(CloseHandle(site->event));
	return false;
}

/* All four have something to do. */
static void
begin_echo(struct echo *site)
{
	(void)try_read(&site->wire, &site->order, 1);
	SetThreadpoolWait(site->wait, site->event, NULL);
	set_ms(site->timer, 0, 0);
	SubmitThreadpoolWork(site->work);
}

/* The members are closed: nothing of them runs any more. */
static void
end_echo(struct echo *site)
{
	DWORD moved;

	InterlockedIncrement(&site->wire.over);
	ck_assert_int_le(site->fed, 3);
	ck_assert_int_le(site->reads, 4);
	(void)CancelIoEx(site->wire.end, NULL);
	(void)GetOverlappedResult(site->wire.end, &site->order.overlapped,
		&moved, TRUE);
	CloseThreadpoolCleanupGroup(site->group);
	give_back(&site->wire);
	ck_assert(CloseHandle(site->event));
}

/* discard of io.c, tp_object_shut: no callback comes after the members. */
START_TEST(members_are_cancelled_while_a_callback_reads_on)
{	/* IO-14, IO-22, GROUP-10 */
	struct race race = { .count = 0 };
	struct echo site;

	if (!try_echo(&site))
		return;
	begin_echo(&site);
	race_start(&race, set_event, site.event);
	CloseThreadpoolCleanupGroupMembers(site.group, TRUE, NULL);
	race_join(&race);
	end_echo(&site);
}
END_TEST

static void *
stop_echo(void *argument)
{
	struct echo *site = argument;

	InterlockedIncrement(&site->stop);
	put_text(&site->wire, "z");
	return NULL;
}

/* busy of io.c: what was announced comes first. */
START_TEST(members_are_closed_while_a_callback_reads_on)
{	/* IO-13, IO-22, GROUP-04 */
	struct race race = { .count = 0 };
	struct echo site;

	if (!try_echo(&site))
		return;
	begin_echo(&site);
	run_beside(&race, stop_echo, &site);
	CloseThreadpoolCleanupGroupMembers(site.group, FALSE, NULL);
	if (site.order.announced)
		ck_assert_int_ge(site.reads, 1);
	race_join(&race);
	end_echo(&site);
}
END_TEST

/* ---- Plays: moves drawn from a number, in every order ---- */

#define PLAYERS	2
#define MOVES	3

/* Two I/O objects, one at each end of a pair of sockets; two threads. */
struct duet {
	struct wire wires[2];
	bool drops;			/* waits that cancel are moves, too */
	struct player {
		struct duet *duet;
		unsigned long seed;
		LONG fed;		/* bytes, to reads */
		struct order orders[MOVES];
		bool writes[MOVES];
	} players[PLAYERS];
};

/* The next number below n, drawn from the seed. */
static unsigned
draw(unsigned long *seed, unsigned n)
{
	*seed = (*seed * 1103515245 + 12345) & 0x7FFFFFFF;
	return (unsigned)(*seed >> 16) % n;
}

/*
 * Announces a read. A wait of the other player, which drops what was
 * announced before it, may find this one: so there it brings the byte that
 * ends it, before anything else; nobody cancels it until both are through.
 */
static void
move_to_read(struct player *player, struct wire *wire, struct order *order)
{
	(void)try_read(wire, order, 1);
	if (player->duet->drops) {
		player->fed++;
		put_text(wire, "f");
	}
}

static void
make_move(struct player *player, int number)
{
	struct wire *wire = &player->duet->wires[draw(&player->seed, 2)];
	struct order *order = &player->orders[number];

	order->wire = wire;
	switch (draw(&player->seed, player->duet->drops ? 8 : 7)) {
	case 0:
	case 1:
	case 2:
		move_to_read(player, wire, order);
		break;
	case 3:
	case 4:
		player->writes[number] = true;
		(void)try_write(wire, order, "x", 1);
		break;
	case 5:
		(void)CancelIoEx(wire->end, NULL);
		break;
	case 6:
		(void)start_and_cancel(wire->io);
		break;
	default:
		WaitForThreadpoolIoCallbacks(wire->io, TRUE);
		break;
	}
}

static void *
play_along(void *argument)
{
	for (int i = 0; i < MOVES; i++)
		make_move(argument, i);
	return NULL;
}

/* Each end is open twice: for its handle, and as the other of the other. */
static bool
try_duet(struct duet *duet)
{
	struct wire *wires = duet->wires;

	open_ends(&wires[0], true, false);
	wires[1].descriptor = dup(wires[0].other);
	wires[1].other = dup(wires[0].descriptor);
	ck_assert(wires[1].descriptor >= 0 && wires[1].other >= 0);
	if (!try_wire_of(&wires[0], note_order, &wires[0])) {
		close(wires[1].descriptor);
		close(wires[1].other);
		return false;
	}
	if (try_wire_of(&wires[1], note_order, &wires[1]))
		return true;
	wire_close(&wires[0]);
	return false;
}

/* Every order ended once; every byte was read once, or is still there. */
static void
settle_accounts(struct duet *duet)
{
	LONG written = 0, read = 0;

	for (int i = 0; i < PLAYERS; i++)
		written += duet->players[i].fed;
	for (int i = 0; i < PLAYERS * MOVES; i++) {
		struct player *player = &duet->players[i / MOVES];
		struct order *order = &player->orders[i % MOVES];
		LONG moved = (LONG)order->overlapped.InternalHigh;

		if (!duet->drops)
			assert_told_once(order);
		else
			ck_assert_int_le(order->told, order->announced);
		if (order->announced)
			*(player->writes[i % MOVES] ? &written : &read) +=
				moved;
		if (order->told > 0)
			(void)ended_well(order, true);
	}
	read += left_over(&duet->wires[0]) + left_over(&duet->wires[1]);
	ck_assert_int_eq(written, read);
}

static void
play(unsigned long seed, bool drops)
{
	struct duet duet = { .drops = drops };
	struct race race = { .count = 0 };

	if (!try_duet(&duet))
		return;
	for (int i = 0; i < PLAYERS; i++) {
		duet.players[i].duet = &duet;
		duet.players[i].seed = seed * PLAYERS + (unsigned)i;
	}
	race_start(&race, play_along, &duet.players[0]);
	(void)play_along(&duet.players[1]);
	race_join(&race);
	for (int i = 0; i < PLAYERS * MOVES; i++) {
		struct order *order = &duet.players[i / MOVES].orders[
			i % MOVES];

		call_off(order);
	}
	for (int i = 0; i < 2; i++)
		WaitForThreadpoolIoCallbacks(duet.wires[i].io, FALSE);
	settle_accounts(&duet);
	wire_close(&duet.wires[0]);
	wire_close(&duet.wires[1]);
}

/* All of it. Explored, one play in many orders; natively many plays. */
START_TEST(a_play_of_requests_ends_each_of_them_once)
{	/* IO-03, IO-05, IO-06, IO-23 */
	for (unsigned long i = 0; i < enough(200, 1); i++)
		play(5 + i, false);
}
END_TEST

START_TEST(another_play_of_requests_ends_each_of_them_once)
{	/* IO-03, IO-05, IO-06, IO-23 */
	for (unsigned long i = 0; i < enough(200, 1); i++)
		play(1019 + i, false);
}
END_TEST

START_TEST(a_play_with_waits_that_cancel_ends_no_request_twice)
{	/* IO-14, IO-15, IO-25, IO-26, port-defined */
	/* The first, which is explored: a wait that meets another's reads. */
	for (unsigned long i = 0; i < enough(200, 1); i++)
		play(2076 + i, true);
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("scenario_io_plays");
	TCase *scenario = case_with_wires(suite, "scenario");

	tcase_add_test(scenario,
		members_are_cancelled_while_a_callback_reads_on);
	tcase_add_test(scenario, members_are_closed_while_a_callback_reads_on);
	tcase_add_test(scenario, a_play_of_requests_ends_each_of_them_once);
	tcase_add_test(scenario,
		another_play_of_requests_ends_each_of_them_once);
	tcase_add_test(scenario,
		a_play_with_waits_that_cancel_ends_no_request_twice);
	return harness_run(suite);
}
