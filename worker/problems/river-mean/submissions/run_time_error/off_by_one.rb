def river_mean(levels, days)
  (0..levels.size - days).map { |at| (0..days).sum { |i| levels.fetch(at + i) } / days }
end
