package lessons

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// A document is a content file taken apart: YAML front matter between two lines of ---, then Markdown.
// Questions and lessons share it.
type document struct {
	file     string
	front    *ast.File
	body     []byte
	bodyLine int // the line of the file on which body starts
}

// frontLine is the line of the file on which the YAML starts, below the first ---.
const frontLine = 2

// readDocument reads a file and parses its front matter. Line ends become \n and a byte order mark is
// dropped. Its errors are of type *FileError.
func readDocument(fsys fs.FS, file string) (*document, error) {
	source, err := readFile(fsys, file)
	if err != nil {
		return nil, fileFault(file, err)
	}
	source = bytes.TrimPrefix(source, []byte("\ufeff"))
	source = bytes.ReplaceAll(source, []byte("\r\n"), []byte("\n"))
	for i, line := range bytes.Split(source, []byte("\n")) {
		if !utf8.Valid(line) || bytes.IndexByte(line, 0) >= 0 {
			return nil, &FileError{file, i + 1, "holds bytes that are not text (UTF-8)"}
		}
	}
	rest, found := bytes.CutPrefix(source, []byte("---\n"))
	if !found {
		return nil, &FileError{file, 1, "does not start with front matter: want a line of ---"}
	}
	front, body, found := bytes.Cut(append([]byte("\n"), rest...), []byte("\n---\n"))
	if !found {
		return nil, &FileError{file, 1, "front matter does not end: want a second line of ---"}
	}
	front = bytes.TrimPrefix(front, []byte("\n"))
	d := &document{file: file, body: body, bodyLine: frontLine + bytes.Count(front, []byte("\n")) + 2}
	if line, reason := boundYAML(front); reason != "" {
		return nil, &FileError{file, line + frontLine - 1, reason}
	}
	if line, reason := boundMarkdown(body); reason != "" {
		return nil, &FileError{file, line + d.bodyLine - 1, reason}
	}
	if d.front, err = parser.ParseBytes(front, 0); err != nil {
		return nil, d.yamlFault(err)
	}
	return d, nil
}

// fileFault names the file that could not be read, where the error does not yet.
func fileFault(file string, err error) error {
	var fault *FileError
	if errors.As(err, &fault) {
		return fault
	}
	return &FileError{file, 0, cause(err)}
}

// cause unwraps the path from an error of package fs: FileError names the file already.
func cause(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}

// decode fills v, a pointer to a struct with yaml tags, from the front matter. A field that v lacks is
// an error.
func (d *document) decode(v any) error {
	if len(d.front.Docs) == 0 || d.front.Docs[0].Body == nil {
		return &FileError{d.file, frontLine, "front matter is empty"}
	}
	if len(d.front.Docs) > 1 {
		return &FileError{d.file, frontLine, "front matter holds more than one YAML document"}
	}
	if err := yaml.NodeToValue(d.front.Docs[0].Body, v, yaml.Strict()); err != nil {
		return d.yamlFault(err)
	}
	return nil
}

func (d *document) yamlFault(err error) *FileError {
	line, reason := yamlReason(err)
	if line > 0 {
		line += frontLine - 1
	}
	return &FileError{d.file, line, reason}
}

// fault returns an error at the place of the front matter that path names ("$.concepts[2].id"), or, where
// that is missing, at the nearest place around it.
func (d *document) fault(path, format string, args ...any) *FileError {
	reason := fmt.Sprintf(format, args...)
	for ; path != "$" && path != ""; path = path[:max(0, bytes.LastIndexAny([]byte(path), ".["))] {
		at, err := yaml.PathString(path)
		if err != nil {
			continue
		}
		if node, err := at.FilterFile(d.front); err == nil && node.GetToken() != nil {
			return &FileError{d.file, node.GetToken().Position.Line + frontLine - 1, reason}
		}
	}
	return &FileError{d.file, 1, reason}
}

// lineAt returns the line of the file that holds an offset of body.
func (d *document) lineAt(offset int) int {
	return d.bodyLine + bytes.Count(d.body[:offset], []byte("\n"))
}
