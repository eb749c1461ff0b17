// expect: compile_error
// The assembler reads files too.
__asm__(".incbin \"/etc/shadow\"");
__asm__(".incbin \"/proc/1/environ\"");
int main(void) { return 0; }
