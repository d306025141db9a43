/* echo.h - a server of one connection: what comes is sent back */
/* SPDX-License-Identifier: MIT */
#ifndef ECHO_H
#define ECHO_H

#include "threadpool.h"

#define ECHO_SIZE 4096		/* bytes read by one request, at most */

struct echo;

/*
 * Takes over the connection, which was opened for overlapped I/O, and sends
 * back whatever comes, until it ends, or a request fails. Callbacks are
 * called as the environment says. NULL: no memory, or the connection cannot
 * be served; then it is still the caller's.
 */
struct echo *echo_open(HANDLE connection, PTP_CALLBACK_ENVIRON environment);

/*
 * Yours to have return. Stops, whatever is under way: nobody need send or
 * read anything more. When it returns no callback runs, and none will; the
 * connection is closed, and all memory is freed. Is called once, and never
 * in a callback. Returns how many bytes have been sent back.
 */
unsigned long long echo_close(struct echo *echo);

/*
 * The answer's calls come by the grader, who keeps the account of them, and
 * has a request fail at once when a check says so, as a machine does that
 * has no memory left for requests (ERROR_NO_SYSTEM_RESOURCES).
 */
PTP_IO account_create(HANDLE file, PTP_WIN32_IO_CALLBACK function,
	PVOID context, PTP_CALLBACK_ENVIRON environment);
VOID account_start(PTP_IO io);
VOID account_cancel(PTP_IO io);
BOOL account_read(HANDLE file, LPVOID buffer, DWORD size, LPDWORD bytes,
	LPOVERLAPPED overlapped);
BOOL account_write(HANDLE file, LPCVOID buffer, DWORD size, LPDWORD bytes,
	LPOVERLAPPED overlapped);

#ifndef ECHO_SUITE
#define CreateThreadpoolIo account_create
#define StartThreadpoolIo account_start
#define CancelThreadpoolIo account_cancel
#define ReadFile account_read
#define WriteFile account_write
#endif

#endif /* ECHO_H */
