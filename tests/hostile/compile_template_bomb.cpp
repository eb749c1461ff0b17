// expect: compile_error | cpu_ms=1500
// Two instances of each for each, a million deep.
template <unsigned long N, unsigned long M>
struct Bomb {
  static constexpr unsigned long value = Bomb<N - 1, 2 * M>::value + Bomb<N - 1, 2 * M + 1>::value;
};
template <unsigned long M>
struct Bomb<0, M> {
  static constexpr unsigned long value = 1;
};
int main() {
  return Bomb<64, 0>::value;
}
