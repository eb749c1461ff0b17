class Solution {

    /**
     * @param String $beads
     * @return String
     */
    function ribbonCode($beads) {
        $written = '';
        $length = strlen($beads);
        for ($begin = 0; $begin < $length; $begin = $end) {
            for ($end = $begin; $end < $length && $beads[$end] === $beads[$begin]; $end++);
            $written .= $beads[$begin] . ($end - $begin > 1 ? $end - $begin : '');
        }
        return $written;
    }
}
