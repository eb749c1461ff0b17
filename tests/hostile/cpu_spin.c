// expect: time_limit | cpu_ms=300 cpu_min_ms=300 cpu_max_ms=700
#include "probe.h"
int main(void) { spin(); }
