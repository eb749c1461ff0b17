#include "api/callback_sender.hpp"

#include <curl/curl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <map>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>

namespace pushjudge {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kHeadBytesMax = 32 << 10;  // of a response, with those before it
constexpr std::size_t kBodyBytesMax = 32 << 10;  // what a receiver may say beyond its status; then we hang up
constexpr long kRedirectsMax = 5;
constexpr long kIdleConnectionsMax = 64;  // kept for the next callback to the same host
constexpr int kPollMs = 1'000;            // a message to the thread wakes it before

// One request on its way. Known to the sender's thread alone, which libcurl calls it from.
class Transfer {
 public:
  Transfer(const CallbackSenderOptions& options, CallbackRequest request, CallbackSender::OnAnswer on_answer)
      : options_(options), request_(std::move(request)), on_answer_(std::move(on_answer)) {}
  ~Transfer() {
    if (easy_ != nullptr) curl_easy_cleanup(easy_);
    curl_slist_free_all(headers_);
  }
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  // False: out of memory, or libcurl lacks what keeps us safe.
  bool prepare();
  CURL* easy() const { return easy_; }
  CallbackAnswer answer(CURLcode code) const;
  CallbackSender::OnAnswer take_on_answer() { return std::move(on_answer_); }

 private:
  static std::size_t on_read(char* to, std::size_t, std::size_t room, void* self);
  static int on_seek(void* self, curl_off_t offset, int origin);
  static std::size_t on_head(char* line, std::size_t, std::size_t size, void* self);
  static std::size_t on_body(char* bytes, std::size_t, std::size_t size, void* self);
  static curl_socket_t on_open(void* self, curlsocktype purpose, curl_sockaddr* to);

  bool add_headers();
  bool prepare_safety();
  bool prepare_request();
  template <class T>
  bool set(CURLoption option, T value) {
    return curl_easy_setopt(easy_, option, value) == CURLE_OK;
  }

