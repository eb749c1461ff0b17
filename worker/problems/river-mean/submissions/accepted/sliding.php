class Solution {

    /**
     * @param Float[] $levels
     * @param Integer $days
     * @return Float[]
     */
    function riverMean($levels, $days) {
        $means = [];
        $sum = 0.0;
        foreach ($levels as $i => $level) {
            $sum += $level;
            if ($i >= $days) $sum -= $levels[$i - $days];
            if ($i >= $days - 1) $means[] = $sum / $days;
        }
        return $means;
    }
}
