// Calls a solution with each test, and tells of the answers on descriptor 3.
'use strict';

const fs = require('fs');
const util = require('util');
const { Buffer } = require('buffer');
const { Worker, isMainThread } = require('worker_threads');

const kNodesMax = 10000000; // more is taken for a circle
const kPrintedCharactersMax = 1 << 16;

const kStackMb = 64; // what the first thread has is far less, and cannot be made more from inside

const nonce = process.argv.pop();

// Goes on with the same program in a thread with a large stack; returns only there.
function moveToThread(file) {
  if (!isMainThread) return;
  // Traces tell the lines of what was compiled to this, where it comes with a map.
  const execArgv = ['--enable-source-maps'];
  const thread = new Worker(file, { argv: [nonce], execArgv, resourceLimits: { stackSizeMb: kStackMb } });
  thread.on('error', (error) => {
    fs.writeSync(2, `${error instanceof Error ? error.stack : `Uncaught ${util.inspect(error)}`}\n`);
    process.exitCode = 1;
  });
  thread.on('exit', (code) => {
    process.exitCode ||= code;
  });
  const leaving = new Error('This thread has nothing more to do');
  process.setUncaughtExceptionCaptureCallback((error) => {
    if (error !== leaving) throw error;
    process.setUncaughtExceptionCaptureCallback(null);
  });
  throw leaving;
}

