/* SPDX-License-Identifier: MIT */
/*
 * station.h - a weather station: three objects that drive one another
 *
 * Every 20 ms the station takes a reading and has it sent. If it cannot be
 * sent, because the line is down, it is sent again after a while.
 */
#ifndef STATION_H
#define STATION_H

#include "must.h"

struct station {
	PTP_TIMER sample, retry;
	PTP_WORK send;
	LONG readings, sent;	/* Interlocked only */
	LONG failures;		/* so often the line is down from now on */
};

static VOID CALLBACK
take_reading(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	struct station *station = context;

	(void)instance, (void)timer;
	InterlockedIncrement(&station->readings);
	SubmitThreadpoolWork(station->send);
}

static VOID CALLBACK
send_reading(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct station *station = context;
	FILETIME due = in_ms(10);

	(void)instance, (void)work;
	if (InterlockedDecrement(&station->failures) < 0)
		InterlockedIncrement(&station->sent);
	else
		SetThreadpoolTimer(station->retry, &due, 0, 0);
}

static VOID CALLBACK
send_again(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	struct station *station = context;

	(void)instance, (void)timer;
	SubmitThreadpoolWork(station->send);
}

/* environment: of its three objects. The line is down so often at first. */
static inline struct station *
new_station(PTP_CALLBACK_ENVIRON environment, LONG failures)
{
	struct station *station = calloc(1, sizeof(*station));
	FILETIME due = in_ms(20);

	must(station != NULL, "calloc");
	station->failures = failures;
	station->send = new_work(send_reading, station, environment);
	station->retry = new_timer(send_again, station, environment);
	station->sample = new_timer(take_reading, station, environment);
	SetThreadpoolTimer(station->sample, &due, 20, 0);
	return station;
}

#endif /* STATION_H */
