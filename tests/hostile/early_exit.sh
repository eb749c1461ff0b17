# expect: exited 0 | within_ms=3000
# Closes everything and leaves a child that holds the pipe.
sleep 1000 &
exec >&- 2>&- <&-
exit 0
