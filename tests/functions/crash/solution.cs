public class Solution {
  public int CountDown(int start) {
    if (start == 0) throw new InvalidOperationException("there is nothing below");
    return start - 1;
  }
}
