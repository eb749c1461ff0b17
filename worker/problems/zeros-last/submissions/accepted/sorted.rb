def zeros_last(crates)
  full = crates.reject(&:zero?)
  crates.replace(full + [0] * (crates.size - full.size))
end
