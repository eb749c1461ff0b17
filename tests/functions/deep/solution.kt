class Deep {
    fun cube(value: Array<Array<IntArray>>): Array<Array<IntArray>> {
        return value.reversedArray()
    }

    fun texts(value: List<List<List<String>>>): List<List<List<String>>> {
        return value.reversed()
    }

    fun mixed(value: List<IntArray>): List<IntArray> {
        return value.reversed()
    }

    fun woods(value: Array<Array<TreeNode?>>): Array<Array<TreeNode?>> {
        return value.reversedArray()
    }
}
