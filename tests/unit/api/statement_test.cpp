#include "api/statement.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace pushjudge;

namespace {

std::string html_of(std::string_view markdown) {
  Statement statement;
  statement.text = markdown;
  return statement_html(statement);
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

}  // namespace

TEST_CASE("statement: Markdown becomes HTML") {
  CHECK(html_of("# Two *sums*\n\nGiven **n**, `a < b`.") ==
        "<h1>Two <em>sums</em></h1>\n<p>Given <strong>n</strong>, <code>a &lt; b</code>.</p>\n");
  CHECK(html_of("- a\n- b\n") == "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n");
  CHECK(html_of("3. a\n4. b\n") == "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>\n");
  CHECK(html_of("```cpp\nint a;\n```") == "<pre><code>int a;\n</code></pre>\n");
  CHECK(html_of("> a\n\n---\n\nb  \nc") == "<blockquote>\n<p>a</p>\n</blockquote>\n<hr>\n<p>b<br>\nc</p>\n");
  CHECK(html_of("&copy; &amp; &#65; AT&T") == "<p>&copy; &amp; &#65; AT&amp;T</p>\n");
  CHECK(html_of("") == "");
}

TEST_CASE("statement: tables and what is struck through are known") {
  CHECK(html_of("| n | x |\n|---|--:|\n| 1 | ~~2~~ |\n") ==
        "<table>\n<thead>\n<tr>\n<th>n</th>\n<th align=\"right\">x</th>\n</tr>\n</thead>\n"
        "<tbody>\n<tr>\n<td>1</td>\n<td align=\"right\"><del>2</del></td>\n</tr>\n</tbody>\n</table>\n");
}

TEST_CASE("statement: mathematics is left as it was written") {
  CHECK(html_of("Let $a_1 * b_1 * c < 10$ be.") ==
        "<p>Let <span class=\"math\">$a_1 * b_1 * c &lt; 10$</span> be.</p>\n");
  CHECK(html_of("$$\\sum_{i} a_i$$") == "<p><span class=\"math display\">$$\\sum_{i} a_i$$</span></p>\n");
  CHECK(html_of("It costs $5, or \\$5 to \\$6.") == "<p>It costs $5, or $5 to $6.</p>\n");
}

TEST_CASE("statement: links lead to the web, to an address for mail, or to a relative place") {
  CHECK(html_of("[a](https://example.org/?a=1&b=2 \"the \\\"title\\\"\")") ==
        "<p><a href=\"https://example.org/?a=1&amp;b=2\" rel=\"nofollow noopener\" "
        "title=\"the &quot;title&quot;\">a</a></p>\n");
  for (const char* target : {"http://a", "HTTPS://a", "mailto:a@b.example", "other", "../other", "/other", "#part",
                             "?q=a:b", "a/b:c", "//host/a"}) {
    CAPTURE(target);
    const std::string html = html_of("[text](" + std::string(target) + ")");
    CHECK(html.find("<a href=\"" + std::string(target) + "\"") != std::string::npos);
  }
  CHECK(html_of("<https://example.org>").find("href=\"https://example.org\"") != std::string::npos);
  CHECK(html_of("[x][1]\n\n[1]: https://example.org").find("href=\"https://example.org\"") != std::string::npos);
  CHECK(html_of("![a *b*](fig 1.png)").find("<img") == std::string::npos);
  CHECK(html_of("![a *b* \"c\"](fig.png)") == "<p><img src=\"fig.png\" alt=\"a b &quot;c&quot;\"></p>\n");
}

TEST_CASE("statement: of a link or an image that would lead elsewhere the text is left") {
  for (const char* target :
       {"javascript:alert(1)", "JavaScript:alert(1)", "vbscript:x", "data:text/html,x", "file:///etc/passwd",
        "&#106;avascript:alert(1)", "&#x6A;avascript:alert(1)", "javascript&#58;alert(1)", "java&#10;script:alert(1)",
        "java&#9;script:alert(1)", "&#1;javascript:alert(1)", "&#32;javascript:alert(1)", "java\\script:alert(1)",
        "%6aavascript:x", "blob:x", "about:blank", "&#0;javascript:x"}) {
    CAPTURE(target);
    for (const char* form : {"[text](", "![text](", "[text](<"}) {
      const std::string closing = std::string_view(form).ends_with('<') ? ">)" : ")";
      const std::string html = html_of(form + std::string(target) + closing);
      CAPTURE(html);
      CHECK(html.find("<a") == std::string::npos);
      CHECK(html.find("<img") == std::string::npos);
      CHECK(html.find("text") != std::string::npos);
    }
  }
  // These would become a scheme only if the browser read the entity, which it does not get.
  CHECK(html_of("[t](&#00000000106;avascript:x)").find("href=\"&amp;#00000000106;avascript:x\"") != std::string::npos);
  CHECK(html_of("[t](javascript&colon;alert(1))").find("href=\"javascript&amp;colon;alert(1)\"") != std::string::npos);
  CHECK(html_of("<javascript:alert(1)>") == "<p>javascript:alert(1)</p>\n");
  CHECK(html_of("[x][1]\n\n[1]: javascript:alert(1)") == "<p>x</p>\n");
  CHECK(html_of("![a](mailto:a@b)") == "<p>a</p>\n");
}

TEST_CASE("statement: links within links and images keep their ends") {
  CHECK(html_of("[![alt](a.png)](javascript:x)") == "<p><img src=\"a.png\" alt=\"alt\"></p>\n");
  CHECK(html_of("![outer ![inner](b.png) [l](https://a) `c`](a.png)") ==
        "<p><img src=\"a.png\" alt=\"outer inner l c\"></p>\n");
  CHECK(html_of("![outer ![inner](b.png)](javascript:x)") == "<p>outer inner</p>\n");
}

TEST_CASE("statement: no HTML of its author's gets through") {
  for (const char* text : {"<script>alert(1)</script>", "a <b onclick=x>b</b>", "<!-- -->",
                           "<img src=x onerror=alert(1)>", "<svg/onload=x>", "`<i>`", "    <i>", "$<i>$", "[<i>](a)",
                           "![<i>](a)", "# <i>", "| <i> |\n|---|\n", "[a](b \"<i>\")", "[a](<b\"onclick=x>)",
                           "```\n<i>\n```", "<!DOCTYPE html>", "<?php ?>", "<![CDATA[x]]>", "&lt;i&gt;"}) {
    CAPTURE(text);
    const std::string html = html_of(text);
    CAPTURE(html);
    for (const char* bad : {"<script", "<b ", "<!", "<img src=x", "<svg", "<i>", "<?", "\"onclick"}) {
      CHECK(html.find(bad) == std::string::npos);
    }
  }
}

TEST_CASE("statement: NUL is shown as U+FFFD, and bytes that are no UTF-8 do no harm") {
  CHECK(html_of(std::string_view("a\0b", 3)) ==
        "<p>a\xef\xbf\xbd"
        "b</p>\n");
  CHECK(html_of("[a](b\xff)") == "<p><a href=\"b%FF\" rel=\"nofollow noopener\">a</a></p>\n");
}

TEST_CASE("statement: a text that would become a huge page is shown as it is") {
  const std::string table =
      repeated("|a", 20'000) + "|\n" + repeated("|---", 20'000) + "|\n" + repeated("|b|\n", 20'000);
  const std::string html = html_of(table);
  CAPTURE(html.substr(0, 100));
  CHECK(html.starts_with("<pre>|a|a"));
  CHECK(html.size() < 2 * table.size());
}

TEST_CASE("statement: TeX is shown as it is") {
  Statement statement;
  statement.format = StatementFormat::tex;
  statement.text = "\\section{A} $a < b$ & <script>";
  CHECK(statement_html(statement) == "<pre>\\section{A} $a &lt; b$ &amp; &lt;script&gt;</pre>\n");
}
