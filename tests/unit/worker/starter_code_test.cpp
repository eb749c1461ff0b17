// What one begins with, in the languages that we ship.

#include <doctest/doctest.h>

#include <string>

#include "worker/languages.hpp"

using namespace pushjudge;

namespace {

std::string starter(const std::string& slug, const std::string& signature) {
  const auto recipe = read_recipe(std::filesystem::path(PJ_LANGUAGES_DIR) / slug);
  if (!recipe) FAIL(recipe.error().message);
  REQUIRE(recipe->function);
  // As it comes to a gateway.
  const auto style = parse_code_style(recipe->function->code_style);
  REQUIRE(style);
  const auto parsed = parse_signature(signature);
  REQUIRE(parsed);
  return starter_code(*style, *parsed);
}

const std::string kTwoSum = R"({"name": "twoSum", "return": {"type": "integer[]"},
    "params": [{"name": "nums", "type": "integer[]"}, {"name": "target", "type": "integer"}]})";

const std::string kGroups = R"({"name": "groupWords", "return": {"type": "list<list<string>>"},
    "params": [{"name": "words", "type": "string[]"}, {"name": "type", "type": "character"}]})";

const std::string kRotate = R"({"name": "rotate", "return": {"type": "void"}, "output": {"paramindex": 0},
    "params": [{"name": "matrix", "type": "integer[][]"}]})";

const std::string kReverse = R"({"name": "reverseList", "return": {"type": "ListNode"},
    "params": [{"name": "head", "type": "ListNode"}]})";

const std::string kDepth = R"({"name": "maxDepth", "return": {"type": "integer"},
    "params": [{"name": "root", "type": "TreeNode"}]})";

const std::string kStack =
    R"({"classname": "MinStack", "constructor": {"params": [{"name": "size", "type": "integer"}]},
    "methods": [{"name": "push", "params": [{"name": "val", "type": "integer"}], "return": {"type": "void"}},
                {"name": "getAll", "params": [], "return": {"type": "integer[]"}}]})";

}  // namespace

TEST_CASE("starter code: C++") {
  CHECK(starter("cpp", kTwoSum) ==
        "class Solution {\npublic:\n    vector<int> twoSum(vector<int>& nums, int target) {\n        \n    }\n};\n");
  CHECK(starter("cpp-clang", kGroups) ==
        "class Solution {\npublic:\n    vector<vector<string>> groupWords(vector<string>& words, char type) {\n"
        "        \n    }\n};\n");
  CHECK(starter("cpp", kRotate) ==
        "class Solution {\npublic:\n    void rotate(vector<vector<int>>& matrix) {\n        \n    }\n};\n");
  CHECK(starter("cpp", kReverse) ==
        "/**\n * struct ListNode {\n *     int val;\n *     ListNode *next;\n"
        " *     ListNode() : val(0), next(nullptr) {}\n *     ListNode(int x) : val(x), next(nullptr) {}\n"
        " *     ListNode(int x, ListNode *next) : val(x), next(next) {}\n * };\n */\n"
        "class Solution {\npublic:\n    ListNode* reverseList(ListNode* head) {\n        \n    }\n};\n");
  CHECK(starter("cpp", kStack) ==
        "class MinStack {\npublic:\n    MinStack(int size) {\n        \n    }\n\n"
        "    void push(int val) {\n        \n    }\n\n    vector<int> getAll() {\n        \n    }\n};\n");
}

TEST_CASE("starter code: C") {
  CHECK(starter("c", kTwoSum) ==
        "/**\n * The result is an array of *returnSize elements, to be allocated with malloc().\n */\n"
        "int* twoSum(int* nums, int numsSize, int target, int* returnSize) {\n    \n}\n");
  CHECK(starter("c-clang", kGroups) ==
        "/**\n * The result is an array of *returnSize arrays, whose sizes are in the array *returnColumnSizes. All of "
        "them are\n * to be allocated with malloc().\n */\n"
        "char*** groupWords(char** words, int wordsSize, char type, int* returnSize, int** returnColumnSizes) {\n"
        "    \n}\n");
  CHECK(starter("c", kRotate) == "void rotate(int** matrix, int matrixSize, int* matrixColSize) {\n    \n}\n");
  CHECK(starter("c", kStack) ==
        "typedef struct {\n    \n} MinStack;\n\nMinStack* minStackCreate(int size) {\n    \n}\n\n"
        "void minStackPush(MinStack* obj, int val) {\n    \n}\n\n"
        "/**\n * The result is an array of *returnSize elements, to be allocated with malloc().\n */\n"
        "int* minStackGetAll(MinStack* obj, int* returnSize) {\n    \n}\n\n"
        "void minStackFree(MinStack* obj) {\n    \n}\n");
}

TEST_CASE("starter code: Rust") {
  CHECK(starter("rust", kTwoSum) ==
        "impl Solution {\n    pub fn two_sum(nums: Vec<i32>, target: i32) -> Vec<i32> {\n        \n    }\n}\n");
  CHECK(starter("rust", kGroups) ==
        "impl Solution {\n    pub fn group_words(words: Vec<String>, type_: char) -> Vec<Vec<String>> {\n"
        "        \n    }\n}\n");
  CHECK(starter("rust", kRotate) ==
        "impl Solution {\n    pub fn rotate(matrix: &mut Vec<Vec<i32>>) {\n        \n    }\n}\n");
  const auto depth = starter("rust", kDepth);
  CHECK(depth.starts_with("// #[derive(Debug, PartialEq, Eq)]\n// pub struct TreeNode {\n"));
  CHECK(
      depth.ends_with("// }\nuse std::cell::RefCell;\nuse std::rc::Rc;\nimpl Solution {\n"
                      "    pub fn max_depth(root: Option<Rc<RefCell<TreeNode>>>) -> i32 {\n        \n    }\n}\n"));
  CHECK(starter("rust", kStack) ==
        "struct MinStack {\n    \n}\n\nimpl MinStack {\n    fn new(size: i32) -> Self {\n        \n    }\n\n"
        "    fn push(&self, val: i32) {\n        \n    }\n\n    fn get_all(&self) -> Vec<i32> {\n        \n    }\n}\n");
}

TEST_CASE("starter code: Go") {
  CHECK(starter("go", kTwoSum) == "func twoSum(nums []int, target int) []int {\n    \n}\n");
  CHECK(starter("go", kGroups) == "func groupWords(words []string, type_ byte) [][]string {\n    \n}\n");
  CHECK(starter("go", kRotate) == "func rotate(matrix [][]int) {\n    \n}\n");
  CHECK(starter("go", kReverse) ==
        "/**\n * type ListNode struct {\n *     Val int\n *     Next *ListNode\n * }\n */\n"
        "func reverseList(head *ListNode) *ListNode {\n    \n}\n");
  CHECK(starter("go", kStack) ==
        "type MinStack struct {\n    \n}\n\nfunc Constructor(size int) MinStack {\n    \n}\n\n"
        "func (this *MinStack) Push(val int) {\n    \n}\n\nfunc (this *MinStack) GetAll() []int {\n    \n}\n");
}
