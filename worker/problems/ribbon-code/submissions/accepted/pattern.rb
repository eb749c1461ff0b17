def ribbon_code(beads)
  beads.each_char.chunk_while { |a, b| a == b }.map { |run| run.size > 1 ? "#{run[0]}#{run.size}" : run[0] }.join
end
