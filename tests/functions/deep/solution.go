type Deep struct{}

func Constructor() Deep {
	return Deep{}
}

func reversed[T any](values []T) []T {
	turned := make([]T, 0, len(values))
	for i := len(values) - 1; i >= 0; i-- {
		turned = append(turned, values[i])
	}
	return turned
}

func (this *Deep) Cube(value [][][]int) [][][]int {
	return reversed(value)
}

func (this *Deep) Texts(value [][][]string) [][][]string {
	return reversed(value)
}

func (this *Deep) Mixed(value [][]int) [][]int {
	return reversed(value)
}

func (this *Deep) Woods(value [][]*TreeNode) [][]*TreeNode {
	return reversed(value)
}
