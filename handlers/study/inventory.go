package study

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"gradlab/handlers/web"
	"gradlab/lessons"
	"gradlab/views"
)

// Inventory is the page of the concept inventory: its two forms, and, when both are answered, what has changed.
func (s *Pages) Inventory(w http.ResponseWriter, r *http.Request) error {
	forms := s.library.Inventory()
	if forms == nil {
		return web.NotFound
	}
	progress, err := s.answers.Progress(r.Context(), web.EnsureVisitor(w, r))
	if err != nil {
		return err
	}
	view := views.Inventory{Frame: s.frame(r, "What do you believe?", "lessons")}
	done := 0
	for _, form := range forms {
		answered := lessons.Sitting(progress.Guesses[form.Slug]).Done(form)
		if answered {
			done++
		}
		view.Forms = append(view.Forms, views.InventoryForm{Title: form.Title, Href: "/inventory/" + form.Slug, Done: answered, Count: len(form.Predicts())})
	}
	if done == len(forms) {
		ctx, cancel := context.WithTimeout(r.Context(), predictTime)
		defer cancel()
		if view.Rows, err = s.changes(ctx, forms, progress.Guesses); err != nil {
			view.Pending = true
		}
		view.Verdict = inventoryVerdict(view.Rows)
	}
	return web.Render(w, r, http.StatusOK, views.InventoryPage(view))
}

// changes are the topics, with what was answered rightly before and after, and the run that is the key.
func (s *Pages) changes(ctx context.Context, forms []lessons.Lesson, guesses map[string]map[string]string) ([]views.InventoryRow, error) {
	var right [2][]bool // by topic
	for i, form := range forms {
		truths, err := form.Truths(ctx, s.train)
		if err != nil {
			return nil, err
		}
		for _, p := range form.Predicts() {
			right[i] = append(right[i], p.Right(guesses[form.Slug][p.ID], truths[p.ID]))
		}
	}
	var rows []views.InventoryRow
	for i, p := range forms[1].Predicts() {
		rows = append(rows, views.InventoryRow{
			Topic: forms[1].Contents[i].Text, Before: right[0][i], After: right[1][i], MeansHTML: p.RevealHTML,
			Run: views.Link{Label: "See the run", Href: s.labs.Showing(p.Compute.Lab, p.Compute.Query)},
		})
	}
	return rows, nil
}

// inventoryVerdict says in a sentence what has changed.
func inventoryVerdict(rows []views.InventoryRow) string {
	before, after := 0, 0
	for _, row := range rows {
		if row.Before {
			before++
		}
		if row.After {
			after++
		}
	}
	switch {
	case len(rows) == 0:
		return ""
	case after > before:
		return fmt.Sprintf("Before: %d of %d right. Now: %d.", before, len(rows), after)
	case after == before && before == len(rows):
		return fmt.Sprintf("All %d right, before and now.", before)
	case after == before:
		return fmt.Sprintf("%d of %d right, before and now. The rows below say where to look.", before, len(rows))
	}
	return fmt.Sprintf("Before: %d of %d right. Now: %d. The rows below say where to look again.", before, len(rows), after)
}

// InventoryFormAt is the form that an address names.
func (s *Pages) InventoryFormAt(r *http.Request) (lessons.Lesson, error) {
	forms := s.library.Inventory()
	i := slices.IndexFunc(forms, func(l lessons.Lesson) bool { return l.Slug == web.Path(r, "form") })
	if i < 0 {
		return lessons.Lesson{}, web.NotFound
	}
	return forms[i], nil
}

// InventoryForm shows the questions of a form; one that was handed in stays as it is.
func (s *Pages) InventoryForm(w http.ResponseWriter, r *http.Request, form lessons.Lesson) error {
	progress, err := s.answers.Progress(r.Context(), web.EnsureVisitor(w, r))
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, views.InventoryFormPage(s.inventorySheet(r, form, progress.Guesses[form.Slug], false)))
}

// HandInInventory keeps the answers of a form, all at once. Where they cannot be kept, they stay chosen.
func (s *Pages) HandInInventory(w http.ResponseWriter, r *http.Request, form lessons.Lesson) error {
	sitting := lessons.Sitting{}
	for _, p := range form.Predicts() {
		if guess, err := p.Guess(web.Form(r).Get(p.ID)); err == nil {
			sitting[p.ID] = guess
		}
	}
	if !sitting.Done(form) {
		return web.Render(w, r, http.StatusUnprocessableEntity, views.InventoryFormPage(s.inventorySheet(r, form, sitting, true)))
	}
	if _, err := s.keep(w, r, web.Writing, func(owner string) error {
		return s.answers.Predict(r.Context(), owner, form.Slug, sitting)
	}); err != nil {
		refused := s.refusal(r, err, "What you chose is still here")
		sheet := s.inventorySheet(r, form, sitting, true)
		sheet.Error = refused.message
		web.RetryLater(w, &web.Problem{Status: refused.status})
		return web.Render(w, r, refused.status, views.InventoryFormPage(sheet))
	}
	http.Redirect(w, r, "/inventory", http.StatusSeeOther)
	return nil
}

// inventorySheet is a form with what is chosen; with wanting, what is not is marked.
func (s *Pages) inventorySheet(r *http.Request, form lessons.Lesson, chosen lessons.Sitting, wanting bool) views.InventorySheet {
	sheet := views.InventorySheet{Frame: s.frame(r, form.Title, "lessons"), Action: "/inventory/" + form.Slug, Title: form.Title, HookHTML: form.HookHTML, Done: !wanting && chosen.Done(form)}
	for _, p := range form.Predicts() {
		item := views.InventoryItem{ID: p.ID, QuestionHTML: p.QuestionHTML, Chosen: chosen[p.ID]}
		for _, c := range p.Choices {
			item.Choices = append(item.Choices, c.Says)
		}
		if wanting && item.Chosen == "" {
			item.Error = "Choose one of the answers; a guess will do."
		}
		sheet.Items = append(sheet.Items, item)
	}
	return sheet
}
