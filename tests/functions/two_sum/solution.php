class Solution
{
    function twoSum($nums, $target)
    {
        echo "target $target\n";
        $seen = [];
        foreach ($nums as $i => $num) {
            if (isset($seen[$target - $num])) {
                return [$seen[$target - $num], $i];
            }
            $seen[$num] = $i;
        }
    }
}
