package handlers

import (
	"fmt"
	"strings"
	"testing"

	"gradlab/conformance"
)

// The page about accessibility says of each criterion what the report does, what is lacking first, and whom to tell; programs get the report.
func TestAccessibilityPage(t *testing.T) {
	site := newSite(t, func(c *Config) { c.Contact = "lab@example.edu" })
	visitor := site.client(t)
	page := site.do(t, visitor, "GET", "/accessibility", nil)
	page.wants(t, 200, `<a href="mailto:lab@example.edu">`, "whoever runs this site")
	report := conformance.Accessibility()
	for _, chapter := range []conformance.Chapter{report.Chapters.A, report.Chapters.AA} {
		for _, c := range chapter.Criteria {
			got := c.Components[0].Adherence
			if row := fmt.Sprintf(`<th scope="row">%s %s</th><td>%s</td>`, c.Num, c.Name(), got.Level.Words()); strings.Count(page.body, row) != 1 {
				t.Errorf("the page lacks %s", row)
			}
			lacks := strings.Contains(page.body, "<b>"+c.Num+" ")
			if met := got.Level == conformance.Supports || got.Level == conformance.NotApplicable; lacks == met {
				t.Errorf("%s is %s, and among what is lacking: %t", c.Num, got.Level, lacks)
			}
		}
	}
	if sum := fmt.Sprintf("%d are met, %d in part, %d are not, and %d do not apply", report.Count(conformance.Supports), report.Count(conformance.PartiallySupports), report.Count(conformance.DoesNotSupport), report.Count(conformance.NotApplicable)); !strings.Contains(page.body, sum) {
		t.Errorf("the page does not say %q", sum)
	}
	got := site.do(t, visitor, "GET", "/accessibility/openacr.yaml", nil)
	got.wants(t, 200, `email: "lab@example.edu"`, "{")
	if !strings.HasPrefix(got.header.Get("Content-Type"), "application/yaml") || !strings.Contains(got.body, `version: "test"`) {
		t.Errorf("the report: %v %.300s", got.header, got.body)
	}
	bare := newSite(t)
	bare.do(t, bare.client(t), "GET", "/accessibility", nil).wants(t, 200, "Tell whoever runs this site", "mailto:")
	bare.do(t, bare.client(t), "GET", "/about", nil).wants(t, 200, `href="/accessibility"`, "")
}