  const CallbackSenderOptions& options_;
  const CallbackRequest request_;
  CallbackSender::OnAnswer on_answer_;
  CURL* easy_ = nullptr;
  curl_slist* headers_ = nullptr;
  std::size_t sent_ = 0;
  std::size_t head_bytes_ = 0;
  std::size_t body_bytes_ = 0;
  int status_ = 0;  // of the response whose head came whole, and which is the last one
  // Of the hop that is under way: whether the guard let a connection be made, and what it said where it did not.
  bool opened_ = false;
  std::string blocked_;
};

std::size_t Transfer::on_read(char* to, std::size_t, std::size_t room, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::size_t size = transfer.request_.body.copy(to, room, transfer.sent_);
  transfer.sent_ += size;
  return size;
}

// Where the same is sent once more: over a fresh connection, since the kept one had ended, or after a redirect.
int Transfer::on_seek(void* self, curl_off_t offset, int origin) {
  auto& transfer = *static_cast<Transfer*>(self);
  const bool fits =
      origin == SEEK_SET && offset >= 0 && static_cast<std::size_t>(offset) <= transfer.request_.body.size();
  if (!fits) return CURL_SEEKFUNC_FAIL;
  transfer.sent_ = static_cast<std::size_t>(offset);
  return CURL_SEEKFUNC_OK;
}

std::size_t Transfer::on_head(char* line, std::size_t, std::size_t size, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  transfer.head_bytes_ += size;
  if (transfer.head_bytes_ > kHeadBytesMax) return 0;
  const std::string_view text(line, size);
  if (text != "\r\n" && text != "\n") return size;
  long status = 0;
  curl_easy_getinfo(transfer.easy_, CURLINFO_RESPONSE_CODE, &status);
  if (status < 200) return size;  // provisional; the response is still to come
  transfer.opened_ = false;
  const bool goes_on = transfer.options_.follow_redirects && status >= 300 && status < 400;
  if (!goes_on) transfer.status_ = static_cast<int>(status);
  return size;
}

std::size_t Transfer::on_body(char*, std::size_t, std::size_t size, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  transfer.body_bytes_ += size;
  return transfer.body_bytes_ > kBodyBytesMax ? 0 : size;
}

// The one place where a connection begins, after names are looked up: what they lead to cannot change any more.
curl_socket_t Transfer::on_open(void* self, curlsocktype purpose, curl_sockaddr* to) {
  auto& transfer = *static_cast<Transfer*>(self);
  IpAddress address;
  if (purpose == CURLSOCKTYPE_IPCXN && to->family == AF_INET) {
    address = IpAddress::from_v4(&reinterpret_cast<const sockaddr_in*>(&to->addr)->sin_addr);
  } else if (purpose == CURLSOCKTYPE_IPCXN && to->family == AF_INET6) {
    address = IpAddress::from_v6(&reinterpret_cast<const sockaddr_in6*>(&to->addr)->sin6_addr);
  } else {
    transfer.blocked_ = "leads to no address of the internet";
    return CURL_SOCKET_BAD;
  }
  if (const auto objection = transfer.options_.guard.objection(address)) {
    transfer.blocked_ = "leads to " + address.text() + ", which is " + std::string(*objection);
    return CURL_SOCKET_BAD;
  }
  transfer.opened_ = true;
  return ::socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

bool Transfer::add_headers() {
  // libcurl would ask first whether it may send a large body, and lose a second where nobody answers that.
  std::vector<std::string> headers{"Content-Type: application/json", "Expect:"};
  headers.insert(headers.end(), request_.headers.begin(), request_.headers.end());
  for (const std::string& header : headers) {
    curl_slist* const longer = curl_slist_append(headers_, header.c_str());
    if (longer == nullptr) return false;
    headers_ = longer;
  }
  return set(CURLOPT_HTTPHEADER, headers_);
}

// Whom we speak with, by which protocol, and for how long.
bool Transfer::prepare_safety() {
  // Who was told https is not led to what anybody may read.
  const bool secure = request_.url.size() > 4 && (request_.url[4] == 's' || request_.url[4] == 'S');
#if LIBCURL_VERSION_NUM >= 0x075500
  const bool protocols =
      set(CURLOPT_PROTOCOLS_STR, "http,https") && set(CURLOPT_REDIR_PROTOCOLS_STR, secure ? "https" : "http,https");
#else
  const bool protocols =
      set(CURLOPT_PROTOCOLS, long{CURLPROTO_HTTP | CURLPROTO_HTTPS}) &&
      set(CURLOPT_REDIR_PROTOCOLS, secure ? long{CURLPROTO_HTTPS} : long{CURLPROTO_HTTP | CURLPROTO_HTTPS});
#endif
#if LIBCURL_VERSION_NUM >= 0x075700
  // Else a try that timed out would wait for its name to be looked up, and all others with it.
  const bool quick = set(CURLOPT_QUICK_EXIT, 1L);
#else
  const bool quick = true;
#endif
  const bool trusted = options_.ca_file.empty() || (set(CURLOPT_CAINFO, options_.ca_file.c_str()) &&
                                                    set(CURLOPT_CAPATH, static_cast<const char*>(nullptr)));
  return protocols && quick && trusted && set(CURLOPT_PROXY, "") && set(CURLOPT_NOPROXY, "*") &&
         set(CURLOPT_OPENSOCKETFUNCTION, &Transfer::on_open) && set(CURLOPT_OPENSOCKETDATA, this) &&
         set(CURLOPT_SSL_VERIFYPEER, 1L) && set(CURLOPT_SSL_VERIFYHOST, 2L) &&
         set(CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2}) &&
         set(CURLOPT_TIMEOUT_MS, static_cast<long>(options_.timeout.count())) &&
         set(CURLOPT_FOLLOWLOCATION, options_.follow_redirects ? 1L : 0L) && set(CURLOPT_MAXREDIRS, kRedirectsMax) &&
         set(CURLOPT_NETRC, long{CURL_NETRC_IGNORED}) && set(CURLOPT_NOSIGNAL, 1L);
}

bool Transfer::prepare_request() {
  return set(CURLOPT_URL, request_.url.c_str()) && set(CURLOPT_PATH_AS_IS, 1L) &&
         set(CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1}) && set(CURLOPT_HTTP09_ALLOWED, 0L) &&
         set(CURLOPT_USERAGENT, "pushjudge/" PJ_VERSION) && set(CURLOPT_UPLOAD, 1L) &&
         set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(request_.body.size())) &&
         set(CURLOPT_READFUNCTION, &Transfer::on_read) && set(CURLOPT_READDATA, this) &&
         set(CURLOPT_SEEKFUNCTION, &Transfer::on_seek) && set(CURLOPT_SEEKDATA, this) &&
         set(CURLOPT_HEADERFUNCTION, &Transfer::on_head) && set(CURLOPT_HEADERDATA, this) &&
         set(CURLOPT_WRITEFUNCTION, &Transfer::on_body) && set(CURLOPT_WRITEDATA, this) && add_headers();
}

bool Transfer::prepare() {
  easy_ = curl_easy_init();
  return easy_ != nullptr && prepare_safety() && prepare_request();
}

