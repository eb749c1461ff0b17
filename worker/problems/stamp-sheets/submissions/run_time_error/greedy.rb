def sheets(stamps, postage)
  way = []
  rest = postage
  while rest > 0
    best = stamps.select { |stamp| stamp <= rest }.max
    rest -= best
    way << best
  end
  [way]
end
