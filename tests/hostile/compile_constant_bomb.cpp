// expect: compile_error | cpu_ms=1500
// Runs in the compiler.
constexpr unsigned long spin(unsigned long from) {
  unsigned long sum = from;
  for (unsigned long i = 0; i < 200000; ++i) sum = sum * 3 + i;
  return sum;
}
template <unsigned long N>
constexpr unsigned long all = spin(N) + all<N - 1>;
template <>
constexpr unsigned long all<0> = 1;
static_assert(all<800> != 0);
int main() {}
