// expect: signaled 31, signaled 11
// Through the old gate system calls have other numbers: 20 is getpid there, writev here. A kernel without the gate
// raises SIGSEGV.
int main(void) {
#ifdef __x86_64__
  int result = 20;
  __asm__ volatile("int $0x80" : "+a"(result)::"memory");
  return result > 0 ? 1 : 2;
#else
  __builtin_trap();
#endif
}
