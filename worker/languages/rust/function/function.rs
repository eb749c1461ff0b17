// What a solution finds around it, and how its tests are read and its answers written.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::io::FromRawFd;
use std::rc::Rc;

#[derive(PartialEq, Eq, Clone, Debug)]
pub struct ListNode {
    pub val: i32,
    pub next: Option<Box<ListNode>>,
}

impl ListNode {
    #[inline]
    pub fn new(val: i32) -> Self {
        ListNode { next: None, val }
    }
}

#[derive(Debug, PartialEq, Eq)]
pub struct TreeNode {
    pub val: i32,
    pub left: Option<Rc<RefCell<TreeNode>>>,
    pub right: Option<Rc<RefCell<TreeNode>>>,
}

impl TreeNode {
    #[inline]
    pub fn new(val: i32) -> Self {
        TreeNode { val, left: None, right: None }
    }
}

// All by way of one glob: what a solution names itself takes precedence.
pub mod prelude {
    pub use super::{ListNode, TreeNode};
    pub use std::cell::*;
    pub use std::cmp::{max, min, Ordering, Reverse};
    pub use std::collections::*;
    pub use std::rc::{Rc, Weak};
}

// More nodes than this are a ring.
const NODES_MAX: usize = 10_000_000;

fn fail(what: &str) -> ! {
    let _ = std::io::stdout().flush();
    eprintln!("{}", what);
    std::process::exit(1);
}

// The arguments, which come in one form only: JSON without blanks, a line a value.
pub struct Reader {
    text: Vec<u8>,
    at: usize,
}

impl Reader {
    fn peek(&self) -> u8 {
        self.text.get(self.at).copied().unwrap_or(0)
    }

    pub fn skip(&mut self, byte: u8) {
        if self.peek() == byte {
            self.at += 1;
        }
    }

    pub fn line<T: Value>(&mut self) -> T {
        let value = T::read(self);
        self.skip(b'\n');
        value
    }

    pub fn item<T: Value>(&mut self) -> T {
        let value = T::read(self);
        self.skip(b',');
        value
    }

    fn word(&mut self) -> &str {
        let from = self.at;
        while matches!(self.peek(), b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'+' | b'.') {
            self.at += 1;
        }
        std::str::from_utf8(&self.text[from..self.at]).unwrap_or("")
    }

    fn number<T: std::str::FromStr + Default>(&mut self) -> T {
        self.word().parse().unwrap_or_default()
    }

    fn each<F: FnMut(&mut Reader)>(&mut self, mut read_one: F) {
        self.skip(b'[');
        while self.peek() != b']' && self.at < self.text.len() {
            read_one(self);
            self.skip(b',');
        }
        self.skip(b']');
    }

    fn hex(&mut self) -> u32 {
        let end = (self.at + 4).min(self.text.len());
        let digits = std::str::from_utf8(&self.text[self.at..end]).unwrap_or("0");
        let code = u32::from_str_radix(digits, 16).unwrap_or(0);
        self.at = end;
        code
    }

    fn escaped(&mut self) -> char {
        self.at += 1;
        match self.text.get(self.at - 1).copied().unwrap_or(0) {
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let mut code = self.hex();
                if (0xD800..0xDC00).contains(&code) && self.peek() == b'\\' {
                    self.at += 2;
                    code = 0x10000 + ((code - 0xD800) << 10) + (self.hex() & 0x3FF);
                }
                char::from_u32(code).unwrap_or('\u{FFFD}')
            }
            other => other as char,
        }
    }
}

// An answer, and the time that it took.
pub struct Writer {
    json: String,
    began: i64,
    took: i64,
}

impl Writer {
    pub fn begin(&mut self) {
        self.began = cpu_us();
    }

    pub fn end(&mut self) {
        self.took += cpu_us() - self.began;
    }

    pub fn text(&mut self, text: &str) {
        self.json.push_str(text);
    }

    pub fn write<T: Value>(&mut self, value: &T) {
        value.write(&mut self.json);
    }
}

pub trait Value: Sized {
    fn read(reader: &mut Reader) -> Self;
    fn write(&self, json: &mut String);
}

impl Value for () {
    fn read(_: &mut Reader) -> Self {}

    fn write(&self, json: &mut String) {
        json.push_str("null");
    }
}

impl Value for i32 {
    fn read(reader: &mut Reader) -> Self {
        reader.number()
    }

    fn write(&self, json: &mut String) {
        json.push_str(&self.to_string());
    }
}

impl Value for i64 {
    fn read(reader: &mut Reader) -> Self {
        reader.number()
    }

    fn write(&self, json: &mut String) {
        json.push_str(&self.to_string());
    }
}

impl Value for f64 {
    fn read(reader: &mut Reader) -> Self {
        reader.skip(b'"');
        let value = reader.number();
        reader.skip(b'"');
        value
    }

    fn write(&self, json: &mut String) {
        if self.is_nan() {
            json.push_str("\"NaN\"");
        } else if self.is_infinite() {
            json.push_str(if *self < 0.0 { "\"-Infinity\"" } else { "\"Infinity\"" });
        } else {
            json.push_str(&format!("{:e}", self));
        }
    }
}

impl Value for bool {
    fn read(reader: &mut Reader) -> Self {
        reader.word() == "true"
    }

    fn write(&self, json: &mut String) {
        json.push_str(if *self { "true" } else { "false" });
    }
}

