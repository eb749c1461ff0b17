#include "api/statement.hpp"

#include <md4c.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <span>
#include <vector>

#include "api/markup.hpp"

namespace pushjudge {
namespace {

constexpr unsigned kMarkdown = MD_FLAG_NOHTML | MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_LATEXMATHSPANS;
// A table can have as many cells as its head has columns, in each of its rows: a small text becomes a large page.
constexpr std::size_t kHtmlBytesMax = 4 << 20;
constexpr std::string_view kReplacement = "\xef\xbf\xbd";

constexpr std::array<std::string_view, 3> kLinkSchemes = {"http", "https", "mailto"};
constexpr std::array<std::string_view, 2> kImageSchemes = {"http", "https"};

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return lower;
}

std::string utf8_of(std::uint32_t point) {
  const bool surrogate = point >= 0xd800 && point <= 0xdfff;
  if (point == 0 || point > 0x10ffff || surrogate) return std::string(kReplacement);
  const auto byte = [](std::uint32_t bits) { return static_cast<char>(static_cast<unsigned char>(bits)); };
  if (point < 0x80) return {byte(point)};
  if (point < 0x800) return {byte(0xc0 | point >> 6), byte(0x80 | (point & 63))};
  if (point < 0x10000) return {byte(0xe0 | point >> 12), byte(0x80 | (point >> 6 & 63)), byte(0x80 | (point & 63))};
  return {byte(0xf0 | point >> 18), byte(0x80 | (point >> 12 & 63)), byte(0x80 | (point >> 6 & 63)),
          byte(0x80 | (point & 63))};
}

// What "&#106;", "&#x6a;" or "&amp;" stands for. Other names stay as they are written: what looks harmless here must
// not become a colon in the browser.
std::string text_of_entity(std::string_view entity) {
  if (entity == "&amp;") return "&";
  if (!entity.starts_with("&#")) return std::string(entity);
  std::string_view digits = entity.substr(2, entity.size() - 3);
  const bool hexadecimal = digits.starts_with('x') || digits.starts_with('X');
  if (hexadecimal) digits.remove_prefix(1);
  std::uint32_t point = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), point, hexadecimal ? 16 : 10);
  return read.ec == std::errc() ? utf8_of(point) : std::string(kReplacement);
}

// A link's target or title, without entities.
std::string text_of(const MD_ATTRIBUTE& attribute) {
  std::string text;
  if (attribute.text == nullptr) return text;
  for (std::size_t i = 0; attribute.substr_offsets[i] < attribute.size; ++i) {
    const std::string_view part(attribute.text + attribute.substr_offsets[i],
                                attribute.substr_offsets[i + 1] - attribute.substr_offsets[i]);
    if (attribute.substr_types[i] == MD_TEXT_ENTITY) {
      text += text_of_entity(part);
    } else if (attribute.substr_types[i] == MD_TEXT_NULLCHAR) {
      text += kReplacement;
    } else {
      text += part;
    }
  }
  return text;
}

// Browsers drop line breaks and tabs wherever they stand in an address, and blanks around it; with these written as
// %XX none can hide a scheme.
std::string percent_encoded(std::string_view address) {
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string all;
  for (const char c : address) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte < 0x7f && c != '"' && c != '<' && c != '>' && c != '\\' && c != '`') {
      all += c;
    } else {
      all += '%';
      all += kDigits[byte >> 4];
      all += kDigits[byte & 15];
    }
  }
  return all;
}

// The address as it may stand in an attribute. Nothing: it leads where none may.
std::optional<std::string> safe_address(const MD_ATTRIBUTE& attribute, std::span<const std::string_view> schemes) {
  const std::string address = percent_encoded(text_of(attribute));
  const std::size_t mark = address.find_first_of(":/?#");
  if (mark != std::string::npos && address[mark] == ':') {
    const std::string scheme = lower_case(address.substr(0, mark));
    if (std::find(schemes.begin(), schemes.end(), scheme) == schemes.end()) return std::nullopt;
  }
  return escape_markup(address);
}

std::string_view align_of(MD_ALIGN align) {
  switch (align) {
    case MD_ALIGN_LEFT:
      return " align=\"left\"";
    case MD_ALIGN_CENTER:
      return " align=\"center\"";
    case MD_ALIGN_RIGHT:
      return " align=\"right\"";
    case MD_ALIGN_DEFAULT:
      break;
  }
  return "";
}

