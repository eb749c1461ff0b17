#include "proto/codec.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

using namespace pushjudge;
using nlohmann::json;

namespace {

const std::string kEpoch = "9f3c";

Snapshot finished() {
  Snapshot snapshot;
  snapshot.token = *Token::parse("018bcfe5-6800-4000-8000-0123456789ab");
  snapshot.language_id = 54;
  snapshot.state = State::finished;
  snapshot.seq = 4;
  snapshot.attempt = 1;
  snapshot.worker = "w1";
  snapshot.created_at = 1'712'576'571'856;
  snapshot.finished_at = 1'712'576'572'000;
  Report report;
  report.verdict = Verdict::accepted;
  report.exit_code = 0;
  report.cpu_us = 1'400;
  report.wall_us = 12'000;
  report.memory_kib = 376;
  report.stdout_text = "hello, Judge0\n";
  report.accounting = "cgroup2";
  snapshot.report = report;
  return snapshot;
}

Snapshot graded() {
  Snapshot snapshot = finished();
  snapshot.problem = "two-sum";
  TestResult first;
  first.name = "sample/1";
  first.sample = true;
  first.verdict = Verdict::accepted;
  first.cpu_us = 12'000;
  first.wall_us = 20'400;
  first.memory_kib = 3'400;
  first.score = 0;
  TestResult second;
  second.name = "secret/a/01";
  second.verdict = Verdict::wrong_answer;
  second.score = 12.5;
  second.message = "line 2 differs";
  second.judge_message = "expected 7";
  Report& report = *snapshot.report;
  report.verdict = Verdict::wrong_answer;
  report.score = 12.5;
  report.score_max = 100;
  report.tests = {first, second};
  report.tests_total = 3;
  GroupResult root;
  root.verdict = Verdict::wrong_answer;
  root.score = 12.5;
  GroupResult skipped;
  skipped.name = "secret/b";
  skipped.judged = false;
  report.groups = {root, skipped};
  return snapshot;
}

}  // namespace

TEST_CASE("codec: a finished submission has Judge0's default fields first, in its order and form") {
  const std::string text = to_json(finished(), kEpoch, Encoding::plain).dump();
  CHECK(text.starts_with(R"({"stdout":"hello, Judge0\n","time":"0.001","memory":376,"stderr":null,)"
                         R"("token":"018bcfe5-6800-4000-8000-0123456789ab","compile_output":null,"message":null,)"
                         R"("status":{"id":3,"description":"Accepted"},)"));
  const json object = json::parse(text);
  CHECK(object["verdict"] == "accepted");
  CHECK(object["channel"] == "submission:018bcfe5-6800-4000-8000-0123456789ab");
  CHECK(object["epoch"] == kEpoch);
  CHECK(object["seq"] == 4);
  CHECK_FALSE(object.contains("base64_encoded"));
}

TEST_CASE("codec: what has not finished shows no result") {
  Snapshot snapshot = finished();
  snapshot.report.reset();
  snapshot.state = State::queued;
  json object = json::parse(to_json(snapshot, kEpoch, Encoding::plain).dump());
  CHECK(object["status"]["id"] == 1);
  CHECK(object["stdout"].is_null());
  CHECK(object["time"].is_null());
  CHECK(object["verdict"].is_null());
  snapshot.state = State::running;
  object = json::parse(to_json(snapshot, kEpoch, Encoding::plain).dump());
  CHECK(object["status"]["description"] == "Processing");
}

TEST_CASE("codec: output that is no UTF-8 goes as base64 and says so") {
  Snapshot snapshot = finished();
  snapshot.report->stdout_text = "\xff\n";
  CHECK_FALSE(texts_are_utf8(snapshot));
  const json object = json::parse(to_json(snapshot, kEpoch, Encoding::plain).dump());
  CHECK(object["base64_encoded"] == true);
  CHECK(object["stdout"] == "/wo=");
}

