package lessons

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
)

// A FileError says what is wrong in a content file, and where.
type FileError struct {
	File   string // slash-separated, within the folder that was loaded
	Line   int    // from 1; 0 where the whole file is meant
	Reason string
}

func (e *FileError) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.Reason
	}
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Reason)
}

// A LoadError lists everything that Load found wrong, in the order of the files.
type LoadError []*FileError

func (e LoadError) Error() string {
	lines := make([]string, len(e))
	for i, fault := range e {
		lines[i] = fault.Error()
	}
	return strings.Join(lines, "\n")
}

// yamlReason returns the line within the YAML text (0 where unknown) and the reason of an error of the
// YAML library, in words that fit an author who has never seen the Go types behind the front matter.
func yamlReason(err error) (line int, reason string) {
	var located yaml.Error
	if !errors.As(err, &located) {
		return 0, err.Error()
	}
	if token := located.GetToken(); token != nil && token.Position != nil {
		line = token.Position.Line
	}
	if wrong, ok := located.(*yaml.TypeError); ok {
		return line, fmt.Sprintf("is a %s, want a %s", yamlKind(wrong.SrcType.Kind().String()), yamlKind(wrong.DstType.Kind().String()))
	}
	return line, located.GetMessage()
}

// yamlKind names a kind of Go value as an author of front matter would.
func yamlKind(kind string) string {
	switch {
	case strings.HasPrefix(kind, "int"), strings.HasPrefix(kind, "uint"):
		return "whole number"
	case strings.HasPrefix(kind, "float"):
		return "number"
	case kind == "string":
		return "text"
	case kind == "slice":
		return "list"
	case kind == "struct", kind == "map":
		return "group of fields"
	}
	return kind
}
