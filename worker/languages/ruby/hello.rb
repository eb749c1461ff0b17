puts "hello, #{gets.chomp}"
