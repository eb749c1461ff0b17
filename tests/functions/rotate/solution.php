<?php

class Solution
{
    function rotate(&$matrix)
    {
        $turned = [];
        foreach (array_reverse($matrix) as $row) {
            foreach ($row as $j => $value) {
                $turned[$j][] = $value;
            }
        }
        $matrix = $turned;
    }
}
