# Refuses to pull a pendulum up above its hook.
gets.to_i.times do
  length, theta = gets.split.map(&:to_f)
  raise ArgumentError, "#{theta} degrees are dangerous" if theta > 90
  a = 1.0
  b = Math.cos(theta * Math::PI / 360)
  a, b = (a + b) / 2, Math.sqrt(a * b) while a - b > 1e-14
  puts 2 * Math::PI * Math.sqrt(length / 9.80665) / a
end
