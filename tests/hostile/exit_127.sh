# expect: exited 127
exec /no/such/program
