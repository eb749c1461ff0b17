use strict;
use warnings;

$| = 1;
my ($low, $high) = (1, scalar(<STDIN>) + 0);
while ($low < $high) {
    my $middle = int(($low + $high) / 2);
    print "ask $middle\n";
    my $word = <STDIN>;
    last unless defined $word;
    if ($word =~ /heavier/) { $low = $middle + 1 }
    elsif ($word =~ /lighter/) { $high = $middle - 1 }
    else { $low = $high = $middle }
}
print "answer $low\n";
