/* SPDX-License-Identifier: MIT */
/*
 * bound.c - a request to the system that ends with the thread that made it
 *
 * A callback starts a process that shall end when we do: the child asks
 * Linux for a signal at the death of its parent. Linux means the death of
 * the thread that called fork. Idle threads leave after 20 ms, if they may.
 *
 * explore: native
 */
#include "must.h"

#ifdef __linux__
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BOTH = 2 };

struct party {
	PTP_POOL pool;
	PTP_WORK work;
	LONG come;		/* Interlocked only */
	int expected;
	HANDLE all_come;
	pid_t child[BOTH];
};

/* A process that ends when the calling thread does. */
static pid_t
start_companion(void)
{
	int told[2];
	char byte;
	pid_t child;

	must(pipe(told) == 0, "pipe");
	child = fork();
	must(child >= 0, "fork");
	if (child == 0) {
		if (prctl(PR_SET_PDEATHSIG, (unsigned long)SIGKILL) != 0 ||
		    write(told[1], "!", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	must(read(told[0], &byte, 1) == 1, "it has asked for the signal");
	close(told[0]);
	close(told[1]);
	return child;
}

/* Each callback of a party on a thread of its own. */
static VOID CALLBACK
register_child(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct party *party = context;
	LONG place = InterlockedIncrement(&party->come) - 1;

	(void)instance, (void)work;
	party->child[place] = start_companion();
	if (place == party->expected - 1)
		SetEvent(party->all_come);
	await(party->all_come);
}

/* Has so many callbacks, each on its own thread, start a companion. */
static void
begin(struct party *party, int count, DWORD minimum, DWORD maximum,
	int persistent)
{
	TP_CALLBACK_ENVIRON environment;

	*party = (struct party){ .expected = count };
	party->pool = new_pool(minimum, maximum);
	party->all_come = new_gate();
	environment = leading_to(party->pool);
	if (persistent)
		SetThreadpoolCallbackPersistent(&environment);
	party->work = new_work(register_child, party, &environment);
	for (int i = 0; i < count; i++)
		SubmitThreadpoolWork(party->work);
	WaitForThreadpoolWorkCallbacks(party->work, FALSE);
}

static int
is_alive(pid_t child)
{
	return waitpid(child, NULL, WNOHANG) == 0;
}

/* The pool ends, its threads end, and so do their companions. */
static void
end(struct party *party)
{
	CloseThreadpoolWork(party->work);
	CloseThreadpool(party->pool);
}

int
main(void)
{
	struct party one, persistent, free_to_go;
	pid_t dead;

	setting("TP_IDLE_MS", "20");
	begin(&one, 1, 1, 1, FALSE);
	begin(&persistent, BOTH, 0, BOTH, TRUE);
	begin(&free_to_go, BOTH, 0, BOTH, FALSE);
	dead = wait(NULL);	/* whose thread has retired */
	must(dead == free_to_go.child[0] || dead == free_to_go.child[1],
		"one of those whose threads may leave");
	puts("two threads, free to go: one left, and so did its companion");
	must(is_alive(one.child[0]), "one thread");
	puts("a pool of one thread: its companion is there");
	must(is_alive(persistent.child[0]) && is_alive(persistent.child[1]),
		"persistent");
	puts("persistent callbacks: their companions are there");
	end(&one);
	end(&persistent);
	end(&free_to_go);
	for (int left = 4; left > 0; left--)
		must(wait(NULL) > 0, "wait");
	puts("pools closed: nobody is there");
	return 0;
}

#else

int
main(void)
{
	puts("not on Windows: the request is one to Linux");
	return 0;
}
#endif
