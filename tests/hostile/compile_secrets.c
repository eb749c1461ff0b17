// expect: compile_error
// Nothing of the host gets into the compiler's messages.
#include "/etc/shadow"
#include "/proc/1/environ"
int main(void) { return 0; }
