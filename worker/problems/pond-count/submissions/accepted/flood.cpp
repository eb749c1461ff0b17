class Solution {
 public:
  int ponds(vector<vector<char>>& meadow) {
    int count = 0;
    for (size_t i = 0; i < meadow.size(); ++i) {
      for (size_t j = 0; j < meadow[i].size(); ++j) count += dry(meadow, i, j);
    }
    return count;
  }

 private:
  bool dry(vector<vector<char>>& meadow, size_t i, size_t j) {
    if (i >= meadow.size() || j >= meadow[i].size() || meadow[i][j] != 'w') return false;
    meadow[i][j] = '.';
    dry(meadow, i + 1, j);
    dry(meadow, i - 1, j);
    dry(meadow, i, j + 1);
    dry(meadow, i, j - 1);
    return true;
  }
};
