import java.util.concurrent.*;

class Solution {
  private static final ExecutorService POOL = Executors.newFixedThreadPool(1);

  public int[] twoSum(int[] nums, int target) throws Exception {
    return POOL.submit(() -> {
      Map<Integer, Integer> seen = new HashMap<>();
      for (int i = 0; i < nums.length; i++) {
        Integer other = seen.get(target - nums[i]);
        if (other != null) return new int[] {other, i};
        seen.put(nums[i], i);
      }
      return new int[0];
    }).get();
  }
}
