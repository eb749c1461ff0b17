// expect: signaled 6
#include "probe.h"
int main(void) { abort(); }
