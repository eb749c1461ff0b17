#include "worker/builder.hpp"

#include <algorithm>
#include <utility>

#include "worker/file_tree.hpp"
#include "worker/memory_file.hpp"
#include "worker/report.hpp"

namespace pushjudge {

namespace {

// The first of `scripts` that is among `files`.
std::optional<std::string> script_of(const std::vector<std::string>& scripts, const std::vector<TreeFile>& files) {
  for (const auto& script : scripts) {
    const auto found = std::ranges::find(files, script, &TreeFile::name);
    if (found != files.end() && !found->folder) return script;
  }
  return std::nullopt;
}

// Whether the archive makes a folder of `ours`, a file that we put there, or a file of a folder on its way.
bool in_the_way(const std::string& ours, const std::vector<TreeFile>& files) {
  return std::ranges::any_of(files, [&](const TreeFile& file) {
    const bool same = file.folder && file.name == ours;
    const bool on_its_way = !file.folder && ours.starts_with(file.name + "/");
    return same || on_its_way || file.name.starts_with(ours + "/");
  });
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : " or ") + name;
  return text;
}

}  // namespace

Builder::News Builder::start(SourceParts parts, const Recipe& recipe) {
  PJ_ASSERT(idle());
  parts_ = std::move(parts);
  program_ = Program{};
  program_.recipe = &recipe;
  program_.arguments = std::move(parts_.arguments);
  program_.included = parts_.included;
  auto source = make_memory_file("source", parts_.source_code);
  if (!source) return fail(source.error().message);
  program_.source = *std::move(source);
  return parts_.additional_files ? start_unpacking() : start_first_step();
}

void Builder::forget() {
  stage_ = Stage::idle;
  parts_ = SourceParts{};
  program_ = Program{};
}

Builder::News Builder::start_unpacking() {
  if (!unpacker_.program) return fail("there is no program to unpack archives with");
  const auto zip = make_memory_file("additional_files", *parts_.additional_files);
  if (!zip) return fail(zip.error().message);
  parts_.additional_files.reset();
  stage_ = Stage::unpacking;
  if (const auto started = runner_.start(unpacking_of(unpacker_, zip->get())); !started) {
    return fail(started.error().message);
  }
  return {};
}

std::optional<std::string> Builder::obstructed(std::vector<std::string> more,
                                               const std::vector<TreeFile>& files) const {
  for (const auto& file : program_.included) more.push_back(file.name);
  more.insert(more.end(), parts_.reserved.begin(), parts_.reserved.end());
  const auto found = std::ranges::find_if(more, [&](const std::string& name) { return in_the_way(name, files); });
  return found == more.end() ? std::nullopt : std::optional(*found);
}

// Compiling where there is something to compile.
Builder::News Builder::start_first_step() {
  const auto& recipe = *program_.recipe;
  std::vector<TreeFile> files;
  if (program_.files) {
    auto listed = list_tree(program_.files.get());
    if (!listed) return fail("the unpacker: " + listed.error().message);
    files = *std::move(listed);
    std::vector<std::string> ours;
    if (!recipe.source_file.empty()) ours.push_back(recipe.source_file);
    if (recipe.compile) {
      for (const auto& file : recipe.compile->files) ours.push_back(file.name);
    }
    if (const auto name = obstructed(std::move(ours), files)) {
      return refuse_files("the archive's folders are in the way of the file " + *name + ", which is not the archive's");
    }
  }
  if (!recipe.compile) return built({});
  if (recipe.compile->scripts.empty()) return start_compiling({}, files);
  const auto script = script_of(recipe.compile->scripts, files);
  return script ? start_compiling(*script, files) : built({});
}

