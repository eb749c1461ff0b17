class Echo(title: String) {
    private val name = title
    private var remembered = 0

    fun nextInteger(value: Int): Int {
        return value + 1
    }

    fun nextLong(value: Long): Long {
        return value + 1
    }

    fun halfOf(value: Double): Double {
        return value / 2
    }

    fun negation(value: Boolean): Boolean {
        return !value
    }

    fun nextCharacter(value: Char): Char {
        return value + 1
    }

    fun shout(value: String): String {
        return "$value!"
    }

    fun turned(value: ListNode?): ListNode? {
        var before: ListNode? = null
        var node = value
        while (node != null) {
            val turned = ListNode(node.`val`)
            turned.next = before
            before = turned
            node = node.next
        }
        return before
    }

    fun mirrored(value: TreeNode?): TreeNode? {
        if (value == null) return null
        val turned = TreeNode(value.`val`)
        turned.left = mirrored(value.right)
        turned.right = mirrored(value.left)
        return turned
    }

    fun integers(value: IntArray): IntArray {
        return value.reversedArray()
    }

    fun longs(value: LongArray): LongArray {
        return value.reversedArray()
    }

    fun doubles(value: DoubleArray): DoubleArray {
        return value.reversedArray()
    }

    fun flags(value: BooleanArray): BooleanArray {
        return value.reversedArray()
    }

    fun letters(value: CharArray): CharArray {
        return value.reversedArray()
    }

    fun words(value: Array<String>): Array<String> {
        return value.reversedArray()
    }

    fun grid(value: Array<IntArray>): Array<IntArray> {
        return value.reversedArray()
    }

    fun board(value: Array<CharArray>): Array<CharArray> {
        return value.reversedArray()
    }

    fun numbers(value: List<Int>): List<Int> {
        return value.reversed()
    }

    fun names(value: List<String>): List<String> {
        return value.reversed()
    }

    fun rows(value: List<List<String>>): List<List<String>> {
        return value.reversed()
    }

    fun table(value: List<List<Int>>): List<List<Int>> {
        return value.reversed()
    }

    fun firstOf(value: Array<ListNode?>): ListNode? {
        return value[0]
    }

    fun forest(value: List<TreeNode?>): List<TreeNode?> {
        return value.reversed()
    }

    fun chains(value: Array<ListNode?>): Array<ListNode?> {
        return value.reversedArray()
    }

    fun remember(value: Int): Unit {
        remembered = value
    }

    fun recall(): Int {
        return remembered
    }

    fun title(): String {
        return name
    }
}
