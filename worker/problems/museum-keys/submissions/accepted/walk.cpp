class Solution {
 public:
  bool opensAll(vector<vector<int>>& keys) {
    vector<bool> opened(keys.size());
    opened[0] = true;
    vector<int> order = {0};
    for (size_t i = 0; i < order.size(); ++i) {
      for (int room : keys[order[i]]) {
        if (opened[room]) continue;
        opened[room] = true;
        order.push_back(room);
      }
    }
    return order.size() == keys.size();
  }
};
