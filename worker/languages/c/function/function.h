// What a solution finds around it, and how its tests are read and its answers written. Whatever was read or returned is
// kept until the end: a solution may hold on to it, or return the same again.
#pragma once

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <float.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct ListNode {
  int val;
  struct ListNode* next;
};

struct TreeNode {
  int val;
  struct TreeNode* left;
  struct TreeNode* right;
};

// More nodes than this are a ring.
enum { kit_nodes_max = 10000000 };

__attribute__((noreturn, unused)) static void kit_fail(const char* what) {
  fflush(stdout);
  fprintf(stderr, "%s\n", what);
  _exit(1);
}

static void* kit_resize(void* block, size_t size) {
  void* resized = realloc(block, size > 0 ? size : 1);
  if (!resized) kit_fail("There is no memory left for the input or the answer.");
  return resized;
}

static void* kit_allocate(size_t size) {
  return memset(kit_resize(NULL, size), 0, size);
}

// The input

static char* kit_at;
static char* kit_end_of_input;

static void kit_read_input(void) {
  size_t size = 0;
  size_t room = 1 << 16;
  char* text = kit_resize(NULL, room + 1);
  for (;;) {
    const ssize_t got = read(0, text + size, room - size);
    if (got < 0 && errno != EINTR) kit_fail("the input cannot be read");
    if (got == 0) break;
    if (got > 0) size += (size_t)got;
    if (size == room) text = kit_resize(text, (room *= 2) + 1);
  }
  text[size] = '\0';
  kit_at = text;
  kit_end_of_input = text + size;
}

static bool kit_at_end(void) {
  while (*kit_at == '\n') ++kit_at;
  return kit_at >= kit_end_of_input;
}

static void kit_skip(char c) {
  // The value of a line ends with it; of a call, with a comma or not.
  if (*kit_at == c || (c == ',' && *kit_at == '\n')) ++kit_at;
}

#define KIT_READ __attribute__((unused)) static

KIT_READ long long kit_read_long(void) {
  unsigned long long value = 0;
  const bool negative = *kit_at == '-';
  if (negative) ++kit_at;
  for (; *kit_at >= '0' && *kit_at <= '9'; ++kit_at) value = 10 * value + (unsigned)(*kit_at - '0');
  return (long long)(negative ? 0 - value : value);
}

KIT_READ int kit_read_integer(void) {
  return (int)kit_read_long();
}

KIT_READ double kit_read_double(void) {
  kit_skip('"');
  const double value = strtod(kit_at, &kit_at);
  kit_skip('"');
  return value;
}

KIT_READ bool kit_read_boolean(void) {
  const bool value = *kit_at == 't';
  kit_at += value ? 4 : 5;
  return value;
}

static unsigned kit_read_hex(void) {
  unsigned code = 0;
  for (int i = 0; i < 4 && kit_at < kit_end_of_input; ++i, ++kit_at) {
    const char c = *kit_at;
    code = 16 * code + (unsigned)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
  }
  return code;
}

// Behind the backslash. Writes the character to `to`, and returns what is behind it.
static char* kit_read_escape(char* to) {
  static const char kLetters[] = "bfnrt";
  static const char kMeanings[] = "\b\f\n\r\t";
  const char c = *kit_at++;
  const char* letter = c ? strchr(kLetters, c) : NULL;
  if (c != 'u') {
    *to++ = letter ? kMeanings[letter - kLetters] : c;
    return to;
  }
  unsigned code = kit_read_hex();
  if (code >= 0xD800 && code < 0xDC00 && kit_at[0] == '\\' && kit_at[1] == 'u') {
    kit_at += 2;
    code = 0x10000 + ((code - 0xD800) << 10) + (kit_read_hex() - 0xDC00);
  }
  if (code < 0x80) {
    *to++ = (char)code;
    return to;
  }
  if (code < 0x800) {
    *to++ = (char)(0xC0 | code >> 6);
  } else {
    if (code < 0x10000) {
      *to++ = (char)(0xE0 | code >> 12);
    } else {
      *to++ = (char)(0xF0 | code >> 18);
      *to++ = (char)(0x80 | (code >> 12 & 0x3F));
    }
    *to++ = (char)(0x80 | (code >> 6 & 0x3F));
  }
  *to++ = (char)(0x80 | (code & 0x3F));
  return to;
}

// In a block of its own, which a solution may change.
KIT_READ char* kit_read_string(void) {
  const char* from = ++kit_at;
  const char* end = from;
  while (*end && *end != '"') end += *end == '\\' ? 2 : 1;
  char* text = kit_resize(NULL, (size_t)(end - from) + 1);
  char* to = text;
  while (kit_at < end) {
    if (*kit_at == '\\') {
      ++kit_at;
      to = kit_read_escape(to);
    } else {
      *to++ = *kit_at++;
    }
  }
  *to = '\0';
  ++kit_at;
  return text;
}

