package export

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// notebookFile is a Jupyter notebook: nbformat 4.5, which is the first to want an id for each cell.
type notebookFile struct {
	Cells         []any            `json:"cells"`
	Metadata      notebookMetadata `json:"metadata"`
	Nbformat      int              `json:"nbformat"`
	NbformatMinor int              `json:"nbformat_minor"`
}

type notebookMetadata struct {
	Kernelspec   kernelspec        `json:"kernelspec"`
	LanguageInfo map[string]string `json:"language_info"`
}

type kernelspec struct {
	DisplayName string `json:"display_name"`
	Language    string `json:"language"`
	Name        string `json:"name"`
}

type markdownCell struct {
	CellType string   `json:"cell_type"`
	ID       string   `json:"id"`
	Metadata struct{} `json:"metadata"`
	Source   []string `json:"source"`
}

// codeCell is a cell that has not run: no count, no outputs.
type codeCell struct {
	CellType       string   `json:"cell_type"`
	ExecutionCount *int     `json:"execution_count"`
	ID             string   `json:"id"`
	Metadata       struct{} `json:"metadata"`
	Outputs        []any    `json:"outputs"`
	Source         []string `json:"source"`
}

// Notebook writes the script as a Jupyter notebook: the same code, a few words before each piece of it, and drawings of
// what it prints. Each drawing imports matplotlib itself, so that all else runs without.
func (s Script) Notebook(w io.Writer) error {
	file, err := s.notebook()
	if err != nil {
		return err
	}
	return file.write(w)
}

func (s Script) notebook() (notebookFile, error) {
	file := newNotebook()
	heading := fmt.Sprintf("# %s\n\nThe same experiment, to be tried out: <%s>", strings.TrimSuffix(s.title, "."), s.link)
	file.Cells = append(file.Cells, markdownCell{CellType: "markdown", ID: "heading", Source: sourceLines(heading)})
	for _, c := range s.cells {
		id := strings.ReplaceAll(string(c), " ", "-")
		words, err := s.execute(string(c)+" words", false)
		if err != nil {
			return file, err
		}
		code, err := s.execute(string(c), false)
		if err != nil {
			return file, err
		}
		file.Cells = append(file.Cells,
			markdownCell{CellType: "markdown", ID: id + "-words", Source: sourceLines(words)},
			codeCell{CellType: "code", ID: id, Outputs: []any{}, Source: sourceLines(code)})
		if drawing := string(c) + " drawing"; templates.Lookup(drawing) != nil {
			if code, err = s.execute(drawing, false); err != nil {
				return file, err
			}
			file.Cells = append(file.Cells, codeCell{CellType: "code", ID: id + "-drawing", Outputs: []any{}, Source: sourceLines(code)})
		}
	}
	return file, nil
}

func newNotebook() notebookFile {
	return notebookFile{
		Metadata: notebookMetadata{
			Kernelspec:   kernelspec{DisplayName: "Python 3", Language: "python", Name: "python3"},
			LanguageInfo: map[string]string{"name": "python"},
		},
		Nbformat: 4, NbformatMinor: 5,
	}
}

func (f notebookFile) write(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(f)
}

// sourceLines cuts a text into lines, each with its line break, as notebooks keep them.
func sourceLines(text string) []string { return strings.SplitAfter(text, "\n") }
