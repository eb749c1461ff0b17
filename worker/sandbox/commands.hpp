#pragma once

namespace pushjudge::sandbox {

// `pushjudge-sandbox run`: one run by hand. Returns the exit status of the program.
[[nodiscard]] int run_command(int argc, char** argv);

// `pushjudge-sandbox check`: what this host offers, for people. 0 if it can make boxes, 1 if it cannot.
[[nodiscard]] int check_command();

inline constexpr const char* kRunUsage =
    "pushjudge-sandbox run [option...] -- program [argument...]\n"
    "  A program of yours, such as ./a.out, is placed in /box; others are looked up where the box shows them.\n"
    "  --cpu TIME --wall TIME        limits of time, as 1s, 200ms or 500us\n"
    "  --memory SIZE --stack SIZE    limits of memory, as 64MB (MB = 2^20 bytes)\n"
    "  --process-cpu TIME            limits of each process, beside those of all together\n"
    "  --process-memory SIZE\n"
    "  --output SIZE                 limit of stdout and of stderr\n"
    "  --box SIZE --file-size SIZE   limits of /box and of one file\n"
    "  --processes N --open-files N\n"
    "  --stdin FILE                  stdin; without it what is piped in, or nothing\n"
    "  --file NAME=PATH              places a file in /box, executable; may be repeated\n"
    "  --collect NAME                prints a file of /box after the run; may be repeated\n"
    "  --env NAME=VALUE              may be repeated; PATH is set if it is not given\n"
    "  --repeat N                    runs it N times in one box and reports the last\n"
    "  --json                        reports as JSON on stdout, with the program's output in it\n";

}  // namespace pushjudge::sandbox
