/* predict.h - answers to "which logs are possible?" against a model */
/* SPDX-License-Identifier: MIT */
/*
 * For the suite of a question with lettered logs, which includes this when
 * it has said what the question is about:
 *
 *	texts		the logs, by their letters
 *	true_rules	by which the model finds the key
 *	beliefs		wrong rules, and what somebody believes who answers
 *			by them
 *	free_log	what the real pool writes when nobody holds it back
 *	require_that_the_pool_agrees	with the key
 *
 * answers are the reader's (logs.h), and log_set_find is the model's.
 */
#ifndef PREDICT_H
#define PREDICT_H

/* How many answers to these logs are not what the set says? */
static unsigned
wrong_answers(const struct log_set *set, const char *letters)
{
	unsigned wrong = 0;

	for (; *letters != '\0'; letters++) {
		unsigned i = (unsigned)(*letters - 'A');

		wrong += answers[i] != (log_set_has(set, texts[i]) ?
			POSSIBLE : IMPOSSIBLE);
	}
	return wrong;
}

static unsigned
missing_answers(const char *letters)
{
	unsigned missing = 0;

	for (; *letters != '\0'; letters++)
		missing += answers[*letters - 'A'] == UNDECIDED;
	return missing;
}

/*
 * The wrong rules by which all answers to these logs would be right: those
 * that also explain most of the other answers; NULL if there are none.
 */
static const struct belief *
belief_behind(const char *letters)
{
	static struct log_set set;
	const struct belief *found = NULL;
	unsigned wrong, fewest = LOG_COUNT + 1;

	for (size_t i = 0; i < sizeof(beliefs) / sizeof(*beliefs); i++) {
		log_set_find(&set, &beliefs[i].rules);
		wrong = wrong_answers(&set, "ABCDEFGHIJKL");
		if (wrong_answers(&set, letters) == 0 && wrong < fewest) {
			found = &beliefs[i];
			fewest = wrong;
		}
	}
	return found;
}

/* In this schedule the program writes a log. Who says that it cannot? */
static void
require_possible(const char *log)
{
	for (unsigned i = 0; i < LOG_COUNT; i++)
		require(strcmp(texts[i], log) != 0 || answers[i] == POSSIBLE,
			"the program wrote log %c, which the answer does not "
			"call possible: %s", (int)('A' + i), log);
}

/* The letters are those of a group of logs. */
static void
require_right(const char *letters)
{
	static struct log_set key;
	const struct belief *belief;
	unsigned wrong, missing = missing_answers(letters);

	require(missing == 0, "no answer yet to %u of the %zu logs %s",
		missing, strlen(letters), letters);
	if (explore_active()) {
		require_possible(free_log());
		return;
	}
	log_set_find(&key, &true_rules);
	require_that_the_pool_agrees(&key);
	wrong = wrong_answers(&key, letters);
	if (wrong == 0)
		return;
	belief = belief_behind(letters);
	suite_fail("wrong answers to %u of the %zu logs %s%s%s", wrong,
		strlen(letters), letters, belief == NULL ? "" :
		"; all would be right if ", belief == NULL ? "" :
		belief->text);
}

#endif /* PREDICT_H */
