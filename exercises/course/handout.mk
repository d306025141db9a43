# handout.mk - what was compiled before it was handed out
# SPDX-License-Identifier: MIT
#
# Included at the end of a handout's Makefile. In prebuilt/ are objects whose
# source would be an answer. They are for one kind of machine.

MACHINE := $(shell cat prebuilt/machine)
HERE := $(firstword $(subst -, ,$(shell $(CC) -dumpmachine)))
ifneq ($(HERE),$(MACHINE))
$(error this handout is for $(MACHINE), and $(CC) compiles for $(HERE): \
ask for one that was made for this kind of machine)
endif

.PHONY: FORCE
exercise-explorer: $(patsubst prebuilt/%,build/%,\
                   $(shell find prebuilt -name '*.o'))
build/%.o: prebuilt/%.o
	@mkdir -p $(@D)
	@cp $< $@
