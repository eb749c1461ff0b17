<?php
// The sums never fall: for each end, the beginnings with a sum of at least s, less those with more than s.
[, $s] = fscanf(STDIN, "%d %d");
$sums = [0];
foreach (explode(" ", trim(fgets(STDIN))) as $gauge) {
    $sums[] = end($sums) + (int) $gauge;
}
$count = 0;
$enough = $more = 0;
for ($end = 1; $end < count($sums); $end++) {
    while ($enough < $end && $sums[$end] - $sums[$enough] >= $s) {
        $enough++;
    }
    while ($more < $end && $sums[$end] - $sums[$more] > $s) {
        $more++;
    }
    $count += $enough - $more;
}
echo $count, "\n";