KIT_READ char kit_read_character(void) {
  char* text = kit_read_string();
  const char value = text[0];
  free(text);
  return value;
}

KIT_READ struct ListNode* kit_read_ListNode(void) {
  struct ListNode* head = NULL;
  struct ListNode** last = &head;
  kit_skip('[');
  while (*kit_at && *kit_at != ']') {
    *last = kit_allocate(sizeof **last);
    (*last)->val = kit_read_integer();
    last = &(*last)->next;
    kit_skip(',');
  }
  kit_skip(']');
  return head;
}

KIT_READ struct TreeNode* kit_read_TreeNode(void) {
  struct TreeNode* root = NULL;
  size_t count = 1;
  size_t room = 16;
  struct TreeNode*** places = kit_allocate(room * sizeof *places);
  places[0] = &root;
  kit_skip('[');
  for (size_t next = 0; *kit_at && *kit_at != ']' && next < count; ++next) {
    if (*kit_at == 'n') {
      kit_at += 4;
    } else {
      struct TreeNode* node = kit_allocate(sizeof *node);
      node->val = kit_read_integer();
      *places[next] = node;
      if (count + 2 > room) places = kit_resize(places, (room *= 2) * sizeof *places);
      places[count++] = &node->left;
      places[count++] = &node->right;
    }
    kit_skip(',');
  }
  kit_skip(']');
  free(places);
  return root;
}

// Arrays of them, and arrays of arrays.
#define KIT_READ_ARRAYS(name, type)                                                       \
  KIT_READ type* kit_read_##name##_1(int* size) {                                         \
    size_t room = 16;                                                                     \
    type* values = kit_allocate(room * sizeof *values);                                   \
    *size = 0;                                                                            \
    kit_skip('[');                                                                        \
    while (*kit_at && *kit_at != ']') {                                                   \
      if ((size_t)*size == room) values = kit_resize(values, (room *= 2) * sizeof *values); \
      values[(*size)++] = kit_read_##name();                                              \
      kit_skip(',');                                                                      \
    }                                                                                     \
    kit_skip(']');                                                                        \
    return values;                                                                        \
  }                                                                                       \
  KIT_READ type** kit_read_##name##_2(int* size, int** columns) {                         \
    size_t room = 16;                                                                     \
    type** rows = kit_allocate(room * sizeof *rows);                                      \
    *columns = kit_allocate(room * sizeof **columns);                                     \
    *size = 0;                                                                            \
    kit_skip('[');                                                                        \
    while (*kit_at && *kit_at != ']') {                                                   \
      if ((size_t)*size == room) {                                                        \
        room *= 2;                                                                        \
        rows = kit_resize(rows, room * sizeof *rows);                                     \
        *columns = kit_resize(*columns, room * sizeof **columns);                         \
      }                                                                                   \
      rows[*size] = kit_read_##name##_1(&(*columns)[*size]);                              \
      ++*size;                                                                            \
      kit_skip(',');                                                                      \
    }                                                                                     \
    kit_skip(']');                                                                        \
    return rows;                                                                          \
  }

// The answer, and the time that it took

static char* kit_json;
static size_t kit_json_size;
static size_t kit_json_room;
static long long kit_began;
static long long kit_took_us;

static long long kit_now(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return time.tv_sec * 1000000LL + time.tv_nsec / 1000;
}

static void kit_begin(void) {
  kit_began = kit_now();
}

static void kit_end(void) {
  kit_took_us += kit_now() - kit_began;
}

static void kit_bytes(const char* bytes, size_t size) {
  if (kit_json_size + size > kit_json_room) {
    kit_json_room = 2 * (kit_json_size + size);
    kit_json = kit_resize(kit_json, kit_json_room);
  }
  memcpy(kit_json + kit_json_size, bytes, size);
  kit_json_size += size;
}

static void kit_text(const char* text) {
  kit_bytes(text, strlen(text));
}

KIT_READ void kit_write_long(long long value) {
  char digits[24];
  char* at = digits + sizeof digits;
  unsigned long long rest = value < 0 ? 0 - (unsigned long long)value : (unsigned long long)value;
  do {
    *--at = (char)('0' + rest % 10);
    rest /= 10;
  } while (rest > 0);
  if (value < 0) *--at = '-';
  kit_bytes(at, (size_t)(digits + sizeof digits - at));
}

KIT_READ void kit_write_integer(int value) {
  kit_write_long(value);
}

KIT_READ void kit_write_double(double value) {
  if (isnan(value)) {
    kit_text("\"NaN\"");
  } else if (isinf(value)) {
    kit_text(value < 0 ? "\"-Infinity\"" : "\"Infinity\"");
  } else {
    char digits[40];
    snprintf(digits, sizeof digits, "%.17g", value);
    kit_text(digits);
  }
}

