class Solution {
 public:
  void zerosLast(vector<int>& crates) {
    stable_partition(crates.begin(), crates.end(), [](int apples) { return apples != 0; });
  }
};
