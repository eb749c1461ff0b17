#pragma once

// Result<T>: a value, or an Error that says what the caller did wrong or what the world refused.
//
// The names are those of std::expected (C++23), which g++ 12 offers under C++20 only as an empty header, so that moving
// to it is one using-declaration. There is no value() that throws: test, then dereference. Dereferencing the wrong side
// is our own bug and aborts.

#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <variant>

// A broken invariant: on in every build. The process ends, its leases lapse, and other processes go on.
#define PJ_ASSERT(condition)                                                                 \
  do {                                                                                       \
    if (!(condition)) {                                                                      \
      std::fprintf(stderr, "%s:%d: broken invariant: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                          \
    }                                                                                        \
  } while (false)

namespace pushjudge {

enum class Errc {
  invalid,      // the caller sent something that can never be accepted (HTTP 400 or 422)
  not_found,    // no such submission, language, channel (404)
  too_large,    // over a stated bound (413)
  busy,         // full for the moment; try again later (503 with Retry-After)
  unavailable,  // the core, the disk or a worker does not answer (503 with Retry-After)
  internal,     // our fault (500)
  conflict,     // what is asked for cannot be done in the state that things are in (409)
};

struct Error {
  Errc code = Errc::internal;
  std::string message;  // one sentence for a person; never holds source, tokens or program output
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  T& operator*() & {
    PJ_ASSERT(has_value());
    return *std::get_if<0>(&state_);
  }
  const T& operator*() const& {
    PJ_ASSERT(has_value());
    return *std::get_if<0>(&state_);
  }
  T&& operator*() && {
    PJ_ASSERT(has_value());
    return std::move(*std::get_if<0>(&state_));
  }
  T* operator->() { return &**this; }
  const T* operator->() const { return &**this; }

  const Error& error() const& {
    PJ_ASSERT(!has_value());
    return *std::get_if<1>(&state_);
  }
  Error&& error() && {
    PJ_ASSERT(!has_value());
    return std::move(*std::get_if<1>(&state_));
  }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : failed_(true), error_(std::move(error)) {}

  bool has_value() const noexcept { return !failed_; }
  explicit operator bool() const noexcept { return has_value(); }
  const Error& error() const& {
    PJ_ASSERT(failed_);
    return error_;
  }

 private:
  bool failed_ = false;
  Error error_;
};

}  // namespace pushjudge
