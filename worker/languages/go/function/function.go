// What a solution finds around it, and how its tests are read and its answers written.

package main

import (
	"io"
	"math"
	"os"
	"strconv"
	"syscall"
	"unicode/utf8"
)

type ListNode struct {
	Val  int
	Next *ListNode
}

type TreeNode struct {
	Val   int
	Left  *TreeNode
	Right *TreeNode
}

// More nodes than this are a ring.
const kitNodesMax = 10000000

func kitFail(what string) {
	os.Stderr.WriteString(what + "\n")
	os.Exit(1)
}

// The arguments, which come in one form only: JSON without blanks, a line a value.
type kitReader struct {
	data []byte
	at   int
}

func kitInput() *kitReader {
	data, err := io.ReadAll(os.Stdin)
	if err != nil {
		kitFail("the input cannot be read")
	}
	return &kitReader{data: data}
}

func (in *kitReader) peek() byte {
	if in.at < len(in.data) {
		return in.data[in.at]
	}
	return 0
}

func (in *kitReader) skip(c byte) {
	if in.peek() == c {
		in.at++
	}
}

func (in *kitReader) word() string {
	from := in.at
	for in.at < len(in.data) {
		c := in.data[in.at]
		if c == ',' || c == ']' || c == '\n' || c == '"' {
			break
		}
		in.at++
	}
	return string(in.data[from:in.at])
}

func kitLine[T any](in *kitReader, read func(*kitReader) T) T {
	value := read(in)
	in.skip('\n')
	return value
}

func kitItem[T any](in *kitReader, read func(*kitReader) T) T {
	value := read(in)
	in.skip(',')
	return value
}

func kitReadSlice[T any](read func(*kitReader) T) func(*kitReader) []T {
	return func(in *kitReader) []T {
		values := []T{}
		in.skip('[')
		for in.at < len(in.data) && in.peek() != ']' {
			values = append(values, read(in))
			in.skip(',')
		}
		in.skip(']')
		return values
	}
}

func kitRead_long(in *kitReader) int64 {
	negative := in.peek() == '-'
	in.skip('-')
	var value uint64
	for c := in.peek(); c >= '0' && c <= '9'; c = in.peek() {
		value = 10*value + uint64(c-'0')
		in.at++
	}
	if negative {
		value = -value
	}
	return int64(value)
}

func kitRead_integer(in *kitReader) int {
	return int(kitRead_long(in))
}

func kitRead_double(in *kitReader) float64 {
	in.skip('"')
	value, _ := strconv.ParseFloat(in.word(), 64)
	in.skip('"')
	return value
}

func kitRead_boolean(in *kitReader) bool {
	return in.word() == "true"
}

func (in *kitReader) hex() rune {
	end := in.at + 4
	if end > len(in.data) {
		end = len(in.data)
	}
	code, _ := strconv.ParseUint(string(in.data[in.at:end]), 16, 32)
	in.at = end
	return rune(code)
}

func (in *kitReader) escaped(text []byte) []byte {
	c := in.peek()
	in.at++
	switch c {
	case 'b':
		return append(text, '\b')
	case 'f':
		return append(text, '\f')
	case 'n':
		return append(text, '\n')
	case 'r':
		return append(text, '\r')
	case 't':
		return append(text, '\t')
	case 'u':
		code := in.hex()
		if code >= 0xD800 && code < 0xDC00 && in.peek() == '\\' {
			in.at += 2
			code = 0x10000 + (code-0xD800)<<10 + (in.hex() & 0x3FF)
		}
		return utf8.AppendRune(text, code)
	}
	return append(text, c)
}

func kitRead_string(in *kitReader) string {
	var text []byte
	in.skip('"')
	for in.at < len(in.data) {
		c := in.data[in.at]
		in.at++
		if c == '"' {
			break
		}
		if c == '\\' {
			text = in.escaped(text)
		} else {
			text = append(text, c)
		}
	}
	return string(text)
}

func kitRead_character(in *kitReader) byte {
	text := kitRead_string(in)
	if text == "" {
		return 0
	}
	return text[0]
}

func kitRead_ListNode(in *kitReader) *ListNode {
	var head *ListNode
	last := &head
	for _, value := range kitReadSlice(kitRead_integer)(in) {
		*last = &ListNode{Val: value}
		last = &(*last).Next
	}
	return head
}

