package study

import (
	"net/http"

	"gradlab/answers"
	"gradlab/audit"
	"gradlab/handlers/web"
	"gradlab/views"
)

// Privacy says what is kept, why, and until when, from what the store says of its tables.
func (s *Pages) Privacy(w http.ResponseWriter, r *http.Request) error {
	page := views.Privacy{Frame: web.Frame(r, "What is kept", "about"), BackupDays: s.backupDays}
	for _, t := range s.answers.Kept() {
		table := views.KeptTable{Name: t.Name, What: t.What, Until: t.Until, Yours: t.Of != answers.OfSite}
		for _, c := range t.Columns {
			table.Columns = append(table.Columns, views.KeptColumn{Name: c.Name, Why: c.Why, Apart: table.Yours && c.Apart})
		}
		page.Tables = append(page.Tables, table)
	}
	return web.Render(w, r, http.StatusOK, views.PrivacyPage(page))
}

// Everything is all that is kept of a visitor, as one file.
func (s *Pages) Everything(w http.ResponseWriter, r *http.Request) error {
	all := answers.Everything{}
	if owner := web.Visitor(r); owner != "" {
		var err error
		if all, err = s.answers.Everything(r.Context(), owner); err != nil {
			return err
		}
		s.answers.Tell(r.Context(), audit.DataExported, "", "")
	}
	web.Attach(w, "everything.json")
	return web.WriteJSON(w, http.StatusOK, all)
}
