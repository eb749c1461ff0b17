func overtakes(speeds []int) int64 {
	tree := make([]int64, 1000002)
	var pairs int64
	for seen, speed := range speeds {
		pairs += int64(seen)
		for at := speed + 1; at > 0; at &= at - 1 {
			pairs -= tree[at]
		}
		for at := speed + 1; at < len(tree); at += at & -at {
			tree[at]++
		}
	}
	return pairs
}
