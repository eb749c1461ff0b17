import java.util.concurrent.Callable
import java.util.concurrent.Executors

val pool = Executors.newFixedThreadPool(1)

class Solution {
    fun twoSum(nums: IntArray, target: Int): IntArray = pool.submit(Callable {
        val seen = HashMap<Int, Int>()
        var found = intArrayOf()
        for (i in nums.indices) {
            val other = seen[target - nums[i]]
            if (other != null) found = intArrayOf(other, i)
            seen[nums[i]] = i
        }
        found
    }).get()
}
