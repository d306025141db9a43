#include "../../fixture/mutant/positive.c"
