using System.Threading;

public class Solution {
  static Solution() {
    new Thread(() => Thread.Sleep(Timeout.Infinite)).Start();
  }

  public int[] TwoSum(int[] nums, int target) {
    var seen = new Dictionary<int, int>();
    for (int i = 0; i < nums.Length; i++) {
      if (seen.ContainsKey(target - nums[i])) return new[] { seen[target - nums[i]], i };
      seen[nums[i]] = i;
    }
    return new int[0];
  }
}
