class Solution {
 public:
  long long overtakes(vector<int>& speeds) {
    vector<int> room(speeds.size());
    return count(speeds, room, 0, speeds.size());
  }

 private:
  long long count(vector<int>& speeds, vector<int>& room, size_t begin, size_t end) {
    if (end - begin < 2) return 0;
    size_t middle = (begin + end) / 2;
    long long pairs = count(speeds, room, begin, middle) + count(speeds, room, middle, end);
    size_t left = begin, right = middle;
    for (size_t at = begin; at < end; ++at) {
      if (right == end || (left < middle && speeds[left] <= speeds[right])) {
        room[at] = speeds[left++];
      } else {
        pairs += (long long)(middle - left);
        room[at] = speeds[right++];
      }
    }
    copy(room.begin() + begin, room.begin() + end, speeds.begin() + begin);
    return pairs;
  }
};
