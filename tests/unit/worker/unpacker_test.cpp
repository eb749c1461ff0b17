#include "worker/unpacker.hpp"

#include <doctest/doctest.h>

#include <cerrno>

#include "tests/support/temporary_folder.hpp"
#include "tests/unit/worker/scripted_runner.hpp"

using namespace pushjudge;

TEST_CASE("unpacker: its program goes into the box, told the limits") {
  const testing::TemporaryFolder folder;
  folder.write("program", "ELF");
  const auto unpacker = read_unpacker(folder.file("program"), 20);
  REQUIRE(unpacker);
  const auto spec = unpacking_of(*unpacker, unpacker->program->get());
  CHECK_FALSE(invalid(spec));
  CHECK(spec.argv == std::vector<std::string>{"./unpack", "20480", "1000"});
  REQUIRE(spec.files.size() == 1);
  CHECK(spec.files[0].name == "unpack");
  CHECK(spec.limits.stdout_bytes > 20'480);
  CHECK(read_unpacker(folder.file("none"), 20).error().message == "cannot read " + folder.file("none"));
}

TEST_CASE("unpacker: what it says about an archive is the sender's, how else it ends is the archive's or ours") {
  CHECK_FALSE(*refusal_of(exited(0, "a tree")));
  CHECK(**refusal_of(exited(1, "", "'run' is a symbolic link")) == "'run' is a symbolic link");
  for (const auto status : {sandbox::Status::signaled, sandbox::Status::memory_limit, sandbox::Status::time_limit,
                            sandbox::Status::output_limit}) {
    CHECK(**refusal_of(ended(status)) == "the archive cannot be unpacked");
  }
  CHECK(refusal_of(exited(127, "", "libzip.so.4: cannot open")).error().message ==
        "the unpacker failed: exited, exit code 127, libzip.so.4: cannot open");
  CHECK_FALSE(refusal_of(ended(sandbox::Status::wall_limit)));
  auto not_there = ended(sandbox::Status::exec_failed);
  not_there.failure = {"exec", 0, ENOENT};
  CHECK(refusal_of(not_there).error().message.starts_with("the unpacker could not be started"));
}
