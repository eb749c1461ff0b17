<?php
// Each round seats all guests who wait for nobody.
[$n, $m] = fscanf(STDIN, "%d %d");
$right = array_fill(1, $n, []);
$waiting = array_fill(1, $n, 0);
for ($i = 0; $i < $m; $i++) {
    [$a, $b] = fscanf(STDIN, "%d %d");
    $right[$a][] = $b;
    $waiting[$b]++;
}
$order = [];
$round = array_keys($waiting, 0, true);
while ($round) {
    $next = [];
    foreach ($round as $guest) {
        $order[] = $guest;
        foreach ($right[$guest] as $other) {
            if (--$waiting[$other] === 0) {
                $next[] = $other;
            }
        }
    }
    $round = $next;
}
echo count($order) < $n ? "impossible" : implode(" ", $order), "\n";
