/* outcomes.c - what an explored program prints, and how often */
/* SPDX-License-Identifier: MIT */
/*
 * With outcomes=on the driver gathers what each execution has printed: the
 * set of all possible outputs, if the search is exhaustive. The answer keys
 * of questions such as "what may this program print?" come from here.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver.h"

struct outcome {
	char *text;
	unsigned long count;
};

static struct outcome *outcomes;
static size_t count;

void
xp_outcome_add(const struct xp_slot *slot)
{
	size_t length;
	char *text = xp_slot_output(slot, &length);
	struct outcome *more;

	for (size_t i = 0; i < count; i++)
		if (strcmp(outcomes[i].text, text) == 0) {
			outcomes[i].count++;
			free(text);
			return;
		}
	more = realloc(outcomes, (count + 1) * sizeof(*outcomes));
	if (more == NULL)
		exit(3);
	outcomes = more;
	outcomes[count++] = (struct outcome){ text, 1 };
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(((const struct outcome *)a)->text,
		((const struct outcome *)b)->text);
}

/* In the order of the texts, so that the same set prints the same. */
void
xp_outcomes_print(void)
{
	if (count > 0)
		qsort(outcomes, count, sizeof(*outcomes), by_text);
	for (size_t i = 0; i < count; i++)
		printf("== outcome %zu of %zu, in %lu executions\n%s", i + 1,
			count, outcomes[i].count, outcomes[i].text);
}
