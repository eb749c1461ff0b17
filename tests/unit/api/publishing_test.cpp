#include "api/publishing.hpp"

#include <doctest/doctest.h>

using namespace pushjudge;

namespace {

Request from(std::string address, std::vector<Header> headers = {}) {
  Request request;
  request.method = "PUT";
  request.address = std::move(address);
  request.headers = std::move(headers);
  return request;
}

Admission administered() {
  Admission::Options options;
  options.admin_tokens = {"root", "other"};
  return Admission(options);
}

}  // namespace

TEST_CASE("publishing: where there are administrators, whoever shows the token of one may") {
  const Admission admission = administered();
  CHECK(may_publish(from("10.0.0.7", {{"X-Auth-User", "other"}}), admission));
  CHECK_FALSE(may_publish(from("127.0.0.1", {{"X-Auth-User", "wrong"}}), admission));
  CHECK_FALSE(may_publish(from("127.0.0.1", {{"X-Auth-Token", "root"}}), admission));
  CHECK_FALSE(may_publish(from("127.0.0.1"), admission));
  CHECK(admission.refuse_publishing() == "this wants an administrator's token, in X-Auth-User");
}

TEST_CASE("publishing: where there is no administrator, programs on this machine may") {
  const Admission nobody({});
  for (const char* address : {"127.0.0.1", "127.3.2.1", "::1", "::ffff:127.0.0.1"}) {
    CAPTURE(address);
    CHECK(may_publish(from(address), nobody));
  }
  for (const char* address : {"10.0.0.7", "::ffff:10.0.0.7", "2001:db8::1", "0.0.0.0", "", "localhost"}) {
    CAPTURE(address);
    CHECK_FALSE(may_publish(from(address), nobody));
  }
  for (const char* host : {"127.0.0.1:2358", "localhost", "LOCALHOST:80", "[::1]:2358", "[::1]"}) {
    CAPTURE(host);
    CHECK(may_publish(from("127.0.0.1", {{"Host", host}}), nobody));
  }
  CHECK(nobody.refuse_publishing().find("--authz-token") != std::string::npos);
}

TEST_CASE("publishing: what a proxy on this machine passes on does not count as coming from it") {
  const Admission nobody({});
  for (const char* name : {"X-Forwarded-For", "x-forwarded-for", "Forwarded", "X-Real-IP", "Via"}) {
    CAPTURE(name);
    CHECK_FALSE(may_publish(from("127.0.0.1", {{name, "127.0.0.1"}}), nobody));
  }
}

TEST_CASE("publishing: a page of elsewhere may not by the browser of somebody on this machine") {
  const Admission nobody({});
  const auto asked_by = [&nobody](const char* origin, const char* host) {
    return may_publish(from("127.0.0.1", {{"Host", host}, {"Origin", origin}}), nobody);
  };
  CHECK(asked_by("http://127.0.0.1:2358", "127.0.0.1:2358"));
  CHECK_FALSE(asked_by("http://evil.example", "127.0.0.1:2358"));
  CHECK_FALSE(asked_by("null", "127.0.0.1:2358"));
  CHECK_FALSE(asked_by("http://127.0.0.1:8080", "127.0.0.1:2358"));
  // The name was made to lead here after the page was loaded.
  CHECK_FALSE(asked_by("http://evil.example:2358", "evil.example:2358"));
  CHECK_FALSE(may_publish(from("127.0.0.1", {{"Host", "evil.example"}}), nobody));
  CHECK_FALSE(may_publish(from("127.0.0.1", {{"Origin", "http://127.0.0.1"}}), nobody));
}
