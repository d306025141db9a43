/* driver.c - main of an explored program: tries its schedules */
/* SPDX-License-Identifier: MIT */
/*
 * An explored program is started as ever, and explores itself: main has been
 * replaced (ld --wrap=main) by the driver, which runs the program's own main
 * once per execution, in a process of its own. EXPLORE in the environment
 * says what to do; README.md lists its words.
 *
 * The last line that the driver prints is its verdict:
 *
 *	explore: 2000 executions, 0 failing
 *	explore: 17 executions, 1 failing: assertion: The assertion ...
 *
 * Exit status: 0 nothing failed, 1 something did, 2 wrong usage, 3 trouble.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver.h"

#define JOBS 16

#pragma weak explore_begin
#pragma weak explore_end

int __real_main(int argc, char **argv, char **envp);
int __wrap_main(int argc, char **argv, char **envp);

static struct xp_slot slots[JOBS];
static unsigned long asked[EXPLORE_FAULTS];	/* by enum explore_fault: at most */
static char sentence[2 * XP_TEXT];	/* of the failure that was told */

/* ---- One failure, told ---- */

static void
print_output(const struct xp_slot *slot)
{
	size_t length;
	char *output = xp_slot_output(slot, &length);

	fwrite(output, 1, length, stdout);
	fflush(stdout);
	free(output);
}

/*
 * What the reader types to see it again; EXPLORE_AGAIN are the words of
 * somebody who calls the program for the reader.
 */
static char *
replay_command(const char *schedule, const struct xp_plan *plan)
{
	const char *again = getenv("EXPLORE_AGAIN");
	size_t size = strlen(schedule) + strlen(xp_argv[0]) +
		(again != NULL ? strlen(again) : 0) + 256;
	char *command = malloc(size);
	int used;

	if (command == NULL)
		exit(3);
	if (again != NULL) {
		snprintf(command, size, "%s '%s%s'", again,
			plan->fine ? "+" : "", schedule);
		return command;
	}
	used = snprintf(command, size, "EXPLORE='replay=%s%s",
		plan->fine ? "+" : "", schedule);
	for (int what = 0; what < EXPLORE_FAULTS; what++)
		if (plan->fail[what] != 0)
			used += snprintf(command + used,
				size - (size_t)used, " fail=%s:%lu",
				xp_fault_word((unsigned)what),
				plan->fail[what]);
	snprintf(command + used, size - (size_t)used, "%s%s' %s",
		plan->slow ? " time=race" : "",
		plan->leftovers ? " leftovers=on" : "", xp_argv[0]);
	return command;
}

static void
report(struct xp_slot *slot, unsigned long executions, long index)
{
	struct xp_finding finding = { .record = slot->record,
		.program = "/proc/self/exe",
		.seed = index < 0 ? -1 : (long)xp_options.seed,
		.executions = executions, .width = xp_options.width,
		.fold = xp_options.fold };
	uint32_t count;
	struct xp_choice *choices = xp_minimise(slot, &count);
	char *schedule = xp_choices_write(choices, count);
	char *command = replay_command(schedule, &slot->plan);
	char *output = xp_slot_output(slot, &finding.output_length);
	int file = STDOUT_FILENO;

	if (getenv("EXPLORE_AGAIN") != NULL)
		finding.executions = 0;	/* the same when played again */
	finding.replay = command;
	finding.schedule = schedule;
	finding.output = output;
	finding.preemptions = xp_preemptions(slot->record);
	xp_report_sentence(&finding, sentence, sizeof(sentence));
	if (xp_options.text[0] != '\0')
		file = open(xp_options.text, O_WRONLY | O_CREAT | O_TRUNC,
			0666);
	if (file >= 0 && !xp_options.quiet)
		xp_report_text(&finding, file);
	if (xp_options.svg[0] != '\0')
		xp_report_svg(&finding, xp_options.svg);
	if (xp_options.json[0] != '\0')
		xp_report_json(&finding, xp_options.json);
	free(output);
	free(command);
	free(schedule);
	free(choices);
}

/* The verdict, and the exit status that goes with it. failed: or NULL. */
int
xp_conclude(unsigned long executions, const struct xp_record *failed)
{
	if (explore_end != NULL)
		explore_end(xp_verdict_word(failed == NULL ? XP_PASS :
			failed->verdict), sentence);
	printf("explore: %lu execution%s, ", executions,
		executions == 1 ? "" : "s");
	if (failed == NULL)
		printf("0 failing\n");
	else
		printf("1 failing: %s: %s\n",
			xp_verdict_word(failed->verdict), sentence);
	fflush(stdout);
	if (failed != NULL && failed->verdict == XP_TROUBLE)
		return 3;
	return failed != NULL;
}

/* Tells the failed execution in the slot. */
int
xp_conclude_found(struct xp_slot *slot, unsigned long executions)
{
	report(slot, executions, -1);
	return xp_conclude(executions, slot->record);
}

/* ---- Ways to explore ---- */

/* The places that become steps are those that the portfolio would have. */
static void
gather_places(void)
{
	struct xp_found found;
	unsigned long runs = xp_options.runs;
	bool outcomes = xp_options.outcomes;

	xp_options.runs = XP_WARM_UP;
	xp_options.outcomes = false;
	xp_portfolio(slots, &found);
	xp_options.runs = runs;
	xp_options.outcomes = outcomes;
}

