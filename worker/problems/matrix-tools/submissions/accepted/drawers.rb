P = 1_000_003

def multiply(a, b)
  columns = b.transpose
  a.map { |row| columns.map { |column| row.zip(column).sum { |x, y| x * y } % P } }
end

def power(a, k)
  result = Array.new(a.size) { |i| Array.new(a.size) { |j| i == j ? 1 : 0 } }
  while k > 0
    result = multiply(result, a) if k.odd?
    a = multiply(a, a)
    k >>= 1
  end
  result
end

drawers = {}
gets.to_i.times do
  command, x, y, z = gets.split
  if command == 'set'
    drawers[x] = Array.new(y.to_i) { gets.split.map(&:to_i) }
    next
  end
  if command == 'show'
    puts(drawers.key?(x) ? drawers[x].map { |row| row.join(' ') } : 'error')
    next
  end
  a, b = drawers[y], drawers[z]
  result =
    case command
    when 'flip' then a&.transpose
    when 'pow' then power(a, z.to_i) if a && a.size == a[0].size
    when 'mul' then multiply(a, b) if a && b && a[0].size == b.size
    when 'add'
      if a && b && a.size == b.size && a[0].size == b[0].size
        a.zip(b).map { |row, other| row.zip(other).map { |s, t| (s + t) % P } }
      end
    end
  result ? drawers[x] = result : puts('error')
end
