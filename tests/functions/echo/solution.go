type Echo struct {
	title      string
	remembered int
}

func Constructor(title string) Echo {
	return Echo{title: title}
}

func reversed[T any](values []T) []T {
	turned := make([]T, 0, len(values))
	for i := len(values) - 1; i >= 0; i-- {
		turned = append(turned, values[i])
	}
	return turned
}

func (this *Echo) NextInteger(value int) int {
	return value + 1
}

func (this *Echo) NextLong(value int64) int64 {
	return value + 1
}

func (this *Echo) HalfOf(value float64) float64 {
	return value / 2
}

func (this *Echo) Negation(value bool) bool {
	return !value
}

func (this *Echo) NextCharacter(value byte) byte {
	return value + 1
}

func (this *Echo) Shout(value string) string {
	return strings.Join([]string{value, "!"}, "")
}

func (this *Echo) Turned(value *ListNode) *ListNode {
	var head *ListNode
	for ; value != nil; value = value.Next {
		head = &ListNode{value.Val, head}
	}
	return head
}

func (this *Echo) Mirrored(value *TreeNode) *TreeNode {
	if value == nil {
		return nil
	}
	return &TreeNode{value.Val, this.Mirrored(value.Right), this.Mirrored(value.Left)}
}

func (this *Echo) Integers(value []int) []int {
	return reversed(value)
}

func (this *Echo) Longs(value []int64) []int64 {
	return reversed(value)
}

func (this *Echo) Doubles(value []float64) []float64 {
	return reversed(value)
}

func (this *Echo) Flags(value []bool) []bool {
	return reversed(value)
}

func (this *Echo) Letters(value []byte) []byte {
	return reversed(value)
}

func (this *Echo) Words(value []string) []string {
	return reversed(value)
}

func (this *Echo) Grid(value [][]int) [][]int {
	return reversed(value)
}

func (this *Echo) Board(value [][]byte) [][]byte {
	return reversed(value)
}

func (this *Echo) Numbers(value []int) []int {
	return reversed(value)
}

func (this *Echo) Names(value []string) []string {
	return reversed(value)
}

func (this *Echo) Rows(value [][]string) [][]string {
	return reversed(value)
}

func (this *Echo) Table(value [][]int) [][]int {
	return reversed(value)
}

func (this *Echo) Forest(value []*TreeNode) []*TreeNode {
	return reversed(value)
}

func (this *Echo) Chains(value []*ListNode) []*ListNode {
	return reversed(value)
}

func (this *Echo) FirstOf(value []*ListNode) *ListNode {
	return value[0]
}

func (this *Echo) Remember(value int) {
	this.remembered = value
}

func (this *Echo) Recall() int {
	return this.remembered
}

func (this *Echo) Title() string {
	return this.title
}
