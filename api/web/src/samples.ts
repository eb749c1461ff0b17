// A first program for each language, found by the first word of its name ("C++ (g++ 12.2.0)" -> "C++").

const kSamples: Record<string, string> = {
  Assembly: `section .data
    text db "Hello!", 10
    length equ $ - text

section .text
    global _start
_start:
    mov rax, 1
    mov rdi, 1
    mov rsi, text
    mov rdx, length
    syscall
    mov rax, 60
    xor rdi, rdi
    syscall
`,
  Bash: `read -r name
echo "Hello, \${name:-world}!"
`,
  C: `#include <stdio.h>

int main(void) {
    char name[64] = "world";
    scanf("%63s", name);
    printf("Hello, %s!\\n", name);
    return 0;
}
`,
  "C++": `#include <iostream>
#include <string>

int main() {
    std::string name;
    if (!std::getline(std::cin, name)) name = "world";
    std::cout << "Hello, " << name << "!\\n";
}
`,
  "C#": `using System;

class Program {
    static void Main() {
        string name = Console.ReadLine();
        Console.WriteLine("Hello, " + (string.IsNullOrEmpty(name) ? "world" : name) + "!");
    }
}
`,
  D: `import std.stdio;

void main() {
    writeln("Hello!");
}
`,
  Fortran: `program hello
  print '(A)', 'Hello!'
end program hello
`,
  Go: `package main

import "fmt"

func main() {
	name := "world"
	fmt.Scanln(&name)
	fmt.Printf("Hello, %s!\\n", name)
}
`,
  Haskell: `main :: IO ()
main = do
  input <- getContents
  let name = if null input then "world" else head (lines input)
  putStrLn ("Hello, " ++ name ++ "!")
`,
  Java: `import java.util.Scanner;

public class Main {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        String name = in.hasNextLine() ? in.nextLine() : "world";
        System.out.println("Hello, " + name + "!");
    }
}
`,
  JavaScript: `const input = require("fs").readFileSync(0, "utf8").trim();
console.log(\`Hello, \${input || "world"}!\`);
`,
  Kotlin: `fun main() {
    val name = readLine().orEmpty().ifEmpty { "world" }
    println("Hello, $name!")
}
`,
  Lua: `local name = io.read("l")
print("Hello, " .. (name or "world") .. "!")
`,
  OCaml: `let () =
  let name = try read_line () with End_of_file -> "world" in
  print_endline ("Hello, " ^ name ^ "!")
`,
  Pascal: `program Hello;
begin
  WriteLn('Hello!');
end.
`,
  Perl: `my $name = <STDIN> // "world";
chomp $name;
print "Hello, $name!\\n";
`,
  PHP: `<?php
$name = trim(fgets(STDIN) ?: "world");
echo "Hello, $name!\\n";
`,
  Plain: `Hello!
`,
  Python: `import sys

name = sys.stdin.readline().strip() or "world"
print(f"Hello, {name}!")
`,
  R: `name <- readLines("stdin", n = 1)
if (length(name) == 0) name <- "world"
cat("Hello, ", name, "!\\n", sep = "")
`,
  Ruby: `name = (gets || "world").chomp
puts "Hello, #{name}!"
`,
  Rust: `use std::io;

fn main() {
    let mut line = String::new();
    io::stdin().read_line(&mut line).unwrap();
    let name = if line.trim().is_empty() { "world" } else { line.trim() };
    println!("Hello, {name}!");
}
`,
  Scala: `object Main {
  def main(args: Array[String]): Unit = {
    val name = Option(scala.io.StdIn.readLine()).getOrElse("world")
    println(s"Hello, $name!")
  }
}
`,
  SQL: `SELECT 'Hello!';
`,
  Swift: `let name = readLine() ?? "world"
print("Hello, \\(name)!")
`,
  TypeScript: `const greeting: string = "Hello!";
console.log(greeting);
`,
};

/** The first word of a language's name, which says what family it is of. */
export function familyOf(languageName: string): string {
  return languageName.split(/[\s(]/, 1)[0] ?? "";
}

/** An empty text for a language we have no sample of. */
export function sampleFor(languageName: string): string {
  return kSamples[familyOf(languageName)] ?? "";
}
