#pragma once

// An OpenAPI document as a page for people: what GET /docs answers. Made here and not by a script in the browser, so
// that it can be read without one, without the page being built, and without another's code. Pure; any thread.

#include <string>
#include <string_view>

namespace pushjudge {

// `document` is the text of one of ours (openapi.json): references are within it. What stands between backticks in a
// description is code.
std::string docs_page(std::string_view document);

// What that page may load and do: nothing but its own style.
inline constexpr std::string_view kDocsPolicy =
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'self'; base-uri 'none'; "
    "form-action 'none'";

}  // namespace pushjudge
