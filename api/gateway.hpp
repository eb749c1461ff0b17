#pragma once

// The gateway as a whole: the parts, who knows whom, and how it starts and stops. One io_context and its one thread own
// everything here.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/broadcast_room.hpp"
#include "api/callbacks.hpp"
#include "api/config.hpp"
#include "api/connections.hpp"
#include "api/feed.hpp"
#include "api/hub.hpp"
#include "api/intake.hpp"
#include "api/listeners.hpp"
#include "api/past_events.hpp"
#include "api/push_session.hpp"
#include "api/recent_events.hpp"
#include "api/reception.hpp"
#include "api/router.hpp"
#include "api/routes_batches.hpp"
#include "api/routes_events.hpp"
#include "api/routes_leetcode.hpp"
#include "api/routes_ops.hpp"
#include "api/routes_problems.hpp"
#include "api/routes_submissions.hpp"
#include "api/server.hpp"
#include "api/session_context.hpp"
#include "api/static_files.hpp"
#include "api/submission_events.hpp"
#include "api/write_round.hpp"
#include "queue/client.hpp"

namespace pushjudge {

class Gateway final : private CoreListener {
 public:
  // Throws std::runtime_error for an address of the core that is none.
  Gateway(boost::asio::io_context& io, Config config, StaticFiles files);

  // Listens, writes the port file, and serves from the moment the io_context runs. Returns the port. Errors: those of
  // Server::listen(), and unavailable for a port file that cannot be written.
  Result<std::uint16_t> open();

  // All that is answered besides the static files.
  std::vector<Router::RouteName> routes() const { return router_.routes(); }

  // Stops taking connections in, lets what is in flight end, tells WebSockets to come back elsewhere, and completes
  // when nobody is left. After config.drain_max connections are cut. False: something still hangs; then the io_context
  // must not be run or destroyed in good order, and the process had better end at once.
  boost::asio::awaitable<bool> close();

 private:
  void on_event(std::shared_ptr<const Event> event, const std::string& epoch) override;
  void on_epoch(const std::string& epoch) override;
  void on_callbacks_due() override;
  void on_forget(const Token& token) override;
  void on_broadcast(bool binary, const std::string& data) override;
  void on_test_done(const Token& token, const TestProgress& progress) override;

  void add_routes();
  std::shared_ptr<SocketUser> make_socket_user(std::string_view path, const Caller& caller, Socket& socket);
  bool quiet() const;  // nobody is left
  boost::asio::awaitable<bool> quiet_within(std::chrono::milliseconds max);

  const Config config_;
  const StaticFiles files_;
  Connections connections_;
  Budget bodies_;
  Hub hub_;
  RecentEvents recent_;
  WriteRound round_;  // outlives whatever writes
  BroadcastRoom room_;
  Admission admission_;
  Router router_;
  CoreClient core_;
  PastEvents past_;
  Listeners listeners_;
  Feed feed_;
  Callbacks callbacks_;
  Intake intake_;
  Reception reception_;
  SubmissionRoutes submissions_;
  BatchRoutes batches_;
  SubmissionEvents submission_events_;
  OpsRoutes ops_;
  EventsRoutes events_;
  ProblemRoutes problems_;
  LeetCodeRoutes leetcode_;
  PushContext push_;
  SessionContext context_;
  Server server_;
};

}  // namespace pushjudge
