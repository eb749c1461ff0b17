// expect: exited 0 | output_hex=00ff80c0af0a00eda080f4908080fe0d0a1b5b324a00
// Bytes that are no text come out as they are.
#include "probe.h"
int main(void) {
  const char bytes[] = "\0\xff\x80\xc0\xaf\n\0\xed\xa0\x80\xf4\x90\x80\x80\xfe\r\n\x1b[2J";
  return write(1, bytes, sizeof bytes) == sizeof bytes ? 0 : 1;
}
