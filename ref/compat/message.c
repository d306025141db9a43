/* message.c - the text of an error code */
/* SPDX-License-Identifier: MIT */
/*
 * Interface: FormatMessageA, FormatMessageW.
 *
 * One table of codes and sentences: the codes are Windows', the sentences
 * ours, and there is one for every ERROR_ that win32.h defines. They contain
 * no insertions, so there is nothing to format: a sentence gets the line end
 * that Windows gives it, and goes to the caller's buffer or to a new one.
 *
 * Differs: the language is English, whatever is asked for, and messages of
 * strings and modules are not supported.
 */
#include <stdbool.h>

#include "../threadpool.h"

#define LINE_MAX_LENGTH	128	/* of a sentence with its end and its 0 */
#define NO_LINE_BREAKS	FORMAT_MESSAGE_MAX_WIDTH_MASK

static const struct message {
	DWORD code;
	const char *text;
} messages[] = {
	{ ERROR_SUCCESS, "No error." },
	{ ERROR_INVALID_FUNCTION, "There is no such function here." },
	{ ERROR_FILE_NOT_FOUND, "There is no such file." },
	{ ERROR_PATH_NOT_FOUND, "There is no such folder." },
	{ ERROR_TOO_MANY_OPEN_FILES, "There are too many open files already." },
	{ ERROR_ACCESS_DENIED, "This is not allowed." },
	{ ERROR_INVALID_HANDLE, "This is not a handle that can be used so." },
	{ ERROR_NOT_ENOUGH_MEMORY, "There is not enough memory for this." },
	{ ERROR_WRITE_PROTECT, "Nothing can be written there." },
	{ ERROR_HANDLE_EOF, "This is behind the end of the file." },
	{ ERROR_NOT_SUPPORTED, "This system cannot do that." },
	{ ERROR_NETNAME_DELETED, "The connection is lost." },
	{ ERROR_FILE_EXISTS, "There is such a file already." },
	{ ERROR_INVALID_PARAMETER, "An argument must not have this value." },
	{ ERROR_BROKEN_PIPE, "The other end of the pipe is closed." },
	{ ERROR_DISK_FULL, "There is no room left for it." },
	{ ERROR_SEM_TIMEOUT, "The time for the semaphore is up." },
	{ ERROR_INSUFFICIENT_BUFFER, "The buffer is too small." },
	{ ERROR_MOD_NOT_FOUND, "There is no such library." },
	{ ERROR_PROC_NOT_FOUND, "The library has no such function." },
	{ ERROR_NEGATIVE_SEEK, "No file begins before its beginning." },
	{ ERROR_ALREADY_EXISTS, "There is one of that name already." },
	{ ERROR_FILENAME_EXCED_RANGE, "The name is too long." },
	{ ERROR_NO_DATA, "Nobody reads from the pipe any more." },
	{ ERROR_NO_MORE_ITEMS, "There are no more of these." },
	{ ERROR_NOT_OWNER, "This thread does not own the mutex." },
	{ ERROR_TOO_MANY_POSTS, "The semaphore cannot count that far." },
	{ ERROR_MR_MID_NOT_FOUND, "There is no text for this code." },
	{ ERROR_OPERATION_ABORTED, "The operation was cancelled on its way." },
	{ ERROR_IO_INCOMPLETE, "The operation has not completed yet." },
	{ ERROR_IO_PENDING, "The operation goes on and will complete later." },
	{ ERROR_NOACCESS, "This memory cannot be used so." },
	{ ERROR_IO_DEVICE, "The device has failed." },
	{ ERROR_NOT_FOUND, "There is nothing of the kind." },
	{ ERROR_CANCELLED, "This was cancelled." },
	{ ERROR_CONNECTION_REFUSED, "Nobody takes the connection." },
	{ ERROR_ADDRESS_ALREADY_ASSOCIATED, "The address is in use." },
	{ ERROR_NETWORK_UNREACHABLE, "There is no way to that network." },
	{ ERROR_HOST_UNREACHABLE, "There is no way to that machine." },
	{ ERROR_CONNECTION_ABORTED, "The connection was given up." },
	{ ERROR_NO_SYSTEM_RESOURCES, "The system has no more to give." },
	{ ERROR_TIMEOUT, "The time was up before it happened." },
};

static const char *
sentence(DWORD code)
{
	for (size_t i = 0; i < ARRAYSIZE(messages); i++)
		if (messages[i].code == code)
			return messages[i].text;
	return NULL;
}

/*
 * Writes the line that was asked for. Returns its length, or 0 with the last
 * error set.
 */
