func turn(tile [][]int) {
	for i, j := 0, len(tile)-1; i < j; i, j = i+1, j-1 {
		tile[i], tile[j] = tile[j], tile[i]
	}
	for i := range tile {
		for j := 0; j < i; j++ {
			tile[i][j], tile[j][i] = tile[j][i], tile[i][j]
		}
	}
}
