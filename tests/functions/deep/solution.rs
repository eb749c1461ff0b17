use std::cell::RefCell;
use std::rc::Rc;

struct Deep {}

impl Deep {
    fn new() -> Self {
        Deep {}
    }
    fn cube(&self, value: Vec<Vec<Vec<i32>>>) -> Vec<Vec<Vec<i32>>> {
        value.into_iter().rev().collect()
    }
    fn texts(&self, value: Vec<Vec<Vec<String>>>) -> Vec<Vec<Vec<String>>> {
        value.into_iter().rev().collect()
    }
    fn mixed(&self, value: Vec<Vec<i32>>) -> Vec<Vec<i32>> {
        value.into_iter().rev().collect()
    }
    fn woods(&self, value: Vec<Vec<Option<Rc<RefCell<TreeNode>>>>>) -> Vec<Vec<Option<Rc<RefCell<TreeNode>>>>> {
        value.into_iter().rev().collect()
    }
}
