func ponds(meadow [][]byte) int {
	var dry func(i, j int) bool
	dry = func(i, j int) bool {
		if i < 0 || j < 0 || i >= len(meadow) || j >= len(meadow[i]) || meadow[i][j] != 'w' {
			return false
		}
		meadow[i][j] = '.'
		dry(i+1, j)
		dry(i-1, j)
		dry(i, j+1)
		dry(i, j-1)
		return true
	}
	count := 0
	for i := range meadow {
		for j := range meadow[i] {
			if dry(i, j) {
				count++
			}
		}
	}
	return count
}
