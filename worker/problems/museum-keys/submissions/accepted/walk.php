class Solution {

    /**
     * @param Integer[][] $keys
     * @return Boolean
     */
    function opensAll($keys) {
        $opened = [0 => true];
        $toSee = [0];
        while ($toSee) {
            foreach ($keys[array_pop($toSee)] as $room) {
                if (isset($opened[$room])) continue;
                $opened[$room] = true;
                $toSee[] = $room;
            }
        }
        return count($opened) === count($keys);
    }
}
