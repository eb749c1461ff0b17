def share(names)
  names.group_by { |name| name.chars.sort }.values
end
