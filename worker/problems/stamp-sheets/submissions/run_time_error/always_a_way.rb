def sheets(stamps, postage)
  ways = Array.new(postage + 1) { [] }
  ways[0] << []
  stamps.each do |stamp|
    (stamp..postage).each { |worth| ways[worth] += ways[worth - stamp].map { |way| way + [stamp] } }
  end
  # The way with the fewest stamps first.
  shortest = ways[postage].min_by(&:size)
  raise ArgumentError, "there is no way" if shortest.nil?
  ways[postage].sort_by(&:size)
end
