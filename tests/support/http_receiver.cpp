#include "tests/support/http_receiver.hpp"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <strings.h>
#include <sys/socket.h>

#include <array>
#include <optional>
#include <stdexcept>

namespace pushjudge::testing {
namespace {

constexpr std::chrono::milliseconds kDrip{10};

void must(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string("OpenSSL: ") + what);
}

// The request with which `bytes` begins, which it is taken from. Nothing: not whole yet.
std::optional<ReceivedRequest> take_request(std::string& bytes) {
  const std::size_t head_end = bytes.find("\r\n\r\n");
  if (head_end == std::string::npos) return std::nullopt;
  ReceivedRequest request;
  std::string_view head(bytes.data(), head_end);
  std::size_t body_size = 0;
  for (bool first = true; !head.empty(); first = false) {
    const std::string_view line = head.substr(0, head.find("\r\n"));
    head.remove_prefix(std::min(head.size(), line.size() + 2));
    if (first) {
      const std::size_t blank = line.find(' ');
      request.method = line.substr(0, blank);
      request.target = line.substr(blank + 1, line.rfind(' ') - blank - 1);
      continue;
    }
    const std::size_t colon = line.find(": ");
    if (colon == std::string_view::npos) continue;
    request.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
  }
  const std::string length = request.header("Content-Length");
  if (!length.empty()) body_size = std::stoul(length);
  if (bytes.size() < head_end + 4 + body_size) return std::nullopt;
  request.body = bytes.substr(head_end + 4, body_size);
  bytes.erase(0, head_end + 4 + body_size);
  return request;
}

std::string head_of(const GivenAnswer& answer) {
  std::string head = "HTTP/1.1 " + std::to_string(answer.status) + " As told\r\n";
  for (const std::string& header : answer.headers) head += header + "\r\n";
  return head;
}

}  // namespace

std::string ReceivedRequest::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key.size() == name.size() && ::strncasecmp(key.data(), name.data(), name.size()) == 0) return value;
  }
  return "";
}

struct TlsIdentity::State {
  EVP_PKEY* key = nullptr;
  X509* certificate = nullptr;

  ~State() {
    X509_free(certificate);
    EVP_PKEY_free(key);
  }
};

TlsIdentity::TlsIdentity(const std::string& host) : state_(std::make_unique<State>()) {
  constexpr long kDay = 24 * 3600;
  state_->key = EVP_EC_gen("P-256");
  state_->certificate = X509_new();
  must(state_->key != nullptr && state_->certificate != nullptr, "no key");
  X509* certificate = state_->certificate;
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -kDay);
  X509_gmtime_adj(X509_getm_notAfter(certificate), kDay);
  X509_set_pubkey(certificate, state_->key);
  X509_NAME* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(host.c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  X509_EXTENSION* alternative = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, ("DNS:" + host).c_str());
  must(alternative != nullptr && X509_add_ext(certificate, alternative, -1) == 1, "no name");
  X509_EXTENSION_free(alternative);
  must(X509_sign(certificate, state_->key, EVP_sha256()) != 0, "not signed");
}

TlsIdentity::~TlsIdentity() = default;

std::string TlsIdentity::certificate() const {
  BIO* memory = BIO_new(BIO_s_mem());
  must(PEM_write_bio_X509(memory, state_->certificate) == 1, "not written");
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory, &text);
  std::string pem(text, static_cast<std::size_t>(size));
  BIO_free(memory);
  return pem;
}

// One, plain or under TLS. Its thread reads and writes; end() comes from another.
class HttpReceiver::Connection {
 public:
  Connection(UniqueFd fd, SSL_CTX* tls) : fd_(std::move(fd)) {
    if (tls == nullptr) return;
    ssl_ = SSL_new(tls);
    SSL_set_fd(ssl_, fd_.get());
  }
  ~Connection() { SSL_free(ssl_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  bool begin() { return ssl_ == nullptr || SSL_accept(ssl_) == 1; }

  // False: there is no more.
  bool read(std::string& bytes) {
    std::array<char, 16 << 10> buffer;
    const auto size = ssl_ != nullptr ? SSL_read(ssl_, buffer.data(), static_cast<int>(buffer.size()))
                                      : ::recv(fd_.get(), buffer.data(), buffer.size(), 0);
    if (size <= 0) return false;
    bytes.append(buffer.data(), static_cast<std::size_t>(size));
    return true;
  }

  bool write(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto size = ssl_ != nullptr ? SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()))
                                        : ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (size <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(size));
    }
    return true;
  }

  void end() const { ::shutdown(fd_.get(), SHUT_RDWR); }

 private:
  UniqueFd fd_;
  SSL* ssl_ = nullptr;
};

