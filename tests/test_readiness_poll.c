/* SPDX-License-Identifier: MIT */
/*
 * test_readiness_poll.c - the tests of readiness handles over poll
 *
 * All of them once more, in a process whose poller is that over poll. The
 * suites that are included here are parts of this one then, and their main
 * is this one's.
 */
#define POLLER	"poll"
#define KEPT	2	/* descriptors that the poller keeps: its alarm */

#define PARTS
#include "test_readiness.c"
#include "test_readiness_limits.c"
#include "test_scenario_readiness.c"

int
main(void)
{
	Suite *suite = suite_create("readiness_poll");
	TCase *small = case_with_poller(suite, "small");
	TCase *scenario = case_with_poller(suite, "scenario");
	TCase *large = case_with_poller(suite, "large");
	TCase *first = harness_case(suite, "scenario");

	add_readiness(small);
	add_limits(small, first, large);
	add_scenarios(scenario, first);
	return harness_run(suite);
}
