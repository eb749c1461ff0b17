#include "api/config.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <set>
#include <sstream>

#include "api/address_range.hpp"
#include "api/callback_signature.hpp"
#include "proto/base/judge0_conf.hpp"
#include "proto/endpoints.hpp"

namespace pushjudge {
namespace {

using std::chrono::milliseconds;

constexpr std::uint64_t kMillisMax = 24 * 3600 * 1000;

// What judge0.conf may set that is for our other programs.
constexpr std::array<std::string_view, 2> kForOthers = {"MAX_QUEUE_SIZE", "COUNT"};

// Several may stand in one text, with blanks between, as in the environment.
std::vector<std::string> words_of(const std::vector<std::string>& texts) {
  std::vector<std::string> words;
  for (const std::string& text : texts) {
    std::istringstream stream(text);
    for (std::string word; stream >> word;) words.push_back(word);
  }
  return words;
}

// As a list is written in the file of --config. Empty: nothing.
std::string quoted(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) all += (all.empty() ? "\"" : ", \"") + word + "\"";
  return all.empty() ? all : "[" + all + "]";
}

// The command line, with what --print-config needs to know about each setting.
class Settings {
 public:
  Settings(CLI::App& app, Config& config) : app_(app) {
    text("queue", config.queue, "Address of the core: ipc:///FOLDER or tcp://HOST:PORT");
    text("key", config.key, "File of our secret key, for a core that is reached by tcp (pushjudge-queue keygen)");
    text("server-key", config.server_key, "The core's public key, or the file that holds it");
    text("address", config.address, "Address to listen on; 0.0.0.0 for all (think of --auth-token then)");
    number("port", config.port, 0, 65'535, "Port to listen on; 0 picks a free one");
    text("port-file", config.port_file, "File to write the number of the port to, once it is open");
    text("web", config.web, "Folder of the built page; default: the one beside the program");
    text("log-level", config.log_level, "debug, info, warn, error or off");
    list("allow-origin", config.allow_origin,
         "Origin whose pages may use the API, as https://example.org, or example.org for any scheme; repeatable; "
         "default: any");
    from_judge0("ALLOW_ORIGIN", config.allow_origin);

    secrets("auth-token,--authn-token", config.auth_token,
            "Access token that X-Auth-Token must be, best given by the environment; repeatable; default: everybody is "
            "let in");
    from_judge0("AUTHN_TOKEN", config.auth_token);
    secrets("events-token", config.events_token,
            "Access token that also lets its bearer listen to the events of all submissions; repeatable; default: "
            "nobody may");
    number("submissions-per-minute", config.submissions_per_minute, 0, 60'000'000,
           "Submissions that one caller (by token, else by address) may send to this gateway; 0: no bound");
    number("submissions-burst", config.submissions_burst, 1, 1'000'000, "Of them, how many may come at once");

    secrets(
        "callbacks-secret", config.callbacks_secret,
        "Secret that callbacks are signed with as in Standard Webhooks (whsec_BASE64), best given by the environment; "
        "repeatable, for a change from one to the next; default: they are not signed");
    list("callbacks-allow", config.callbacks_allow,
         "Address or range (127.0.0.0/8) that callbacks may go to although it is no public one; repeatable");
    millis("callbacks-backoff-ms", config.callbacks_backoff,
           "How long a callback waits after its first try failed; four times as long after each further one");
    number("callbacks-follow-redirects", config.callbacks_follow_redirects, 0, 1,
           "1: callbacks follow redirects, a few, and none to where they may not go; 0: a redirect is a failure");
    text("callbacks-ca-file", config.callbacks_ca_file,
         "File of the certificates that callbacks over https trust; default: those that the system trusts");

    number("connections-max", config.connections_max, 1, 1'000'000, "Open connections");
    number("header-bytes-max", config.header_bytes_max, 1'024, 1 << 20, "Bytes of a request's header");
    number("body-bytes-max", config.body_bytes_max, 1'024, 1 << 30, "Bytes of a request's body");
    number("bodies-bytes-max", config.bodies_bytes_max, 1'024, std::size_t{1} << 40,
           "Bytes of all bodies that are in work");
    millis("header-timeout-ms", config.header_timeout, "How long a request's header may take to arrive");
    millis("body-timeout-ms", config.body_timeout, "How long a request's body may take to arrive");
    millis("write-timeout-ms", config.write_timeout, "How long a response may take to leave");
    millis("idle-timeout-ms", config.idle_timeout, "How long a connection may wait for its next request");
    millis("wait-max-ms", config.wait_max, "How long a request with wait=true may take");
    millis("core-timeout-ms", config.core_timeout, "How long the core may take to answer");
    millis("drain-max-ms", config.drain_max, "How long requests in flight have when the gateway is stopped");

    number("events-window", config.events_window, 1, 1 << 20,
           "Events sent to one who listens to all before the first must be acknowledged; at most half of "
           "--ws-outbox-frames-max count");
    number("events-window-bytes", config.events_window_bytes, 1'024, 1 << 30,
           "Likewise their bytes; at most half of --ws-outbox-bytes-max count");
    millis("feed-interval-ms", config.feed_interval, "The public feed sends at most one message in this time");
    number("recent-bytes-max", config.recent_bytes_max, 0, std::size_t{1} << 40,
           "Bytes of young submissions' events kept for who subscribes right after a POST");
    number("ws-message-bytes-max", config.ws_message_bytes_max, 128, 64 << 20,
           "Bytes of a WebSocket message to us; over it: close 1009");
    number("ws-outbox-frames-max", config.ws_outbox_frames_max, 1, 1 << 20,
           "Messages waiting for one WebSocket or event stream; over it: close 4008, or the end");
    number("ws-outbox-bytes-max", config.ws_outbox_bytes_max, 1'024, 1 << 30,
           "Bytes waiting for one WebSocket or event stream; over it: close 4008, or the end");
    number("ws-subscriptions-max", config.ws_subscriptions_max, 1, 1 << 20,
           "Channels that one WebSocket may subscribe to");
    number("ws-requests-max", config.ws_requests_max, 1, 1 << 16, "Requests of one WebSocket that wait for the core");
    millis("ws-idle-timeout-ms", config.ws_idle_timeout,
           "How long a WebSocket may be silent; it is pinged after half of it");
    number("ws-deflate", config.ws_deflate, 0, 1,
           "1: whoever offers permessage-deflate gets it, for some 10 KiB of memory a socket");
    millis("sse-ping-ms", config.sse_ping, "How long an event stream is silent before a comment line keeps it open");

    text("judge0-conf", config.judge0_conf, "File of settings in Judge0's own form, NAME=VALUE a line (judge0.conf)");
    settings_.back().option->group("Judge0");
    for (const Judge0Setting& setting : judge0_settings()) judge0(setting, config.judge0);
  }

  // Judge0's variables, in the environment and in its file, for what was not given otherwise. Errors: invalid.
  Result<void> take_judge0(const Judge0Conf& conf) {
    for (Setting& setting : settings_) {
      if (setting.variable.empty() || setting.option->count() > 0) continue;
      const char* const environment = std::getenv(std::string(setting.variable).c_str());
      if (environment != nullptr && *environment != '\0') {
        if (auto done = setting.assign(environment); !done) {
          return Error{Errc::invalid, std::string(setting.variable) + " (environment): " + done.error().message};
        }
        setting.origin = "environment";
      } else if (const auto* entry = conf.find(setting.variable)) {
        if (auto done = setting.assign(entry->value); !done) {
          return conf.error_at(setting.variable, done.error().message);
        }
        setting.origin = "judge0.conf";
      }
    }
    return {};
  }

  bool given(std::string_view variable) const {
    return std::any_of(settings_.begin(), settings_.end(), [variable](const Setting& setting) {
      return setting.variable == variable && (setting.option->count() > 0 || !setting.origin.empty());
    });
  }

  std::vector<std::string> unknown_in(const Judge0Conf& conf) const {
    std::vector<std::string> unknown;
    for (const auto& [variable, entry] : conf.entries()) {
      const bool ours = std::any_of(settings_.begin(), settings_.end(),
                                    [&name = variable](const Setting& setting) { return setting.variable == name; });
      const bool others = std::find(kForOthers.begin(), kForOthers.end(), variable) != kForOthers.end();
      if (!ours && !others) unknown.push_back(variable);
    }
    return unknown;
  }

  std::string print(int argc, const char* const* argv) const {
    std::string all;
    for (const Setting& setting : settings_) {
      const std::string value = setting.value();
      // What has no value, or is not to be shown, is left out where this is read again.
      all += value.empty() ? "# " : "";
      all += setting.option->get_single_name() + " = " + value + "  # " + source(setting, argc, argv) + "\n";
    }
    return all;
  }

 private:
  struct Setting {
    CLI::Option* option;
    std::function<std::string()> value;
    // Of those that Judge0 has too:
    std::string_view variable = {};
    std::function<Result<void>(std::string_view)> assign = nullptr;
    std::string origin = {};  // where it came from, if that was neither the command line nor what --config names
  };

  CLI::Option* keep(CLI::Option* option, std::function<std::string()> value) {
    std::string variable = "PUSHJUDGE_" + option->get_single_name();
    std::transform(variable.begin(), variable.end(), variable.begin(),
                   [](char c) { return c == '-' ? '_' : static_cast<char>(std::toupper(c)); });
    option->envname(std::move(variable));
    settings_.push_back({.option = option, .value = std::move(value)});
    return option;
  }

  void text(const std::string& name, std::string& value, const std::string& what) {
    keep(app_.add_option("--" + name, value, what)->capture_default_str(), [&value] { return "\"" + value + "\""; });
  }

  void list(const std::string& name, std::vector<std::string>& values, const std::string& what) {
    keep(app_.add_option("--" + name, values, what), [&values] { return quoted(values); });
  }

  void secrets(const std::string& name, std::vector<std::string>& values, const std::string& what) {
    keep(app_.add_option("--" + name, values, what), [] { return std::string(); });
  }

  // What was added last is in Judge0 a list of words.
  void from_judge0(std::string_view variable, std::vector<std::string>& values) {
    settings_.back().variable = variable;
    settings_.back().assign = [&values](std::string_view text) -> Result<void> {
      values = words_of({std::string(text)});
      return {};
    };
  }

  void judge0(const Judge0Setting& setting, Judge0Settings& all) {
    const std::string name = option_name(setting.variable);
    const std::string what(setting.meaning);
    const auto take = [&setting, &all, name](const std::string& given) {
      if (auto done = assign(all, setting, given); !done) throw CLI::ValidationError("--" + name, done.error().message);
    };
    const auto take_words = [take](const std::vector<std::string>& words) {
      std::string joined;
      for (const std::string& word : words) joined += word + " ";
      take(joined);
    };
    const bool is_list = std::holds_alternative<std::vector<std::string> Judge0Settings::*>(setting.field);
    const bool is_text = std::holds_alternative<std::string Judge0Settings::*>(setting.field);
    CLI::Option* option = is_list ? app_.add_option_function<std::vector<std::string>>("--" + name, take_words, what)
                                  : app_.add_option_function<std::string>("--" + name, take, what);
    option->default_str(value_of(all, setting))->group("Judge0");
    keep(option, [&setting, &all, is_list, is_text] {
      const std::string value = value_of(all, setting);
      if (setting.secret) return std::string();
      if (is_list) return quoted(words_of({value}));
      return is_text ? "\"" + value + "\"" : value;
    });
    settings_.back().variable = setting.variable;
    settings_.back().assign = [&setting, &all](std::string_view text) { return pushjudge::assign(all, setting, text); };
  }

  template <class T>
  void number(const std::string& name, T& value, std::uint64_t least, std::uint64_t most, const std::string& what) {
    const auto take = [&value](std::uint64_t given) { value = static_cast<T>(given); };
    CLI::Option* option = app_.add_option_function<std::uint64_t>("--" + name, take, what);
    option->check(CLI::Range(least, most))->default_str(std::to_string(value));
    keep(option, [&value] { return std::to_string(value); });
  }

  void millis(const std::string& name, milliseconds& value, const std::string& what) {
    const auto take = [&value](std::uint64_t given) { value = milliseconds(given); };
    CLI::Option* option = app_.add_option_function<std::uint64_t>("--" + name, take, what);
    option->check(CLI::Range(std::uint64_t{1}, kMillisMax))->default_str(std::to_string(value.count()));
    keep(option, [&value] { return std::to_string(value.count()); });
  }

  static std::string source(const Setting& setting, int argc, const char* const* argv) {
    if (!setting.origin.empty()) return setting.origin;
    if (setting.option->count() == 0) return "default";
    for (const std::string& long_name : setting.option->get_lnames()) {
      const std::string name = "--" + long_name;
      for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        if (word == name || word.starts_with(name + "=")) return "command line";
      }
    }
    // A file goes before the environment, and only what neither of them gave is left to the default.
    const char* variable = std::getenv(setting.option->get_envname().c_str());
    const auto given = setting.option->results();
    return variable != nullptr && given == CLI::results_t{variable} ? "environment" : "file";
  }

  CLI::App& app_;
  std::vector<Setting> settings_;
};

Result<void> check(const Config& config) {
  if (auto endpoints = endpoints_of(config.queue); !endpoints) return endpoints.error();
  static const std::set<std::string> kLevels = {"debug", "info", "warn", "error", "off"};
  if (kLevels.count(config.log_level) == 0) {
    return Error{Errc::invalid, "--log-level: '" + config.log_level + "' is none of debug, info, warn, error, off"};
  }
  for (const auto& [name, origins] : {std::pair{"--allow-origin", &config.allow_origin},
                                      std::pair{"--disallow-origin", &config.judge0.disallow_origin}}) {
    for (const std::string& origin : *origins) {
      const bool scheme = origin.starts_with("http://") || origin.starts_with("https://");
      const std::string host = scheme ? origin.substr(origin.find("//") + 2) : origin;
      if (host.empty() || host.find('/') != std::string::npos) {
        return Error{Errc::invalid, std::string(name) + ": '" + origin +
                                        "' is no origin; expected https://HOST[:PORT] or HOST[:PORT]"};
      }
    }
  }
  for (const auto& [name, tokens] :
       {std::pair{"--auth-token", &config.auth_token}, std::pair{"--events-token", &config.events_token},
        std::pair{"--authz-token", &config.judge0.authz_token}}) {
    for (const std::string& token : *tokens) {
      const bool fits = std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c <= '~'; });
      if (token.empty() || !fits) {
        return Error{Errc::invalid, std::string(name) + ": a token is printable ASCII without blanks"};
      }
    }
  }
  return {};
}

Result<void> check_callbacks(const Config& config) {
  for (const std::string& secret : config.callbacks_secret) {
    if (auto parsed = CallbackSecret::parse(secret); !parsed) {
      return Error{Errc::invalid, "--callbacks-secret: " + parsed.error().message};
    }
  }
  for (const std::string& range : config.callbacks_allow) {
    if (!AddressRange::parse(range)) {
      return Error{Errc::invalid, "--callbacks-allow: '" + range + "' is neither an address nor a range of addresses"};
    }
  }
  const std::string& file = config.callbacks_ca_file;
  if (!file.empty() && !std::ifstream(file)) {
    return Error{Errc::invalid, "--callbacks-ca-file: cannot read '" + file + "'"};
  }
  return {};
}

// What --judge0-conf names, the environment's part of the same, and what follows from both.
Result<void> take_judge0(Settings& settings, Config& config) {
  Judge0Conf conf;
  if (!config.judge0_conf.empty()) {
    auto read = read_judge0_conf(config.judge0_conf);
    if (!read) return read.error();
    conf = *std::move(read);
  }
  if (auto taken = settings.take_judge0(conf); !taken) return taken;
  config.judge0_ignored = settings.unknown_in(conf);
  return reconcile(config.judge0, [&settings](std::string_view variable) { return settings.given(variable); });
}

std::string validity(const Config& config) {
  std::string text = "the settings are valid\n";
  if (config.judge0_ignored.empty()) return text;
  text += config.judge0_conf + ": not used here:";
  for (const std::string& variable : config.judge0_ignored) text += " " + variable;
  return text + "\n";
}

}  // namespace

