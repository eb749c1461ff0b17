print("hello, " .. io.read())
