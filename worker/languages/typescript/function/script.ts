require("./pushjudge.js").moveToThread(__filename); {{>classes}}{{solution}}

require('./pushjudge.js').judge(
  JSON.parse({{signature_string}}),
  (name: string) => eval(`typeof ${name} === 'undefined' ? undefined : ${name}`)
);