static DWORD
line_of(DWORD flags, DWORD code, char line[LINE_MAX_LENGTH])
{
	DWORD sources = FORMAT_MESSAGE_FROM_STRING |
		FORMAT_MESSAGE_FROM_HMODULE;
	const char *text = sentence(code);
	bool one_line = (flags & NO_LINE_BREAKS) == NO_LINE_BREAKS;

	if ((flags & FORMAT_MESSAGE_FROM_SYSTEM) == 0) {
		SetLastError((flags & sources) != 0 ? ERROR_NOT_SUPPORTED :
			ERROR_INVALID_PARAMETER);
		return 0;
	}
	if (text == NULL) {
		SetLastError(ERROR_MR_MID_NOT_FOUND);
		return 0;
	}
	strcpy(line, text);
	strcat(line, one_line ? " " : "\r\n");
	return (DWORD)strlen(line);
}

/*
 * The caller's buffer, or a new one whose address is left in *lpBuffer, of
 * `size` characters of `width` bytes: NULL if length and a 0 do not fit.
 */
static void *
buffer_for(DWORD flags, void *lpBuffer, DWORD size, DWORD length,
	size_t width)
{
	bool allocate = (flags & FORMAT_MESSAGE_ALLOCATE_BUFFER) != 0;
	void *buffer = lpBuffer;

	if (lpBuffer == NULL) {
		SetLastError(allocate ? ERROR_NOT_ENOUGH_MEMORY :
			ERROR_INVALID_PARAMETER);
		return NULL;
	}
	if (allocate) {
		buffer = LocalAlloc(LMEM_FIXED,
			(size > length ? size : length + 1) * width);
		memcpy(lpBuffer, &buffer, sizeof(buffer));
	} else if (size <= length) {
		SetLastError(ERROR_INSUFFICIENT_BUFFER);
		buffer = NULL;
	}
	return buffer;
}

/*
 * Writes the text of the error dwMessageId, with a 0, to lpBuffer, which has
 * room for nSize characters; with FORMAT_MESSAGE_ALLOCATE_BUFFER lpBuffer is
 * the address of a pointer to be set to a new buffer of nSize or more, for
 * LocalFree. Returns the number of characters without the 0. dwFlags must
 * have FORMAT_MESSAGE_FROM_SYSTEM; FORMAT_MESSAGE_MAX_WIDTH_MASK makes the
 * line end a blank. lpSource, dwLanguageId and Arguments are ignored.
 * Fails: 0, ERROR_MR_MID_NOT_FOUND of a code without a text,
 * ERROR_INSUFFICIENT_BUFFER, ERROR_NOT_ENOUGH_MEMORY,
 * ERROR_INVALID_PARAMETER, ERROR_NOT_SUPPORTED.
 */
DWORD WINAPI
FormatMessageA(DWORD dwFlags, LPCVOID lpSource, DWORD dwMessageId,
	DWORD dwLanguageId, LPSTR lpBuffer, DWORD nSize, va_list *Arguments)
{
	char line[LINE_MAX_LENGTH];
	DWORD length = line_of(dwFlags, dwMessageId, line);
	char *buffer;

	UNREFERENCED_PARAMETER(lpSource);
	UNREFERENCED_PARAMETER(dwLanguageId);
	UNREFERENCED_PARAMETER(Arguments);
	if (length == 0)
		return 0;
	buffer = buffer_for(dwFlags, lpBuffer, nSize, length, sizeof(*buffer));
	if (buffer == NULL)
		return 0;
	memcpy(buffer, line, length + 1);
	return length;
}

/* As FormatMessageA, in wide characters. */
DWORD WINAPI
FormatMessageW(DWORD dwFlags, LPCVOID lpSource, DWORD dwMessageId,
	DWORD dwLanguageId, LPWSTR lpBuffer, DWORD nSize, va_list *Arguments)
{
	char line[LINE_MAX_LENGTH];
	DWORD length = line_of(dwFlags, dwMessageId, line);
	wchar_t *buffer;

	UNREFERENCED_PARAMETER(lpSource);
	UNREFERENCED_PARAMETER(dwLanguageId);
	UNREFERENCED_PARAMETER(Arguments);
	if (length == 0)
		return 0;
	buffer = buffer_for(dwFlags, lpBuffer, nSize, length, sizeof(*buffer));
	if (buffer == NULL)
		return 0;
	for (DWORD i = 0; i <= length; i++)
		buffer[i] = (wchar_t)line[i];
	return length;
}
