# Calls a solution, which is solution.rb, with each test, and tells of the answers on descriptor 3.

# The stack of the virtual machine is as large as its environment says when it starts, and small else.
STACK_SETTING = "RUBY_THREAD_VM_STACK_SIZE"
unless ENV.key?(STACK_SETTING)
  exec({STACK_SETTING => (64 << 20).to_s}, "/usr/bin/ruby", "--disable=gems", "--encoding=UTF-8", __FILE__, *ARGV, 3 => 3)
end

require "bigdecimal"
require "json"
require "set"

class ListNode
  attr_accessor :val, :next

  def initialize(val = 0, _next = nil)
    @val = val
    @next = _next
  end
end

class TreeNode
  attr_accessor :val, :left, :right

  def initialize(val = 0, left = nil, right = nil)
    @val = val
    @left = left
    @right = right
  end
end

module Pushjudge
  NONCE = ARGV.pop.freeze
  NODES_MAX = 10_000_000 # more is taken for a circle
  AS_THEY_ARE = %w[integer long boolean character string].freeze
  SCALARS = {
    "integer" => [Integer], "long" => [Integer], "double" => [Integer, Float, Rational, BigDecimal],
    "boolean" => [TrueClass, FalseClass], "string" => [String, Symbol], "character" => [String, Symbol]
  }.freeze
  # As the solution has them.
  NAMES = {
{{#is_function}}
    "{{raw}}" => "{{snake}}",
{{/is_function}}
{{#methods}}
    "{{raw}}" => "{{snake}}",
{{/methods}}
  }.freeze

  module_function

  def element_of(kind)
    kind.end_with?("[]") ? kind[0...-2] : kind[5...-1]
  end

  def container?(kind)
    kind.end_with?("]", ">")
  end

  def read_list(values)
    (values || []).reverse_each.inject(nil) { |rest, value| ListNode.new(value, rest) }
  end

  def read_tree(values)
    return nil if values.nil? || values.empty?
    root = TreeNode.new(values[0])
    parents = [root]
    parent = 0
    (1...values.length).each do |i|
      child = values[i].nil? ? nil : TreeNode.new(values[i])
      parents << child if child
      if i.odd?
        parents[parent].left = child
      else
        parents[parent].right = child
        parent += 1
      end
    end
    root
  end

  def read(kind, value)
    if container?(kind)
      element = element_of(kind)
      return AS_THEY_ARE.include?(element) ? value : value.map { |each| read(element, each) }
    end
    case kind
    when "ListNode" then read_list(value)
    when "TreeNode" then read_tree(value)
    when "double" then read_double(value)
    else value
    end
  end

  def read_double(value)
    case value
    when "NaN" then Float::NAN
    when "Infinity" then Float::INFINITY
    when "-Infinity" then -Float::INFINITY
    else value.to_f
    end
  end

  def refuse_cycle(values)
    raise "The answer has a cycle" if values.length > NODES_MAX
  end

  def write_list(node)
    values = []
    until node.nil?
      values << node.val
      refuse_cycle(values)
      node = node.next
    end
    values
  end

  def write_tree(root)
    values = []
    level = [root]
    at = 0
    while at < level.length
      node = level[at]
      at += 1
      values << (node.nil? ? nil : node.val)
      next if node.nil?
      refuse_cycle(values)
      level << node.left << node.right
    end
    values.pop while !values.empty? && values.last.nil?
    values
  end

  def write_double(value)
    value = value.to_f
    value.finite? ? value : value.to_s
  end

  def write(kind, value)
    return nil if kind == "void"
    return write_list(value) if kind == "ListNode"
    return write_tree(value) if kind == "TreeNode"
    if container?(kind)
      element = element_of(kind)
      return value.map { |each| write(element, each) } if value.is_a?(Enumerable) && !value.is_a?(Hash)
    elsif SCALARS.fetch(kind).any? { |wanted| value.is_a?(wanted) }
      return kind == "double" ? write_double(value) : value
    end
    raise TypeError, "The answer has #{value.inspect[0, 60]} where #{kind} belongs"
  end

  # What a call gave, and the microseconds that it took.
  def timed
    start = Process.clock_gettime(Process::CLOCK_THREAD_CPUTIME_ID, :microsecond)
    returned = yield
    [returned, Process.clock_gettime(Process::CLOCK_THREAD_CPUTIME_ID, :microsecond) - start]
  end

  def run_function(signature, lines)
    name = NAMES.fetch(signature["name"])
    kinds = signature["params"].map { |parameter| parameter["type"] }
    arguments = kinds.zip(lines).map { |kind, line| read(kind, JSON.parse(line)) }
    # A function that is in no class is everybody's.
    in_class = Object.const_defined?(:Solution) && Solution.is_a?(Class)
    solution = in_class ? Solution.new : Object.new
    returned, took = timed { solution.__send__(name, *arguments) }
    output = signature.dig("output", "paramindex")
    answer = output ? write(kinds[output], arguments[output]) : write(signature["return"]["type"], returned)
    [answer, took]
  end

  def run_class(signature, lines)
    methods = signature["methods"].to_h { |method| [method["name"], method] }
    names, calls = lines.map { |line| JSON.parse(line) }
    solution = nil
    total = 0
    answers = names.zip(calls).each_with_index.map do |(name, arguments), i|
      method = i.zero? ? signature["constructor"] || {} : methods.fetch(name)
      arguments = (method["params"] || []).zip(arguments).map { |parameter, value| read(parameter["type"], value) }
      returned, took = timed do
        i.zero? ? Object.const_get(name).new(*arguments) : solution.__send__(NAMES.fetch(name), *arguments)
      end
      total += took
      solution = returned if i.zero?
      i.zero? ? nil : write(method["return"]["type"], returned)
    end
    [answers, total]
  end

  def run_all(signature)
    lines = $stdin.read.lines(chomp: true)
    told = IO.for_fd(3, "w")
    told.sync = true
    output = $stdout
    is_class = signature.key?("classname")
    load "./solution.rb"
    lines.each_slice(is_class ? 2 : signature["params"].length) do |test|
      answer, took = is_class ? run_class(signature, test) : run_function(signature, test)
      $stdout.flush
      output.write(NONCE, "\n")
      output.flush
      told.write("#{NONCE} #{took} #{JSON.generate(answer)}\n")
    end
  end
end

Pushjudge.run_all(JSON.parse({{signature_string}}))
