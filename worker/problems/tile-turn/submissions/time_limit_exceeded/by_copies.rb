def turn(tile)
  whole = tile.map(&:dup)
  tile.each_index do |i|
    tile.each_index do |j|
      copy = whole.map(&:dup)
      60.times { copy = copy.map(&:reverse) }
      tile[i][j] = copy[tile.size - 1 - j][i]
    end
  end
end
