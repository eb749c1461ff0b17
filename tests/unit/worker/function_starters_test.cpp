#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "proto/code_style.hpp"
#include "worker/languages.hpp"

using namespace pushjudge;

// What one begins with in the languages that we ship.
namespace {

Signature read_signature(const std::string& text) {
  auto signature = parse_signature(text);
  if (!signature) FAIL(signature.error().message);
  return *std::move(signature);
}

Signature sum_of_two() {
  return read_signature(R"({"name": "twoSum", "return": {"type": "list<integer>"},
      "params": [{"name": "nums", "type": "integer[]"}, {"name": "target", "type": "long"}]})");
}

Signature turning() {
  return read_signature(R"({"name": "turnAll", "return": {"type": "void"}, "output": {"paramindex": 0},
      "params": [{"name": "matrix", "type": "character[][]"}]})");
}

Signature stack_of_minima() {
  return read_signature(R"({"classname": "MinStack", "constructor": {"params": [{"name": "size", "type": "integer"}]},
      "methods": [{"name": "getMin", "params": [], "return": {"type": "boolean"}}]})");
}

Signature joining() {
  return read_signature(R"({"name": "mergeTwoLists", "return": {"type": "ListNode"},
      "params": [{"name": "lists", "type": "ListNode[]"}]})");
}

std::string starter(const char* slug, const Signature& signature) {
  const auto recipe = read_recipe(std::filesystem::path(PJ_LANGUAGES_DIR) / slug);
  if (!recipe) FAIL(recipe.error().message);
  REQUIRE(recipe->function);
  return starter_code(recipe->function->style, signature);
}

}  // namespace

TEST_CASE("starters: in Python") {
  CHECK(starter("python", sum_of_two()) == R"(class Solution:
    def twoSum(self, nums: List[int], target: int) -> List[int]:

)");
  CHECK(starter("python", turning()) == R"(class Solution:
    def turnAll(self, matrix: List[List[str]]) -> None:
        """Changes matrix in place and returns nothing."""
)");
  CHECK(starter("python", stack_of_minima()) == R"(class MinStack:

    def __init__(self, size: int):


    def getMin(self) -> bool:

)");
  CHECK(starter("python", joining()) == R"(# class ListNode:
#     def __init__(self, val=0, next=None):
#         self.val = val
#         self.next = next
class Solution:
    def mergeTwoLists(self, lists: List[Optional[ListNode]]) -> Optional[ListNode]:

)");
}

TEST_CASE("starters: in Java") {
  CHECK(starter("java", sum_of_two()) == R"(class Solution {
    public List<Integer> twoSum(int[] nums, long target) {

    }
}
)");
  CHECK(starter("java", turning()) == R"(class Solution {
    public void turnAll(char[][] matrix) {

    }
}
)");
  CHECK(starter("java", stack_of_minima()) == R"(class MinStack {

    public MinStack(int size) {

    }

    public boolean getMin() {

    }
}
)");
  CHECK(starter("java", joining()) == R"(/**
 * public class ListNode {
 *     int val;
 *     ListNode next;
 *     ListNode() {}
 *     ListNode(int val) { this.val = val; }
 *     ListNode(int val, ListNode next) { this.val = val; this.next = next; }
 * }
 */
class Solution {
    public ListNode mergeTwoLists(ListNode[] lists) {

    }
}
)");
}

TEST_CASE("starters: in JavaScript") {
  CHECK(starter("javascript", sum_of_two()) == R"(/**
 * @param {number[]} nums
 * @param {number} target
 * @return {number[]}
 */
var twoSum = function(nums, target) {

};
)");
  CHECK(starter("javascript", turning()) == R"(/**
 * @param {character[][]} matrix
 * @return {void} matrix is changed in place
 */
var turnAll = function(matrix) {

};
)");
  CHECK(starter("javascript", stack_of_minima()) == R"(/**
 * @param {number} size
 */
var MinStack = function(size) {

};

/**
 * @return {boolean}
 */
MinStack.prototype.getMin = function() {

};
)");
  CHECK(starter("javascript", joining()) == R"(/**
 * function ListNode(val, next) {
 *     this.val = (val === undefined ? 0 : val)
 *     this.next = (next === undefined ? null : next)
 * }
 */
/**
 * @param {ListNode[]} lists
 * @return {ListNode}
 */
var mergeTwoLists = function(lists) {

};
)");
}