HttpReceiver::HttpReceiver(Script script, std::uint16_t port, const TlsIdentity* identity)
    : script_(std::move(script)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const int reuse = 1;
  ::setsockopt(listener_.get(), SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof reuse);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const place = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_.get(), place, size) != 0 || ::listen(listener_.get(), 64) != 0 ||
      ::getsockname(listener_.get(), place, &size) != 0) {
    throw std::runtime_error("no port for a receiver");
  }
  port_ = ntohs(address.sin_port);
  if (identity != nullptr) {
    tls_ = std::shared_ptr<void>(SSL_CTX_new(TLS_server_method()),
                                 [](void* context) { SSL_CTX_free(static_cast<SSL_CTX*>(context)); });
    auto* const context = static_cast<SSL_CTX*>(tls_.get());
    must(SSL_CTX_use_certificate(context, identity->state_->certificate) == 1, "no certificate");
    must(SSL_CTX_use_PrivateKey(context, identity->state_->key) == 1, "no private key");
  }
  acceptor_ = std::thread([this] { accept_all(); });
}

HttpReceiver::~HttpReceiver() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    for (const Open& open : open_) open.connection->end();
  }
  changed_.notify_all();
  ::shutdown(listener_.get(), SHUT_RDWR);
  acceptor_.join();
  for (Open& open : open_) open.thread.join();
}

std::string HttpReceiver::url(const std::string& path, const std::string& host) const {
  return (tls_ ? "https://" : "http://") + host + ":" + std::to_string(port_) + path;
}

std::vector<ReceivedRequest> HttpReceiver::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

int HttpReceiver::connections() const {
  const std::lock_guard lock(mutex_);
  return connections_;
}

bool HttpReceiver::wait_for(std::size_t count, std::chrono::milliseconds max) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, max, [&] { return requests_.size() >= count; });
}

void HttpReceiver::accept_all() {
  for (;;) {
    UniqueFd fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    const std::lock_guard lock(mutex_);
    if (stopped_ || !fd) return;
    const int number = ++connections_;
    auto connection = std::make_unique<Connection>(std::move(fd), static_cast<SSL_CTX*>(tls_.get()));
    Connection& served = *connection;
    open_.push_back({std::move(connection), std::thread([this, &served, number] { serve(served, number); })});
  }
}

void HttpReceiver::serve(Connection& connection, int number) {
  sigset_t broken_pipe;  // which OpenSSL would raise
  sigemptyset(&broken_pipe);
  sigaddset(&broken_pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
  std::string bytes;
  bool open = connection.begin();
  while (open && connection.read(bytes)) {
    for (auto request = take_request(bytes); open && request; request = take_request(bytes)) {
      request->connection = number;
      open = give(connection, take(*std::move(request)));
    }
  }
  connection.end();
}

GivenAnswer HttpReceiver::take(ReceivedRequest request) {
  std::size_t number = 0;
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    number = requests_.size();
  }
  changed_.notify_all();
  return script_(request, number);
}

void HttpReceiver::drip(Connection& connection) {
  while (connection.write("x")) {
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, kDrip, [&] { return stopped_; })) return;
  }
}

bool HttpReceiver::give(Connection& connection, const GivenAnswer& answer) {
  const std::string filler(8 << 10, 'x');
  switch (answer.manner) {
    case Manner::whole:
      return connection.write(head_of(answer) + "Content-Length: " + std::to_string(answer.body.size()) + "\r\n\r\n" +
                              answer.body);
    case Manner::hang_up:
      return false;
    case Manner::silence:
      return true;  // what is read next is the end
    case Manner::endless_head:
      for (bool open = connection.write(head_of(answer)); open;) open = connection.write("X-More: " + filler + "\r\n");
      return false;
    case Manner::slow_head:
      if (connection.write(head_of(answer) + "X-More: ")) drip(connection);
      return false;
    case Manner::endless_body:
      for (bool open = connection.write(head_of(answer) + "\r\n"); open;) open = connection.write(filler);
      return false;
    case Manner::slow_body:
      if (connection.write(head_of(answer) + "\r\n")) drip(connection);
      return false;
  }
  return false;
}

}  // namespace pushjudge::testing
