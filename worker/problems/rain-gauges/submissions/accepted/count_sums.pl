use strict;
use warnings;

my (undef, $s, @gauges) = map { split } <STDIN>;
my %seen = (0 => 1);
my ($sum, $count) = (0, 0);
for (@gauges) {
    $sum += $_;
    $count += $seen{$sum - $s} // 0;
    $seen{$sum}++;
}
print "$count\n";
