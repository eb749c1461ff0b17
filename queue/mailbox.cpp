#include "queue/mailbox.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

#include "proto/base/result.hpp"

namespace pushjudge {

Mailbox::Mailbox() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!event_) throw std::system_error(errno, std::generic_category(), "eventfd");
}

void Mailbox::post(std::function<void()> function) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(function));
  }
  const std::uint64_t one = 1;
  // Fails only when the counter is full, and then it is readable anyway.
  const ssize_t written = ::write(event_.get(), &one, sizeof one);
  PJ_ASSERT(written == sizeof one || errno == EAGAIN);
}

void Mailbox::run() {
  std::uint64_t count = 0;
  const ssize_t got = ::read(event_.get(), &count, sizeof count);
  PJ_ASSERT(got == sizeof count || errno == EAGAIN || errno == EINTR);
  std::vector<std::function<void()>> functions;
  {
    const std::lock_guard lock(mutex_);
    functions.swap(waiting_);
  }
  for (const auto& function : functions) function();
}

}  // namespace pushjudge
