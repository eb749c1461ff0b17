#pragma once

// What reads bytes that strangers send, one target a parser. A target runs on any input without crashing, and aborts
// (PJ_ASSERT) where one of its own properties does not hold. libFuzzer drives them (main.cpp, scripts/fuzz), and so
// does a replay of the seeds and of mutations of them, with any compiler (replay.cpp). One thread.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pushjudge::fuzz {

struct Target {
  std::string_view name;
  std::string_view reads;  // what it is that is read
  void (*run)(std::string_view input);
  std::vector<std::string> (*seeds)();  // inputs that get far, made by our own encoders where there are some
};

std::span<const Target> targets();
// Null: there is none of this name.
const Target* find_target(std::string_view name);

// Writes each seed of `target` into a file of its own. Throws std::runtime_error.
void write_seeds(const Target& target, const std::string& folder);

// Takes from the front of an input what is no text: choices and lengths. What is not there is 0.
std::uint8_t take_byte(std::string_view& input);

void read_target(std::string_view input);
std::vector<std::string> target_seeds();
void read_head(std::string_view input);
std::vector<std::string> head_seeds();
void read_attributes(std::string_view input);
std::vector<std::string> attributes_seeds();
void read_push(std::string_view input);
std::vector<std::string> push_seeds();
void read_wire(std::string_view input);
std::vector<std::string> wire_seeds();
void read_manifest(std::string_view input);
std::vector<std::string> manifest_seeds();
void read_function(std::string_view input);
std::vector<std::string> function_seeds();
void read_archive(std::string_view input);
std::vector<std::string> archive_seeds();
void read_callback_url(std::string_view input);
std::vector<std::string> callback_url_seeds();
void read_judge0_conf(std::string_view input);
std::vector<std::string> judge0_conf_seeds();
void read_words(std::string_view input);
std::vector<std::string> words_seeds();
void read_text(std::string_view input);
std::vector<std::string> text_seeds();

}  // namespace pushjudge::fuzz
