func hillTop(heights []int) int {
	at := len(heights) - 1
	for at > 0 && heights[at-1] > heights[at] {
		at--
	}
	return at
}
