#pragma once

// A problem's statement as HTML. Whoever writes statements need not be trusted: no HTML of theirs gets through, and all
// that is written is made here, of a few elements without scripts, styles or handlers. Pure; any thread.

#include <string>
#include <string_view>

#include "proto/problem.hpp"

namespace pushjudge {

// CommonMark with tables and strikethrough. Mathematics stays as it was written, in <span class="math">$x_1$</span>,
// for a page to typeset. Links lead to http, https, mailto or a relative place, images come from the first two or a
// relative one; of others the text is left. TeX is shown as it is, in <pre>.
std::string statement_html(const Statement& statement);

}  // namespace pushjudge
