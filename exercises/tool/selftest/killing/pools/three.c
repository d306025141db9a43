#include "../../fixture/mutant/three.c"
