# expect: exited 126
# What the shell says when it may not execute something is an exit code like any other.
exec /etc
