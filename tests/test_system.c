/* SPDX-License-Identifier: MIT */
/*
 * test_system.c - memory, messages, and what the machine is like
 *
 * The small change of Win32 that programs need around a pool: the heap of
 * the process, the text of an error code, the number of processors, and some
 * macros. No rule of the pool speaks of them.
 */
#include <stdalign.h>
#include <unistd.h>

#include "harness.h"

/* ---- Memory ---- */

static bool
all_bytes_are(const unsigned char *bytes, size_t n, unsigned char byte)
{
	for (size_t i = 0; i < n; i++)
		if (bytes[i] != byte)
			return false;
	return true;
}

START_TEST(the_heap_zeroes_grows_and_tells_sizes)
{
	HANDLE heap = GetProcessHeap();
	unsigned char *p = HeapAlloc(heap, HEAP_ZERO_MEMORY, 100);

	ck_assert_ptr_nonnull(p);
	ck_assert_uint_eq((ULONG_PTR)p % alignof(max_align_t), 0);
	ck_assert(all_bytes_are(p, 100, 0));
	ck_assert_uint_eq(HeapSize(heap, 0, p), 100);
	FillMemory(p, 100, 7);
	p = HeapReAlloc(heap, HEAP_ZERO_MEMORY, p, 5000);
	ck_assert_ptr_nonnull(p);
	ck_assert(all_bytes_are(p, 100, 7));
	ck_assert(all_bytes_are(p + 100, 4900, 0));
	ck_assert_ptr_eq(HeapReAlloc(heap, HEAP_REALLOC_IN_PLACE_ONLY, p, 50),
		p);
	ck_assert_uint_eq(HeapSize(heap, 0, p), 50);
	ck_assert_ptr_null(HeapReAlloc(heap, HEAP_REALLOC_IN_PLACE_ONLY, p,
		51));
	ck_assert(HeapFree(heap, 0, p));
	ck_assert(HeapFree(heap, 0, NULL));
	p = HeapAlloc(heap, 0, 0);
	ck_assert_ptr_nonnull(p);
	ck_assert_uint_eq(HeapSize(heap, 0, p), 0);
	ck_assert(HeapFree(heap, 0, p));
}
END_TEST

START_TEST(the_heap_refuses_what_it_cannot_do)
{
	HANDLE heap = GetProcessHeap();
	void *p = HeapAlloc(heap, 0, 8);
	void *none, *same, *local;
	DWORD errors[2];

	ck_assert_ptr_null(HeapAlloc(NULL, 0, 8));
	ck_assert_uint_eq(GetLastError(), ERROR_INVALID_HANDLE);
	ck_assert(!HeapFree(NULL, 0, p));
	ck_assert_ptr_null(HeapReAlloc(NULL, 0, p, 8));
	ck_assert_uint_eq(HeapSize(NULL, 0, p), (SIZE_T)-1);
	ck_assert_ptr_null(HeapReAlloc(heap, 0, NULL, 8));
	ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
	ck_assert_ptr_null(HeapAlloc(heap, 0, SIZE_MAX));
	ck_assert_uint_eq(GetLastError(), ERROR_NOT_ENOUGH_MEMORY);
	fail_allocations(true);
	SetLastError(ERROR_SUCCESS);
	none = HeapAlloc(heap, 0, 8);
	errors[0] = GetLastError();
	same = HeapReAlloc(heap, 0, p, 16);
	SetLastError(ERROR_SUCCESS);
	local = LocalAlloc(LPTR, 8);
	errors[1] = GetLastError();
	fail_allocations(false);
	ck_assert_ptr_null(none);
	ck_assert_uint_eq(errors[0], ERROR_NOT_ENOUGH_MEMORY);
	ck_assert_ptr_null(same);
	ck_assert_ptr_null(local);
	ck_assert_uint_eq(errors[1], ERROR_NOT_ENOUGH_MEMORY);
	ck_assert_uint_eq(HeapSize(heap, 0, p), 8);
	ck_assert(HeapFree(heap, 0, p));
}
END_TEST

START_TEST(local_memory_is_zeroed_and_freed)
{
	unsigned char *p = LocalAlloc(LPTR, 100);

	ck_assert_ptr_nonnull(p);
	ck_assert(all_bytes_are(p, 100, 0));
	ck_assert_ptr_null(LocalFree(p));
	ck_assert_ptr_null(LocalFree(NULL));
	ck_assert_ptr_null(LocalAlloc(2, 100));
	ck_assert_uint_eq(GetLastError(), ERROR_NOT_SUPPORTED);
}
END_TEST

/* ---- Messages ---- */

#define SYSTEM \
	(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS)