TEST_CASE("codec: all fields have Judge0's forms: decimals as strings, sizes as integers, times with milliseconds") {
  Submission submission;
  submission.token = finished().token;
  submission.language_id = 54;
  submission.source_code = "x";
  submission.created_at = 1'712'576'571'856;
  const Language cpp{54, "cpp", "C++ (GCC 12.2.0)", "main.cpp", "", ""};
  const json object = json::parse(to_json(submission, finished(), kEpoch, &cpp, Encoding::base64).dump());
  CHECK(object["source_code"] == "eA==");
  CHECK(object["stdin"].is_null());
  CHECK(object["cpu_time_limit"] == "5.0");
  CHECK(object["memory_limit"] == 128'000);
  CHECK(object["created_at"] == "2024-04-08T11:42:51.856Z");
  CHECK(object["wall_time"] == "0.012");
  CHECK(object["language"]["name"] == "C++ (GCC 12.2.0)");
  CHECK(object["status_id"] == 3);
}

TEST_CASE("codec: an event message is one line of JSON with the submission as GET shows it") {
  Event event;
  event.kind = EventKind::finished;
  event.at = 1'712'576'572'000;
  event.snapshot = finished();
  const json message = json::parse(event_message(event, kEpoch));
  CHECK(message["type"] == "event");
  CHECK(message["event"] == "finished");
  CHECK(message["seq"] == 4);
  CHECK(message["at"] == "2024-04-08T11:42:52.000Z");
  CHECK(message["submission"] == json::parse(to_json(finished(), kEpoch, Encoding::plain).dump()));
}

TEST_CASE("codec: a submission to a problem shows what each test and each group came to, behind all else") {
  const std::string text = to_json(graded(), kEpoch, Encoding::plain).dump();
  const std::string expected =
      R"("accounting":"cgroup2","problem":"two-sum","score":12.5,"score_max":100.0,"tests":[)"
      R"({"name":"sample/1","sample":true,"verdict":"accepted","time":"0.012","wall_time":"0.020","memory":3400,)"
      R"("score":0.0},)"
      R"({"name":"secret/a/01","sample":false,"verdict":"wrong_answer","time":"0.000","wall_time":"0.000","memory":0,)"
      R"("score":12.5,"message":"line 2 differs","judge_message":"expected 7"}],)"
      R"("groups":[{"name":"","verdict":"wrong_answer","score":12.5,"judged":true},)"
      R"({"name":"secret/b","verdict":"accepted","judged":false}],)"
      R"("tests_total":3,"total_correct":1,"compare_result":"10",)"
      R"("runtime_percentile":null,"memory_percentile":null})";
  CHECK(text.ends_with(expected));
}

TEST_CASE("codec: without a problem none of its keys is there; before the end no test is done, and no score known") {
  const json without = json::parse(to_json(finished(), kEpoch, Encoding::plain).dump());
  for (const char* key : {"problem", "score", "score_max", "tests", "groups", "tests_total", "total_correct",
                          "compare_result", "runtime_percentile", "memory_percentile"}) {
    CHECK_FALSE(without.contains(key));
  }
  Snapshot snapshot = graded();
  snapshot.report.reset();
  snapshot.state = State::queued;
  CHECK(to_json(snapshot, kEpoch, Encoding::plain)
            .dump()
            .ends_with(R"("problem":"two-sum","score":null,"score_max":null,"tests":[],"groups":[],)"
                       R"("tests_total":null,"total_correct":null,"compare_result":null,)"
                       R"("runtime_percentile":null,"memory_percentile":null})"));
}

TEST_CASE("codec: all fields of a submission to a problem say which version it was, and what was asked for") {
  Submission submission;
  submission.token = graded().token;
  submission.problem = "two-sum";
  submission.problem_version = digest_of("");
  submission.all_tests = true;
  const std::string text = to_json(submission, graded(), kEpoch, nullptr, Encoding::base64).dump();
  CHECK(text.ends_with(R"("problem_version":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",)"
                       R"("all_tests":true,"judge_messages":false})"));
  const json object = json::parse(text);
  CHECK(object["tests"][1]["message"] == "line 2 differs");
  const json without = json::parse(to_json(Submission(), finished(), kEpoch, nullptr, Encoding::base64).dump());
  CHECK_FALSE(without.contains("problem_version"));
  CHECK_FALSE(without.contains("all_tests"));
}