KIT_READ void kit_write_boolean(bool value) {
  kit_text(value ? "true" : "false");
}

KIT_READ void kit_write_string(const char* value) {
  if (!value) kit_fail("The string that was returned is a null pointer.");
  kit_bytes("\"", 1);
  for (; *value; ++value) {
    if (*value == '"' || *value == '\\') kit_bytes("\\", 1);
    if ((unsigned char)*value < 0x20) {
      char escaped[8];
      snprintf(escaped, sizeof escaped, "\\u%04x", (unsigned)*value);
      kit_text(escaped);
    } else {
      kit_bytes(value, 1);
    }
  }
  kit_bytes("\"", 1);
}

KIT_READ void kit_write_character(char value) {
  kit_write_string((const char[]){value, '\0'});
}

KIT_READ void kit_write_ListNode(const struct ListNode* node) {
  kit_text("[");
  for (int count = 0; node; node = node->next) {
    if (++count > kit_nodes_max) kit_fail("The list that was returned has no end.");
    if (count > 1) kit_text(",");
    kit_write_integer(node->val);
  }
  kit_text("]");
}

KIT_READ void kit_write_TreeNode(const struct TreeNode* root) {
  kit_text("[");
  // Where the last node ends: there are no nulls behind it.
  size_t end = kit_json_size;
  size_t count = 0;
  size_t room = 16;
  const struct TreeNode** level = kit_allocate(room * sizeof *level);
  if (root) level[count++] = root;
  for (size_t next = 0; next < count; ++next) {
    const struct TreeNode* node = level[next];
    if (next > 0) kit_text(",");
    if (!node) {
      kit_text("null");
      continue;
    }
    if (count > 2 * (size_t)kit_nodes_max) kit_fail("The tree that was returned has no end.");
    kit_write_integer(node->val);
    end = kit_json_size;
    if (count + 2 > room) level = kit_resize(level, (room *= 2) * sizeof *level);
    level[count++] = node->left;
    level[count++] = node->right;
  }
  kit_json_size = end;
  kit_text("]");
  free(level);
}

#define KIT_WRITE_ARRAYS(name, type)                                                                \
  KIT_READ void kit_write_##name##_1(type* values, int size) {                                      \
    if (!values && size > 0) kit_fail("The array that was returned is a null pointer.");            \
    kit_text("[");                                                                                  \
    for (int i = 0; i < size; ++i) {                                                                \
      if (i > 0) kit_text(",");                                                                     \
      kit_write_##name(values[i]);                                                                  \
    }                                                                                               \
    kit_text("]");                                                                                  \
  }                                                                                                 \
  KIT_READ void kit_write_##name##_2(type** rows, int size, int* columns) {                         \
    if (!(rows && columns) && size > 0) kit_fail("The array that was returned is a null pointer."); \
    kit_text("[");                                                                                  \
    for (int i = 0; i < size; ++i) {                                                                \
      if (i > 0) kit_text(",");                                                                     \
      kit_write_##name##_1(rows[i], columns[i]);                                                    \
    }                                                                                               \
    kit_text("]");                                                                                  \
  }

#define KIT_ARRAYS(name, type) \
  KIT_READ_ARRAYS(name, type)  \
  KIT_WRITE_ARRAYS(name, type)

KIT_ARRAYS(integer, int)
KIT_ARRAYS(long, long long)
KIT_ARRAYS(double, double)
KIT_ARRAYS(boolean, bool)
KIT_ARRAYS(character, char)
KIT_ARRAYS(string, char*)
KIT_ARRAYS(ListNode, struct ListNode*)
KIT_ARRAYS(TreeNode, struct TreeNode*)

static void kit_write_all(int to, const char* bytes, size_t size) {
  while (size > 0) {
    const ssize_t written = write(to, bytes, size);
    if (written < 0 && errno != EINTR) _exit(1);
    if (written > 0) {
      bytes += written;
      size -= (size_t)written;
    }
  }
}

static void kit_finish(const char* nonce) {
  fflush(stdout);
  char line[128];
  const int size = snprintf(line, sizeof line, "%.64s\n", nonce);
  kit_write_all(1, line, (size_t)size);
  char* json = kit_json;
  const size_t json_size = kit_json_size;
  kit_json = NULL;
  kit_json_size = kit_json_room = 0;
  snprintf(line, sizeof line, "%.64s %lld ", nonce, kit_took_us);
  kit_text(line);
  kit_bytes(json, json_size);
  kit_bytes("\n", 1);
  kit_write_all(3, kit_json, kit_json_size);
  free(json);
  kit_json_size = 0;
  kit_took_us = 0;
}
