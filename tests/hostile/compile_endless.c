// expect: compile_error
// An endless source: the compiler is stopped like any program.
#include "/dev/zero"
int main(void) { return 0; }
