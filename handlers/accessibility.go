package handlers

import (
	"net/http"

	"gradlab/conformance"
	"gradlab/handlers/web"
	"gradlab/views"
)

// accessibility says how far the site meets WCAG, by its report.
func (s *site) accessibility(w http.ResponseWriter, r *http.Request) error {
	report := conformance.Accessibility()
	page := views.Accessibility{
		Frame: web.Frame(r, "Accessibility", "about"), Contact: s.Contact, Notes: report.Notes, Methods: report.Methods, Date: report.ReportDate,
		Met: report.Count(conformance.Supports), InPart: report.Count(conformance.PartiallySupports), NotMet: report.Count(conformance.DoesNotSupport), Apart: report.Count(conformance.NotApplicable),
	}
	for i, chapter := range []conformance.Chapter{report.Chapters.A, report.Chapters.AA} {
		level := views.AccessibilityLevel{Name: []string{"A", "AA"}[i]}
		for _, c := range chapter.Criteria {
			got := c.Components[0].Adherence
			row := views.AccessibilityRow{Num: c.Num, Name: c.Name(), Says: got.Level.Words(), Notes: got.Notes}
			level.Rows = append(level.Rows, row)
			if got.Level == conformance.PartiallySupports || got.Level == conformance.DoesNotSupport {
				page.Lacks = append(page.Lacks, row)
			}
		}
		page.Levels = append(page.Levels, level)
	}
	return web.Render(w, r, http.StatusOK, views.AccessibilityPage(page))
}

// openACR is the report for programs.
func (s *site) openACR(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "application/yaml; charset=utf-8")
	w.Write([]byte(conformance.YAML(s.Version, s.Contact)))
	return nil
}
