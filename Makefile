# The Deep End: a thread pool you can read. The only makefile; `make help` lists
# the targets. Everything it makes is under build/.
#
# SPDX-License-Identifier: MIT

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:

# --- What is built from what -------------------------------------------------

# The engine, and the modules of the chapters: object lists, never an archive,
# so that an exercise can replace one object and a missing function reads
# "undefined reference to SetThreadpoolTimer".
REF = error clock sync heap misuse trace dump show show_pool show_object \
      show_wait show_due dump_command due dispatch poller poller_epoll \
      poller_poll pool wake queue factory worker long object quiet idle \
      waitable handle multiwait target event mutex semaphore thread \
      waitable_timer readiness critical_section group library unload state crash \
      file path request transfer stream disk disk_threads disk_uring read_write \
      overlapped socket single
COMPAT = sleeper srw_lock condition_variable init_once tls memory message \
         system
MODULES = chapters/01-work/work chapters/02-timers/timer \
          chapters/03-waits/wait chapters/04-io/io \
          chapters/05-completion/completion \
          chapters/06-pools/pools chapters/07-cleanup-groups/cleanup_group \
          chapters/08-legacy/legacy chapters/08-legacy/work_item \
          chapters/08-legacy/registered_wait chapters/08-legacy/timer_queue \
          chapters/08-legacy/bound_file

SOURCES = $(REF:%=ref/%) $(COMPAT:%=ref/compat/%) $(MODULES)

# Programs of the chapters: public API and standard C only, unless in PTHREAD.
CHAPTERS = opening 00-first-pool 01-work 02-timers 03-waits 04-io 05-completion \
           06-pools 07-cleanup-groups 08-legacy best-practice \
           appendix-sources appendix-differences