TEST_CASE("codec: a test that is done is one line of JSON without a seq, also where its message is no UTF-8") {
  TestProgress progress;
  progress.done = 7;
  progress.of = 20;
  progress.test = graded().report->tests[1];
  progress.test.judge_message.clear();
  progress.test.message = "\xff";
  CHECK(progress_message(graded().token, progress) ==
        R"({"type":"progress","channel":"submission:018bcfe5-6800-4000-8000-0123456789ab","test":7,"of":20,)"
        R"("result":{"name":"secret/a/01","sample":false,"verdict":"wrong_answer","time":"0.000",)"
        R"("wall_time":"0.000","memory":0,"score":12.5,"message":")"
        "\xef\xbf\xbd"
        R"("}})");
}

TEST_CASE("codec: what is shown of a test is in the encoding of the other texts, and not there where nothing is") {
  Snapshot snapshot = graded();
  Report& report = *snapshot.report;
  report.runtime_percentile = 87.5;
  report.tests[0].shown = ShownTest{"[2]\n", "4", "4", "hi\n"};
  report.tests[1].shown = ShownTest{"[3]\n", "6", "", ""};
  json object = json::parse(to_json(snapshot, kEpoch, Encoding::plain).dump());
  CHECK_FALSE(object.contains("base64_encoded"));
  CHECK(object["runtime_percentile"] == 87.5);
  CHECK(object["tests"][0]["input"] == "[2]\n");
  CHECK(object["tests"][0]["expected"] == "4");
  CHECK(object["tests"][0]["output"] == "4");
  CHECK(object["tests"][0]["stdout"] == "hi\n");
  CHECK(object["tests"][1]["expected"] == "6");
  CHECK(object["tests"][1]["output"].is_null());
  CHECK(object["tests"][1]["stdout"].is_null());
  object = json::parse(to_json(snapshot, kEpoch, Encoding::base64).dump());
  CHECK(object["tests"][0]["input"] == base64_encode("[2]\n"));

  report.tests[0].shown->stdout_text = "\xff";
  CHECK_FALSE(texts_are_utf8(snapshot));
  object = json::parse(to_json(snapshot, kEpoch, Encoding::plain).dump());
  CHECK(object["base64_encoded"] == true);
  CHECK(object["tests"][0]["stdout"] == "/w==");
  CHECK(object["tests"][0]["expected"] == base64_encode("4"));
  // By itself, as while its submission runs.
  object = json::parse(to_json(report.tests[0]).dump());
  CHECK(object["base64_encoded"] == true);
  CHECK(object["stdout"] == "/w==");
  object = json::parse(to_json(report.tests[1]).dump());
  CHECK_FALSE(object.contains("base64_encoded"));
  CHECK(object["input"] == "[3]\n");
}

TEST_CASE("codec: base64 as RFC 4648 tests it, and decoding passes over what is foreign") {
  const std::pair<std::string, std::string> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, coded] : vectors) {
    CHECK(base64_encode(plain) == coded);
    CHECK(base64_decode(coded) == plain);
  }
  CHECK(base64_decode("Zm9v\n YmFy\r\n!") == "foobar");
  CHECK(base64_decode("Zm9vYmE") == "fooba");
}

TEST_CASE("codec: UTF-8 is what RFC 3629 says") {
  for (const char* good : {"", "abc", "\xc2\x80", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xef\xbf\xbf", "\xf0\x90\x80\x80",
                           "\xf4\x8f\xbf\xbf"}) {
    CHECK(is_utf8(good));
  }
  for (const char* bad : {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
                          "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xc2", "\xe2\x82", "a\xff"}) {
    CAPTURE(bad);
    CHECK_FALSE(is_utf8(bad));
  }
}
