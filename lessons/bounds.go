package lessons

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"
)

// A folder of lessons may come from anywhere, and its parsers take time by the square of some texts, and memory and stack by
// their depth. So what they are given is bounded first: with these bounds no folder takes more than some seconds.
const (
	maxFile    = 128 << 10 // bytes of a content file
	maxFolder  = 4 << 20   // bytes of all content files of a folder
	maxPattern = 500       // content files of a kind in a folder
	maxBlock   = 8000      // bytes of Markdown between two empty lines: emphasis and links are matched within
	maxDepth   = 24        // lists and groups of YAML within one another
	maxIndent  = 120       // columns before the first word of a line: each may begin a list within a list
)

// readFile reads a content file. Its size is known before it is read, and nothing but a file is opened. The error is fs.ErrNotExist
// or a *FileError.
func readFile(fsys fs.FS, file string) ([]byte, error) {
	info, err := fs.Stat(fsys, file)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &FileError{file, 0, "is not a file"}
	}
	if info.Size() > maxFile {
		return nil, &FileError{file, 0, fmt.Sprintf("has %d bytes, want at most %d", info.Size(), maxFile)}
	}
	f, err := fsys.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	source, err := io.ReadAll(io.LimitReader(f, maxFile+1)) // it may have grown
	if err == nil && len(source) > maxFile {
		err = &FileError{file, 0, fmt.Sprintf("has more than %d bytes", maxFile)}
	}
	return source, err
}

// A folderSize adds up what is read of a folder.
type folderSize struct {
	fs.FS
	read int64
}

// Stat lets nothing be read beyond maxFolder: what reads a file asks first.
func (f *folderSize) Stat(name string) (fs.FileInfo, error) {
	info, err := fs.Stat(f.FS, name)
	if err != nil || !info.Mode().IsRegular() {
		return info, err
	}
	if f.read += info.Size(); f.read > maxFolder {
		return nil, &FileError{name, 0, fmt.Sprintf("with this the folder has more than %d bytes of content", maxFolder)}
	}
	return info, nil
}

// boundYAML says what of a YAML text goes beyond the bounds, with its line from 1; "" where nothing does.
func boundYAML(text []byte) (line int, reason string) {
	for i, l := range bytes.Split(text, []byte("\n")) {
		// Each of these begins something within what is before it on the line.
		if begun := len(l) - len(bytes.TrimLeft(l, " \t-?:")); begun > maxIndent {
			return i + 1, fmt.Sprintf("begins with %d blanks and dashes, want at most %d", begun, maxIndent)
		}
	}
	depth := 0
	for _, t := range lexer.Tokenize(string(text)) {
		switch t.Type {
		case token.AnchorType, token.AliasType, token.MergeKeyType:
			return t.Position.Line, "holds an anchor or an alias (& or *), which is not read here: write the text out, or put it between quotes"
		case token.SequenceStartType, token.MappingStartType:
			if depth++; depth > maxDepth {
				return t.Position.Line, fmt.Sprintf("opens more than %d brackets within one another", maxDepth)
			}
		case token.SequenceEndType, token.MappingEndType:
			depth--
		}
	}
	return 0, ""
}

// boundMarkdown says what of a Markdown text goes beyond the bounds, as boundYAML does.
func boundMarkdown(text []byte) (line int, reason string) {
	size, start := 0, 1
	for i, l := range strings.Split(string(text), "\n") {
		if strings.TrimSpace(l) == "" {
			size, start = 0, i+2
			continue
		}
		if begun := len(l) - len(strings.TrimLeft(l, " \t>-*+0123456789.)")); begun > maxIndent {
			return i + 1, fmt.Sprintf("begins with %d signs of lists and quotations, want at most %d", begun, maxIndent)
		}
		if size += len(l) + 1; size > maxBlock {
			return start, fmt.Sprintf("has more than %d bytes without an empty line", maxBlock)
		}
	}
	return 0, ""
}
