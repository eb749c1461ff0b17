#pragma once

// What a gateway can be told. Every bound in the gateway is a field here or a constant beside its use.
// Values; read only after start-up.

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "api/judge0_settings.hpp"
#include "proto/base/result.hpp"

namespace pushjudge {

struct Config {
  std::string queue = "ipc:///run/pushjudge";  // address of the core
  std::string key;                             // the file of our secret key, for a core that is reached by tcp
  std::string server_key;                      // the core's public key, or the file that holds it
  std::string address = "127.0.0.1";           // where to listen; others see it only where that is asked for
  std::uint16_t port = 2358;                   // 0: any free one
  std::string port_file;                       // where to write the number of the port; empty: nowhere
  std::string web;                             // folder of the built page; empty: the one beside the program
  std::string log_level = "info";
  std::vector<std::string> allow_origin;  // empty: pages of any origin

  std::vector<std::string> auth_token;     // whoever has one of these is let in; empty: everybody
  std::vector<std::string> events_token;   // whoever has one of these may also listen to all events; empty: nobody
  std::size_t submissions_per_minute = 0;  // of one caller, at this gateway; 0: no bound
  std::size_t submissions_burst = 10;      // of them, how many may come at once

  std::vector<std::string> callbacks_secret;  // each signs callbacks; empty: they are not signed
  std::vector<std::string> callbacks_allow;   // ranges of addresses inside that callbacks may go to all the same
  std::chrono::milliseconds callbacks_backoff{1'000};  // after the first try; four times as long after each further one
  std::size_t callbacks_follow_redirects = 0;          // 1: a few, and never inside
  std::string callbacks_ca_file;                       // the certificates to trust; empty: those of the system

  std::size_t connections_max = 10'000;
  std::size_t header_bytes_max = 16 << 10;
  std::size_t body_bytes_max = 40 << 20;
  std::size_t bodies_bytes_max = 512 << 20;  // of all requests that are being read or answered
  std::chrono::milliseconds header_timeout{10'000};
  std::chrono::milliseconds body_timeout{60'000};
  std::chrono::milliseconds write_timeout{60'000};
  std::chrono::milliseconds idle_timeout{75'000};
  std::chrono::milliseconds wait_max{60'000};     // how long wait=true may take
  std::chrono::milliseconds core_timeout{5'000};  // how long the core may take to answer
  std::chrono::milliseconds drain_max{5'000};     // how long requests in flight have when the gateway stops

  std::size_t events_window = 1'000;          // events sent to a listener before the first must be acknowledged
  std::size_t events_window_bytes = 4 << 20;  // likewise their bytes; a larger one goes alone

  std::chrono::milliseconds feed_interval{250};  // the feed says at most one thing in this time

  std::size_t recent_bytes_max = 32 << 20;  // of young submissions' events, kept for who subscribes right after a POST

  std::size_t ws_message_bytes_max = 64 << 10;  // larger submissions go through POST
  std::size_t ws_outbox_frames_max = 1'024;
  std::size_t ws_outbox_bytes_max = 8 << 20;
  std::size_t ws_subscriptions_max = 256;  // of one socket
  std::size_t ws_requests_max = 64;        // of one socket, waiting for the core
  std::chrono::milliseconds ws_idle_timeout{60'000};
  std::size_t ws_deflate = 0;                  // 1: whoever offers permessage-deflate gets it
  std::chrono::milliseconds sse_ping{15'000};  // how long an event stream is silent at most

  std::string judge0_conf;  // file of settings in Judge0's form; empty: none
  Judge0Settings judge0;
  std::vector<std::string> judge0_ignored;  // what that file sets and no program of ours knows
};

// What main is to do after the command line has been read.
struct Start {
  Config config;
};
struct Finish {
  int exit_code = 0;
  std::string output;  // to be printed: to standard output with exit code 0, else to standard error
};

// Reads the command line, the file of --config, the environment (PUSHJUDGE_QUEUE, …; Judge0's variables by their own
// names too) and the file of --judge0-conf, in this order of precedence. Pure but for these files. Finish for --help,
// --version, --print-config, --check-config, and for whatever is wrong.
std::variant<Start, Finish> read_command_line(int argc, const char* const* argv);

}  // namespace pushjudge