Builder::News Builder::start_compiling(const std::string& script, const std::vector<TreeFile>& files) {
  const auto& recipe = *program_.recipe;
  const auto& step = *recipe.compile;
  Words options = parts_.options;
  if (parts_.more_sources) {
    const auto add = [&](const std::string& name) {
      const auto ends_so = [&](const std::string& ending) { return name.ends_with(ending); };
      const bool known = name == recipe.source_file || std::ranges::find(options, name) != options.end();
      // A name that begins like an option would be one.
      if (!known && !name.starts_with('-') && std::ranges::any_of(step.more_sources, ends_so)) options.push_back(name);
    };
    for (const auto& file : files) {
      if (!file.folder) add(file.name);
    }
    for (const auto& file : program_.included) add(file.name);
  }
  sandbox::Spec spec;
  spec.argv = step.command.expand({{"script", script}}, options);
  spec.env = environment_with(step.environment, {});
  spec.limits = parts_.limits;
  for (const auto& file : step.files) spec.files.push_back({file.name, 0644, file.content->get()});
  if (!recipe.source_file.empty()) spec.files.push_back({recipe.source_file, 0644, program_.source.get()});
  for (const auto& file : program_.included) spec.files.push_back({file.name, 0644, file.content->get()});
  spec.stderr_to_stdout = true;
  spec.collect = step.artifacts;
  if (program_.files) {
    // Compiling may make more than the artifacts out of files that we know nothing of: everything is kept.
    spec.archive = program_.files.get();
    spec.collect_tree = true;
  }
  // An archive may hold more sources than a command can name.
  std::string unfit;
  if (program_.files && !sandbox::encode(spec, unfit)) return refuse_files("the compiler cannot take it: " + unfit);
  stage_ = Stage::compiling;
  if (const auto started = runner_.start(spec); !started) return fail(started.error().message);
  return {};
}

Builder::News Builder::on_outcome(sandbox::Outcome outcome) {
  PJ_ASSERT(!idle());
  return stage_ == Stage::unpacking ? on_unpacked(std::move(outcome)) : on_compiled(std::move(outcome));
}

Builder::News Builder::on_unpacked(sandbox::Outcome outcome) {
  const auto refusal = refusal_of(outcome);
  if (!refusal) return fail(refusal.error().message);
  if (*refusal) return refuse_files(**refusal);
  program_.files = std::move(outcome.out.fd);
  return start_first_step();
}

Builder::News Builder::on_compiled(sandbox::Outcome outcome) {
  if (outcome.status == sandbox::Status::exec_failed) {
    return fail("the compiler could not be started: " + describe(outcome.failure));
  }
  auto output = read_memory_file(outcome.out.fd.get(), outcome.out.size);
  if (!output) return fail(output.error().message);
  program_.compile_output = shortened(*std::move(output), kCompileOutputBytesMax);

  if (const auto failure = compilation_failure(outcome)) {
    Report report;
    report.verdict = Verdict::compilation_error;
    report.compile_output = std::move(program_.compile_output);
    if (!report.compile_output.empty() && !failure->empty() && !report.compile_output.ends_with('\n')) {
      report.compile_output += '\n';
    }
    report.compile_output += *failure;
    return refuse(std::move(report));
  }
  program_.compiled = true;
  if (program_.files) {
    program_.files = std::move(outcome.archive.fd);
    const auto left = list_tree(program_.files.get());
    if (!left) return fail("the sandbox: " + left.error().message);
    if (const auto name = obstructed({}, *left)) {
      return refuse_files("what compiling left is in the way of the file " + *name + ", which is not the archive's");
    }
  } else {
    for (auto& file : outcome.collected) program_.artifacts.push_back({file.name, std::move(file.fd)});
  }
  return built(std::chrono::microseconds(outcome.wall_us));
}

// Everything is where the runs need it.
Builder::News Builder::built(std::chrono::microseconds wall) {
  const auto& step = program_.recipe->run;
  if (!step.scripts.empty()) {
    Result<std::vector<TreeFile>> files = std::vector<TreeFile>();
    if (program_.files) files = list_tree(program_.files.get());
    if (!files) return fail("the sandbox: " + files.error().message);
    const auto script = script_of(step.scripts, *files);
    if (!script) {
      Report report;
      report.verdict = Verdict::exec_format_error;
      report.message = "There is nothing to run: additional_files holds no file " + joined(step.scripts);
      report.compile_output = std::move(program_.compile_output);
      return refuse(std::move(report));
    }
    program_.script = *script;
  }
  Built made{std::move(program_), wall};
  forget();
  return made;
}

// An archive that cannot be used, for whoever sent it: where something is compiled that is what they look at.
Builder::News Builder::refuse_files(const std::string& reason) {
  Report report;
  if (program_.recipe->compile) {
    report.verdict = Verdict::compilation_error;
    report.compile_output = "additional_files: " + reason;
  } else {
    report.verdict = Verdict::exec_format_error;
    report.message = "additional_files: " + reason;
  }
  return refuse(std::move(report));
}

Builder::News Builder::refuse(Report report) {
  forget();
  return Refused{std::move(report)};
}

Builder::News Builder::fail(std::string reason) {
  forget();
  return Failed{std::move(reason)};
}

}  // namespace pushjudge
