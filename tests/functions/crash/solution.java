class Solution {
  public int countDown(int start) {
    if (start == 0) throw new IllegalStateException("there is nothing below");
    return start - 1;
  }
}
