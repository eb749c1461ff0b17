class Solution {
 public:
  vector<int> stallPair(vector<int>& prices, int budget) {
    vector<pair<long long, int>> all;
    for (int i = 0; i < (int)prices.size(); ++i) all.push_back({prices[i], i});
    sort(all.begin(), all.end());
    size_t low = 0, high = all.size() - 1;
    while (low < high) {
      long long sum = all[low].first + all[high].first;
      if (sum == budget) return {all[high].second, all[low].second};
      if (sum < budget)
        ++low;
      else
        --high;
    }
    return {};
  }
};
