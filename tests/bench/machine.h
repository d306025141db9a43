/*
 * machine.h - clock, thread, memory and sleep of the machine under test
 * SPDX-License-Identifier: MIT
 *
 * What the measurements need of the operating system, once for POSIX and
 * once for Windows, and nothing of any pool: the second submitter is a
 * plain thread for every peer.
 */

#ifndef MACHINE_H
#define MACHINE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct machine_thread;

/* machine_now - nanoseconds on a clock that never goes back. */
int64_t machine_now(void);

/* machine_sleep - give the processor away for about `ns` nanoseconds. */
void machine_sleep(int64_t ns);

/* machine_yield - let another thread run on this processor, if one waits. */
void machine_yield(void);

/* machine_start - run fn(arg) on a new thread; ends the program if it can't. */
struct machine_thread *machine_start(void (*fn)(void *), void *arg);

/* machine_join - wait for the end of a started thread, and free it. */
void machine_join(struct machine_thread *thread);

/*
 * machine_place - keep this thread, and those it starts, on a processor.
 * first: 1, on the first processor only; 0, on any but the first. Where there
 * is but one processor, or no such call, it does nothing.
 */
void machine_place(int first);

/* machine_memory - bytes of memory the process occupies; 0 if unknown. */
int64_t machine_memory(void);

/* machine_threads - threads the process has at present; 0 if unknown. */
int machine_threads(void);

/* machine_processor_time - ns of processor time that the process has used. */
int64_t machine_processor_time(void);

/* machine_descriptors - descriptors that are open; 0 if unknown. */
int machine_descriptors(void);

/* machine_descriptor_limit - how many may be: as many as the system lets. */
long machine_descriptor_limit(void);

#ifdef __cplusplus
}
#endif

#endif
