package lessons

import (
	"errors"
	"io/fs"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/parser"

	"gradlab/lessons/hint"
)

// readRubric reads the rules by which a question's concepts are found in an answer; see package hint.
// A file that is missing gives a nil Rubric, which finds nothing.
func readRubric(fsys fs.FS, q Question, file string) (*hint.Rubric, error) {
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
	ids := make([]string, len(q.Concepts))
	for i, c := range q.Concepts {
		ids[i] = c.ID
	}
	rubric, err := hint.ParseRubric(source, q.Title, ids)
	if err == nil {
		return rubric, nil
	}
	var rule *hint.RuleError
	if !errors.As(err, &rule) {
		line, reason := yamlReason(err)
		return nil, &FileError{file, line, reason}
	}
	fault := &FileError{file, 0, rule.Reason}
	if tree, err := parser.ParseBytes(source, 0); err == nil {
		if at, err := yaml.PathString(rule.Path); err == nil {
			if node, err := at.FilterFile(tree); err == nil && node.GetToken() != nil {
				fault.Line = node.GetToken().Position.Line
			}
		}
	}
	return nil, fault
}
