# Whatever compiling leaves here is there for the run.
cat parts/greeting.sh parts/ask.sh > program.sh
