// expect: output_limit
#include "probe.h"
int main(void) {
  for (;;) fputs("no newline ", stderr);
}
