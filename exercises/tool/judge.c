/* judge.c - how a check has ended: the verdict and the reason */
/* SPDX-License-Identifier: MIT */
/*
 * The grader believes lines that begin with the password, and what the kernel
 * says of the process. A reason has the same bytes whenever the same answer is
 * graded.
 *
 * Interface: run.h.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "run.h"
#include "words.h"

#define LARGE_KIB 900000	/* nearly all that a check may have */

bool
is_control(const char *text)
{
	unsigned char byte = (unsigned char)text[0];
	unsigned char next = byte == '\0' ? 0 : (unsigned char)text[1];

	return byte < ' ' || byte == 0x7f ||
		(byte == 0xc2 && next >= 0x80 && next < 0xa0);
}

void
decide(struct run *run, const char *verdict, const char *reason)
{
	if (run->verdict != NULL)
		return;
	run->verdict = verdict;
	snprintf(run->reason, sizeof(run->reason), "%s", reason);
	for (char *byte = run->reason; *byte != '\0'; byte++)
		if (is_control(byte))
			*byte = '?';
}

long
kills_for_memory(void)
{
	FILE *file = fopen("/proc/vmstat", "r");
	char line[128];
	long count = -1;

	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		if (sscanf(line, "oom_kill %ld", &count) == 1)
			break;
	if (file != NULL)
		fclose(file);
	return count;
}

/* ---- What the check has said ---- */

/* The text of the last line "PASSWORD WORD text", or NULL. */
static const char *
last_message(const struct run *run, const char *word)
{
	static char text[900];
	const char *line = run->result.bytes, *found = NULL;
	size_t key = strlen(run->password), length = strlen(word);

	for (; line != NULL && *line != '\0'; line = strchr(line, '\n'),
	    line += line != NULL)
		if (strncmp(line, run->password, key) == 0 &&
		    strncmp(line + key + 1, word, length) == 0 &&
		    line[key + 1 + length] == ' ')
			found = line + key + length + 2;
	if (found == NULL)
		return NULL;
	snprintf(text, sizeof(text), "%.*s", (int)strcspn(found, "\n"),
		found);
	return text;
}

void
decide_hang(struct run *run)
{
	char reason[sizeof(run->reason)];
	const char *text = last_message(run, "left");

	if (text != NULL) {
		snprintf(reason, sizeof(reason), "left behind: %s", text);
		decide(run, "fail", reason);
		return;
	}
	text = last_message(run, "await");
	if (text != NULL && *text != '\0')
		snprintf(reason, sizeof(reason), "nothing runs any more, "
			"while the check waits for %s", text);
	else
		snprintf(reason, sizeof(reason), "nothing runs any more: "
			"every thread waits for another");
	decide(run, "timeout", reason);
}

/* ---- The verdict ---- */

/* Does every line of the result begin with the password? */
static bool
forged(const struct run *run)
{
	const char *line = run->result.bytes;

	while (*line != '\0') {
		if (strncmp(line, run->password, strlen(run->password)) != 0)
			return true;
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	return false;
}

/*
 * The explorer's verdicts, and what they are here. A race is the business
 * of the stage race; what other failures there are is that of the stage
 * schedules, which has run the same executions, and more. Explored in place of
 * a native run, a check has said what it waits for: then it hangs as one does.
 */
static bool
judge_explored(struct run *run)
{
	static const struct {
		const char *word, *verdict, *races;
	} verdicts[] = {
		{ "pass", "pass", "pass" }, { "race", "fail", "fail" },
		{ "deadlock", "timeout", "pass" },
		{ "livelock", "timeout", "pass" },
		{ "assertion", "fail", "pass" }, { "crash", "fail", "pass" },
		{ "misuse", "fail", "pass" }, { "hang", "timeout", "timeout" },
		{ "exit", "fail", "fail" }, { "trouble", "fail", "fail" },
		{ "leftover", "fail", "fail" }, { "none", "fail", "fail" },
		{ "sanitizer", "fail", "fail" },
	};
	bool races = strcmp(run->mode, "race") == 0;
	const char *verdict;
	char reason[sizeof(run->reason)];

	for (size_t i = 0; i < sizeof(verdicts) / sizeof(*verdicts); i++) {
		const char *text = last_message(run, verdicts[i].word);

		if (text == NULL)
			continue;
		verdict = races ? verdicts[i].races : verdicts[i].verdict;
		if (strcmp(verdicts[i].word, "sanitizer") == 0 &&
		    words_of_sanitizer(text, reason, sizeof(reason)))
			decide(run, "fail", reason);
		if (strcmp(verdicts[i].word, "deadlock") == 0 &&
		    last_message(run, "await") != NULL)
			decide_hang(run);
		decide(run, verdict, strcmp(verdict, "pass") == 0 ? "" : text);
		return true;
	}
	return false;
}

/* Nobody else kills it: neither the grader, by now, nor for want of memory. */
static bool
killed_itself(const struct run *run)
{
	return WIFSIGNALED(run->status) && WTERMSIG(run->status) == SIGKILL &&
		run->kills >= 0 && kills_for_memory() == run->kills;
}

void
judge(struct run *run)
{
	static const char killed[] = "was ended by a signal that it sent "
		"itself";
	const char *failure = last_message(run, "fail");
	const char *left;
	char reason[1024];

	if (forged(run)) {
		decide(run, "fail",
			"wrote into the grader's own result channel");
	} else if (run->explore != NULL) {
		if (!judge_explored(run) && killed_itself(run))
			decide(run, "fail", killed);
		decide(run, "error", "the explorer ended without a result");
	} else if (failure != NULL) {
		decide(run, "fail", failure);
	} else if (killed_itself(run)) {
		decide(run, "fail", killed);
	} else if (WIFEXITED(run->status) && WEXITSTATUS(run->status) == 121) {
		decide(run, "error", "the check could not be started");
	} else if (!WIFEXITED(run->status) || WEXITSTATUS(run->status) != 0 ||
	    last_message(run, "pass") == NULL) {
		left = last_message(run, "left");
		if (WIFEXITED(run->status) && WEXITSTATUS(run->status) == 0
		    && left != NULL) {
			snprintf(reason, sizeof(reason), "left behind: %.900s",
				left);
			decide(run, "fail", reason);
		} else if (words_for_end(run->status, run->text.bytes,
		    run->cage.sanitizer, run->usage.ru_maxrss > LARGE_KIB,
		    reason, sizeof(reason))) {
			decide(run, "fail", reason);
		} else {
			decide(run, "error", "something other than the check "
				"ended it: too little memory on the machine, "
				"or LeakSanitizer does not work here");
		}
	} else {
		decide(run, "pass", "");
	}
}

static unsigned long orphans;

static void
count_orphan(pid_t pid)
{
	(void)pid;
	orphans++;
}

/* A process that the check has started is something left behind. */
void
judge_orphans(struct run *run)
{
	orphans = 0;
	process_each(0, run->cage.reaper, count_orphan);
	if (orphans > 0 && strcmp(run->mode, "quiescence") == 0)
		decide(run, "fail", "left behind: another process");
}
