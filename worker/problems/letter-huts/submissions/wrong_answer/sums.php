class Solution {
    function share($names) {
        $huts = [];
        foreach ($names as $name) $huts[strlen($name) . ':' . array_sum(array_map('ord', str_split($name . ' ')))][] = $name;
        return array_values($huts);
    }
}
