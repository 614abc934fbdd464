package lessons

import (
	"errors"
	"io/fs"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/parser"

	"gradlab/lessons/hint"
)

// readRubric reads the rules by which some ids are found in an answer to a question; see package hint.
// A file that is missing gives a nil Rubric, which finds nothing.
func readRubric(fsys fs.FS, file, question string, ids []string) (*hint.Rubric, error) {
	source, err := readFile(fsys, file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fileFault(file, err)
	}
	if line, reason := boundYAML(source); reason != "" {
		return nil, &FileError{file, line, reason}
	}
	rubric, err := hint.ParseRubric(source, question, ids)
	if err == nil {
		return rubric, nil
	}
	var rule *hint.RuleError
	if !errors.As(err, &rule) {
		line, reason := yamlReason(err)
		return nil, &FileError{file, line, reason}
	}
	return nil, &FileError{file, lineOf(source, rule.Path), rule.Reason}
}

// lineOf is the line of what stands at a path of a YAML text; 0 where nothing does.
func lineOf(source []byte, path string) int {
	tree, err := parser.ParseBytes(source, 0)
	if err != nil {
		return 0
	}
	at, err := yaml.PathString(path)
	if err != nil {
		return 0
	}
	node, err := at.FilterFile(tree)
	if err != nil || node.GetToken() == nil {
		return 0
	}
	return node.GetToken().Position.Line
}
