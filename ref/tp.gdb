# tp.gdb - the dump as a command of gdb (10 or later; it needs no Python)
# SPDX-License-Identifier: MIT
#
# gdb -x ref/tp.gdb PROGRAM, or in gdb: source ref/tp.gdb. Then:
#
#	tp			the list of verbs
#	tp pool 0 7		all pools, with all there is
#	tp obj work		the object that the variable work points to
#	tp waiter event		who waits for the handle in the variable event
#	tp worker		what the selected thread runs
#	tp core			all pools, in a core file
#
# An address is any expression without blanks. Flags as in dump.h.
#
# All but tp core have the stopped process call tp_dump_text, which takes no
# lock, allocates nothing and uses no stream: so it does not matter where the
# process has stopped, be it in the allocator. Only the selected thread runs
# meanwhile. Where the lists of the pool are damaged, the call ends by a fault,
# which gdb reports, and the process is as it was before. On a processor with AMX,
# gdb before version 14 cannot have a process call anything: "Couldn't write
# extended state status". There, write a core file with gcore, and use tp core.
#
# In a core file nothing can be called, and gdb says that the target cannot
# support it. There tp core follows the lists by itself, which takes the debug
# information of the pool, and shows less: what no dump and no trace has given a
# number is called by its address.

define-prefix tp

# NUMBER [ADDRESS [FLAGS]]: the numbers are those of the table in
# dump_command.c. Without an address, waiter (5) and worker (8) are of the
# selected thread: TP_DUMP_HERE. The text comes in parts; after the last comes "".
define tp verb
  set $tp_address = $arg0 == 5 || $arg0 == 8 ? -1L : 0L
  set $tp_flags = 0
  set $tp_part = 0
  set $tp_more = 1
  if $argc > 1
    set $tp_address = (long) ($arg1)
  end
  if $argc > 2
    set $tp_flags = (int) ($arg2)
  end
  if $argc > 3
    printf "tp: nothing can follow the flags\n"
    set $tp_more = 0
  end
  if $_thread == 0
    printf "tp: there is no process; start one, or attach to one\n"
    set $tp_more = 0
  end
  while $tp_more
    with scheduler-locking on -- with unwindonsignal on -- set $tp_text = ((const char *(*)(unsigned, unsigned long, unsigned, unsigned)) tp_dump_text)($arg0, $tp_address, $tp_flags, $tp_part)
    printf "%s", $tp_text
    set $tp_more = *$tp_text != 0
    set $tp_part = $tp_part + 1
  end
end
document tp verb
tp VERB [ADDRESS [FLAGS]]: what the pools are doing. tp alone: the verbs.
end

alias tp pool = tp verb 1
alias tp obj = tp verb 2
alias tp tqueue = tp verb 3
alias tp ttimer = tp verb 4
alias tp waiter = tp verb 5
alias tp wait = tp verb 6
alias tp work = tp verb 7
alias tp worker = tp verb 8
alias tp wqueue = tp verb 9
alias tp stats = tp verb 10
alias tp factory = tp verb 11

define tp
  if $argc > 0
    printf "tp: there is no such verb; tp alone lists them\n"
  else
    tp verb 0
  end
end
document tp
The dump of the thread pool: tp VERB [ADDRESS [FLAGS]]. tp alone: the verbs.
end

# ---- Without calling anything ----

# KIND NUMBER ADDRESS: "work 2", or the kind alone of the only one.
define tp-name
  if (unsigned) $arg1 == ~0U
    printf "%s", $arg0
  else
    if $arg1 == 0
      printf "%s 0x%lx", $arg0, (unsigned long) $arg2
    else
      printf "%s %u", $arg0, $arg1
    end
  end
end

define tp-object
  tp-name $arg0->ops->kind $arg0->number $arg0
end

# A literal would be text that gdb has the process allocate.
define tp-open
  if $arg0
    printf ": closed"
  else
    printf ": open"
  end
end

define tp-objects
  set $tp_node = $tp_pool->bound.next
  while $tp_node != &$tp_pool->bound
    set $tp_object = (struct tp_object *) ((char *) $tp_node - (long) &((struct tp_object *) 0)->bound)
    printf "  "
    tp-object $tp_object
    tp-open $tp_object->closed
    printf ", pending %u, running %u, associated %u, refs %u\n", $tp_object->pending, $tp_object->running, $tp_object->associated, $tp_object->refs
    set $tp_node = $tp_node->next
  end
end

define tp-workers
  set $tp_node = $tp_pool->workers.next
  while $tp_node != &$tp_pool->workers
    set $tp_worker = (struct tp_worker *) ((char *) $tp_node - (long) &((struct tp_worker *) 0)->link)
    printf "  "
    tp-name $tp_worker->label->kind $tp_worker->label->number $tp_worker
    if $tp_worker->instance == 0
      printf ": idle\n"
    else
      printf ": runs "
      tp-object $tp_worker->instance->object
      printf "\n"
    end
    set $tp_node = $tp_node->next
  end
end

define tp-waits
  set $tp_node = $tp_pool->waits.next
  while $tp_node != &$tp_pool->waits
    set $tp_waiting = (struct tp_waiting *) ((char *) $tp_node - (long) &((struct tp_waiting *) 0)->link)
    printf "  "
    tp-name $tp_waiting->label->kind $tp_waiting->label->number $tp_waiting
    printf ": waits for "
    tp-object $tp_waiting->object
    printf "\n"
    set $tp_node = $tp_node->next
  end
end

define tp core
  set $tp_next = tp_pools.next
  if $tp_next == &tp_pools
    printf "none\n"
  end
  while $tp_next != &tp_pools
    set $tp_pool = (struct _TP_POOL *) ((char *) $tp_next - (long) &((struct _TP_POOL *) 0)->link)
    tp-name $tp_pool->label.kind $tp_pool->label.number $tp_pool
    tp-open $tp_pool->closed
    printf ", %u to %u threads, has %u, idle %u, running %u, queued %lu\n", $tp_pool->minimum, $tp_pool->maximum, $tp_pool->total, $tp_pool->idle_count, $tp_pool->running, $tp_pool->queue.posts
    tp-objects
    tp-workers
    tp-waits
    set $tp_next = $tp_next->next
  end
end
document tp core
tp core: all pools, their objects and workers, and who waits; calls nothing.
end