CallbackAnswer Transfer::answer(CURLcode code) const {
  CallbackAnswer answer;
  long status = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  // Whoever has said how it went has been told, also where the rest of what it says never ends.
  if (code == CURLE_OK || status_ != 0) {
    answer.kind = CallbackAnswer::Kind::answered;
    answer.status = status_ != 0 ? status_ : static_cast<int>(status);
    curl_off_t seconds = 0;
    curl_easy_getinfo(easy_, CURLINFO_RETRY_AFTER, &seconds);
    if (seconds > 0) answer.retry_after = std::chrono::seconds(seconds);
    return answer;
  }
  if (!blocked_.empty() && !opened_) {
    answer.kind = CallbackAnswer::Kind::blocked;
    answer.reason = blocked_;
    return answer;
  }
  answer.reason = head_bytes_ > kHeadBytesMax ? "the head of the response is too long" : curl_easy_strerror(code);
  return answer;
}

}  // namespace

class CallbackSender::Thread {
 public:
  Thread(asio::any_io_executor owner, CallbackSenderOptions options)
      : owner_(std::move(owner)), options_(std::move(options)) {
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) throw std::runtime_error("libcurl does not start");
    multi_ = curl_multi_init();
    if (multi_ == nullptr) throw std::runtime_error("libcurl does not start");
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, kIdleConnectionsMax);
    thread_ = std::thread([this] { run(); });
  }

  ~Thread() {
    tell([this] { stopped_ = true; });
    thread_.join();
    for (const auto& [easy, entry] : transfers_) curl_multi_remove_handle(multi_, easy);
    transfers_.clear();
    curl_multi_cleanup(multi_);
    curl_global_cleanup();
  }

  Thread(const Thread&) = delete;
  Thread& operator=(const Thread&) = delete;

  void send(CallbackRequest request, OnAnswer on_answer) {
    tell([this, owed = work(),
          transfer = std::make_shared<Transfer>(options_, std::move(request), std::move(on_answer))] {
      begin(transfer, owed);
    });
  }

  void abort() {
    tell([this] { end_all(); });
  }

 private:
  using Work = asio::any_io_executor;
  struct Entry {
    std::shared_ptr<Transfer> transfer;
    Work owed;
  };

  // As long as an answer is owed, the owner's context has something to wait for.
  Work work() const { return asio::prefer(owner_, asio::execution::outstanding_work.tracked); }

  // ---- the owner's thread

  template <class Message>
  void tell(Message message) {
    asio::post(inbox_, std::move(message));
    curl_multi_wakeup(multi_);
  }

  // ---- the sender's own

  void run() {
    // Signals are for the owner's thread; and a peer that is gone must not end the process.
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    while (!stopped_) {
      inbox_.restart();
      inbox_.poll();
      int running = 0;
      curl_multi_perform(multi_, &running);
      take_ended();
      if (!stopped_) curl_multi_poll(multi_, nullptr, 0, kPollMs, nullptr);
    }
  }

  void begin(const std::shared_ptr<Transfer>& transfer, const Work& owed) {
    if (transfer->prepare() && curl_multi_add_handle(multi_, transfer->easy()) == CURLM_OK) {
      transfers_.emplace(transfer->easy(), Entry{transfer, owed});
      return;
    }
    CallbackAnswer answer;
    answer.reason = "it could not be prepared";
    reply(*transfer, owed, std::move(answer));
  }

  void take_ended() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      CURL* const easy = message->easy_handle;
      const CURLcode code = message->data.result;  // the message dies with the handle
      auto node = transfers_.extract(easy);
      PJ_ASSERT(!node.empty());
      CallbackAnswer answer = node.mapped().transfer->answer(code);
      curl_multi_remove_handle(multi_, easy);
      reply(*node.mapped().transfer, node.mapped().owed, std::move(answer));
    }
  }

  void end_all() {
    for (const auto& [easy, entry] : std::exchange(transfers_, {})) {
      curl_multi_remove_handle(multi_, easy);
      CallbackAnswer answer;
      answer.kind = CallbackAnswer::Kind::aborted;
      answer.reason = "the gateway stops";
      reply(*entry.transfer, entry.owed, std::move(answer));
    }
  }

  static void reply(Transfer& transfer, const Work& owner, CallbackAnswer answer) {
    asio::post(owner, [on_answer = transfer.take_on_answer(), answer = std::move(answer)] { on_answer(answer); });
  }

  const asio::any_io_executor owner_;
  const CallbackSenderOptions options_;
  CURLM* multi_ = nullptr;
  asio::io_context inbox_;  // what the owner tells this thread
  std::map<CURL*, Entry> transfers_;
  bool stopped_ = false;
  std::thread thread_;
};

CallbackSender::CallbackSender(asio::any_io_executor owner, CallbackSenderOptions options)
    : thread_(std::make_unique<Thread>(std::move(owner), std::move(options))) {}

CallbackSender::~CallbackSender() = default;

void CallbackSender::send(CallbackRequest request, OnAnswer on_answer) {
  thread_->send(std::move(request), std::move(on_answer));
}

void CallbackSender::abort() {
  thread_->abort();
}

}  // namespace pushjudge