TEST_CASE("starters: in TypeScript") {
  CHECK(starter("typescript", sum_of_two()) == R"(function twoSum(nums: number[], target: number): number[] {

};
)");
  CHECK(starter("typescript", turning()) == R"(/**
 * Changes matrix in place and returns nothing.
 */
function turnAll(matrix: string[][]): void {

};
)");
  CHECK(starter("typescript", stack_of_minima()) == R"(class MinStack {
    constructor(size: number) {

    }

    getMin(): boolean {

    }
}
)");
  CHECK(starter("typescript", joining()) == R"(/**
 * class ListNode {
 *     val: number
 *     next: ListNode | null
 *     constructor(val?: number, next?: ListNode | null) {
 *         this.val = (val === undefined ? 0 : val)
 *         this.next = (next === undefined ? null : next)
 *     }
 * }
 */
function mergeTwoLists(lists: (ListNode | null)[]): ListNode | null {

};
)");
}

TEST_CASE("starters: in Ruby") {
  CHECK(starter("ruby", sum_of_two()) == R"(# @param {Integer[]} nums
# @param {Integer} target
# @return {Integer[]}
def two_sum(nums, target)

end
)");
  CHECK(starter("ruby", turning()) == R"(# @param {Character[][]} matrix
# @return {Void} matrix is changed in place
def turn_all(matrix)

end
)");
  CHECK(starter("ruby", stack_of_minima()) == R"(class MinStack
    # @param {Integer} size
    def initialize(size)

    end

    # @return {Boolean}
    def get_min()

    end
end
)");
  CHECK(starter("ruby", joining()) == R"(# class ListNode
#     attr_accessor :val, :next
#     def initialize(val = 0, _next = nil)
#         @val = val
#         @next = _next
#     end
# end
# @param {ListNode[]} lists
# @return {ListNode}
def merge_two_lists(lists)

end
)");
}

TEST_CASE("starters: in PHP") {
  CHECK(starter("php", sum_of_two()) == R"(class Solution {

    /**
     * @param Integer[] $nums
     * @param Integer $target
     * @return Integer[]
     */
    function twoSum($nums, $target) {

    }
}
)");
  CHECK(starter("php", turning()) == R"(class Solution {

    /**
     * @param String[][] $matrix
     * @return NULL
     */
    function turnAll(&$matrix) {

    }
}
)");
  CHECK(starter("php", stack_of_minima()) == R"(class MinStack {

    /**
     * @param Integer $size
     */
    function __construct($size) {

    }

    /**
     * @return Boolean
     */
    function getMin() {

    }
}
)");
  CHECK(starter("php", joining()) == R"(/**
 * class ListNode {
 *     public $val = 0;
 *     public $next = null;
 *     function __construct($val = 0, $next = null) {
 *         $this->val = $val;
 *         $this->next = $next;
 *     }
 * }
 */
class Solution {

    /**
     * @param ListNode[] $lists
     * @return ListNode
     */
    function mergeTwoLists($lists) {

    }
}
)");
}

TEST_CASE("starters: in C#") {
  CHECK(starter("csharp", sum_of_two()) == R"(public class Solution {
    public IList<int> TwoSum(int[] nums, long target) {

    }
}
)");
  CHECK(starter("csharp", turning()) == R"(public class Solution {
    public void TurnAll(char[][] matrix) {

    }
}
)");
  CHECK(starter("csharp", stack_of_minima()) == R"(public class MinStack {

    public MinStack(int size) {

    }

    public bool GetMin() {

    }
}
)");
  CHECK(starter("csharp", joining()) == R"(/**
 * public class ListNode {
 *     public int val;
 *     public ListNode next;
 *     public ListNode(int val=0, ListNode next=null) {
 *         this.val = val;
 *         this.next = next;
 *     }
 * }
 */
public class Solution {
    public ListNode MergeTwoLists(ListNode[] lists) {

    }
}
)");
}

TEST_CASE("starters: in Kotlin") {
  CHECK(starter("kotlin", sum_of_two()) == R"(class Solution {
    fun twoSum(nums: IntArray, target: Long): List<Int> {

    }
}
)");
  CHECK(starter("kotlin", turning()) == R"(class Solution {
    fun turnAll(matrix: Array<CharArray>): Unit {

    }
}
)");
  CHECK(starter("kotlin", stack_of_minima()) == R"(class MinStack(size: Int) {

    fun getMin(): Boolean {

    }
}
)");
  CHECK(starter("kotlin", joining()) == R"(/**
 * class ListNode(var `val`: Int) {
 *     var next: ListNode? = null
 * }
 */
class Solution {
    fun mergeTwoLists(lists: Array<ListNode?>): ListNode? {

    }
}
)");
}
