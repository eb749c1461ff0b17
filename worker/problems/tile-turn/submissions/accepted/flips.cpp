class Solution {
 public:
  void turn(vector<vector<int>>& tile) {
    reverse(tile.begin(), tile.end());
    for (size_t i = 0; i < tile.size(); ++i) {
      for (size_t j = 0; j < i; ++j) swap(tile[i][j], tile[j][i]);
    }
  }
};
