# Landen's transformation makes k smaller and smaller, until the integral is nothing but pi / 2.
def integral(k)
  return Math::PI / 2 if k < 1e-9
  complement = Math.sqrt((1 - k) * (1 + k))
  smaller = (1 - complement) / (1 + complement)
  (1 + smaller) * integral(smaller)
end

gets.to_i.times do
  length, theta = gets.split.map(&:to_f)
  puts 4 * Math.sqrt(length / 9.80665) * integral(Math.sin(theta * Math::PI / 360))
end
