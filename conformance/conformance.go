// Package conformance is what this site conforms to: its accessibility conformance report in OpenACR, from which the page /accessibility is
// made, and which programs read as it is.
package conformance

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
)

//go:embed openacr.yaml
var text string

// A Report says for each criterion how far it is met. Its yaml form is that of OpenACR, schema 0.1.0.
type Report struct {
	Title      string   `yaml:"title"`
	Product    Product  `yaml:"product"`
	Author     Contact  `yaml:"author"`
	Vendor     Contact  `yaml:"vendor"`
	ReportDate string   `yaml:"report_date"`
	Modified   string   `yaml:"last_modified_date"`
	Version    int      `yaml:"version"`
	Notes      string   `yaml:"notes"`
	Methods    string   `yaml:"evaluation_methods_used"`
	License    string   `yaml:"license"`
	Catalog    string   `yaml:"catalog"`
	Chapters   Chapters `yaml:"chapters"`
}

// A Product is what the report is about.
type Product struct {
	Name        string `yaml:"name"`
	Version     string `yaml:"version"`
	Description string `yaml:"description"`
}

// A Contact is who answers for the report.
type Contact struct {
	Name  string `yaml:"name"`
	Email string `yaml:"email"`
}

// Chapters are the levels of WCAG.
type Chapters struct {
	A   Chapter `yaml:"success_criteria_level_a"`
	AA  Chapter `yaml:"success_criteria_level_aa"`
	AAA Chapter `yaml:"success_criteria_level_aaa"`
}

// A Chapter is the criteria of one level; a disabled one is not reported on.
type Chapter struct {
	Disabled bool        `yaml:"disabled"`
	Criteria []Criterion `yaml:"criteria"`
}

// A Criterion is one of WCAG's.
type Criterion struct {
	Num        string      `yaml:"num"`
	Components []Component `yaml:"components"`
}

// Name is what WCAG calls it.
func (c Criterion) Name() string { return criteria[c.Num] }

// A Component is how far the web, which is all that this product is, meets a criterion.
type Component struct {
	Name      string `yaml:"name"`
	Adherence struct {
		Level Level  `yaml:"level"`
		Notes string `yaml:"notes"`
	} `yaml:"adherence"`
}

// Count is how many criteria of A and AA are met to that degree.
func (r Report) Count(l Level) (n int) {
	for _, chapter := range []Chapter{r.Chapters.A, r.Chapters.AA} {
		for _, c := range chapter.Criteria {
			if c.Components[0].Adherence.Level == l {
				n++
			}
		}
	}
	return n
}

// A Level is how far a criterion is met.
type Level string

// The levels of OpenACR's catalogs.
const (
	Supports          Level = "supports"
	PartiallySupports Level = "partially-supports"
	DoesNotSupport    Level = "does-not-support"
	NotApplicable     Level = "not-applicable"
	NotEvaluated      Level = "not-evaluated"
)

var words = map[Level]string{
	Supports: "met", PartiallySupports: "met in part", DoesNotSupport: "not met", NotApplicable: "does not apply", NotEvaluated: "not evaluated",
}

// Words are what people read.
func (l Level) Words() string { return words[l] }

// noContact stands where whoever runs a site has given no address.
const noContact = "to be filled in by whoever runs this site: GRADLAB_CONTACT"

// YAML is the report of a version of this program, with the address of whoever runs the site, "" where nobody has given one. Neither has
// quotes or backslashes.
func YAML(version, contact string) string {
	if contact == "" {
		contact = noContact
	}
	return strings.NewReplacer("{version}", version, "{contact}", contact).Replace(text)
}

// Accessibility is the report as it comes, without the version and the address.
var Accessibility = sync.OnceValue(func() Report {
	r, err := parse(text)
	if err != nil {
		panic(fmt.Sprintf("conformance: openacr.yaml: %v", err)) // a bug in an embedded file
	}
	return r
})

func parse(text string) (r Report, err error) {
	err = yaml.UnmarshalWithOptions([]byte(text), &r, yaml.Strict())
	return r, err
}
