/* test_io_poll.c - the tests of streams and I/O objects over poll */
/* SPDX-License-Identifier: MIT */
/*
 * All of them once more, in a process whose poller is that over poll. The
 * suites that are included here are parts of this one then, and their main
 * is this one's. Not among them are the suites of what is reported, which
 * forks, and of files.
 */
#define POLLER	"poll"

#define PARTS
#include "test_streams.c"
#include "test_sockets.c"
#include "test_io.c"
#include "test_io_bind.c"
#include "test_io_wait.c"
#include "test_io_close.c"
#include "test_overlapped.c"

int
main(void)
{
	Suite *suite = suite_create("io_poll");
	TCase *small = io_case(suite, "small");

	add_streams(small);
	add_sockets(tcp_case(suite, "small"));
	add_io(small);
	add_binding(small);
	add_io_wait(small);
	add_io_close(small);
	add_overlapped(small);
	add_big_streams(io_case(suite, "large"));
	return harness_run(suite);
}
