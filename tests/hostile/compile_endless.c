// expect: compile_error | cpu_ms=1500
// An endless source: the compiler is stopped like any program.
#include "/dev/zero"
int main(void) { return 0; }
