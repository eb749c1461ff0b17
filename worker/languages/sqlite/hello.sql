SELECT 'hello, ' || trim(readfile('/dev/stdin'), char(10));
