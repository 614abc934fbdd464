package export

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// Sheet writes a table that people open in a spreadsheet, and that holds what strangers wrote. It begins with a byte order
// mark, by which Excel knows UTF-8. Every cell is quoted. A cell is a string, a number, a time (ISO 8601, UTC) or nil for
// nothing; a string is guarded by guardedText, so it is not always what was written, for which there is JSON.
func Sheet(w io.Writer, rows [][]any) error {
	out := bufio.NewWriter(w)
	out.WriteString("\ufeff")
	for _, row := range rows {
		for i, cell := range row {
			if i > 0 {
				out.WriteByte(',')
			}
			out.WriteByte('"')
			out.WriteString(strings.ReplaceAll(cellText(cell), `"`, `""`))
			out.WriteByte('"')
		}
		out.WriteString("\r\n") // RFC 4180
	}
	return out.Flush()
}

func cellText(cell any) string {
	switch v := cell.(type) {
	case nil:
		return ""
	case string:
		return guardedText(v)
	case int:
		return strconv.Itoa(v)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case time.Time:
		if v.IsZero() {
			return ""
		}
		return v.UTC().Format(time.RFC3339)
	}
	panic(fmt.Sprintf("export: Sheet: no way to write a %T", cell))
}

// guardedText keeps a spreadsheet from taking text for a formula, by an apostrophe before each character that begins one.
// A cell begins where the text does, and wherever a spreadsheet may split it: many split at semicolons, some at tabs, and then
// a quotation mark inside a line no longer keeps a cell together. Spaces and quotation marks at a cell's beginning are dropped
// by some, so a formula may stand behind them. The characters are those of OWASP's page on CSV injection.
func guardedText(text string) string {
	const (
		separators = ",;|:\t\r\n\v\f\u0085\u2028\u2029"
		skipped    = " \"'`\u00a0\u200b\ufeff"
		formulas   = "=+-@＝＋－＠"
	)
	var b strings.Builder
	begins := true
	for _, c := range text {
		switch {
		case strings.ContainsRune(separators, c):
			begins = true
		case begins && strings.ContainsRune(formulas, c):
			b.WriteByte('\'')
			begins = false
		case !strings.ContainsRune(skipped, c):
			begins = false
		}
		b.WriteRune(c)
	}
	return b.String()
}
