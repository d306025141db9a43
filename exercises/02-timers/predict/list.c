/* list.c - prints the times of the model, one timer a line */
/* SPDX-License-Identifier: MIT */
/*
 * key.sh compares them with those that the explorer has seen.
 */
#include <stdio.h>

#include "model.h"

int
main(void)
{
	static const struct rules pool_rules;
	struct answer times[TIMER_COUNT];
	char text[ANSWER_SIZE];

	model_times(times, &pool_rules);
	for (int i = 0; i < TIMER_COUNT; i++)
		printf("%c %s; ", 'A' + i, answer_text(text, &times[i]));
	printf("\n");
	return 0;
}
