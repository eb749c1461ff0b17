class Deep
  def cube(value)
    value.reverse
  end

  def texts(value)
    value.reverse
  end

  def mixed(value)
    value.reverse
  end

  def woods(value)
    value.reverse
  end
end