std::variant<Start, Finish> read_command_line(int argc, const char* const* argv) {
  Config config;
  CLI::App app(
      "pushjudge-api: the gateway. Takes submissions over HTTP and pushes what becomes of them over WebSocket.",
      "pushjudge-api");
  app.set_version_flag("--version", "pushjudge-api " PJ_VERSION);
  app.set_config("--config", "", "File of settings, one `name = value` a line, named as the options are");
  app.allow_config_extras(false);
  app.footer(
      "Precedence: command line, file, environment, judge0.conf, default.\n"
      "Each may stand in the environment as PUSHJUDGE_PORT and so on; those of Judge0 also by their names there.");
  Settings settings(app, config);
  bool print = false;
  bool check_only = false;
  app.add_flag("--print-config", print, "Print what is in force and where it came from, then exit")
      ->configurable(false);
  app.add_flag("--check-config", check_only, "Say whether the settings are valid, then exit")->configurable(false);

  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return Finish{0, app.help()};
  } catch (const CLI::CallForVersion&) {
    return Finish{0, app.version() + "\n"};
  } catch (const CLI::ParseError& error) {
    return Finish{2, std::string("pushjudge-api: ") + error.what() + "\nTry --help.\n"};
  }
  config.auth_token = words_of(config.auth_token);
  config.events_token = words_of(config.events_token);
  config.callbacks_secret = words_of(config.callbacks_secret);
  config.callbacks_allow = words_of(config.callbacks_allow);
  if (auto taken = take_judge0(settings, config); !taken) {
    return Finish{2, "pushjudge-api: " + taken.error().message + "\n"};
  }
  if (auto checked = check_callbacks(config); !checked) {
    return Finish{2, "pushjudge-api: " + checked.error().message + "\n"};
  }
  if (auto checked = check(config); !checked) return Finish{2, "pushjudge-api: " + checked.error().message + "\n"};
  if (print) return Finish{0, settings.print(argc, argv)};
  if (check_only) return Finish{0, validity(config)};
  return Start{std::move(config)};
}

}  // namespace pushjudge
