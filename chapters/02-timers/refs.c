/* SPDX-License-Identifier: MIT */
/*
 * refs.c - who gives up the callback's reference, if it may never run?
 *
 * A question is asked, with a timer for the patience. It belongs to two
 * parties, the one who asks and the callback, and the last to let go of it
 * frees it. The events are only there to order this program.
 */
#include "must.h"

struct question {
	PTP_TIMER patience;
	CRITICAL_SECTION lock;
	int refs;		/* guarded by lock */
	BOOL timed_out;		/* guarded by lock */
};

static HANDLE inside, may_end, gone;

static void
let_go(struct question *question)
{
	int left;

	EnterCriticalSection(&question->lock);
	left = --question->refs;
	LeaveCriticalSection(&question->lock);
	if (left > 0)
		return;
	CloseThreadpoolTimer(question->patience);
	DeleteCriticalSection(&question->lock);
	free(question);
	SetEvent(gone);
}

static VOID CALLBACK
time_out(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	struct question *question = context;

	(void)instance, (void)timer;
	SetEvent(inside);
	await(may_end);
	EnterCriticalSection(&question->lock);
	question->timed_out = TRUE;
	LeaveCriticalSection(&question->lock);
	let_go(question);
}

static struct question *
ask(LONGLONG patience)
{
	struct question *question = calloc(1, sizeof(*question));
	FILETIME due = in_ms(patience);

	must(question != NULL, "calloc");
	InitializeCriticalSection(&question->lock);
	question->patience = new_timer(time_out, question);
	question->refs = 2;
	SetThreadpoolTimer(question->patience, &due, 0, 0);
	return question;
}

/* There is an answer. TRUE: in time, and the callback will not come. */
static BOOL
call_off(struct question *question)
{
	BOOL called_off;

	EnterCriticalSection(&question->lock);
	called_off = !question->timed_out &&
		SetThreadpoolTimerEx(question->patience, NULL, 0, 0);
	LeaveCriticalSection(&question->lock);
	if (called_off)
		let_go(question);	/* in the callback's place */
	return called_off;
}

int
main(void)
{
	struct question *question;

#ifdef _WIN32
	puts("not on Windows: Wine 8.0 stops at SetThreadpoolTimerEx");
	return 0;
#endif
	inside = new_event();
	may_end = new_event();
	gone = new_event();
	question = ask(60000);
	must(call_off(question), "nothing runs");
	puts("answered in time: the callback's reference is ours");
	let_go(question);
	await(gone);
	question = ask(0);
	await(inside);
	must(!call_off(question), "the callback runs");
	puts("answered too late: the callback keeps its reference");
	SetEvent(may_end);
	let_go(question);
	await(gone);
	puts("both questions are gone");
	return 0;
}
