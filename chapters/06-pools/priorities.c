/* SPDX-License-Identifier: MIT */
/*
 * priorities.c - high before normal before low, and low perhaps never
 *
 * One thread, which a callback holds until everything has been queued. Each
 * of the others notes its letter.
 */
#include "must.h"

enum { ROUNDS = 6 };

static char order[16];		/* used by one callback at a time */
static HANDLE all_queued;

static VOID CALLBACK
hold(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance, (void)context, (void)work;
	await(all_queued);
}

static VOID CALLBACK
note(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance, (void)work;
	strcat(order, context);
}

/* Notes its letter and posts itself, until there are enough of them. */
static VOID CALLBACK
note_again(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	note(instance, context, work);
	if (strlen(order) < ROUNDS)
		SubmitThreadpoolWork(work);
}

/* Posts to a thread that is held, and then lets it go. */
static void
run(TP_CALLBACK_ENVIRON *environment, PTP_WORK works[], int count, int posts)
{
	PTP_WORK holder = new_work(hold, NULL, environment);

	order[0] = '\0';
	ResetEvent(all_queued);
	SubmitThreadpoolWork(holder);
	for (int i = 0; i < count; i++)
		for (int n = 0; n < posts; n++)
			SubmitThreadpoolWork(works[i]);
	SetEvent(all_queued);
	finish(holder);
	for (int i = 0; i < count; i++)
		finish(works[i]);
}

int
main(void)
{
	PTP_POOL pool = new_pool(0, 1);
	TP_CALLBACK_ENVIRON normal = leading_to(pool);
	TP_CALLBACK_ENVIRON low = normal, high = normal;
	PTP_WORK works[3];

	all_queued = new_gate();
	SetThreadpoolCallbackPriority(&low, TP_CALLBACK_PRIORITY_LOW);
	SetThreadpoolCallbackPriority(&high, TP_CALLBACK_PRIORITY_HIGH);
	works[0] = new_work(note, "l", &low);
	works[1] = new_work(note, "n", &normal);
	works[2] = new_work(note, "h", &high);
	run(&normal, works, 3, 3);
	printf("queued: lllnnnhhh, run: %s\n", order);
	works[0] = new_work(note, "l", &low);
	works[1] = new_work(note_again, "h", &high);
	run(&normal, works, 2, 1);
	printf("queued: lh,        run: %s\n", order);
	CloseThreadpool(pool);
	return 0;
}
