/*
 * reads_uv.c - the same reads by libuv: uv_fs_read and its four threads
 * SPDX-License-Identifier: MIT
 *
 * The loop's callback of a read makes the next one.
 */

#include <fcntl.h>
#include <uv.h>

#include "bench.h"
#include "reads.h"

static uv_loop_t loop;
static uv_file file;

static void ended(uv_fs_t *request);

static void
start(uv_fs_t *request)
{
	struct reads_slot *slot = request->data;
	uv_buf_t buffer = uv_buf_init((char *)slot->buffer, READS_BLOCK);

	if (uv_fs_read(&loop, request, file, &buffer, 1, slot->offset,
		ended) != 0)
		bench_fail("uv_fs_read failed");
}

static void
ended(uv_fs_t *request)
{
	long bytes = (long)request->result;

	uv_fs_req_cleanup(request);
	if (reads_next(request->data, bytes))
		start(request);
}

void
reads_run(const char *path, struct reads_slot *slots)
{
	static uv_fs_t requests[READS_DEPTH];
	uv_fs_t once;

	if (uv_loop_init(&loop) != 0)
		bench_fail("uv_loop_init failed");
	file = uv_fs_open(&loop, &once, path, O_RDONLY, 0, NULL);
	uv_fs_req_cleanup(&once);
	if (file < 0)
		bench_fail("uv_fs_open failed");
	for (int i = 0; i < READS_DEPTH; i++) {
		requests[i].data = &slots[i];
		start(&requests[i]);
	}
	uv_run(&loop, UV_RUN_DEFAULT);
	uv_fs_close(&loop, &once, file, NULL);
	uv_fs_req_cleanup(&once);
	if (uv_loop_close(&loop) != 0)
		bench_fail("uv_loop_close failed");
}
