/* points.c - points are fractions, and are never rounded on the way */
/* SPDX-License-Identifier: MIT */
#include "result.h"

#include <stdio.h>
#include <stdlib.h>

/* Products of two numbers below this do not overflow, nor does their sum. */
#define LIMIT 1000000000LL

static long long
divisor(long long a, long long b)
{
	while (b != 0) {
		long long rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

bool
points_add(struct points *sum, struct points more)
{
	long long top, bottom, common;

	if (sum->top > LIMIT || sum->bottom > LIMIT || more.top > LIMIT ||
	    more.bottom > LIMIT)
		return false;
	top = sum->top * more.bottom + more.top * sum->bottom;
	bottom = sum->bottom * more.bottom;
	common = divisor(top, bottom);
	sum->top = top / common;
	sum->bottom = bottom / common;
	return sum->top <= LIMIT && sum->bottom <= LIMIT;
}

bool
points_equal(struct points one, struct points other)
{
	return points_compare(one, other) == 0;
}

/* Below 0, 0 or above 0, as strcmp. */
int
points_compare(struct points one, struct points other)
{
	long long left = one.top * other.bottom;
	long long right = other.top * one.bottom;

	return (left > right) - (left < right);
}

struct number
points_exact(struct points points)
{
	struct number number;
	long long whole = points.top / points.bottom;
	long long rest = points.top % points.bottom;

	if (rest == 0)
		snprintf(number.text, sizeof(number.text), "%lld", whole);
	else if (whole == 0)
		snprintf(number.text, sizeof(number.text), "%lld/%lld", rest,
			points.bottom);
	else
		snprintf(number.text, sizeof(number.text), "%lld %lld/%lld",
			whole, rest, points.bottom);
	return number;
}

struct number
points_decimal(struct points points)
{
	struct number number;
	double value = (double)points.top / (double)points.bottom;

	for (int digits = 1; digits <= 17; digits++) {
		snprintf(number.text, sizeof(number.text), "%.*g", digits,
			value);
		if (strtod(number.text, NULL) == value)
			break;
	}
	return number;
}
