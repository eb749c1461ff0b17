require("./pushjudge.js").moveToThread(__filename); {{>classes}}{{solution}}

require('./pushjudge.js').judge(
  JSON.parse({{signature_string}}),
  '{{#is_class}}{{class_name}}{{/is_class}}{{#is_function}}{{name}}{{/is_function}}',
  (name: string) => eval(`typeof ${name} === 'undefined' ? undefined : ${name}`)
);
