/* header_cxx.cpp - a C++ program uses the pool through threadpool.h */
/* SPDX-License-Identifier: MIT */
/*
 * It includes threadpool.h before anything else, so that the header must
 * bring all it needs, and twice. It runs: the functions must be found by
 * their C names, callbacks may be lambdas, and the environment's inline
 * functions must do the same in C++. The program is ordinary C++11 and
 * Win32: with mingw-w64 it is a Windows program. See tests/header.sh.
 */
#include "threadpool.h"
#include "threadpool.h"

#include <atomic>
#include <cstdio>

namespace {

const int calls = 10;

struct counter {
	std::atomic<int> called{0};
	LONG volatile interlocked = 0;
	SRWLOCK lock = SRWLOCK_INIT;
	int locked = 0;
};

VOID CALLBACK
count(PTP_CALLBACK_INSTANCE, PVOID context, PTP_WORK)
{
	counter *c = static_cast<counter *>(context);

	c->called++;
	InterlockedIncrement(&c->interlocked);
	AcquireSRWLockExclusive(&c->lock);
	c->locked++;
	ReleaseSRWLockExclusive(&c->lock);
}

bool
is(const char *what, long got, long expected)
{
	if (got != expected)
		std::fprintf(stderr, "header_cxx: %s: %ld, not %ld\n", what,
			got, expected);
	return got == expected;
}

} // namespace

int
main()
{
	counter c;
	TP_CALLBACK_ENVIRON settings;
	PTP_POOL pool = CreateThreadpool(nullptr);

	if (pool == nullptr)
		return 1;
	InitializeThreadpoolEnvironment(&settings);
	SetThreadpoolCallbackPool(&settings, pool);
	SetThreadpoolCallbackPriority(&settings, TP_CALLBACK_PRIORITY_HIGH);

	PTP_WORK work = CreateThreadpoolWork(count, &c, &settings);
	if (work == nullptr)
		return 1;
	for (int i = 0; i < calls; i++)
		SubmitThreadpoolWork(work);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	CloseThreadpoolWork(work);

	HANDLE done = CreateEvent(nullptr, TRUE, FALSE, nullptr);
	PTP_SIMPLE_CALLBACK set = [](PTP_CALLBACK_INSTANCE, PVOID event) {
		SetEvent(event);
	};
	if (done == nullptr ||
			!TrySubmitThreadpoolCallback(set, done, &settings))
		return 1;
	bool good = is("wait", long(WaitForSingleObject(done, INFINITE)), 0);
	CloseHandle(done);
	DestroyThreadpoolEnvironment(&settings);
	CloseThreadpool(pool);

	good &= is("called", c.called, calls);
	good &= is("interlocked", c.interlocked, calls);
	good &= is("locked", c.locked, calls);
	return good ? 0 : 1;
}
