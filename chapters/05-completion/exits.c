/* SPDX-License-Identifier: MIT */
/*
 * exits.c - a lock that is left at every exit
 *
 * explore: runs=2000
 */
#include "must.h"

struct account {
	CRITICAL_SECTION lock;

	/* Guarded by lock. */
	int balance;
	int paid, refused, ignored;
};

struct payment {
	struct account *account;
	int amount;
};

static VOID CALLBACK
pay(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct payment *payment = context;
	struct account *account = payment->account;

	(void)work;
	EnterCriticalSection(&account->lock);
	LeaveCriticalSectionWhenCallbackReturns(instance, &account->lock);
	if (payment->amount == 0) {
		account->ignored++;
		return;
	}
	if (payment->amount > account->balance) {
		account->refused++;
		return;
	}
	account->balance -= payment->amount;
	account->paid++;
}

int
main(void)
{
	static struct account account = { .balance = 100 };
	static struct payment payments[] = {
		{ &account, 30 }, { &account, 0 }, { &account, 500 },
		{ &account, 60 },
	};
	enum { COUNT = sizeof(payments) / sizeof(payments[0]) };
	PTP_WORK work[COUNT];

	InitializeCriticalSection(&account.lock);
	for (int i = 0; i < COUNT; i++) {
		work[i] = new_work(pay, &payments[i], NULL);
		SubmitThreadpoolWork(work[i]);
	}
	for (int i = 0; i < COUNT; i++)
		finish(work[i]);
	EnterCriticalSection(&account.lock);	/* it is free */
	printf("paid %d, refused %d, ignored %d; left: %d\n", account.paid,
		account.refused, account.ignored, account.balance);
	LeaveCriticalSection(&account.lock);
	DeleteCriticalSection(&account.lock);
	return 0;
}
