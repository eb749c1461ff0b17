// expect: compile_error
// An object file of four gigabytes.
int large[1u << 30] = {1};
int main(void) { return large[5]; }