fn write_string(value: &str, json: &mut String) {
    json.push('"');
    for c in value.chars() {
        match c {
            '"' | '\\' => {
                json.push('\\');
                json.push(c);
            }
            '\0'..='\u{1f}' => json.push_str(&format!("\\u{:04x}", c as u32)),
            _ => json.push(c),
        }
    }
    json.push('"');
}

impl Value for char {
    fn read(reader: &mut Reader) -> Self {
        String::read(reader).chars().next().unwrap_or('\0')
    }

    fn write(&self, json: &mut String) {
        write_string(self.encode_utf8(&mut [0; 4]), json);
    }
}

impl Value for String {
    fn read(reader: &mut Reader) -> Self {
        reader.skip(b'"');
        let mut value = String::new();
        while reader.at < reader.text.len() {
            let from = reader.at;
            while !matches!(reader.peek(), b'"' | b'\\' | 0) {
                reader.at += 1;
            }
            value.push_str(&String::from_utf8_lossy(&reader.text[from..reader.at]));
            reader.at += 1;
            if reader.text.get(reader.at - 1) != Some(&b'\\') {
                break;
            }
            value.push(reader.escaped());
        }
        value
    }

    fn write(&self, json: &mut String) {
        write_string(self, json);
    }
}

impl<T: Value> Value for Vec<T> {
    fn read(reader: &mut Reader) -> Self {
        let mut values = Vec::new();
        reader.each(|reader| values.push(T::read(reader)));
        values
    }

    fn write(&self, json: &mut String) {
        json.push('[');
        for (index, value) in self.iter().enumerate() {
            if index > 0 {
                json.push(',');
            }
            value.write(json);
        }
        json.push(']');
    }
}

impl Value for Option<Box<ListNode>> {
    fn read(reader: &mut Reader) -> Self {
        let mut head = None;
        let mut last = &mut head;
        for value in Vec::<i32>::read(reader) {
            last = &mut last.insert(Box::new(ListNode::new(value))).next;
        }
        head
    }

    fn write(&self, json: &mut String) {
        json.push('[');
        let mut next = self;
        while let Some(node) = next {
            if !json.ends_with('[') {
                json.push(',');
            }
            node.val.write(json);
            next = &node.next;
        }
        json.push(']');
    }
}

type Tree = Option<Rc<RefCell<TreeNode>>>;

impl Value for Tree {
    fn read(reader: &mut Reader) -> Self {
        let mut values = VecDeque::new();
        reader.each(|reader| {
            let word = reader.word();
            values.push_back(if word == "null" { None } else { word.parse::<i32>().ok() });
        });
        let new_node = |value: Option<i32>| value.map(|value| Rc::new(RefCell::new(TreeNode::new(value))));
        let root = new_node(values.pop_front().flatten());
        let mut parents: VecDeque<_> = root.iter().cloned().collect();
        while let Some(parent) = parents.pop_front() {
            let left = new_node(values.pop_front().flatten());
            let right = new_node(values.pop_front().flatten());
            parents.extend(left.iter().cloned());
            parents.extend(right.iter().cloned());
            let mut parent = parent.borrow_mut();
            parent.left = left;
            parent.right = right;
        }
        root
    }

    fn write(&self, json: &mut String) {
        json.push('[');
        // Where the last node ends: there are no nulls behind it.
        let mut end = json.len();
        let mut level: VecDeque<Tree> = VecDeque::new();
        if self.is_some() {
            level.push_back(self.clone());
        }
        let mut count = 0;
        while let Some(node) = level.pop_front() {
            if count > 0 {
                json.push(',');
            }
            count += 1;
            if count > 2 * NODES_MAX {
                fail("The tree that was returned has no end.");
            }
            if let Some(node) = node {
                let node = node.borrow();
                node.val.write(json);
                end = json.len();
                level.push_back(node.left.clone());
                level.push_back(node.right.clone());
            } else {
                json.push_str("null");
            }
        }
        json.truncate(end);
        json.push(']');
    }
}

#[repr(C)]
struct TimeSpec {
    seconds: i64,
    nanoseconds: i64,
}

extern "C" {
    fn clock_gettime(clock: i32, time: *mut TimeSpec) -> i32;
}

fn cpu_us() -> i64 {
    const PROCESS_CPU_TIME: i32 = 2;
    let mut time = TimeSpec { seconds: 0, nanoseconds: 0 };
    unsafe { clock_gettime(PROCESS_CPU_TIME, &mut time) };
    time.seconds * 1_000_000 + time.nanoseconds / 1000
}

pub fn run<Test>(read_test: fn(&mut Reader) -> Test, run_test: fn(Test, &mut Writer)) {
    let nonce = std::env::args().nth(1).unwrap_or_default();
    let mut reader = Reader { text: Vec::new(), at: 0 };
    if std::io::stdin().read_to_end(&mut reader.text).is_err() {
        fail("the input cannot be read");
    }
    let mut tests = Vec::new();
    while reader.at < reader.text.len() {
        tests.push(read_test(&mut reader));
    }
    drop(reader);
    let mut answers = unsafe { File::from_raw_fd(3) };
    for test in tests {
        let mut writer = Writer { json: String::new(), began: 0, took: 0 };
        run_test(test, &mut writer);
        let mut printed = std::io::stdout();
        let line = format!("{} {} {}\n", nonce, writer.took, writer.json);
        let told = printed.write_all(format!("{}\n", nonce).as_bytes()).and_then(|_| printed.flush());
        if told.and_then(|_| answers.write_all(line.as_bytes())).is_err() {
            std::process::exit(1);
        }
    }
}
