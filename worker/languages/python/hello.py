print("hello, " + input())