// Writes what md4c finds. An element's end needs no more than its kind, but for links, whose beginning may have been
// left out.
class StatementWriter {
 public:
  std::string take() { return std::move(html_); }
  bool too_large() const { return html_.size() > kHtmlBytesMax; }

  void enter(MD_BLOCKTYPE type, const void* detail) {
    switch (type) {
      case MD_BLOCK_DOC:
      case MD_BLOCK_HTML:
        return;
      case MD_BLOCK_OL: {
        const unsigned start = static_cast<const MD_BLOCK_OL_DETAIL*>(detail)->start;
        html_ += start == 1 ? "<ol>\n" : "<ol start=\"" + std::to_string(start) + "\">\n";
        return;
      }
      case MD_BLOCK_HR:
        html_ += "<hr>\n";
        return;
      case MD_BLOCK_CODE:
        html_ += "<pre><code>";
        return;
      case MD_BLOCK_TH:
      case MD_BLOCK_TD:
        html_.append("<").append(name_of(type, detail));
        html_.append(align_of(static_cast<const MD_BLOCK_TD_DETAIL*>(detail)->align)).append(">");
        return;
      default:
        html_.append("<").append(name_of(type, detail)).append(">");
        if (breaks_after_begin(type)) html_ += "\n";
    }
  }

  void leave(MD_BLOCKTYPE type, const void* detail) {
    if (type == MD_BLOCK_DOC || type == MD_BLOCK_HTML || type == MD_BLOCK_HR) return;
    if (type == MD_BLOCK_CODE) html_ += "</code>";
    html_.append("</").append(name_of(type, detail)).append(">\n");
  }

  void enter(MD_SPANTYPE type, const void* detail) {
    if (type == MD_SPAN_IMG) return begin_image(*static_cast<const MD_SPAN_IMG_DETAIL*>(detail));
    if (images_ > 0) return;
    if (type == MD_SPAN_A) return begin_link(*static_cast<const MD_SPAN_A_DETAIL*>(detail));
    if (type == MD_SPAN_LATEXMATH) {
      html_ += "<span class=\"math\">$";
    } else if (type == MD_SPAN_LATEXMATH_DISPLAY) {
      html_ += "<span class=\"math display\">$$";
    } else {
      html_.append("<").append(name_of(type)).append(">");
    }
  }

  void leave(MD_SPANTYPE type) {
    if (type == MD_SPAN_IMG) return end_image();
    if (images_ > 0) return;
    if (type == MD_SPAN_A) {
      if (links_.back()) html_ += "</a>";
      links_.pop_back();
    } else if (type == MD_SPAN_LATEXMATH) {
      html_ += "$</span>";
    } else if (type == MD_SPAN_LATEXMATH_DISPLAY) {
      html_ += "$$</span>";
    } else {
      html_.append("</").append(name_of(type)).append(">");
    }
  }

  void text(MD_TEXTTYPE type, std::string_view text) {
    switch (type) {
      case MD_TEXT_NULLCHAR:
        html_ += kReplacement;
        return;
      case MD_TEXT_BR:
        html_ += images_ > 0 ? " " : "<br>\n";
        return;
      case MD_TEXT_SOFTBR:
        html_ += images_ > 0 ? " " : "\n";
        return;
      case MD_TEXT_ENTITY:
        // "&", letters and digits, ";": the browser knows them all.
        html_ += text;
        return;
      default:
        html_ += escape_markup(text);
    }
  }

 private:
  static std::string_view name_of(MD_BLOCKTYPE type, const void* detail) {
    static constexpr std::array<std::string_view, 7> kHeadings = {"h1", "h1", "h2", "h3", "h4", "h5", "h6"};
    switch (type) {
      case MD_BLOCK_QUOTE:
        return "blockquote";
      case MD_BLOCK_UL:
        return "ul";
      case MD_BLOCK_OL:
        return "ol";
      case MD_BLOCK_LI:
        return "li";
      case MD_BLOCK_H:
        return kHeadings[std::min(static_cast<const MD_BLOCK_H_DETAIL*>(detail)->level, 6U)];
      case MD_BLOCK_CODE:
        return "pre";
      case MD_BLOCK_TABLE:
        return "table";
      case MD_BLOCK_THEAD:
        return "thead";
      case MD_BLOCK_TBODY:
        return "tbody";
      case MD_BLOCK_TR:
        return "tr";
      case MD_BLOCK_TH:
        return "th";
      case MD_BLOCK_TD:
        return "td";
      default:
        return "p";
    }
  }

