package main

import "errors"

func countDown(start int) int {
	if start == 0 {
		panic(errors.New("there is nothing below zero"))
	}
	return start - 1
}
