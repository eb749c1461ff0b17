# Finds the largest number below the weight, from its highest bit to its lowest.
$stdout.sync = true
n = gets.to_i
below = 0
29.downto(0) do |bit|
  x = below + (1 << bit)
  next if x > n
  puts "ask #{x}"
  case gets.to_s.strip
  when 'heavier' then below = x
  when 'balanced'
    below = x - 1
    break
  end
end
puts "answer #{below + 1}"
