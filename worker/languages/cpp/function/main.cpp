#include "function.hpp"
#include "solution.cpp"

namespace function_kit {

{
  { #is_function }
}  // namespace function_kit
struct Test {
  {{#parameters}} {
    { type }
  }
  p{{index}};
  {
    { / parameters }
  }
};

inline void read_test(Reader& in, Test& test) {
  {
    { #parameters }
  }
  in.read(test.p{{index}});
  {
    { / parameters }
  }
}

inline void run_test(Test& test, Writer& out) {
  Solution solution;
  {
    { #is_in_place }
  }
  out.begin();
  solution.{{ > call}};
  out.end();
  out.write(test.p{{#output}} {{index}} {{ / output}});
  {{ / is_in_place}} {
    { ^is_in_place }
  }
  out.begin();
  {{#returns}} {
    { type }
  }
  answer = solution.{{ > call}};
  {
    { / returns }
  }
  out.end();
  out.write(answer);
  {
    { / is_in_place }
  }
}
{{ / is_function}} {
  { #is_class }
}
using Call = std::function<void({{class_name}} * &object, Writer& out)>;
using Test = std::vector<Call>;

{
  { #constructor }
}
inline Call constructor([[maybe_unused]] Reader& in) {
  {{#parameters}} {
    { type }
  }
  p{{index}};
  in.item(p{{index}});
  {
    { / parameters }
  }
  return [=]({{class_name}} * &object, Writer & out) mutable {
    out.begin();
    object = new {{class_name}}({{ > arguments}});
    out.end();
    out.write_null();
  };
}
{{ / constructor}}

{
  { #methods }
}
inline Call method_{{index}}([[maybe_unused]] Reader& in) {
  {{#parameters}} {
    { type }
  }
  p{{index}};
  in.item(p{{index}});
  {
    { / parameters }
  }
  return [=]({{class_name}} * &object, Writer & out) mutable {
    out.begin();
    {{#returns}} {
      { #is_void }
    }
    object->{{name}}({{ > arguments}});
    out.end();
    out.write_null();
    {{ / is_void}} {{^is_void}} {
      { type }
    }
    answer = object->{{name}}({{ > arguments}});
    out.end();
    out.write(answer);
    {{ / is_void}} {
      { / returns }
    }
  };
}

{
  { / methods }
}
inline Call call_of(const std::string& name, Reader& in) {
  {
    { #methods }
  }
  if (name == "{{raw}}") return method_{{index}}(in);
  {
    { / methods }
  }
  return constructor(in);
}

inline void read_test(Reader& in, Test& test) {
  std::vector<std::string> names;
  in.read(names);
  in.begin_list();
  for (const auto& name : names) {
    in.begin_item();
    test.push_back(call_of(name, in));
    in.end_item();
  }
  in.end_list();
}

inline void run_test(Test& test, Writer& out) {
  {{class_name}}* object = nullptr;
  out.open();
  for (auto& call : test) {
    out.next();
    call(object, out);
  }
  out.close();
  delete object;
}
{
  { / is_class }
}

}  // namespace function_kit

signed main(signed, char** argv) {
  return function_kit::run<function_kit::Test>(argv[1]);
}
