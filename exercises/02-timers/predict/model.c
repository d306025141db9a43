/* model.c - when the timers fire by certain rules */
/* SPDX-License-Identifier: MIT */
/*
 * The program's settings once more, as a table, and a reading of them: all
 * times are in microseconds. With all rules false it is the pool's reading,
 * and the suite, and key.sh, compare it with the pool's.
 *
 * A timer with a window comes last: it is served when the dispatcher wakes
 * up for another one between its due time and the window's end, and at that
 * end if there is none.
 *
 * Interface: model_times, answer_is, answer_text (model.h).
 */
#include "model.h"

#include <stdio.h>
#include <string.h>

#define MS 1000ll
#define FOREVER (1ll << 60)
#define CALLBACK_OF_F (20 * MS)
#define STOP (HORIZON * MS - MS)

enum due { TICKS, NOW_AND_TICKS, NO_TIME };

static const struct setting {
	enum letter letter;
	long long at;			/* when it is made */
	enum due due;
	long long ticks;
	long long period;
	long long window;
} settings[] = {
	{ A, 0, TICKS, -1000000, 0, 0 },
	{ B, 0, NOW_AND_TICKS, 700000, 0, 0 },
	{ C, 0, TICKS, 0, 50, 0 },
	{ D, 0, TICKS, -300000, 0, 0 },
	{ E, 0, TICKS, -1, 0, 0 },
	{ F, 0, TICKS, -400000, 50, 0 },
	{ G, 0, TICKS, -600000, 0, 0 },
	{ H, 0, TICKS, -850000, 0, 10 },
	{ D, 20 * MS, NO_TIME, 0, 0, 0 },
	{ G, 20 * MS, TICKS, -1000000, 0, 0 },
};

#define SETTINGS (sizeof(settings) / sizeof(settings[0]))

/* In microseconds; an absolute time in wrong units is centuries away. */
static long long
due_time(const struct setting *setting, const struct rules *rules)
{
	bool units = rules->microseconds || rules->milliseconds;

	if (setting->due == NO_TIME)
		return rules->null_is_at_once ? setting->at : FOREVER;
	if (setting->due == NOW_AND_TICKS)
		return rules->sign_flipped || units ? FOREVER :
			setting->at + setting->ticks / 10;
	if (setting->ticks == 0)
		return rules->zero_is_never ? FOREVER : setting->at;
	if (rules->sign_flipped)
		return setting->at;
	return setting->at - (rules->milliseconds ? setting->ticks * MS :
		rules->microseconds ? setting->ticks : setting->ticks / 10);
}

/* From one time to the next; FOREVER: there is no next. */
static long long
period_of(const struct setting *setting, const struct rules *rules)
{
	long long period = setting->period *
		(rules->periods_of_100_ms ? 100 * MS : MS);

	if (setting->period == 0)
		return FOREVER;
	return period + (rules->period_from_end && setting->letter == F ?
		CALLBACK_OF_F : 0);
}

/* When the timer is set anew, or stopped. */
static long long
end_of(const struct setting *setting, const struct rules *rules)
{
	for (const struct setting *s = setting + 1; s < settings + SETTINGS;
	    s++) {
		if (s->letter != setting->letter || rules->sets_once ||
		    (s->due == NO_TIME ? rules->null_is_nothing :
		    rules->sets_add))
			continue;
		return s->at;
	}
	return STOP;
}

static void
add(struct answer *answer, long long time)
{
	if (time <= STOP && answer->count < MOST)
		answer->ms[answer->count++] = (int)(time / MS);
}

/* When a timer with a window is served: with the first of the others. */
static long long
served(const struct answer times[TIMER_COUNT], long long due,
	long long window, const struct rules *rules)
{
	long long best = due + window;

	if (rules->window_ignored)
		return due;
	if (rules->window_is_delay)
		return best;
	for (int i = 0; i < TIMER_COUNT; i++)
		for (int k = 0; k < times[i].count; k++)
			if (times[i].ms[k] * MS >= due &&
			    times[i].ms[k] * MS < best)
				best = times[i].ms[k] * MS;
	return best;
}

/*
 * All times of all timers.
 *
 * times: receives them.
 */
void
model_times(struct answer times[TIMER_COUNT], const struct rules *rules)
{
	memset(times, 0, TIMER_COUNT * sizeof(times[0]));
	for (size_t i = 0; i < SETTINGS; i++) {
		const struct setting *s = &settings[i];
		long long time = due_time(s, rules), end = end_of(s, rules);

		if (rules->sets_once && s->at > 0)
			continue;
		if (s->window > 0)
			continue;
		for (; time < end; time += period_of(s, rules))
			add(&times[s->letter], time);
	}
	for (size_t i = 0; i < SETTINGS; i++)
		if (settings[i].window > 0)
			add(&times[settings[i].letter], served(times,
				due_time(&settings[i], rules),
				settings[i].window * MS, rules));
}

bool
answer_is(const struct answer *a, const struct answer *b)
{
	return a->count == b->count && (a->count <= 0 ||
		memcmp(a->ms, b->ms, (size_t)a->count * sizeof(int)) == 0);
}

const char *
answer_text(char text[ANSWER_SIZE], const struct answer *answer)
{
	char *end = text;

	strcpy(text, answer->count < 0 ? "undecided" : "never");
	for (int i = 0; i < answer->count && i < MOST; i++)
		end += sprintf(end, i > 0 ? " %d" : "%d",
			answer->ms[i] % 1000);
	return text;
}
