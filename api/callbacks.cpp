#include "api/callbacks.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>
#include <utility>

#include "api/coroutine.hpp"
#include "proto/base/log.hpp"
#include "proto/codec.hpp"

namespace pushjudge {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

// What is held is bounded by its number and by its size, of which the last claim may go over by a frame.
constexpr std::size_t kHeldMax = 128;
constexpr std::size_t kHeldBytesMax = 64 << 20;
constexpr std::size_t kSettlingMax = 512;
// How long the core leaves one to us, less what it takes to say so. What could not end in time is given back unsent: it
// would be delivered here and there.
constexpr milliseconds kOursFor{55'000};
// How soon one that found too long a line at its host comes again; longer each time.
constexpr milliseconds kCrowdedDelay{1'000};
constexpr milliseconds kCrowdedDelayMax{60'000};
constexpr milliseconds kPauseBetweenTellings{500};

CallbackAnswer not_begun() {
  CallbackAnswer answer;
  answer.kind = CallbackAnswer::Kind::aborted;
  answer.reason = "not begun";
  return answer;
}

std::string_view log_name(CallbackNext::Kind kind) {
  switch (kind) {
    case CallbackNext::Kind::delivered:
      return "callback_delivered";
    case CallbackNext::Kind::retry:
      return "callback_put_off";
    case CallbackNext::Kind::given_up:
      break;
  }
  return "callback_given_up";
}

CallbackFate fate_of(CallbackNext::Kind kind) {
  switch (kind) {
    case CallbackNext::Kind::delivered:
      return CallbackFate::delivered;
    case CallbackNext::Kind::retry:
      return CallbackFate::retry;
    case CallbackNext::Kind::given_up:
      break;
  }
  return CallbackFate::given_up;
}

}  // namespace

std::string callback_body(const Snapshot& snapshot, const std::string& epoch) {
  // In base64 all texts are ASCII; what is not UTF-8 elsewhere, in a worker's name say, is replaced.
  return to_json(snapshot, epoch, Encoding::base64)
      .dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

Callbacks::Callbacks(asio::any_io_executor executor, CoreClient& core, CallbackOptions options)
    : executor_(std::move(executor)),
      core_(core),
      options_(std::move(options)),
      sender_(executor_, options_.sender),
      line_(options_.line),
      drain_timer_(executor_) {}

bool Callbacks::room() const {
  return held_.size() < kHeldMax && held_bytes_ < kHeldBytesMax && settling_ < kSettlingMax;
}

void Callbacks::on_due() {
  due_ = true;
  if (!options_.enabled || draining_ || claiming_ || !room()) return;
  claiming_ = true;
  asio::co_spawn(executor_, claim(), LogAndDrop{"claim_callbacks"});
}

asio::awaitable<void> Callbacks::claim() {
  while (due_ && !draining_ && room()) {
    due_ = false;
    const auto limit = static_cast<std::uint32_t>(std::min<std::size_t>(kHeldMax - held_.size(), kClaimMax));
    const auto claimed = co_await core_.claim_callbacks(limit);
    // With no answer the core says again what is due, when it can.
    if (!claimed) break;
    if (!claimed->callbacks.empty()) due_ = true;
    for (const DueCallback& due : claimed->callbacks) take(due, claimed->epoch);
    start_waiting();
  }
  claiming_ = false;
}

void Callbacks::take(const DueCallback& due, const std::string& epoch) {
  Held held;
  held.job = due.job;
  held.tries = due.tries;
  held.token = due.snapshot.token.text();
  held.claimed_at = Steady::now();
  auto target = parse_callback_url(due.url);
  auto checked = target ? check_callback_target(*target, options_.sender.guard) : Result<void>(target.error());
  if (!checked) {
    CallbackAnswer blocked;
    blocked.kind = CallbackAnswer::Kind::blocked;
    blocked.reason = checked.error().message;
    return settle(held, blocked);
  }
  held.origin = target->origin();
  if (draining_) return settle(held, not_begun());
  const std::uint64_t number = ++last_number_;
  if (!line_.add(number, held.origin)) {
    const milliseconds delay = std::min(delay_after_try(held.tries, kCrowdedDelay), kCrowdedDelayMax);
    return settle(held, {CallbackNext::Kind::retry, delay}, "too many are sent to this host at a time");
  }
  held.request.url = due.url;
  held.request.body = callback_body(due.snapshot, epoch);
  held.bytes = held.request.body.size();
  held_bytes_ += held.bytes;
  held_.emplace(number, std::move(held));
}

void Callbacks::start_waiting() {
  while (const auto number = line_.next()) start(*number, held_.at(*number));
}

void Callbacks::start(std::uint64_t number, Held& held) {
  if (Steady::now() - held.claimed_at + options_.sender.timeout > kOursFor) return on_answer(number, not_begun());
  held.request.headers = webhook_headers(held.token, wall_now(), held.request.body, options_.secrets);
  sender_.send(std::move(held.request), [this, number](const CallbackAnswer& answer) { on_answer(number, answer); });
}

void Callbacks::on_answer(std::uint64_t number, const CallbackAnswer& answer) {
  auto node = held_.extract(number);
  PJ_ASSERT(!node.empty());
  const Held& held = node.mapped();
  held_bytes_ -= held.bytes;
  line_.ended(held.origin);
  settle(held, answer);
  if (draining_) return;
  start_waiting();
  if (due_) on_due();
}

void Callbacks::drain(milliseconds max) {
  draining_ = true;
  for (const std::uint64_t number : line_.clear_waiting()) {
    const auto node = held_.extract(number);
    held_bytes_ -= node.mapped().bytes;
    settle(node.mapped(), not_begun());
  }
  drain_timer_.expires_after(max);
  drain_timer_.async_wait([this](const boost::system::error_code& failed) {
    if (!failed) sender_.abort();
  });
}

void Callbacks::settle(const Held& held, const CallbackAnswer& answer) {
  std::uniform_real_distribution<double> spread(0, 1);
  const CallbackNext next = next_after(answer, held.tries, options_.retry, spread(dice_));
  settle(held, next, next.kind == CallbackNext::Kind::delivered ? "" : answer.text());
}

void Callbacks::settle(const Held& held, const CallbackNext& next, std::string failure) {
  const bool retry = next.kind == CallbackNext::Kind::retry;
  const auto say = next.kind == CallbackNext::Kind::given_up ? log::warn : log::info;
  // The rest of the URL is between its receiver and who gave it to us.
  say(log_name(next.kind), {{"token", held.token},
                            {"to", held.origin},
                            {"tries", held.tries},
                            {"why", failure},
                            {"again_ms", retry ? next.after.count() : 0}});
  // Whoever stops has no time to wait for a core that is away, which gives it to another gateway by itself.
  if (draining_ && !core_.connected()) return;
  SettleCallback settled;
  settled.job = held.job;
  settled.tries = held.tries;
  settled.fate = fate_of(next.kind);
  settled.retry_after_ms = static_cast<std::uint64_t>(next.after.count());
  settled.failure = std::move(failure);
  ++settling_;
  asio::co_spawn(executor_, tell_core(std::move(settled), held.claimed_at + kOursFor), LogAndDrop{"settle_callback"});
}

// Told again while the core is away, as long as that can be in time: what was delivered would be delivered once more.
asio::awaitable<void> Callbacks::tell_core(SettleCallback settled, TimePoint until) {
  asio::steady_timer pause(executor_);
  boost::system::error_code ignored;
  for (;;) {
    SettleCallback copy = settled;
    const auto told = co_await core_.settle_callback(std::move(copy));
    if (told || draining_ || Steady::now() >= until) break;
    pause.expires_after(kPauseBetweenTellings);
    co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  --settling_;
  if (due_) on_due();
}

}  // namespace pushjudge
