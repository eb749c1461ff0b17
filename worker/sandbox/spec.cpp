#include "worker/sandbox/spec.hpp"

#include <cstring>

namespace pushjudge::sandbox {

namespace {

bool limits_valid(const Limits& limits) {
  constexpr std::uint64_t kBytesMax = 1ULL << 46;
  constexpr std::uint64_t kMicrosMax = 24ULL * 3600 * 1'000'000;
  const auto bytes = {limits.memory_bytes, limits.box_bytes, limits.file_bytes};
  for (const auto value : bytes) {
    if (value == 0 || value > kBytesMax) return false;
  }
  const auto maybe_zero = {limits.stack_bytes,   limits.stdout_bytes,         limits.stderr_bytes,
                           limits.collect_bytes, limits.process_memory_bytes, limits.answer_bytes};
  for (const auto value : maybe_zero) {
    if (value > kBytesMax) return false;
  }
  return limits.process_cpu_us <= kMicrosMax && limits.cpu_us > 0 && limits.cpu_us <= kMicrosMax &&
         limits.wall_us > 0 && limits.wall_us <= kMicrosMax && limits.box_inodes >= 2 &&
         limits.box_inodes <= 1'000'000 && limits.processes >= 1 && limits.processes <= 32'768 &&
         limits.open_files >= 4 && limits.open_files <= 65'536 && limits.collect_entries <= 1'000'000;
}

bool has_nul(std::string_view text) {
  return text.find('\0') != std::string_view::npos;
}

// Takes strings one after another out of the text of a message.
class TextReader {
 public:
  explicit TextReader(std::span<const std::byte> text)
      : next_(reinterpret_cast<const char*>(text.data())), end_(next_ + text.size()) {}

  // nullptr when the text ends before the string does.
  const char* take() {
    const auto* nul = next_ == end_ ? nullptr : static_cast<const char*>(std::memchr(next_, 0, room()));
    if (nul == nullptr) return nullptr;
    const char* text = next_;
    next_ = nul + 1;
    return text;
  }

  bool take_all(std::span<const char*> into) {
    for (auto& text : into) {
      text = take();
      if (text == nullptr) return false;
    }
    return true;
  }

  [[nodiscard]] bool at_end() const { return next_ == end_; }

