// expect: exited 0 | runs=2
// What is no program, or a broken one, can be executed as often as one likes.
#include <elf.h>
#include <sys/prctl.h>
#include "probe.h"
static void make(const char* path, const void* bytes, size_t size, mode_t mode) {
  const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0700);
  if (fd < 0 || write(fd, bytes, size) != (ssize_t)size || fchmod(fd, mode) != 0) hole(path);
  close(fd);
}
// The errno with which it was not executed; 0 if it was, and died of itself.
static int refusal(const char* path) {
  const pid_t pid = fork();
  if (pid == 0) {
    char* words[] = {(char*)path, 0};
    close(1);
    execv(path, words);
    _exit(errno);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 0;
}
int main(int argc, char** argv) {
  static Elf64_Ehdr header;
  // Without arguments; newer kernels give an empty one.
  if (argc == 0 || argv[0][0] == 0) return 0;
  const int self = open("/proc/self/exe", O_RDONLY);
  MUST_NOT(read(self, &header, sizeof header) != sizeof header);
  Elf64_Ehdr odd = header;
  make("text", "no program\n", 11, 0700);
  make("empty", "", 0, 0700);
  make("lonely", "#!/no/such/interpreter\n", 23, 0700);
  make("itself", "#!/box/itself\n", 14, 0700);
  make("closed", "#!/bin/true\n", 12, 0);
  make("short", &header, sizeof header, 0700);
  odd.e_phnum = 0xffff;
  make("many", &odd, sizeof odd, 0700);
  odd = header;
  odd.e_machine = EM_AARCH64;
  make("foreign", &odd, sizeof odd, 0700);
  odd = header;
  odd.e_ident[EI_CLASS] = ELFCLASS32;
  make("small", &odd, sizeof odd, 0700);
  struct {
    Elf64_Ehdr header;
    Elf64_Phdr segment;
  } giant = {header, {.p_type = PT_LOAD, .p_flags = 7, .p_vaddr = 4096, .p_memsz = ~0UL >> 1, .p_filesz = 1}};
  giant.header.e_phoff = sizeof giant.header;
  giant.header.e_phnum = 1;
  make("giant", &giant, sizeof giant, 0700);
  mkfifo("fifo", 0700);
  MUST_NOT(refusal("missing") != ENOENT);
  MUST_NOT(refusal("/box") != EACCES);
  MUST_NOT(refusal("text") != ENOEXEC);
  MUST_NOT(refusal("empty") != ENOEXEC);
  MUST_NOT(refusal("lonely") != ENOENT);
  MUST_NOT(refusal("itself") != ELOOP);
  MUST_NOT(refusal("closed") != EACCES);
  MUST_NOT(refusal("fifo") != EACCES);
  MUST_NOT(refusal("/dev/zero") != EACCES);
  const char* broken[] = {"short", "many", "foreign", "small", "giant"};
  for (unsigned i = 0; i < sizeof broken / sizeof *broken; ++i) refusal(broken[i]);
  if (fork() == 0) {
    char* nothing[] = {0};
    execv("/proc/self/exe", nothing);
    _exit(1);
  }
  int status = 0;
  wait(&status);
  MUST_NOT(status != 0);
  return report();
}