/* One plan, once: what a reader replays, what the book shows. */
static int
run_once(const struct xp_plan *plan, long index)
{
	xp_slot_run(slots, plan);
	if (xp_options.trace[0] != '\0')
		xp_timeline(slots->record, xp_options.trace);
	if (xp_options.output)
		print_output(slots);
	if (slots->record->misfit)
		fprintf(stderr, "explore: the schedule does not fit this "
			"program\n");
	if (!xp_failed(slots->record))
		return xp_options.output ? 0 : xp_conclude(1, NULL);
	xp_options.minimise = false;
	report(slots, 1, index);
	return xp_conclude(1, slots->record);
}

/* Did both make the same steps, at the same times, to the same end? */
static bool
identical(const struct xp_record *a, const struct xp_record *b)
{
	if (a->verdict != b->verdict || strcmp(a->text, b->text) != 0 ||
	    a->steps != b->steps || a->time != b->time)
		return false;
	for (uint32_t i = 0; i < a->steps && i < XP_STEPS; i++) {
		const struct xp_event *x = &a->events[i];
		const struct xp_event *y = &b->events[i];

		if (x->thread != y->thread || x->kind != y->kind ||
		    x->outcome != y->outcome || x->object != y->object ||
		    x->woke != y->woke || x->time != y->time)
			return false;
	}
	return true;
}

/* The schedule again and again: does it ever come out differently? */
static void
repeat(const struct xp_plan *plan)
{
	struct xp_slot other;
	unsigned long same = 0;

	if (xp_options.repeat == 0)
		return;
	xp_slots_make(&other, 1);
	for (unsigned long i = 0; i < xp_options.repeat; i++) {
		xp_slot_run(&other, plan);
		same += identical(slots->record, other.record);
	}
	printf("explore: %lu of %lu replays identical\n", same,
		xp_options.repeat);
}

static int
replay(void)
{
	struct xp_plan plan;
	struct xp_choice *choices;
	int status;

	xp_plan_default(&plan);
	plan.fine = xp_options.replay[0] == '+';
	choices = xp_choices_read(xp_options.replay + plan.fine,
		&plan.choice_count);
	if (choices == NULL) {
		fprintf(stderr, "explore: this is not a schedule: %s\n",
			xp_options.replay);
		return 2;
	}
	gather_places();
	plan.strategy = XP_REPLAY;
	plan.spurious = true;
	plan.choices = choices;
	status = run_once(&plan, -1);
	repeat(&plan);
	free(choices);
	return status;
}

static int
run_one(void)
{
	struct xp_plan plan;

	if (xp_options.one > 0)
		gather_places();
	xp_plan_of((unsigned long)xp_options.one, &plan);
	return run_once(&plan, xp_options.one);
}

/* The portfolio; a failure is run once more, made simpler and told. */
static int
explore(unsigned long *executions)
{
	struct xp_found found;

	xp_portfolio(slots, &found);
	*executions += found.executions;
	for (int what = 0; what < EXPLORE_FAULTS; what++)
		if (found.asked[what] > asked[what])
			asked[what] = found.asked[what];
	if (!found.found)
		return 0;
	slots->index = found.index;
	xp_slot_run(slots, &found.plan);
	xp_prefer_calm(slots, &found);
	report(slots, found.index + 1, (long)found.index);
	return 1;
}

/* Whatever can fail does so once, in some executions each. */
static int
explore_faults(unsigned long *executions)
{
	xp_options.runs = xp_options.faults;
	for (int what = 0; what < EXPLORE_FAULTS; what++)
		for (unsigned long n = 1; n <= asked[what]; n++) {
			int status;

			xp_options.fail[what] = n;
			status = explore(executions);
			xp_options.fail[what] = 0;
			if (status != 0)
				return status;
		}
	return 0;
}

static int
explore_all(void)
{
	unsigned long executions = 0;
	int status = explore(&executions);

	if (status == 0 && xp_options.faults > 0)
		status = explore_faults(&executions);
	if (xp_options.outcomes)
		xp_outcomes_print();
	return xp_conclude(executions, status == 0 ? NULL : slots->record);
}

static int
by_size(const void *a, const void *b)
{
	unsigned long x = *(const unsigned long *)a;
	unsigned long y = *(const unsigned long *)b;

	return (x > y) - (x < y);
}

/* How soon the first failure comes, from many base seeds. */
static int
census(void)
{
	unsigned long seeds = xp_options.seeds, hits = 0;
	unsigned long *first = calloc(seeds, sizeof(*first));

	if (first == NULL)
		return 3;
	for (unsigned long i = 0; i < seeds; i++, xp_options.seed++) {
		struct xp_found found;

		xp_portfolio(slots, &found);
		if (found.found)
			first[hits++] = found.index + 1;
	}
	qsort(first, hits, sizeof(*first), by_size);
	printf("explore: found from %lu of %lu seeds", hits, seeds);
	if (hits > 0)
		printf(": median %lu, 95%% %lu, most %lu", first[hits / 2],
			first[hits * 95 / 100], first[hits - 1]);
	printf("\n");
	free(first);
	return hits == seeds ? 0 : 1;
}

int
__wrap_main(int argc, char **argv, char **envp)
{
	if (!xp_options_read(getenv("EXPLORE")))
		return 2;
	if (xp_options.off)
		return __real_main(argc, argv, envp);
	if (explore_begin != NULL)
		explore_begin(argc, argv);
	xp_argc = argc;
	xp_argv = argv;
	xp_envp = envp;
	if (xp_options.jobs == 0)
		xp_options.jobs = (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
	if (xp_options.jobs > JOBS)
		xp_options.jobs = JOBS;
	xp_slots_make(slots, xp_options.jobs);
	if (xp_options.replay[0] != '\0')
		return replay();
	if (xp_options.one >= 0)
		return run_one();
	if (xp_options.preemptions >= 0)
		return xp_search(slots);
	if (xp_options.seeds > 0)
		return census();
	return explore_all();
}
