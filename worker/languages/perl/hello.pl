chomp(my $name = <STDIN>);
print "hello, $name\n";
