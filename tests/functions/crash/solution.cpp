class Solution {
 public:
  int countDown(int start) {
    if (start == 0) throw runtime_error("there is nothing below zero");
    return start - 1;
  }
};
