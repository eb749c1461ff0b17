// expect: compile_error | cpu_ms=1500
// Sources that never end, or that wait for somebody.
#include "/dev/random"
#include "/dev/stdin"
int main(void) { return 0; }
