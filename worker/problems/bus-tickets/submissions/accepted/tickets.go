package main

import (
	"bufio"
	"fmt"
	"os"
)

var in = bufio.NewReaderSize(os.Stdin, 1<<16)

func number() int {
	value := 0
	b, err := in.ReadByte()
	for err == nil && (b < '0' || b > '9') {
		b, err = in.ReadByte()
	}
	for err == nil && b >= '0' && b <= '9' {
		value = value*10 + int(b-'0')
		b, err = in.ReadByte()
	}
	return value
}

func main() {
	n, d := number(), number()
	type card struct{ end, bought int }
	cards := make(map[int]card, n)
	all := 0
	for ; n > 0; n-- {
		t, c := number(), number()
		if now := cards[c]; now.bought == 0 || now.end <= t {
			cards[c] = card{t + d, now.bought + 1}
			all++
		}
	}
	best, most := 0, 0
	for c, now := range cards {
		if now.bought > most || now.bought == most && c < best {
			best, most = c, now.bought
		}
	}
	fmt.Println(all)
	fmt.Println(best, most)
}
