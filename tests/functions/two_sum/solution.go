func twoSum(nums []int, target int) []int {
	fmt.Println("target", target)
	seen := map[int]int{}
	for i, number := range nums {
		if j, found := seen[target-number]; found {
			return []int{j, i}
		}
		seen[number] = i
	}
	return nil
}