static DWORD
message(DWORD flags, DWORD code, void *buffer, DWORD size)
{
	SetLastError(ERROR_SUCCESS);
	return FormatMessageA(flags, NULL, code,
		MAKELANGID(LANG_NEUTRAL, SUBLANG_DEFAULT), buffer, size, NULL);
}

START_TEST(an_error_code_has_a_text)
{
	char text[128];
	char *allocated = NULL;
	WCHAR wide[128];
	DWORD length = message(SYSTEM, ERROR_TIMEOUT, text, sizeof(text));

	ck_assert_uint_gt(length, 10);
	ck_assert_uint_eq(strlen(text), length);
	ck_assert_str_eq(text + length - 3, ".\r\n");
	ck_assert_uint_eq(message(SYSTEM | FORMAT_MESSAGE_ALLOCATE_BUFFER,
		ERROR_TIMEOUT, &allocated, 0), length);
	ck_assert_str_eq(allocated, text);
	ck_assert_ptr_null(LocalFree(allocated));
	ck_assert_uint_eq(FormatMessageW(SYSTEM, NULL, ERROR_TIMEOUT, 0,
		wide, ARRAYSIZE(wide), NULL), length);
	for (DWORD i = 0; i <= length; i++)
		ck_assert_int_eq(wide[i], text[i]);
	ck_assert_uint_eq(message(SYSTEM | FORMAT_MESSAGE_MAX_WIDTH_MASK,
		ERROR_TIMEOUT, text, sizeof(text)), length - 1);
	ck_assert_str_eq(text + length - 3, ". ");
}
END_TEST

START_TEST(a_message_that_cannot_be_given_is_refused)
{
	const DWORD allocate = SYSTEM | FORMAT_MESSAGE_ALLOCATE_BUFFER;
	char text[128];
	char *allocated = NULL;
	DWORD length = message(SYSTEM, ERROR_TIMEOUT, text, sizeof(text));

	ck_assert_uint_eq(message(SYSTEM, 0x12345678, text, 128), 0);
	ck_assert_uint_eq(GetLastError(), ERROR_MR_MID_NOT_FOUND);
	ck_assert_uint_eq(message(SYSTEM, ERROR_TIMEOUT, text, length), 0);
	ck_assert_uint_eq(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
	ck_assert_uint_eq(message(SYSTEM, ERROR_TIMEOUT, text, length + 1),
		length);
	ck_assert_uint_eq(message(0, ERROR_TIMEOUT, text, 128), 0);
	ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
	ck_assert_uint_eq(message(FORMAT_MESSAGE_FROM_STRING, 0, text, 128),
		0);
	ck_assert_uint_eq(GetLastError(), ERROR_NOT_SUPPORTED);
	ck_assert_uint_eq(message(SYSTEM, ERROR_TIMEOUT, NULL, 128), 0);
	ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
	fail_allocations(true);
	length = message(allocate, ERROR_TIMEOUT, &allocated, 0);
	fail_allocations(false);
	ck_assert_uint_eq(length, 0);
	ck_assert_uint_eq(GetLastError(), ERROR_NOT_ENOUGH_MEMORY);
}
END_TEST

/* ---- The machine and the process ---- */

START_TEST(the_system_is_described)
{
	SYSTEM_INFO info;

	GetSystemInfo(&info);
	ck_assert_int_eq(info.dwNumberOfProcessors,
		sysconf(_SC_NPROCESSORS_ONLN));
	ck_assert_int_eq(info.dwPageSize, sysconf(_SC_PAGESIZE));
	ck_assert_uint_ne(info.dwActiveProcessorMask, 0);
	ck_assert_uint_eq(info.dwAllocationGranularity % info.dwPageSize, 0);
	ck_assert_int_eq(GetCurrentProcessId(), getpid());
}
END_TEST

struct record {
	int before;
	FILETIME inside;
};

START_TEST(macros_take_values_apart)
{
	struct record r;

	ck_assert_ptr_eq(CONTAINING_RECORD(&r.inside, struct record, inside),
		&r);
	ck_assert_uint_eq(LOWORD(0x12345678), 0x5678);
	ck_assert_uint_eq(HIWORD(0x12345678), 0x1234);
	ck_assert_uint_eq(MAKELANGID(9, 2), 0x0809);
	ck_assert_str_eq(TEXT("text"), "text");
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("system");
	TCase *small = harness_case(suite, "small");

	tcase_add_test(small, the_heap_zeroes_grows_and_tells_sizes);
	tcase_add_test(small, the_heap_refuses_what_it_cannot_do);
	tcase_add_test(small, local_memory_is_zeroed_and_freed);
	tcase_add_test(small, an_error_code_has_a_text);
	tcase_add_test(small, a_message_that_cannot_be_given_is_refused);
	tcase_add_test(small, the_system_is_described);
	tcase_add_test(small, macros_take_values_apart);
	return harness_run(suite);
}
