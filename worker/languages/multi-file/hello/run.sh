. ./program.sh
