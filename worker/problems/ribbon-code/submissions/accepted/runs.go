func ribbonCode(beads string) string {
	var written strings.Builder
	for begin := 0; begin < len(beads); {
		end := begin
		for end < len(beads) && beads[end] == beads[begin] {
			end++
		}
		written.WriteByte(beads[begin])
		if end-begin > 1 {
			written.WriteString(strconv.Itoa(end - begin))
		}
		begin = end
	}
	return written.String()
}
