int countDown(int start) {
  assert(start != 0);
  return start - 1;
}
