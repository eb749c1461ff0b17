#include "tests/chaos/proxy.hpp"

#include <array>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <deque>
#include <future>
#include <optional>
#include <thread>
#include <unordered_set>
#include <utility>

namespace pushjudge::chaos {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t kBufferBytes = 16 << 10;

void reset(tcp::socket& socket) {
  error_code ignored;  // the other end may have closed it already
  socket.set_option(asio::socket_base::linger(true, 0), ignored);
  socket.close(ignored);
}

// Two connections, and what passes between them. Lives as long as an operation of it is under way.
class Relay : public std::enable_shared_from_this<Relay> {
 public:
  Relay(tcp::socket near, std::uint16_t port)
      : port_(port),
        near_(std::move(near)),
        far_(near_.get_executor()),
        outward_{near_, far_, {}, {}},
        inward_{far_, near_, {}, {}} {}

  std::uint16_t port() const { return port_; }
  bool ended() const { return !near_.is_open() && !far_.is_open(); }

  void open(bool stalled) {
    stalled_ = stalled;
    far_.async_connect(tcp::endpoint(asio::ip::address_v4::loopback(), port_),
                       [self = shared_from_this()](error_code failed) {
                         if (self->ended()) return;
                         if (failed && !self->swallowing_) return self->reset_both();
                         error_code ignored;  // a connection that ended meanwhile is noticed by reading
                         self->near_.set_option(tcp::no_delay(true), ignored);
                         self->far_.set_option(tcp::no_delay(true), ignored);
                         self->pump(self->outward_);
                         self->pump(self->inward_);
                       });
  }

  // Leads nowhere.
  void swallow() {
    swallowing_ = true;
    pump(outward_);
  }

  void reset_both() {
    reset(near_);
    reset(far_);
  }

  void stall() { stalled_ = true; }

  void half_open(Proxy::Side believer) {
    swallowing_ = true;
    reset(believer == Proxy::Side::near ? far_ : near_);
    // A reading that a stall has parked would leave the believer's words in its own buffers.
    mend_stall();
  }

  void mend() {
    if (swallowing_) return reset_both();
    mend_stall();
  }

 private:
  struct Way {
    tcp::socket& from;
    tcp::socket& to;
    std::array<char, kBufferBytes> buffer;
    // What reading brought while the connection was stalled; nothing while a reading or a writing is under way.
    struct Parked {
      error_code failed;
      std::size_t size = 0;
    };
    std::optional<Parked> parked;
  };

  void mend_stall() {
    stalled_ = false;
    for (Way* way : {&outward_, &inward_}) {
      if (const auto parked = std::exchange(way->parked, std::nullopt)) on_read(*way, parked->failed, parked->size);
    }
  }

  void pump(Way& way) {
    way.from.async_read_some(
        asio::buffer(way.buffer),
        [self = shared_from_this(), &way](error_code failed, std::size_t size) { self->on_read(way, failed, size); });
  }

  void on_read(Way& way, error_code failed, std::size_t size) {
    if (!way.from.is_open()) return;
    if (stalled_) {
      way.parked = {failed, size};
      return;
    }
    if (failed) return end();
    if (swallowing_) return pump(way);
    asio::async_write(way.to, asio::buffer(way.buffer, size),
                      [self = shared_from_this(), &way](error_code broken, std::size_t) {
                        if (!way.from.is_open()) return;
                        if (broken && !self->swallowing_) return self->end();
                        self->pump(way);
                      });
  }

  void end() {
    error_code ignored;
    near_.close(ignored);
    far_.close(ignored);
  }

  const std::uint16_t port_;
  tcp::socket near_;
  tcp::socket far_;
  Way outward_;
  Way inward_;
  bool stalled_ = false;
  bool swallowing_ = false;
};

}  // namespace

struct Proxy::State {
  enum class Weather { fair, refusing, stalled, near_believes, far_believes };

  State(const std::string& host, const std::vector<std::uint16_t>& ports) {
    for (const std::uint16_t port : ports) {
      acceptors.emplace_back(io, tcp::endpoint(asio::ip::make_address(host), port));
      accept(acceptors.back());
    }
    thread = std::thread([this] { io.run(); });
  }

  ~State() {
    io.stop();
    thread.join();
  }

  State(const State&) = delete;
  State& operator=(const State&) = delete;

  void accept(tcp::acceptor& acceptor) {
    acceptor.async_accept([this, &acceptor](error_code failed, tcp::socket near) {
      if (!failed) on_accept(std::move(near));
      accept(acceptor);
    });
  }

  void on_accept(tcp::socket near) {
    error_code failed;
    const std::uint16_t port = near.local_endpoint(failed).port();
    if (failed) return;
    std::erase_if(relays, [](const auto& relay) { return relay->ended(); });
    const Weather here = port >= affected.first && port <= affected.last ? weather : Weather::fair;
    if (here == Weather::refusing || here == Weather::far_believes) return reset(near);
    const auto relay = *relays.insert(std::make_shared<Relay>(std::move(near), port)).first;
    if (here == Weather::near_believes) {
      relay->swallow();
    } else {
      relay->open(here == Weather::stalled);
    }
  }

  // Calls `change` for each relay of these ports, on the proxy's thread, and waits for it.
  template <class Change>
  void become(Weather next, Ports where, Change change) {
    std::promise<void> done;
    asio::post(io, [&] {
      weather = next;
      affected = where;
      for (const auto& relay : relays) {
        if (relay->port() >= where.first && relay->port() <= where.last) change(*relay);
      }
      done.set_value();
    });
    done.get_future().wait();
  }

  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
  std::deque<tcp::acceptor> acceptors;
  std::unordered_set<std::shared_ptr<Relay>> relays;
  Weather weather = Weather::fair;
  Ports affected;
  std::thread thread;
};

Proxy::Proxy(const std::string& host, const std::vector<std::uint16_t>& ports)
    : state_(std::make_unique<State>(host, ports)) {}
Proxy::~Proxy() = default;

void Proxy::cut(Ports ports) {
  state_->become(State::Weather::fair, ports, [](Relay& relay) { relay.reset_both(); });
}

void Proxy::refuse(Ports ports) {
  state_->become(State::Weather::refusing, ports, [](Relay& relay) { relay.reset_both(); });
}

void Proxy::stall(Ports ports) {
  state_->become(State::Weather::stalled, ports, [](Relay& relay) { relay.stall(); });
}

void Proxy::half_open(Ports ports, Side believer) {
  const auto next = believer == Side::near ? State::Weather::near_believes : State::Weather::far_believes;
  state_->become(next, ports, [believer](Relay& relay) { relay.half_open(believer); });
}

void Proxy::mend() {
  state_->become(State::Weather::fair, Ports{}, [](Relay& relay) { relay.mend(); });
}

}  // namespace pushjudge::chaos
