// expect: compile_error
// Sources that never end, or that wait for somebody.
#include "/dev/random"
#include "/dev/stdin"
int main(void) { return 0; }
