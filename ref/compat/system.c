/* system.c - the machine and the process */
/* SPDX-License-Identifier: MIT */
/*
 * Interface: GetSystemInfo, GetCurrentProcessId, YieldProcessor, and the
 * variable behind MemoryBarrier.
 */
#include <unistd.h>

#include "../sync.h"
#include "../threadpool.h"

#define GRANULARITY	65536	/* bytes: what mappings align to on Windows */

/* Never read: what matters is that threads change it. See interlocked.h. */
LONG volatile tp_barrier;

static WORD
architecture(void)
{
#if defined(__x86_64__)
	return PROCESSOR_ARCHITECTURE_AMD64;
#elif defined(__i386__)
	return PROCESSOR_ARCHITECTURE_INTEL;
#elif defined(__aarch64__)
	return PROCESSOR_ARCHITECTURE_ARM64;
#elif defined(__arm__)
	return PROCESSOR_ARCHITECTURE_ARM;
#else
	return PROCESSOR_ARCHITECTURE_UNKNOWN;
#endif
}

/*
 * Tells the number of processors, the page size and the architecture.
 * Differs: the mask counts processors up to the width of a pointer, and the
 * address range, level and revision are 0.
 */
VOID WINAPI
GetSystemInfo(LPSYSTEM_INFO lpSystemInfo)
{
	DWORD processors = tp_processors();
	DWORD bits = (DWORD)sizeof(DWORD_PTR) * 8;

	ZeroMemory(lpSystemInfo, sizeof(*lpSystemInfo));
	lpSystemInfo->wProcessorArchitecture = architecture();
	lpSystemInfo->dwPageSize = (DWORD)sysconf(_SC_PAGESIZE);
	lpSystemInfo->dwNumberOfProcessors = processors;
	lpSystemInfo->dwActiveProcessorMask = processors >= bits ?
		~(DWORD_PTR)0 : ((DWORD_PTR)1 << processors) - 1;
	lpSystemInfo->dwAllocationGranularity = GRANULARITY;
}

/* The number of this process. */
DWORD WINAPI
GetCurrentProcessId(VOID)
{
	return (DWORD)getpid();
}

/*
 * For the body of a loop that waits for another thread to write.
 * Differs: there it is a hint to the processor, here it lets another thread
 * run, without which such a loop may be all that runs.
 */
VOID
YieldProcessor(VOID)
{
	tp_thread_yield();
}
