#pragma once

// Binding parameters and reading columns, for the files that know SQLite.

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <type_traits>

#include "proto/base/result.hpp"
#include "proto/digest.hpp"
#include "proto/ids.hpp"

namespace pushjudge::sql {

struct Bytes {
  const std::string& bytes;
};
struct OptionalBytes {
  const std::optional<std::string>& bytes;
};

template <class T>
requires std::is_integral_v<T> || std::is_enum_v<T>
void bind_at(SQLite::Statement& statement, int index, T value) {
  statement.bind(index, static_cast<std::int64_t>(value));
}
template <class T>
requires std::is_integral_v<T>
void bind_at(SQLite::Statement& statement, int index, const std::optional<T>& value) {
  if (value) {
    bind_at(statement, index, *value);
  } else {
    statement.bind(index);
  }
}
inline void bind_at(SQLite::Statement& statement, int index, const std::string& text) {
  statement.bindNoCopy(index, text);
}
inline void bind_at(SQLite::Statement& statement, int index, const std::optional<std::string>& text) {
  if (text) {
    bind_at(statement, index, *text);
  } else {
    statement.bind(index);
  }
}
inline void bind_at(SQLite::Statement& statement, int index, Bytes blob) {
  statement.bindNoCopy(index, blob.bytes.data(), static_cast<int>(blob.bytes.size()));
}
inline void bind_at(SQLite::Statement& statement, int index, OptionalBytes blob) {
  if (blob.bytes) {
    bind_at(statement, index, Bytes{*blob.bytes});
  } else {
    statement.bind(index);
  }
}
inline void bind_at(SQLite::Statement& statement, int index, const Token& token) {
  statement.bindNoCopy(index, token.bytes().data(), static_cast<int>(token.bytes().size()));
}
inline void bind_at(SQLite::Statement& statement, int index, const Digest& digest) {
  statement.bindNoCopy(index, digest.bytes.data(), static_cast<int>(digest.bytes.size()));
}
inline void bind_at(SQLite::Statement& statement, int index, const std::optional<Digest>& digest) {
  if (digest) {
    bind_at(statement, index, *digest);
  } else {
    statement.bind(index);
  }
}
inline void bind_at(SQLite::Statement& statement, int index, const std::optional<double>& number) {
  if (number) {
    statement.bind(index, *number);
  } else {
    statement.bind(index);
  }
}

// Binds all parameters in order. What is bound must outlive the steps that follow.
template <class... Values>
SQLite::Statement& with(SQLite::Statement& statement, const Values&... values) {
  // Not reset(), which reports the failure of the last use once more.
  statement.tryReset();
  int index = 0;
  (bind_at(statement, ++index, values), ...);
  return statement;
}

template <class... Values>
void execute(SQLite::Statement& statement, const Values&... values) {
  with(statement, values...).exec();
  statement.reset();
}

template <class T>
T number(SQLite::Statement& row, int column) {
  return static_cast<T>(row.getColumn(column).getInt64());
}
template <class T>
std::optional<T> optional_number(SQLite::Statement& row, int column) {
  if (row.getColumn(column).isNull()) return std::nullopt;
  return number<T>(row, column);
}
inline std::string bytes(SQLite::Statement& row, int column) {
  const SQLite::Column value = row.getColumn(column);
  const auto* begin = static_cast<const char*>(value.getBlob());
  return begin == nullptr ? std::string() : std::string(begin, static_cast<std::size_t>(value.getBytes()));
}
inline std::optional<std::string> optional_bytes(SQLite::Statement& row, int column) {
  if (row.getColumn(column).isNull()) return std::nullopt;
  return bytes(row, column);
}
inline Token token(SQLite::Statement& row, int column) {
  Uuid value{};
  const std::string stored = bytes(row, column);
  PJ_ASSERT(stored.size() == value.size());
  std::memcpy(value.data(), stored.data(), value.size());
  return Token::from_bytes(value);
}
inline Digest digest(SQLite::Statement& row, int column) {
  Digest value;
  const std::string stored = bytes(row, column);
  PJ_ASSERT(stored.size() == value.bytes.size());
  std::memcpy(value.bytes.data(), stored.data(), value.bytes.size());
  return value;
}

}  // namespace pushjudge::sql