  static bool breaks_after_begin(MD_BLOCKTYPE type) {
    return type == MD_BLOCK_QUOTE || type == MD_BLOCK_UL || type == MD_BLOCK_TABLE || type == MD_BLOCK_THEAD ||
           type == MD_BLOCK_TBODY || type == MD_BLOCK_TR;
  }

  static std::string_view name_of(MD_SPANTYPE type) {
    switch (type) {
      case MD_SPAN_EM:
        return "em";
      case MD_SPAN_STRONG:
        return "strong";
      case MD_SPAN_CODE:
        return "code";
      case MD_SPAN_DEL:
        return "del";
      default:
        return "span";
    }
  }

  void title(const MD_ATTRIBUTE& attribute) {
    const std::string text = text_of(attribute);
    if (!text.empty()) html_.append(" title=\"").append(escape_markup(text)).append("\"");
  }

  void begin_link(const MD_SPAN_A_DETAIL& link) {
    const auto address = safe_address(link.href, kLinkSchemes);
    links_.push_back(address.has_value());
    if (!address) return;
    html_.append("<a href=\"").append(*address).append("\" rel=\"nofollow noopener\"");
    title(link.title);
    html_ += ">";
  }

  // An image's text may hold anything, images too. All of it becomes the text of the outermost.
  void begin_image(const MD_SPAN_IMG_DETAIL& image) {
    if (images_++ > 0) return;
    const auto address = safe_address(image.src, kImageSchemes);
    image_shown_ = address.has_value();
    if (!address) return;
    html_.append("<img src=\"").append(*address).append("\"");
    title(image.title);
    html_ += " alt=\"";
  }

  void end_image() {
    if (--images_ == 0 && image_shown_) html_ += "\">";
  }

  std::string html_;
  std::vector<bool> links_;  // those that are open: whether each was written
  std::size_t images_ = 0;   // how many are open
  bool image_shown_ = false;
};

StatementWriter& writer_of(void* user) {
  return *static_cast<StatementWriter*>(user);
}
// What a callback answers: not 0 ends the parsing.
int go_on(const StatementWriter& writer) {
  return writer.too_large() ? 1 : 0;
}

std::string html_of_markdown(const std::string& text) {
  MD_PARSER parser{};
  parser.flags = kMarkdown;
  parser.enter_block = [](MD_BLOCKTYPE type, void* detail, void* user) {
    writer_of(user).enter(type, detail);
    return go_on(writer_of(user));
  };
  parser.leave_block = [](MD_BLOCKTYPE type, void* detail, void* user) {
    writer_of(user).leave(type, detail);
    return go_on(writer_of(user));
  };
  parser.enter_span = [](MD_SPANTYPE type, void* detail, void* user) {
    writer_of(user).enter(type, detail);
    return go_on(writer_of(user));
  };
  parser.leave_span = [](MD_SPANTYPE type, void*, void* user) {
    writer_of(user).leave(type);
    return go_on(writer_of(user));
  };
  parser.text = [](MD_TEXTTYPE type, const MD_CHAR* part, MD_SIZE size, void* user) {
    writer_of(user).text(type, std::string_view(part, size));
    return go_on(writer_of(user));
  };
  StatementWriter writer;
  const int failed = md_parse(text.data(), static_cast<MD_SIZE>(text.size()), &parser, &writer);
  // Too large, or too much for the memory there is; the text itself can still be read.
  if (failed != 0) return "<pre>" + escape_markup(text) + "</pre>\n";
  return writer.take();
}

}  // namespace

std::string statement_html(const Statement& statement) {
  if (statement.format == StatementFormat::tex) return "<pre>" + escape_markup(statement.text) + "</pre>\n";
  return html_of_markdown(statement.text);
}

}  // namespace pushjudge