func kitRead_TreeNode(in *kitReader) *TreeNode {
	var root *TreeNode
	places := []**TreeNode{&root}
	in.skip('[')
	for next := 0; in.at < len(in.data) && in.peek() != ']' && next < len(places); next++ {
		if word := in.word(); word != "null" {
			value, _ := strconv.Atoi(word)
			node := &TreeNode{Val: value}
			*places[next] = node
			places = append(places, &node.Left, &node.Right)
		}
		in.skip(',')
	}
	in.skip(']')
	return root
}

// An answer, and the time that it took.
type kitWriter struct {
	nonce   string
	answers *os.File
	json    []byte
	began   int64
	took    int64
}

func kitOutput() *kitWriter {
	return &kitWriter{nonce: os.Args[1], answers: os.NewFile(3, "answers")}
}

func kitNow() int64 {
	var usage syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return (usage.Utime.Nano() + usage.Stime.Nano()) / 1000
}

func (out *kitWriter) begin() {
	out.began = kitNow()
}

func (out *kitWriter) end() {
	out.took += kitNow() - out.began
}

func (out *kitWriter) text(text string) {
	out.json = append(out.json, text...)
}

func (out *kitWriter) finish() {
	line := out.nonce + " " + strconv.FormatInt(out.took, 10) + " "
	whole := append(append([]byte(line), out.json...), '\n')
	if _, err := os.Stdout.WriteString(out.nonce + "\n"); err != nil {
		os.Exit(1)
	}
	if _, err := out.answers.Write(whole); err != nil {
		os.Exit(1)
	}
	out.json = out.json[:0]
	out.took = 0
}

func kitWriteSlice[T any](write func(*kitWriter, T)) func(*kitWriter, []T) {
	return func(out *kitWriter, values []T) {
		out.text("[")
		for index, value := range values {
			if index > 0 {
				out.text(",")
			}
			write(out, value)
		}
		out.text("]")
	}
}

func kitWrite_integer(out *kitWriter, value int) {
	out.json = strconv.AppendInt(out.json, int64(value), 10)
}

func kitWrite_long(out *kitWriter, value int64) {
	out.json = strconv.AppendInt(out.json, value, 10)
}

func kitWrite_double(out *kitWriter, value float64) {
	switch {
	case math.IsNaN(value):
		out.text(`"NaN"`)
	case math.IsInf(value, 1):
		out.text(`"Infinity"`)
	case math.IsInf(value, -1):
		out.text(`"-Infinity"`)
	default:
		out.json = strconv.AppendFloat(out.json, value, 'g', -1, 64)
	}
}

func kitWrite_boolean(out *kitWriter, value bool) {
	out.json = strconv.AppendBool(out.json, value)
}

func kitWrite_string(out *kitWriter, value string) {
	const digits = "0123456789abcdef"
	out.text(`"`)
	for index := 0; index < len(value); index++ {
		c := value[index]
		if c < 0x20 {
			out.json = append(out.json, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
			continue
		}
		if c == '"' || c == '\\' {
			out.text(`\`)
		}
		out.json = append(out.json, c)
	}
	out.text(`"`)
}

func kitWrite_character(out *kitWriter, value byte) {
	kitWrite_string(out, string([]byte{value}))
}

func kitWrite_ListNode(out *kitWriter, node *ListNode) {
	out.text("[")
	for count := 0; node != nil; node = node.Next {
		if count++; count > kitNodesMax {
			kitFail("The list that was returned has no end.")
		}
		if count > 1 {
			out.text(",")
		}
		kitWrite_integer(out, node.Val)
	}
	out.text("]")
}

func kitWrite_TreeNode(out *kitWriter, root *TreeNode) {
	out.text("[")
	// Where the last node ends: there are no nulls behind it.
	end := len(out.json)
	var level []*TreeNode
	if root != nil {
		level = append(level, root)
	}
	for next := 0; next < len(level); next++ {
		node := level[next]
		level[next] = nil
		if next > 0 {
			out.text(",")
		}
		if node == nil {
			out.text("null")
			continue
		}
		if next > 2*kitNodesMax {
			kitFail("The tree that was returned has no end.")
		}
		kitWrite_integer(out, node.Val)
		end = len(out.json)
		level = append(level, node.Left, node.Right)
	}
	out.json = out.json[:end]
	out.text("]")
}
