// expect: time_limit | cpu_ms=300
#include "probe.h"
int main(void) { spin(); }