PROGRAMS = $(filter-out $(MODULES:chapters/%=%) $(PLUGINS),\
           $(patsubst chapters/%.c,%,\
           $(foreach chapter,$(filter-out 00-first-pool,$(CHAPTERS)),\
           $(wildcard chapters/$(chapter)/*.c))))
TOY_PROGRAMS = $(filter-out 00-first-pool/first_pool,$(patsubst \
               chapters/%.c,%,$(wildcard chapters/00-first-pool/*.c)))

# Those that are broken on purpose, for the explorer to find (book/run.sh).
BROKEN := $(patsubst chapters/%.c,%,$(shell grep -l '^ \* explore: must=' \
          chapters/*/*.c))

SUITES = $(patsubst tests/test_%.c,%,$(wildcard tests/test_*.c))
HARNESS = tests/harness tests/counting

# Libraries that programs and suites load: each beside those who load it. They
# use the pool of the program, which is linked so that they find it.
PLUGINS = $(patsubst chapters/%.c,%,$(wildcard chapters/*/plugin_*.c))
TEST_PLUGINS = $(patsubst tests/%.c,%,$(wildcard tests/plugin_*.c))
PLUGIN_LINK = -rdynamic

PREFIX ?= /usr/local

# --- Compilers and flags -----------------------------------------------------

CC = gcc
CLANG = clang
MUSL = musl-gcc
MINGW = x86_64-w64-mingw32-gcc
WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wconversion \
           -Wmissing-prototypes -Werror
CPPFLAGS = -D_POSIX_C_SOURCE=200809L -Iref
CFLAGS = -std=c11 $(WARNINGS) -g -O2 -pthread
LDLIBS = -pthread
CHECK_LIBS = $(shell pkg-config --libs check)

# A test program sees every allocation and every new thread of the pool.
COUNTED = malloc calloc realloc free pthread_create
WRAP = $(COUNTED:%=-Wl,--wrap=%)

# variant: folder, compiler, extra flags. Objects of every source, every test
# suite and every program, under build/FOLDER.
define variant
build/$(1)/%.o: %.c
	@mkdir -p $$(@D)
	@echo 'compile $$@'
	@$(2) $$(CPPFLAGS) $$(CFLAGS) $(3) $$(LEVEL) -MMD -MP -c -o $$@ $$<

# The calls that the harness counts are wrapped in these two, before they are
# linked with libcheck: its own calls are not counted.
build/$(1)/base.o: $$(HARNESS:%=build/$(1)/%.o) $$(SOURCES:%=build/$(1)/%.o) \
		build/$(1)/chapters/00-first-pool/first_pool.o
	@$(2) -r -nostdlib $$(WRAP) -o $$@ $$^

build/$(1)/counted/%.o: build/$(1)/tests/test_%.o
	@mkdir -p $$(@D)
	@$(2) -r -nostdlib $$(WRAP) -o $$@ $$^

build/$(1)/suite/%.so: tests/%.c
	@mkdir -p $$(@D)
	@$(2) $$(CPPFLAGS) $$(CFLAGS) $(3) -fPIC -shared -MMD -MP \
		-MT $$@ -MF $$@.d -o $$@ $$<

build/$(1)/bin/%.so: chapters/%.c
	@mkdir -p $$(@D)
	@$(2) $$(CPPFLAGS) $$(CFLAGS) $(3) -fPIC -shared -MMD -MP \
		-MT $$@ -MF $$@.d -o $$@ $$<

build/$(1)/suite/%: build/$(1)/counted/%.o build/$(1)/base.o \
		| $$(TEST_PLUGINS:%=build/$(1)/suite/%.so)
	@mkdir -p $$(@D)
	@echo 'link $$@'
	@$(2) $$(CFLAGS) $(3) $$(PLUGIN_LINK) -o $$@ $$^ $$(CHECK_LIBS) $$(LDLIBS)

# This one runs a program of a chapter.
build/$(1)/suite/httpd: | build/$(1)/bin/04-io/httpd

build/$(1)/bin/00-first-pool/%: build/$(1)/chapters/00-first-pool/%.o \
		build/$(1)/chapters/00-first-pool/first_pool.o
	@mkdir -p $$(@D)
	@echo 'link $$@'
	@$(2) $$(CFLAGS) $(3) -o $$@ $$^ $$(LDLIBS)

build/$(1)/bin/%: build/$(1)/chapters/%.o $$(SOURCES:%=build/$(1)/%.o) \
		| $$(PLUGINS:%=build/$(1)/bin/%.so)
	@mkdir -p $$(@D)
	@echo 'link $$@'
	@$(2) $$(CFLAGS) $(3) $$(PLUGIN_LINK) -o $$@ $$^ $$(LDLIBS)

-include $$(wildcard build/$(1)/*/*.d build/$(1)/*/*/*.d)
endef

# io_uring, by liburing, if that is installed here. What disk_uring.c uses of the
# library becomes part of its object, under names that nobody else sees: so no
# list of objects, no link line and no program that uses the pool has to know.
# with_uring: folder, compiler, extra flags. Explored, and with musl, there is none.
URING := $(wildcard $(shell pkg-config --variable=libdir liburing \
         2>/dev/null)/liburing.a)
build/uring: FORCE
	@mkdir -p $(@D)
	@echo '$(URING)' | cmp -s - $@ || echo '$(URING)' > $@

define with_uring
build/$(1)/ref/disk_uring.o: ref/disk_uring.c build/uring
	@mkdir -p $$(@D)
	@echo 'compile $$@'
	@$(2) $$(CPPFLAGS) $$(CFLAGS) $(3) -DTP_URING=1 -MMD -MP \
		-MF $$(@:o=d) -MT $$@ -c -o $$(@:o=part.o) $$<
	@$(2) -r -nostdlib -o $$@ $$(@:o=part.o) $$(URING)
	@objcopy --keep-global-symbol=tp_disk_uring $$@
endef

# The suites themselves are not what has to be quick: sanitized, they compile in
# a third of the time without optimisation.
SANITIZE = -fno-omit-frame-pointer -O1
build/asan/tests/% build/tsan/tests/%: LEVEL = -O0
$(eval $(call variant,obj,$(CC),-DTP_CHECK=1))
$(eval $(call variant,release,$(CC),-DTP_CHECK=0 -fPIC))
$(eval $(call variant,asan,$(CC),$(SANITIZE) -fsanitize=address,undefined \
  -fno-sanitize-recover=all))
$(eval $(call variant,tsan,$(CC),$(SANITIZE) -fsanitize=thread))
$(eval $(call variant,clang,$(CLANG),))
$(eval $(call variant,musl,$(MUSL),))
ifneq ($(URING),)
$(eval $(call with_uring,obj,$(CC),-DTP_CHECK=1))
$(eval $(call with_uring,release,$(CC),-DTP_CHECK=0 -fPIC))
$(eval $(call with_uring,asan,$(CC),$(SANITIZE) -fsanitize=address,undefined \
  -fno-sanitize-recover=all))
$(eval $(call with_uring,tsan,$(CC),$(SANITIZE) -fsanitize=thread))
$(eval $(call with_uring,clang,$(CLANG),))
else
$(foreach v,obj release asan tsan clang,build/$(v)/ref/disk_uring.o): build/uring
endif
.SECONDARY:

# --- For everybody -------------------------------------------------------------

.PHONY: help all lib run clean
help:	## list the targets
	@echo 'The Deep End: a thread pool you can read. Targets:'
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  %-20s %s\n", $$1, $$2}' \
		$(firstword $(MAKEFILE_LIST))

all: lib programs suites	## the libraries, the programs, the tests

lib: build/libthreadpool.a build/libthreadpool.so	## the two libraries

build/libthreadpool.a: $(SOURCES:%=build/release/%.o)
	rm -f $@
	ar rcs $@ $^

build/libthreadpool.so: $(SOURCES:%=build/release/%.o)
	$(CC) -shared -Wl,-soname,libthreadpool.so.0 -o $@ $^ $(LDLIBS)

.PHONY: programs suites
programs: $(PROGRAMS:%=build/obj/bin/%) $(TOY_PROGRAMS:%=build/obj/bin/%)
suites: $(SUITES:%=build/obj/suite/%)

ifeq ($(PROGRAM),)
run: programs	## run the programs; one alone: PROGRAM=batch ARGS=...
	@for p in $(filter-out $(BROKEN),$(TOY_PROGRAMS) $(PROGRAMS)); do \
		echo "== $$p"; build/obj/bin/$$p || exit 1; done
else
# By its name, with or without the folder. The server serves the book.
RUN = $(firstword $(patsubst chapters/%.c,%,$(wildcard \
      chapters/$(PROGRAM).c chapters/*/$(PROGRAM).c)))
ARGS_httpd = build/book/site
run: $(if $(RUN),build/obj/bin/$(RUN),$(error there is no program $(PROGRAM))) \
     $(if $(ARGS)$(wildcard build/book/site/index.html),,\
     $(if $(filter httpd,$(notdir $(RUN))),site))
	@build/obj/bin/$(RUN) $(or $(ARGS),$(ARGS_$(notdir $(RUN))))
endif

clean:	## remove build/
	rm -rf build

# --- Installing ----------------------------------------------------------------

.PHONY: install
install: lib	## install header, libraries and tp.gdb (DESTDIR, PREFIX)
	install -d $(DESTDIR)$(PREFIX)/include/threadpool/compat
	install -d $(DESTDIR)$(PREFIX)/lib/pkgconfig
	install -d $(DESTDIR)$(PREFIX)/share/threadpool
	install -m 644 ref/threadpool.h ref/environ.h ref/win32.h ref/dump.h \
		ref/readiness.h ref/stream.h \
		$(DESTDIR)$(PREFIX)/include/threadpool
	install -m 644 ref/compat/compat.h ref/compat/interlocked.h \
		$(DESTDIR)$(PREFIX)/include/threadpool/compat
	install -m 644 build/libthreadpool.a $(DESTDIR)$(PREFIX)/lib
	install -m 755 build/libthreadpool.so \
		$(DESTDIR)$(PREFIX)/lib/libthreadpool.so.0
	ln -sf libthreadpool.so.0 $(DESTDIR)$(PREFIX)/lib/libthreadpool.so
	install -m 644 ref/tp.gdb $(DESTDIR)$(PREFIX)/share/threadpool
	sed 's|@PREFIX@|$(PREFIX)|' ref/threadpool.pc.in \
		> $(DESTDIR)$(PREFIX)/lib/pkgconfig/threadpool.pc

# --- Tests -----------------------------------------------------------------------

.PHONY: check check-all test asan tsan clang unchecked check-house check-install
.PHONY: check-gdb
check:	## everything that needs no more than README's packages
	@sh tests/check.sh '$(MAKE)'

check-all:	## also what takes long, or needs clang, musl and Wine
	@sh tests/check.sh '$(MAKE)' all

test: $(SUITES:%=test-%)	## run the Check suites; one alone: test-work

RESULTS = build/results
test-%: build/obj/suite/%
	@mkdir -p $(RESULTS)
	@TEST_RESULTS=$(RESULTS)/$*.tap ./$<

# The suites again: address and undefined-behaviour sanitizer with leaks, thread
# sanitizer, and the other compiler.
asan: $(SUITES:%=asan-%)	## the suites under ASan, LSan and UBSan
tsan: $(SUITES:%=tsan-%)	## the suites under TSan
clang: $(SUITES:%=clang-%) $(PROGRAMS:%=build/clang/bin/%) ## all of it with clang

# Without the checks, as it is installed: what the suites say of reports is left
# out.
UNCHECKED = $(filter-out misuse% %misuse lock_order,$(SUITES))
unchecked: $(UNCHECKED:%=unchecked-%)	## the suites without TP_CHECK

asan-%: build/asan/suite/%
	@ASAN_OPTIONS=detect_leaks=1 ./$<
tsan-%: build/tsan/suite/%
	@TSAN_OPTIONS=halt_on_error=1:atexit_sleep_ms=20 ./$<
clang-%: build/clang/suite/%
	@./$<
unchecked-%: build/release/suite/%
	@./$<

# A gigabyte copied, where the suite has 64 MiB; build/ needs room for it twice.
.PHONY: load
load: build/obj/suite/io_load	## the load test of I/O with a file of 1 GiB
	@LOAD=full ./$<

# The dump as a command of gdb, on a process, on its core, and on a web server
# that serves meanwhile.
check-gdb: build/gdb/scene build/gdb/client build/obj/bin/04-io/httpd ## the dump in gdb
	@sh tests/gdb/run.sh build/gdb/scene
	@sh tests/gdb/server.sh build/obj/bin/04-io/httpd build/gdb/client

build/gdb/scene: build/obj/tests/gdb/scene.o $(SOURCES:%=build/obj/%.o)
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) $(PLUGIN_LINK) -o $@ $^ $(LDLIBS)

build/gdb/client: build/obj/tests/gdb/client.o
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) -o $@ $^

check-house:	## who includes whom, which file names which
	@sh tests/house.sh

# What `make install` puts down is enough to build and run a program.
check-install: lib
	@sh tests/install.sh '$(MAKE)' '$(CC)'

# --- The explorer ----------------------------------------------------------------

# An explored program is compiled so that its memory accesses call the explorer
# (-fsanitize=thread, but linked without it), or with a sanitizer; and every call
# that blocks, wakes or tells the time is the explorer's. tests/explore/README.md
# tells the story. explored: folder, compiler, flags of program and link, flags of
# the program alone.
EXPLORER = $(filter-out tests/explore/wrap_check tests/explore/tsan,$(patsubst %.c,%,\
           $(wildcard tests/explore/*.c)))
EXPLORE_CALLS = main exit _exit abort fork syscall sysconf __assert_fail \
        pthread_create pthread_join pthread_detach pthread_setname_np \
        pthread_cancel sched_yield kill \
        pthread_mutex_init pthread_mutex_destroy pthread_mutex_lock \
        pthread_mutex_trylock pthread_mutex_timedlock pthread_mutex_unlock \
        pthread_spin_init pthread_spin_lock pthread_spin_trylock \
        pthread_spin_unlock \
        pthread_cond_init pthread_cond_destroy pthread_cond_wait \
        pthread_cond_timedwait pthread_cond_clockwait pthread_cond_signal \
        pthread_cond_broadcast \
        pthread_rwlock_init pthread_rwlock_destroy pthread_rwlock_rdlock \
        pthread_rwlock_tryrdlock pthread_rwlock_timedrdlock \
        pthread_rwlock_wrlock pthread_rwlock_trywrlock \
        pthread_rwlock_timedwrlock pthread_rwlock_unlock \
        sem_init sem_destroy sem_wait sem_trywait sem_timedwait sem_post \
        sem_getvalue pthread_once pthread_barrier_init \
        pthread_barrier_destroy pthread_barrier_wait \
        clock_gettime clock_nanosleep nanosleep usleep sleep time \
        gettimeofday timespec_get \
        poll ppoll epoll_wait epoll_pwait epoll_pwait2 read write pread \
        pwrite recv send accept accept4 fsync shutdown close \
        eventfd_read eventfd_write \
        malloc calloc realloc aligned_alloc posix_memalign free strdup \
        strndup memcpy memmove memset
EXPLORE_WRAP = $(EXPLORE_CALLS:%=-Wl,--wrap=%) -Wl,-z,now
EXPLORE_CHECK = -Wl,--wrap=_ck_assert_failed,--wrap=_mark_point
EXPLORE_CFLAGS = -O1 -fno-omit-frame-pointer -fno-optimize-sibling-calls \
        -fno-builtin-memcpy -fno-builtin-memmove -fno-builtin-memset \
        -fno-builtin-malloc -fno-builtin-calloc -fno-builtin-realloc \
        -fno-builtin-free \
        -U_FORTIFY_SOURCE

EXPLORER_JUMPS = -fno-optimize-sibling-calls
build/explorer/tests/explore/tsan.o: EXPLORER_JUMPS =

build/explorer/%.o: %.c
	@mkdir -p $(@D)
	@echo 'compile $@'
	@$(CC) $(CPPFLAGS) $(CFLAGS) -fno-omit-frame-pointer \
		$(EXPLORER_JUMPS) -MMD -MP -c -o $@ $<

-include $(wildcard build/explorer/tests/explore/*.d)

# With a thread sanitizer in the link, accesses are its own business; only atomics
# are steps as well, on the way to it.
EXPLORER_OF_explore = $(EXPLORER)
EXPLORER_OF_explore-clang = $(EXPLORER)
EXPLORER_OF_explore-asan = $(EXPLORER)
EXPLORER_OF_explore-tsan = $(filter-out tests/explore/callbacks \
                           tests/explore/atomic,$(EXPLORER)) tests/explore/tsan
TSAN_ATOMICS = load store exchange fetch_add fetch_sub fetch_and fetch_or \
        fetch_xor fetch_nand compare_exchange_strong compare_exchange_weak \
        compare_exchange_val
WRAP_OF_explore-tsan = $(foreach bits,8 16 32 64,\
        $(TSAN_ATOMICS:%=-Wl,--wrap=__tsan_atomic$(bits)_%))

COUNTED_AWAY = $(foreach call,$(COUNTED),--redefine-sym __wrap_$(call)=counted_$(call))

define explored
build/$(1)/%.o: %.c
	@mkdir -p $$(@D)
	@echo 'compile $$@'
	@$(2) $$(CPPFLAGS) -Itests/explore $$(CFLAGS) $$(EXPLORE_CFLAGS) \
		$(3) $$(if $$(filter exercises/tool/%,$$*),,$(4)) -MMD -MP -c -o $$@ $$<

# As for every suite; and what the harness wraps has another name, so that the
# explorer may wrap the same calls behind it.
build/$(1)/base.o: $$(HARNESS:%=build/$(1)/%.o) $$(SOURCES:%=build/$(1)/%.o) \
		build/$(1)/chapters/00-first-pool/first_pool.o
	@$(2) -r -nostdlib $$(WRAP) -o $$@ $$^
	@objcopy $$(COUNTED_AWAY) $$@

build/$(1)/counted/%.o: build/$(1)/tests/test_%.o
	@mkdir -p $$(@D)
	@$(2) -r -nostdlib $$(WRAP) -o $$@ $$^
	@objcopy $$(COUNTED_AWAY) $$@

# What is loaded is not explored.
build/$(1)/suite/%.so: build/obj/suite/%.so
	@mkdir -p $$(@D)
	@cp $$< $$@

build/$(1)/bin/%.so: build/obj/bin/%.so
	@mkdir -p $$(@D)
	@cp $$< $$@

build/$(1)/suite/%: build/$(1)/counted/%.o build/$(1)/base.o \
		$$(EXPLORER_OF_$(1):%=build/explorer/%.o) \
		build/explorer/tests/explore/wrap_check.o \
		| $$(TEST_PLUGINS:%=build/$(1)/suite/%.so)
	@mkdir -p $$(@D)
	@echo 'link $$@'
	@$(2) -pthread $(3) $$(PLUGIN_LINK) -no-pie -o $$@ $$^ $$(EXPLORE_WRAP) $$(WRAP_OF_$(1)) \
		$$(EXPLORE_CHECK) $$(CHECK_LIBS) $$(LDLIBS)

build/$(1)/corpus/%: build/$(1)/tests/explore/corpus/%.o \
		$$(EXPLORER_OF_$(1):%=build/explorer/%.o)
	@mkdir -p $$(@D)
	@echo 'link $$@'
	@$(2) -pthread $(3) -no-pie -o $$@ $$^ $$(EXPLORE_WRAP) $$(WRAP_OF_$(1)) $$(LDLIBS)

build/$(1)/bin/00-first-pool/%: build/$(1)/chapters/00-first-pool/%.o \
		build/$(1)/chapters/00-first-pool/first_pool.o \
		$$(EXPLORER_OF_$(1):%=build/explorer/%.o)
	@mkdir -p $$(@D)
	@echo 'link $$@'
	@$(2) -pthread $(3) -no-pie -o $$@ $$^ $$(EXPLORE_WRAP) $$(WRAP_OF_$(1)) $$(LDLIBS)

build/$(1)/bin/%: build/$(1)/chapters/%.o $$(SOURCES:%=build/$(1)/%.o) \
		$$(EXPLORER_OF_$(1):%=build/explorer/%.o) \
		| $$(PLUGINS:%=build/$(1)/bin/%.so)
	@mkdir -p $$(@D)
	@echo 'link $$@'
	@$(2) -pthread $(3) $$(PLUGIN_LINK) -no-pie -o $$@ $$^ $$(EXPLORE_WRAP) $$(WRAP_OF_$(1)) $$(LDLIBS)

-include $$(wildcard build/$(1)/*/*.d build/$(1)/*/*/*.d build/$(1)/*/*/*/*.d)
endef

$(eval $(call explored,explore,$(CC),,-fsanitize=thread))
$(eval $(call explored,explore-clang,$(CLANG),,-fsanitize=thread))
$(eval $(call explored,explore-asan,$(CC),-fsanitize=address,))
$(eval $(call explored,explore-tsan,$(CC),-fsanitize=thread,))

# The explorer's own tests: planted bugs that it must find, correct programs that
# it must not blame.
CORPUS = $(patsubst tests/explore/corpus/%.c,%,$(wildcard tests/explore/corpus/*.c))
.PHONY: check-explorer check-explorer-all explorer-nightly bench-explorer
check-explorer: $(CORPUS:%=build/explore/corpus/%) ## the explorer's own tests
	@sh tests/explore/corpus.sh check build/explore/corpus
	@sh tests/explore/same.sh build/explore/corpus

SEES_clang = atomics accesses races
SEES_asan = sanitizer
SEES_tsan = atomics races sanitizer
check-explorer-%: $(addprefix build/explore-%/corpus/,$(CORPUS))
	@sh tests/explore/corpus.sh short build/explore-$*/corpus '$(SEES_$*)'

check-explorer-all: check-explorer-clang check-explorer-asan check-explorer-tsan

explorer-nightly: $(CORPUS:%=build/explore/corpus/%) # a million executions
	@sh tests/explore/corpus.sh long build/explore/corpus

# What an execution costs, plain and under the sanitizers. Nothing is asserted.
BENCHED = corpus/ok_bounded_buffer corpus/ok_pool corpus/ok_pipe_large
BENCHED_POOL = suite/scenario_work
bench-explorer: $(foreach v,explore explore-asan explore-tsan,\
                $(addprefix build/$(v)/,$(BENCHED) $(BENCHED_POOL)))
	@for v in explore:2000 explore-asan:300 explore-tsan:100; do \
		sh tests/explore/bench.sh $${v#*:} \
			$(addprefix build/$${v%:*}/,$(BENCHED)) && \
		TEST_ONLY=posts_of_two_threads_are_run_once_each \
			sh tests/explore/bench.sh $${v#*:} \
			$(addprefix build/$${v%:*}/,$(BENCHED_POOL)) || exit; \
	done

# The suites' own tests, explored: each in so many executions, always the same
# ones; in explore-nightly new ones every time. With SHARD=K/N, a part of them,
# and the explorer's own million in the first part only. The long ones go on
# where they were killed.
EXPLORED_SUITES = $(SUITES:%=build/explore/suite/%)
EXPLORE_RUN = sh tests/explore/run.sh $(SHARD:%=--shard %)
.PHONY: explored explore explore-all explore-nightly check-shards
explored: $(EXPLORED_SUITES) # built, before shards in the same folder

explore: $(EXPLORED_SUITES)	## every small test and scenario, explored
	@$(EXPLORE_RUN) $^

explore-all: $(EXPLORED_SUITES)	## with 2,000 schedules each, and on a slow machine
	@OUT=build/explore/slow FAULTS=5 WORDS=time=race RESUME=$${RESUME:-1} \
		$(EXPLORE_RUN) $^
	@OUT=build/explore/all SMALL=2000 SCENARIO=2000 FAULTS=50 \
		RESUME=$${RESUME:-1} $(EXPLORE_RUN) $^

explore-nightly: $(if $(filter-out 1/%,$(SHARD)),,explorer-nightly) \
                 $(EXPLORED_SUITES) ## new schedules, for hours
	@OUT=build/explore/nightly SMALL=15000 SCENARIO=50000 FAULTS=200 \
		SEED=$${SEED:-new} RESUME=$${RESUME:-1} \
		$(EXPLORE_RUN) $(EXPLORED_SUITES)

# Parts that are killed, resumed and joined give what one run gives.
SHARDED = suite/queue suite/scenario_first_pool corpus/bug_lock_order
check-shards: $(SHARDED:%=build/explore/%) ## shards of an exploration, joined
	@sh tests/explore/shards_test.sh build/explore

# --- Rules -----------------------------------------------------------------------

.PHONY: rules check-rules
rules:	## every rule with its test, its reason or its chapter
	@sh tests/rules.sh tests $(RESULTS) build/explore/results.tsv

# The tool that says so, on a table broken in every way.
check-rules:
	sh tests/rules.sh --self-test

# --- Sources ---------------------------------------------------------------------

# What the project made of the five documents that it began with.
.PHONY: sources check-sources
sources:	## every section of the source documents with what answers it
	@sh tests/sources.sh

# The tool that says so, on pages broken in every way.
check-sources:
	sh tests/sources.sh --self-test

# --- The book --------------------------------------------------------------------

# Markdown is checked and becomes one tree (JSON) per page; site and EPUB are
# written from the trees. book/README.md tells the story.
BOOK_PAGES = $(CHAPTERS) rules explorer glossary licence
BOOK_MD = $(CHAPTERS:%=chapters/%/chapter.md) tests/rules.md \
          book/explorer.md book/glossary.md book/licence.md
BOOK_AST = $(BOOK_PAGES:%=build/book/ast/%.json)
BOOK_RUNS = $(PROGRAMS:%=build/run/%.out) $(TOY_PROGRAMS:%=build/run/%.out) \
            $(BOOK_EXPLORED:%=build/run/corpus/%.out)
# What the page on the explorer shows: reports, a search, a count.
CENSUS = aba starved_pool wrong_waiter spurious_wakeup
BOOK_EXPLORED = bug_check_then_wait bug_unlocked_counter ok_publish census
# Drawn from the traces of those runs: the programs of {timeline=...} fences.
BOOK_TIMELINES := $(patsubst chapters/%.c,build/run/%.svg,$(shell sed -n \
                 's/^```text {timeline=\(.*\)}$$/\1/p' $(BOOK_MD)))
BOOK_SOURCES = $(wildcard Makefile README.md LICENSE ref/*.[ch] ref/*.md \
               ref/compat/*.[ch] ref/compat/*.md chapters/*/*.[ch] \
               tests/*.[ch] tests/*.sh tests/bench/*.[ch] tests/bench/*.md \
               tests/bench/*.sh \
               exercises/*.md exercises/*/*/README.md exercises/*/*/stub.c \
               book/*.awk book/*.lua book/*.sh book/*.md tests/explore/*.[ch] \
               tests/explore/*.md tests/explore/corpus/*)
BOOK_TOOLS = $(wildcard book/*.awk book/*.lua book/*.sh)
BOOK_MANIFESTS = $(wildcard exercises/*/*/manifest)
BOOK_FACTS = build/book/rules.tsv build/book/exercises.tsv build/book/inputs
BOOK_READER = commonmark_x-tex_math_dollars-emoji+gfm_auto_identifiers
BOOK_SITE = build/book/site
BOOK_CFLAGS = $(CPPFLAGS) $(CFLAGS)
EPUBCHECK = /usr/share/java/epubcheck.jar

.PHONY: book site epub refresh check-book check-timeline check-epub FORCE
book: site epub	## make the book, every program executed
	@echo 'The book: open $(BOOK_SITE)/index.html'
	@echo '      or: build/book/the-deep-end.epub'

# What goes in, by name: so that make sees a file that is gone.
build/book/inputs: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' $(BOOK_PAGES) $(BOOK_SOURCES) $(BOOK_RUNS) $(SUITES) \
		$(BOOK_MANIFESTS) $(BOOK_TIMELINES) > $@.new
	@cmp -s $@.new $@ || mv $@.new $@

# What the book shows: the programs' output, the rules that hold, the exercises.
build/run/%.out: build/explore/bin/% book/run.sh
	@mkdir -p $(@D)
	@sh book/run.sh $< $* $@

build/run/%.svg: build/run/%.out book/timeline.awk book/timeline_text.awk
	@rm -f build/run/$*.timeline
	@if [ -e build/run/$*.trace ]; then \
		LC_ALL=C awk -f book/timeline_text.awk build/run/$*.trace \
			> build/run/$*.timeline && \
		LC_ALL=C awk -v id='$(notdir $*)' \
			-v title='Timeline of $(notdir $*).c' \
			-f book/timeline.awk build/run/$*.trace > $@; \
	else : > $@; fi

build/run/corpus/bug_%.out: build/explore/corpus/bug_%
	@mkdir -p $(@D)
	@EXPLORE='width=76 text=$@' $< > $@.closing || [ $$? -eq 1 ]

build/run/corpus/ok_%.out: build/explore/corpus/ok_%
	@mkdir -p $(@D)
	@EXPLORE=search=2 $< > $@

build/run/corpus/census.out: tests/explore/corpus/census.sh \
		$(CENSUS:%=build/explore/corpus/bug_%)
	@mkdir -p $(@D)
	@sh $< build/explore/corpus $(CENSUS) > $@

build/results/%.tap: build/obj/suite/%
	@mkdir -p $(@D)
	TEST_RESULTS=$@ ./$<

build/book/cited.tsv: tests/rules.sh tests/rules.md build/book/inputs \
		$(wildcard tests/test_*.c)
	@mkdir -p $(@D)
	@sh tests/rules.sh --tsv tests > $@

build/book/rules.tsv: book/rules.awk $(wildcard tests/test_*.c) \
		$(SUITES:%=build/results/%.tap) build/book/cited.tsv
	@mkdir -p $(@D)
	@LC_ALL=C awk -f book/rules.awk $(filter-out book/%,$^) > $@

build/book/exercises.tsv: book/exercises.awk $(BOOK_MANIFESTS) \
		build/book/inputs
	@mkdir -p $(@D)
	@LC_ALL=C awk -f $< $(BOOK_MANIFESTS) /dev/null > $@

build/book/titles.tsv: $(BOOK_MD) build/book/inputs
	@mkdir -p $(@D)
	@set -- $(BOOK_PAGES); for md in $(BOOK_MD); do \
		printf '%s\t%s\n' $$1 "$$(sed -n '/^# /{s///;s/[`*]//g;s/^Chapter [0-9]*[.:] //;p;q;}' \
		$$md)"; shift; done > $@
	@printf 'sources\tThe source code\n' >> $@

# One page: its text against its sources, its fragments through the compiler,
# its links and boxes into the tree. No pipe: it would hide a failure from make.
define book_page
	@mkdir -p $(@D) build/book/fragments/$*
	@rm -f build/book/fragments/$*/*
	@LC_ALL=C awk -v mode=check -v rules=build/book/rules.tsv \
		-v exercises=build/book/exercises.tsv -v runs=build/run \
		-v fragments=build/book/fragments/$* \
		-f book/check.awk $< > build/book/ast/$*.md
	@CC='$(CC)' CFLAGS='$(BOOK_CFLAGS) -I$(<D)' \
		sh book/fragments.sh build/book/fragments/$*
	@pandoc -p -f $(BOOK_READER) -t json -o $@ \
		--lua-filter book/chapter.lua -M chapter=$< \
		-M reader=$(BOOK_READER) -M rules=build/book/rules.tsv \
		-M exercises=build/book/exercises.tsv \
		-M pages='$(BOOK_PAGES)' -M sources='$(BOOK_SOURCES)' \
		build/book/ast/$*.md
	@echo 'checked $<'
endef
BOOK_INPUTS = $(BOOK_FACTS) $(BOOK_RUNS) $(BOOK_TIMELINES) $(BOOK_TOOLS) \
              $(BOOK_MD) $(BOOK_SOURCES)

build/book/ast/%.json: chapters/%/chapter.md $(BOOK_INPUTS)
	$(book_page)
build/book/ast/%.json: tests/%.md $(BOOK_INPUTS)
	$(book_page)
build/book/ast/%.json: book/%.md $(BOOK_INPUTS)
	$(book_page)

# The contents of quotes, outputs and rule boxes, brought up to date.
refresh: build/book/cited.tsv build/book/exercises.tsv $(BOOK_RUNS) $(BOOK_TIMELINES) ## renew quotes and outputs in the text
	@LC_ALL=C awk -f book/rules.awk build/book/cited.tsv > \
		build/book/stated.tsv
	@for md in $(BOOK_MD); do \
		LC_ALL=C awk -v mode=refresh -v rules=build/book/stated.tsv \
			-v exercises=build/book/exercises.tsv \
			-v runs=build/run -f book/check.awk $$md \
			> build/book/refreshed.md || exit 1; \
		cmp -s build/book/refreshed.md $$md || { \
			cat build/book/refreshed.md > $$md; \
			echo "refreshed $$md"; }; \
	done

# The site.
site: $(BOOK_PAGES:%=$(BOOK_SITE)/%.html) $(BOOK_SITE)/index.html \
      $(BOOK_SITE)/sources.html $(BOOK_SITE)/search-index.js \
      $(BOOK_SITE)/style.css $(BOOK_SITE)/theme.js $(BOOK_SITE)/book.js

BOOK_HTML = -t html5 --template book/page.html --toc --toc-depth=2 --wrap=none \
            -M titles=build/book/titles.tsv

$(BOOK_SITE)/%.html: build/book/ast/%.json build/book/titles.tsv \
		book/page.html
	@mkdir -p $(@D)
	@pandoc -f json $(BOOK_HTML) -M pictures=build/run \
		--lua-filter book/site.lua -o $@ $<

$(BOOK_SITE)/sources.html: build/book/rules.tsv build/book/titles.tsv \
		book/page.html book/source.html $(BOOK_SOURCES) $(BOOK_TOOLS) \
		build/book/inputs
	@mkdir -p $(sort $(dir $(BOOK_SOURCES:%=$(BOOK_SITE)/src/%)))
	@pandoc -f markdown $(BOOK_HTML) --lua-filter book/sources.lua \
		--lua-filter book/site.lua -M rules=build/book/rules.tsv \
		-M reader=$(BOOK_READER) -M pages='$(BOOK_PAGES)' \
		-M dir=$(BOOK_SITE)/src -M files='$(BOOK_SOURCES)' -o $@ \
		/dev/null

$(BOOK_SITE)/search-index.js: $(BOOK_AST)
	@mkdir -p $(@D)
	@echo 'var book_index = [' > $@
	@for ast in $(BOOK_AST); do pandoc -f json -t html \
		--lua-filter book/search.lua $$ast >> $@ || exit 1; done
	@echo '];' >> $@

$(BOOK_SITE)/%: book/%
	@mkdir -p $(@D)
	@cp $< $@

# The EPUB. pandoc 2.17 cannot write accessibility metadata: they are put in
# afterwards.
epub: build/book/the-deep-end.epub

build/book/the-deep-end.epub: $(BOOK_AST) book/epub.yaml book/epub.css \
		book/epub-metadata.xml
	@rm -rf $@ build/book/EPUB
	@mkdir -p build/book/EPUB
	@pandoc -f markdown -t epub3 -o $@ --lua-filter book/epub.lua \
		--toc-depth=2 --css book/epub.css -M asts='$(BOOK_AST)' \
		book/epub.yaml
	@unzip -p $@ EPUB/content.opf > build/book/content.opf
	@sed '/<metadata/r book/epub-metadata.xml' build/book/content.opf \
		> build/book/EPUB/content.opf
	@cd build/book && zip -q the-deep-end.epub EPUB/content.opf

# The book's own tests: broken in every way that it must notice.
check-book: $(SOURCES:%=build/explore/%.o) $(EXPLORER:%=build/explorer/%.o) \
		build/explore/chapters/01-work/concurrent.o
	@SOURCES='$(SOURCES)' EXPLORE_WRAP='$(EXPLORE_WRAP)' \
		COMPILE='$(CC) $(BOOK_CFLAGS) $(EXPLORE_CFLAGS) -fsanitize=thread' \
		LINK='$(CC) -pthread -no-pie' sh book/sabotage.sh

# The drawing of traces, on one with exact times and on one of this build.
check-timeline: build/obj/bin/01-work/pages build/obj/bin/04-io/httpd \
		build/explore/bin/01-work/pages
	@sh book/timeline_test.sh $^

check-epub: build/book/the-deep-end.epub
	@if [ -e $(EPUBCHECK) ]; then java -jar $(EPUBCHECK) -q $<; \
	else echo 'check-epub: skipped, epubcheck is not installed'; fi

# --- Exercises -------------------------------------------------------------------

# Answers are linked from the same objects as everything else; the grader's
# own, the suites and the pools are compiled like any source, twice: as they
# are, and for AddressSanitizer.
EXERCISES = $(patsubst exercises/%/manifest,%,\
            $(wildcard exercises/*/*/manifest))
EXERCISE_SOURCES = $(patsubst %.c,%,$(filter-out %/stub.c exercises/tool/%,\
                   $(wildcard exercises/*/*/*.c exercises/*/*/pools/*.c)) \
                   $(addprefix exercises/tool/,suite.c scene.c watch.c))
EXERCISE_PARTS = build/exercises/settings build/exercises/run \
                 build/exercises/tool.nm build/exercises/explored.nm \
                 $(EXERCISE_SOURCES:%=build/obj/%.o) \
                 $(EXERCISE_SOURCES:%=build/asan/%.o) \
                 $(EXERCISE_SOURCES:%=build/explore/%.o) \
                 $(EXPLORER:%=build/explorer/%.o)
EXERCISE_WRAPS = malloc calloc realloc aligned_alloc posix_memalign free \
                 pthread_create pthread_join \
                 pthread_mutex_lock pthread_mutex_unlock \
                 pthread_cond_wait pthread_cond_timedwait \
                 pthread_cond_signal pthread_cond_broadcast
GRADER = run judge process cage words
RENDER = $(addprefix exercises/tool/format/,\
         render render_json render_text describe escape points result)

build/obj/exercises/% build/asan/exercises/% build/explore/exercises/%: \
	CPPFLAGS += -Itests/explore -Iexercises/tool -I$(patsubst %/pools,%,$(<D))
# The same for copies of overlays: exercises/tool/stages.sh makes them.
build/obj/build/overlay-% build/asan/build/overlay-% \
	build/explore/build/overlay-%: \
	CPPFLAGS += -Itests/explore -Iexercises/tool -I$(patsubst %/pools,%,$(<D))
$(GRADER:%=build/obj/exercises/tool/%.o): CPPFLAGS += -D_DEFAULT_SOURCE

build/exercises/run: $(GRADER:%=build/obj/exercises/tool/%.o)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -o $@ $^

# What looks after a class: exercises/tool/class/batch.sh.
CLASS = $(addprefix exercises/tool/class/,class answer names scan queue results \
        page student_page gradebook) \
        exercises/tool/process exercises/tool/format/escape
$(CLASS:%=build/obj/%.o): CPPFLAGS += -D_DEFAULT_SOURCE -Iexercises/tool/format
build/exercises/class: $(CLASS:%=build/obj/%.o)
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) -o $@ $^

build/exercises/render: $(RENDER:%=build/obj/%.o)
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) -o $@ $^

# The same for its test, which gives it files of all kinds.
build/exercises/render-asan: $(RENDER:%=%.c) \
		$(wildcard exercises/tool/format/*.h)
	@mkdir -p $(@D)
	@$(CC) $(CPPFLAGS) $(CFLAGS) -fsanitize=address,undefined \
		-fno-sanitize-recover=all -o $@ $(filter %.c,$^)

# What the grader itself calls and defines, without and with the explorer.
EXERCISE_TOOL = $(addprefix build/obj/exercises/tool/,suite.o scene.o watch.o)
build/exercises/tool.nm: $(EXERCISE_TOOL)
build/exercises/explored.nm: $(EXERCISE_TOOL) $(EXPLORER:%=build/explorer/%.o)
build/exercises/tool.nm build/exercises/explored.nm:
	@mkdir -p $(@D)
	@nm -A -P $^ | sed 's/^[^ ]* //' > $@.new && mv $@.new $@

build/exercises/settings: Makefile FORCE
	@mkdir -p $(@D)
	@printf "CC='%s'\nSOURCES='%s'\nWRAPS='%s'\n" '$(CC)' '$(SOURCES)' \
		'$(EXERCISE_WRAPS:%=-Wl,--wrap=%)' > $@.new
	@printf "EXPLORE_FLAGS='%s'\nEXPLORE_WRAPS='%s'\nEXPLORER='%s'\n" \
		'$(EXPLORE_CFLAGS) -fsanitize=thread' '$(EXPLORE_WRAP)' \
		'$(EXPLORER:%=build/explorer/%.o)' >> $@.new
	@cmp -s $@.new $@ || mv $@.new $@

-include $(wildcard build/*/exercises/*/*.d build/*/exercises/*/*/*.d \
           build/*/exercises/*/*/pools/*.d build/*/build/*/*/*/*.d \
           build/*/build/*/*/*/pools/*.d)

.PHONY: exercise-all exercise-reference exercise-explorer
exercise-all: $(EXERCISE_PARTS) exercise-reference build/exercises/class \
              build/exercises/render
.PHONY: $(addprefix exercise-reference/,obj asan explore)
.PHONY: grade check-exercises exercises-all check-grader grading-times
exercise-reference: $(addprefix exercise-reference/,obj asan explore)
exercise-reference/obj: $(SOURCES:%=build/obj/%.o)
exercise-reference/asan: $(SOURCES:%=build/asan/%.o)
exercise-reference/explore: $(SOURCES:%=build/explore/%.o)
exercise-explorer: $(EXPLORER:%=build/explorer/%.o)

grade:	## grade an answer: make grade EX=01-work/wait [SRC=my.c]
	@exercises/grade check '$(EX)' $(SRC)

# The grader, graded: stubs earn nothing, right answers everything, and
# every mutant dies for its stated reason.
check-exercises: ## grade the grader over all exercises (short form)
	@$(MAKE) --no-print-directory -j4 exercise-key exercise-matrix \
		FORM=--short
exercises-all: ## the same, every stage of every answer
	@$(MAKE) --no-print-directory -j4 exercise-key exercise-matrix \
		FORM=--full PREEMPTIONS=3

.PHONY: exercise-matrix $(EXERCISES:%=check-exercise/%)
exercise-matrix: $(EXERCISES:%=check-exercise/%)
	@cat $(EXERCISES:%=build/exercises/%/check/matrix.tsv) | \
		awk -v out=build/exercises -f exercises/tool/matrix.awk

# What the program of a question may write, seen by the explorer: its key.
KEYS = $(patsubst exercises/%/key.sh,%,$(wildcard exercises/*/*/key.sh))
.PHONY: exercise-key $(KEYS:%=exercise-key/%)
exercise-key: $(KEYS:%=exercise-key/%)
$(KEYS:%=exercise-key/%): exercise-key/%: build/exercises/%/key \
		build/exercises/%/list
	@exercises/$*/key.sh $^ $(PREEMPTIONS)

build/exercises/%/key: build/explore/exercises/%/key.o \
		$(SOURCES:%=build/explore/%.o) $(EXPLORER:%=build/explorer/%.o)
	@mkdir -p $(@D)
	@$(CC) -pthread -no-pie -o $@ $^ $(EXPLORE_WRAP) $(LDLIBS)

build/exercises/%/list: build/obj/exercises/%/list.o \
		build/obj/exercises/%/model.o
	@mkdir -p $(@D)
	@$(CC) -o $@ $^

$(EXERCISES:%=check-exercise/%): check-exercise/%: $(EXERCISE_PARTS) \
		exercise-reference
	@PREPARED=1 EVERY=$(EVERY) exercises/tool/check.sh '$*' $(FORM)

.PHONY: check-learner check-learner-all
check-learner: ## next, list, progress, watch, hint, reset, signatures
	@exercises/tool/selftest/learner.sh
check-learner-all: ## the same, and the mutants of two exercises resemble themselves
	@exercises/tool/selftest/learner.sh --all

.PHONY: check-batch check-batch-all
check-batch:	## a small class: graded, killed, resumed, sharded, merged
	@exercises/batch_test.sh
check-batch-all:	## the same with 300 students and all hostile answers
	@exercises/batch_test.sh 300

.PHONY: check-formats check-formats-all
check-formats:	## every format of a result against what is published of it
	@exercises/tool/selftest/formats/formats.sh
check-formats-all:	## the same, with four hundred results at random
	@exercises/tool/selftest/formats/formats.sh 400

grading-times:	## how long a right answer to each exercise takes
	@exercises/tool/times.sh

check-grader:	## hostile answers get a clear verdict and harm nothing
	@exercises/selftest.sh

# What a course needs: exercises/GUIDE.md. EX is one exercise, or several.
.PHONY: handout instructor gradescope check-course check-course-all check-guide
handout: ## pack what students get, no answers inside [EX="01-work/wait ..."]
	@exercises/course/handout.sh handout $(EX)
	@exercises/course/check_handout.sh build/course/handout.tar.gz
instructor: ## pack what is left out of the handout [EX="01-work/wait ..."]
	@exercises/course/handout.sh instructor $(EX)
gradescope: ## pack what is uploaded to Gradescope [EX=01-work/wait]
	@exercises/course/gradescope.sh $(EX)
check-course: ## what is packed has no answers, and grades as it does here
	@exercises/course/check_course.sh
check-course-all: ## the same, with the handout of all exercises
	@exercises/course/check_course.sh all
check-guide: ## what the instructors' guide says is so
	@exercises/course/guide_test.sh

.PHONY: check-vary check-vary-all
check-vary:	## variants, overlays and hidden checks
	@exercises/tool/selftest/vary.sh
check-vary-all:	## the same, and every variant of two seeds is sound
	@exercises/tool/selftest/vary.sh
	@exercises/tool/selftest/vary.sh --all

# --- Mutants -----------------------------------------------------------------------

# Planted bugs, each with the test that finds it: tests/mutants/README.md. What
# they need is the suites of those tests, as they are without a bug.
MUTANTS = $(patsubst tests/mutants/%.mutant,%,$(wildcard tests/mutants/*.mutant))
MUTANT_SUITES = $(shell awk '/^kill: /{ split($$2, kill, "/") } \
                /^how: /{ print "build/" ($$2 == "native" ? "obj" : "explore") \
                "/suite/" kill[1] }' tests/mutants/*.mutant | sort -u)
MUTANT_RUN = CC='$(CC)' CPPFLAGS='$(CPPFLAGS) -DTP_CHECK=1' \
             CFLAGS='$(CFLAGS)' WRAP='$(WRAP)' \
             LIBS='$(PLUGIN_LINK) $(CHECK_LIBS) $(LDLIBS)' \
             PARTS='$(HARNESS) $(SOURCES) chapters/00-first-pool/first_pool' \
             EXPLORE_CFLAGS='$(EXPLORE_CFLAGS) -fsanitize=thread' \
             EXPLORE_WRAP='$(EXPLORE_WRAP) $(EXPLORE_CHECK)' \
             EXPLORER='$(EXPLORER:%=build/explorer/%.o) \
             build/explorer/tests/explore/wrap_check.o' \
             sh tests/mutants/run.sh
NATIVE_RUNS = 1000

# A sixth of them, for make check.
SOME_MUTANTS = $(shell printf '%s\n' $(sort $(MUTANTS)) | awk 'NR % 6 == 1')

.PHONY: mutants mutants-some mutants-native mutant-matrix $(MUTANTS:%=mutant/%)
mutants:	## every planted bug is found by the test that it names
	@$(MAKE) --no-print-directory -k -j4 mutant-matrix
mutants-some:	## every sixth of them
	@$(MAKE) --no-print-directory -k -j4 mutant-matrix \
		MUTANTS='$(SOME_MUTANTS)'
mutant-matrix: $(MUTANTS:%=mutant/%)
	@$(MUTANT_RUN) --matrix $(MUTANTS)
$(MUTANTS:%=mutant/%): mutant/%: $(MUTANT_SUITES)
	@$(MUTANT_RUN) $*

mutants-native: $(MUTANT_SUITES:build/explore/%=build/obj/%)	## which of them need the explorer
	@$(MUTANT_RUN) --native $(NATIVE_RUNS) $(shell \
		grep -lx 'how: explored' tests/mutants/*.mutant | \
		sed 's|.*/||; s|\.mutant$$||')

# --- Benchmarks ------------------------------------------------------------------

# One program per pool, all with the same bench.o. A peer whose packages are
# not installed gives no program; tests/bench/run then names it as missing.
BENCH = build/bench
BENCH_PARTS = $(addprefix $(BENCH)/,bench.o measure.o timers.o waits.o machine.o)
BENCH_PLAIN = $(BENCH)/bench_plain.o
BENCH_PEERS = winpr libuv glib tbb asio wine.exe
READS = $(addprefix $(BENCH)/,reads_pool reads_pread reads_uring reads_uv reads.exe)
BENCH_CXXFLAGS = -std=c++17 -g -O2 $(filter-out -Wmissing-prototypes,$(WARNINGS))

.PHONY: bench bench-quick bench-programs
bench: bench-programs	## measure the pool and the peers that are installed
	sh tests/bench/run $(BENCH)
	sh tests/bench/reads $(BENCH)
	sh tests/bench/http.sh $(BENCH) build/release/bin/04-io/httpd

bench-quick: bench-programs	## only show that every benchmark runs
	sh tests/bench/run -q $(BENCH)
	sh tests/bench/reads -q $(BENCH)
	sh tests/bench/http.sh -q $(BENCH) build/release/bin/04-io/httpd

bench-programs: $(BENCH)/pool $(BENCH)/first $(BENCH_PEERS:%=$(BENCH)/%) $(READS) \
                build/release/bin/04-io/httpd

$(BENCH)/%.o: tests/bench/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

-include $(wildcard $(BENCH)/*.d)

$(BENCH)/pool: $(BENCH)/bench_win32.o $(BENCH_PARTS) \
		$(SOURCES:%=build/release/%.o)
	$(CC) $(CFLAGS) -o $@ $^ $(LDLIBS)

$(BENCH)/first: $(BENCH)/bench_first.o $(BENCH_PLAIN) $(BENCH_PARTS) \
		build/release/chapters/00-first-pool/first_pool.o
	$(CC) $(CFLAGS) -o $@ $^ $(LDLIBS)

# bench_peer: program, source, test for its packages, command before the files
# and after them.
define bench_peer
$(BENCH)/$(1): tests/bench/$(2) tests/bench/bench.h $$(BENCH_PARTS) $$(BENCH_PLAIN)
	@rm -f $$@
	@if { $(3); } >/dev/null 2>&1; then echo "making $$@"; \
		$(4) -o $$@ $$< $$(BENCH_PARTS) $(5) $$(LDLIBS); fi
endef

$(eval $(call bench_peer,winpr,bench_win32.c,pkg-config --exists winpr2,\
  $(CC) $(CFLAGS) -DBENCH_WINPR \
  $$$$(pkg-config --cflags winpr2 | sed 's/-I/-isystem /g'),\
  $$(BENCH_PLAIN) $$$$(pkg-config --libs winpr2)))
$(eval $(call bench_peer,libuv,bench_uv.c,pkg-config --exists libuv,\
  $(CC) $(CPPFLAGS) $(CFLAGS) $$$$(pkg-config --cflags libuv),\
  $$$$(pkg-config --libs libuv)))
$(eval $(call bench_peer,glib,bench_glib.c,pkg-config --exists glib-2.0,\
  $(CC) $(CFLAGS) $$$$(pkg-config --cflags glib-2.0),\
  $$$$(pkg-config --libs glib-2.0)))
$(eval $(call bench_peer,tbb,bench_tbb.cpp,\
  $(CXX) --version && pkg-config --exists tbb,\
  $(CXX) $(BENCH_CXXFLAGS),$$(BENCH_PLAIN) $$$$(pkg-config --libs tbb)))
$(eval $(call bench_peer,asio,bench_asio.cpp,\
  $(CXX) -E -include boost/asio.hpp -x c++ /dev/null,\
  $(CXX) $(BENCH_CXXFLAGS),))

BENCH_WINE = $(addprefix tests/bench/,bench_win32.c bench.c measure.c timers.c waits.c \
        machine.c)
$(BENCH)/wine.exe: $(BENCH_WINE) tests/bench/bench.h tests/bench/machine.h \
		tests/bench/measure.h
	@rm -f $@
	@if command -v $(MINGW) >/dev/null; then echo "making $@"; \
		$(MINGW) -D_WIN32_WINNT=0x0601 -Iref -std=c11 $(WARNINGS) -O2 \
		-o $@ $(filter %.c,$^) -lpsapi; fi

# Reads of a file: programs of their own, with the same reads.o.
READS_PARTS = $(BENCH)/reads.o $(BENCH)/machine.o

$(BENCH)/reads_pool: $(BENCH)/reads_pool.o $(READS_PARTS) \
		$(SOURCES:%=build/release/%.o)
	$(CC) $(CFLAGS) -o $@ $^ $(LDLIBS)

$(BENCH)/reads_pread: $(BENCH)/reads_pread.o $(READS_PARTS)
	$(CC) $(CFLAGS) -o $@ $^ $(LDLIBS)

# reads_peer: program, source, package.
define reads_peer
$(BENCH)/$(1): tests/bench/$(1).c tests/bench/reads.h $$(READS_PARTS)
	@rm -f $$@
	@if pkg-config --exists $(2) 2>/dev/null; then echo "making $$@"; \
		$(CC) $(CPPFLAGS) $(CFLAGS) $$$$(pkg-config --cflags $(2)) \
		-o $$@ $$< $$(READS_PARTS) $$$$(pkg-config --libs $(2)) $$(LDLIBS); fi
endef

$(eval $(call reads_peer,reads_uring,liburing))
$(eval $(call reads_peer,reads_uv,libuv))

READS_WINE = $(addprefix tests/bench/,reads_pool.c reads.c machine.c)
$(BENCH)/reads.exe: $(READS_WINE) tests/bench/reads.h tests/bench/machine.h
	@rm -f $@
	@if command -v $(MINGW) >/dev/null; then echo "making $@"; \
		$(MINGW) -D_WIN32_WINNT=0x0601 -Iref -std=c11 $(WARNINGS) -O2 \
		-o $@ $(filter %.c,$^) -lpsapi; fi

# --- Headers ---------------------------------------------------------------------

# As C11 and as C++; and against the SDK's own, if mingw-w64 is installed.
.PHONY: check-headers check-sdk
check-headers: $(SOURCES:%=build/obj/%.o)
	@sh tests/header.sh $^

check-sdk:
	@sh tests/header_sdk.sh
	@sh tests/header_sdk.sh --self-test

# --- Other systems: musl, Windows ------------------------------------------------

# The chapters' programs must print elsewhere what they print here: the same
# lines, in any order (book/run.sh has run them here).
.PHONY: musl wine
musl: $(BOOK_RUNS)	## the programs with musl's libc
	@sh tests/elsewhere.sh musl '$(MAKE)' \
		$(filter-out $(BROKEN),$(TOY_PROGRAMS) $(PROGRAMS))

wine: $(PROGRAMS:%=build/run/%.out)	## the programs on the real API, by Wine
	@sh tests/elsewhere.sh wine '$(MINGW)' $(filter-out $(BROKEN),$(PROGRAMS))
