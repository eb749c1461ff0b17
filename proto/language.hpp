#pragma once

// A language as workers offer it and clients see it. Its recipe (files, commands, probes) stays in the worker.

#include <cstdint>
#include <string>

namespace pushjudge {

struct Language {
  std::int32_t id = 0;      // Judge0's id where it has the language
  std::string slug;         // our own name for it: "cpp", "python"
  std::string name;         // for people, in Judge0's form: "C++ (GCC 12.2.0)"
  std::string source_file;  // "main.cpp"
  std::string compile_cmd;  // for people; empty where nothing is compiled
  std::string run_cmd;      // for people
  std::string
      code_style{};  // how functions are written in it (proto/code_style.hpp); empty: it has no function problems

  bool operator==(const Language&) const = default;
};

}  // namespace pushjudge
