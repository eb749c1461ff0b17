class Echo
  def initialize(title)
    @title = title
  end

  def next_integer(value)
    value + 1
  end

  def next_long(value)
    value + 1
  end

  def half_of(value)
    value / 2
  end

  def negation(value)
    !value
  end

  def next_character(value)
    (value.ord + 1).chr
  end

  def shout(value)
    "#{value}!"
  end

  def turned(value)
    before = nil
    while value
      before = ListNode.new(value.val, before)
      value = value.next
    end
    before
  end

  def mirrored(value)
    value.left, value.right = mirrored(value.right), mirrored(value.left) if value
    value
  end

  def integers(value)
    value.reverse
  end

  def longs(value)
    value.reverse
  end

  def doubles(value)
    value.reverse
  end

  def flags(value)
    value.reverse
  end

  def letters(value)
    value.reverse
  end

  def words(value)
    value.reverse
  end

  def grid(value)
    value.reverse
  end

  def board(value)
    value.reverse
  end

  def numbers(value)
    value.reverse
  end

  def names(value)
    value.reverse
  end

  def rows(value)
    value.reverse
  end

  def table(value)
    value.reverse
  end

  def first_of(value)
    value[0]
  end

  def forest(value)
    value.reverse
  end

  def chains(value)
    value.reverse
  end

  def remember(value)
    @remembered = value
  end

  def recall
    @remembered
  end

  def title
    @title
  end
end
