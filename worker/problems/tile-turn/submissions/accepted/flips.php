class Solution {

    /**
     * @param Integer[][] $tile
     * @return NULL
     */
    function turn(&$tile) {
        $turned = [];
        foreach (array_keys($tile) as $column) $turned[] = array_reverse(array_column($tile, $column));
        $tile = $turned;
    }
}
