/* SPDX-License-Identifier: MIT */
/*
 * shutdown.c - a server with work, a timer, a wait and simple callbacks in
 * two pools, and its end
 *
 * A request is answered in the quick pool, and the answer is written down
 * in the slow one; then the request is done. A clock ticks; a bell rings.
 *
 * explore: runs=1000
 */
#include "must.h"

enum { REQUESTS = 4 };

struct server {
	SRWLOCK door;		/* shared: to come in; exclusive: to shut */
	BOOL open;		/* under door */
	LONG undone;		/* requests, and 1 while it is open */
	HANDLE all_done;	/* undone is 0 */
	PTP_CLEANUP_GROUP group;
	TP_CALLBACK_ENVIRON quick, slow;	/* both of the one group */
	PTP_POOL quick_pool, slow_pool;
	PTP_WORK writer;
	HANDLE bell;		/* auto-reset event */
	LONG answered, written, ticks, rings;	/* Interlocked only */
};

static void
one_done(struct server *server)
{
	if (InterlockedDecrement(&server->undone) == 0)
		SetEvent(server->all_done);
}

static VOID CALLBACK
write_down(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct server *server = context;

	(void)instance, (void)work;
	InterlockedIncrement(&server->written);
	one_done(server);
}

static VOID CALLBACK
answer(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	struct server *server = context;

	(void)instance;
	Sleep(15);
	InterlockedIncrement(&server->answered);
	SubmitThreadpoolWork(server->writer);
}

static VOID CALLBACK
tick(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	struct server *server = context;

	(void)instance, (void)timer;
	InterlockedIncrement(&server->ticks);
}

static VOID CALLBACK
ring(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	struct server *server = context;

	(void)instance, (void)wait, (void)result;
	InterlockedIncrement(&server->rings);
}

/* FALSE: the server is closed, or the system refuses. */
static BOOL
request(struct server *server)
{
	BOOL accepted = FALSE;

	AcquireSRWLockShared(&server->door);
	if (server->open) {
		InterlockedIncrement(&server->undone);
		accepted = TrySubmitThreadpoolCallback(answer, server,
			&server->quick);
		if (!accepted)
			one_done(server);
	}
	ReleaseSRWLockShared(&server->door);
	return accepted;
}

static void
create_members(struct server *server)
{
	PTP_TIMER clock = new_timer(tick, server, &server->quick);
	PTP_WAIT wait = new_wait(ring, server, &server->slow);
	FILETIME due = in_ms(10);

	server->writer = new_work(write_down, server, &server->slow);
	SetThreadpoolTimer(clock, &due, 10, 0);
	SetThreadpoolWait(wait, server->bell, NULL);
}

static struct server *
open_server(void)
{
	struct server *server = calloc(1, sizeof(*server));

	must(server != NULL, "calloc");
	InitializeSRWLock(&server->door);
	server->all_done = new_event();
	server->bell = CreateEvent(NULL, FALSE, FALSE, NULL);
	must(server->bell != NULL, "CreateEvent");
	/* [environments] */
	server->group = new_group(&server->quick, NULL);
	server->slow = server->quick;
	server->quick_pool = new_pool(&server->quick, 2);
	server->slow_pool = new_pool(&server->slow, 1);
	/* [end] */
	create_members(server);
	server->undone = 1;
	server->open = TRUE;
	return server;
}

static void
close_server(struct server *server)
{
	AcquireSRWLockExclusive(&server->door);
	server->open = FALSE;		/* 1. nothing new comes in */
	ReleaseSRWLockExclusive(&server->door);
	one_done(server);
	await(server->all_done);	/* 2. what came in is done */
	CloseThreadpoolCleanupGroupMembers(server->group, TRUE, NULL);
	CloseThreadpoolCleanupGroup(server->group);	/* 3. no calls */
	DestroyThreadpoolEnvironment(&server->quick);
	DestroyThreadpoolEnvironment(&server->slow);
	CloseThreadpool(server->quick_pool);
	CloseThreadpool(server->slow_pool);
	CloseHandle(server->bell);	/* 4. what the callbacks used */
	CloseHandle(server->all_done);
}

int
main(void)
{
	struct server *server = open_server();

	for (int i = 0; i < REQUESTS; i++)
		must(request(server), "an open server accepts");
	SetEvent(server->bell);
	Sleep(20);
	close_server(server);
	must(!request(server), "a closed server refuses");
	printf("of %d requests %ld were answered, %ld written down\n",
		REQUESTS, (long)server->answered, (long)server->written);
	free(server);
	return 0;
}
