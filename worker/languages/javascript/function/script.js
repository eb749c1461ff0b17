'use strict';

const pushjudge = require('./pushjudge.js');
pushjudge.moveToThread(__filename);

const fs = require('fs');
const vm = require('vm');

// What solutions may take for granted.
Object.assign(globalThis, { require, ListNode: pushjudge.ListNode, TreeNode: pushjudge.TreeNode });

vm.runInThisContext(fs.readFileSync('solution.js', 'utf8'), { filename: 'solution.js' });

const find = (name) => vm.runInThisContext(`typeof ${name} === 'undefined' ? undefined : ${name}`);
const name = '{{#is_class}}{{class_name}}{{/is_class}}{{#is_function}}{{name}}{{/is_function}}';
pushjudge.judge(JSON.parse({{signature_string}}), name, find);
