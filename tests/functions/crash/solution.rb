def count_down(start)
  raise "there is nothing below" if start == 0
  start - 1
end