// A pipe that is full may say so, and is then to be asked again.
function writeAll(fd, text) {
  let bytes = Buffer.from(text);
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(fs.writeSync(fd, bytes));
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

// What is printed is gathered: each print else is a call of the system's.
let printed = '';

function flush() {
  if (printed !== '') writeAll(1, printed);
  printed = '';
}

function gatherPrints() {
  process.stderr.write = (chunk) => {
    writeAll(2, chunk);
    return true;
  };
  process.stdout.write = (chunk, encoding, callback) => {
    printed += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    if (printed.length > kPrintedCharactersMax) flush();
    const done = typeof encoding === 'function' ? encoding : callback;
    if (done) process.nextTick(done);
    return true;
  };
  process.on('exit', flush);
}

function ListNode(val, next) {
  this.val = val === undefined ? 0 : val;
  this.next = next === undefined ? null : next;
}

function TreeNode(val, left, right) {
  this.val = val === undefined ? 0 : val;
  this.left = left === undefined ? null : left;
  this.right = right === undefined ? null : right;
}

function elementOf(kind) {
  return kind.endsWith('[]') ? kind.slice(0, -2) : kind.slice(5, -1);
}

function isContainer(kind) {
  return kind.endsWith(']') || kind.endsWith('>');
}

// Which class the nodes are of is the solution's affair: it may have one of its own.
let nodes = { ListNode, TreeNode };

function readList(values) {
  let head = null;
  for (let i = values === null ? 0 : values.length; i > 0; i--) head = new nodes.ListNode(values[i - 1], head);
  return head;
}

function readTree(values) {
  if (values === null || values.length === 0) return null;
  const root = new nodes.TreeNode(values[0]);
  const parents = [root];
  for (let i = 1, parent = 0; i < values.length; i++) {
    const child = values[i] === null ? null : new nodes.TreeNode(values[i]);
    if (child !== null) parents.push(child);
    if (i % 2 === 1) parents[parent].left = child;
    else parents[parent++].right = child;
  }
  return root;
}

function read(kind, value) {
  if (isContainer(kind)) {
    const element = elementOf(kind);
    if (['integer', 'boolean', 'character', 'string'].includes(element)) return value;
    return value.map((each) => read(element, each));
  }
  if (kind === 'ListNode') return readList(value);
  if (kind === 'TreeNode') return readTree(value);
  if (kind === 'double') return Number(value);
  // What no number can hold is a BigInt.
  if (kind === 'long') return Number.isSafeInteger(Number(value)) ? Number(value) : BigInt(value);
  return value;
}

// The value of a JSON text. Integers of many digits are kept as texts for read(), where they may be longs.
function parse(text, hasLongs) {
  if (!hasLongs) return JSON.parse(text);
  const tokens = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g;
  return JSON.parse(text.replace(tokens, (token) => (token[0] === '"' ? token : `"${token}"`)));
}

function hasLongs(parameters) {
  return parameters.some((parameter) => parameter.type.includes('long'));
}

function refuseCycle(count) {
  if (count > kNodesMax) throw new RangeError('The answer has a cycle');
}

function writeList(node) {
  const values = [];
  for (; node !== null && node !== undefined; node = node.next) {
    values.push(node.val);
    refuseCycle(values.length);
  }
  return JSON.stringify(values);
}

function writeTree(root) {
  const values = [];
  let length = 0;
  const level = [root];
  for (let i = 0; i < level.length; i++) {
    const node = level[i];
    if (node === null || node === undefined) {
      values.push(null);
      continue;
    }
    values.push(node.val);
    length = values.length;
    refuseCycle(length);
    level.push(node.left, node.right);
  }
  values.length = length;
  return JSON.stringify(values);
}

function writeNumber(value, isReal) {
  if (Number.isInteger(value)) return String(Object.is(value, -0) ? 0 : value);
  if (!isReal) return undefined;
  return Number.isFinite(value) ? String(value) : `"${value}"`;
}

function describe(value) {
  return typeof value === 'string' ? JSON.stringify(value).slice(0, 60) : String(value).slice(0, 60);
}

function writeScalar(kind, value) {
  switch (typeof value) {
    case 'number':
      if (['integer', 'long', 'double'].includes(kind)) return writeNumber(value, kind === 'double');
      break;
    case 'bigint':
      if (kind === 'integer' || kind === 'long') return String(value);
      break;
    case 'boolean':
      if (kind === 'boolean') return String(value);
      break;
    case 'string':
      if (kind === 'string' || kind === 'character') return JSON.stringify(value);
      break;
  }
  return undefined;
}

function write(kind, value) {
  if (kind === 'void') return 'null';
  if (kind === 'ListNode') return writeList(value);
  if (kind === 'TreeNode') return writeTree(value);
  let text;
  if (!isContainer(kind)) {
    text = writeScalar(kind, value);
  } else if (value && typeof value === 'object' && value[Symbol.iterator]) {
    const element = elementOf(kind);
    const texts = [];
    for (const each of value) texts.push(write(element, each));
    text = `[${texts.join(',')}]`;
  }
  if (text === undefined) throw new TypeError(`The answer has ${describe(value)} where ${kind} belongs`);
  return text;
}

// Microseconds that a call took, and what it gave.
function timed(call) {
  const begin = process.cpuUsage();
  const returned = call();
  const took = process.cpuUsage(begin);
  return { returned, took: took.user + took.system };
}

function runFunction(signature, name, find, lines) {
  const { params } = signature;
  const values = params.map((parameter, i) => read(parameter.type, parse(lines[i], hasLongs([parameter]))));
  const Solution = find('Solution');
  const inClass = typeof Solution === 'function' && Solution.prototype && name in Solution.prototype;
  const solution = inClass ? new Solution() : undefined;
  const call = inClass ? solution[name] : find(name);
  if (typeof call !== 'function') throw new ReferenceError(`${name} is not defined`);
  const { returned, took } = timed(() => call.apply(solution, values));
  const output = signature.output ? signature.output.paramindex : undefined;
  if (output !== undefined) return { answer: write(params[output].type, values[output]), took };
  return { answer: write(signature.return.type, returned), took };
}

function runClass(signature, name, find, lines) {
  const methods = new Map(signature.methods.map((method) => [method.name, method]));
  const begun = signature.constructor && signature.constructor.params ? signature.constructor.params : [];
  const longs = hasLongs(begun) || signature.methods.some((method) => hasLongs(method.params || []));
  const names = JSON.parse(lines[0]);
  const calls = parse(lines[1], longs);
  const Class = find(name);
  if (typeof Class !== 'function') throw new ReferenceError(`${name} is not defined`);
  const answers = [];
  let solution;
  let total = 0;
  names.forEach((called, i) => {
    const method = i === 0 ? { params: begun, return: { type: 'void' } } : methods.get(called);
    const values = calls[i].map((value, at) => read(method.params[at].type, value));
    const { returned, took } = timed(() => (i === 0 ? new Class(...values) : solution[called](...values)));
    if (i === 0) solution = returned;
    total += took;
    answers.push(write(method.return.type, returned));
  });
  return { answer: `[${answers.join(',')}]`, took: total };
}

if (!isMainThread) gatherPrints();

// `name`: of the function or the class, as the solution has it. `find` gives what the solution calls by a name, undefined when that is nothing.
function judge(signature, name, find) {
  nodes = { ListNode: find('ListNode') || ListNode, TreeNode: find('TreeNode') || TreeNode };
  const run = signature.classname ? runClass : runFunction;
  const linesPerTest = signature.classname ? 2 : signature.params.length;
  const lines = fs.readFileSync(0, 'utf8').split('\n');
  for (let at = 0; at + linesPerTest < lines.length; at += linesPerTest) {
    const { answer, took } = run(signature, name, find, lines.slice(at, at + linesPerTest));
    flush();
    writeAll(1, `${nonce}\n`);
    writeAll(3, `${nonce} ${took} ${answer}\n`);
  }
  // Timers that the solution has left would keep it going.
  process.exit();
}

module.exports = { moveToThread, judge, ListNode, TreeNode };