 private:
  [[nodiscard]] std::size_t room() const { return static_cast<std::size_t>(end_ - next_); }
  const char* next_;
  const char* end_;
};

void append(std::vector<std::byte>& bytes, std::string_view text) {
  const auto raw = std::as_bytes(std::span(text.data(), text.size()));
  bytes.insert(bytes.end(), raw.begin(), raw.end());
  bytes.push_back(std::byte{0});
}

}  // namespace

bool valid_box_path(std::string_view path) {
  if (path.empty() || path.size() > kPathBytesMax || has_nul(path)) return false;
  std::size_t depth = 0;
  while (true) {
    const auto slash = path.find('/');
    const auto part = path.substr(0, slash);
    if (part.empty() || part == "." || part == ".." || part.size() > 255 || ++depth > kPathDepthMax) return false;
    if (slash == std::string_view::npos) return true;
    path.remove_prefix(slash + 1);
  }
}

std::optional<std::string> invalid(const Spec& spec) {
  if (spec.argv.empty() || spec.argv[0].empty()) return "argv is empty";
  if (spec.argv.size() > kArgumentsMax) return "too many arguments";
  if (spec.env.size() > kEnvironmentMax) return "too many environment variables";
  if (spec.files.size() > kFilesMax) return "too many files";
  if (spec.collect.size() > kCollectMax) return "too many files to collect";
  if (spec.cwd.empty() || spec.cwd[0] != '/' || has_nul(spec.cwd)) return "cwd is not an absolute path";
  for (const auto& argument : spec.argv) {
    if (has_nul(argument)) return "an argument contains NUL";
  }
  for (const auto& variable : spec.env) {
    if (has_nul(variable) || variable.find('=') == std::string::npos)
      return "an environment variable is not NAME=value";
  }
  for (const auto& file : spec.files) {
    if (!valid_box_path(file.name)) return "the name of a file to place is not a path below /box";
    if (file.fd < 0) return "a file to place has no descriptor";
    if ((file.mode & ~0777U) != 0) return "the mode of a file to place has more than permission bits";
  }
  for (const auto& name : spec.collect) {
    if (!valid_box_path(name)) return "the name of a file to collect is not a path below /box";
  }
  if (!limits_valid(spec.limits)) return "a limit is zero or out of range";
  return std::nullopt;
}

std::optional<EncodedSpec> encode(const Spec& spec, std::string& error) {
  if (auto reason = invalid(spec)) {
    error = *reason;
    return std::nullopt;
  }
  SpecHeader header{};
  header.magic = SpecHeader::kMagic;
  header.argv_count = static_cast<std::uint32_t>(spec.argv.size());
  header.env_count = static_cast<std::uint32_t>(spec.env.size());
  header.files_count = static_cast<std::uint32_t>(spec.files.size());
  header.collect_count = static_cast<std::uint32_t>(spec.collect.size());
  header.has_stdin = spec.stdin_fd >= 0 ? 1 : 0;
  header.has_stdout = spec.stdout_fd >= 0 ? 1 : 0;
  header.has_archive = spec.archive >= 0 ? 1 : 0;
  header.stderr_to_stdout = spec.stderr_to_stdout ? 1 : 0;
  header.collect_tree = spec.collect_tree ? 1 : 0;
  header.keep = spec.keep ? 1 : 0;
  header.limits = spec.limits;
  for (std::size_t i = 0; i < spec.files.size(); ++i) {
    header.file_modes[i] = spec.files[i].mode;
    header.file_shared[i] = spec.files[i].shared ? 1 : 0;
  }
  header.file_slots.fill(SpecHeader::kPlaced);

  EncodedSpec encoded;
  const auto raw = bytes_of(header);
  encoded.bytes.assign(raw.begin(), raw.end());
  append(encoded.bytes, spec.cwd);
  for (const auto& argument : spec.argv) append(encoded.bytes, argument);
  for (const auto& variable : spec.env) append(encoded.bytes, variable);
  for (const auto& file : spec.files) append(encoded.bytes, file.name);
  for (const auto& name : spec.collect) append(encoded.bytes, name);
  if (encoded.bytes.size() > kMessageBytesMax) {
    error = "arguments, environment and names together are too long";
    return std::nullopt;
  }
  if (spec.stdin_fd >= 0) encoded.fds.push_back(spec.stdin_fd);
  if (spec.stdout_fd >= 0) encoded.fds.push_back(spec.stdout_fd);
  if (spec.archive >= 0) encoded.fds.push_back(spec.archive);
  for (const auto& file : spec.files) encoded.fds.push_back(file.fd);
  return encoded;
}

std::size_t SpecView::fds_count() const {
  std::size_t count = std::size_t{header.has_stdin} + std::size_t{header.has_stdout} + std::size_t{header.has_archive};
  for (std::size_t i = 0; i < header.files_count; ++i) count += header.file_slots[i] == SpecHeader::kPlaced ? 1 : 0;
  return count;
}

bool SpecView::parse(std::span<const std::byte> message) {
  if (message.size() < sizeof header) return false;
  std::memcpy(&header, message.data(), sizeof header);
  if (header.magic != SpecHeader::kMagic || header.argv_count == 0 || header.argv_count > kArgumentsMax ||
      header.env_count > kEnvironmentMax || header.files_count > kFilesMax || header.collect_count > kCollectMax ||
      header.has_stdin > 1 || header.has_stdout > 1 || header.has_archive > 1 || header.start > 1 ||
      !limits_valid(header.limits)) {
    return false;
  }
  TextReader text(message.subspan(sizeof header));
  cwd = text.take();
  if (cwd == nullptr || cwd[0] != '/') return false;
  argv.fill(nullptr);
  env.fill(nullptr);
  if (!text.take_all(std::span(argv).first(header.argv_count)) ||
      !text.take_all(std::span(env).first(header.env_count)) ||
      !text.take_all(std::span(files).first(header.files_count)) ||
      !text.take_all(std::span(collect).first(header.collect_count)) || !text.at_end()) {
    return false;
  }
  if (argv[0][0] == '\0') return false;
  for (std::size_t i = 0; i < header.files_count; ++i) {
    if (!valid_box_path(files[i]) || (header.file_modes[i] & ~0777U) != 0 || header.file_shared[i] > 1 ||
        (header.file_slots[i] != SpecHeader::kPlaced && header.file_slots[i] >= kSharedFilesMax)) {
      return false;
    }
  }
  for (std::size_t i = 0; i < header.collect_count; ++i) {
    if (!valid_box_path(collect[i])) return false;
  }
  return true;
}

}  // namespace pushjudge::sandbox
