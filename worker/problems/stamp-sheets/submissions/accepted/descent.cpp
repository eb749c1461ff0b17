class Solution {
 public:
  vector<vector<int>> sheets(vector<int>& stamps, int postage) {
    add(stamps, 0, postage);
    return all_;
  }

 private:
  void add(const vector<int>& stamps, size_t first, int rest) {
    if (rest == 0) return all_.push_back(way_);
    for (size_t i = first; i < stamps.size(); ++i) {
      if (stamps[i] > rest) continue;
      way_.push_back(stamps[i]);
      add(stamps, i, rest - stamps[i]);
      way_.pop_back();
    }
  }

  vector<int> way_;
  vector<vector<int>> all_;
};
