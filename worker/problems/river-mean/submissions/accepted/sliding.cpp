class Solution {
 public:
  vector<double> riverMean(vector<double>& levels, int days) {
    vector<double> means;
    double sum = 0;
    for (int i = 0; i < (int)levels.size(); ++i) {
      sum += levels[i];
      if (i >= days) sum -= levels[i - days];
      if (i >= days - 1) means.push_back(sum / days);
    }
    return means;
  }
};
