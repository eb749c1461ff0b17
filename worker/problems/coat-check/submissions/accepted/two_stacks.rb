class CoatCheck
  def initialize(hooks)
    @hooks = hooks
    @coats = []
  end

  def hang(owner, weight)
    return false if @coats.size == @hooks
    @coats.push([owner, [weight, heaviest].max])
    true
  end

  def take
    @coats.empty? ? "" : @coats.pop[0]
  end

  def heaviest
    @coats.empty? ? -1 : @coats.last[1]
  end
end
