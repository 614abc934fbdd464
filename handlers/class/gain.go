package class

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"gradlab/classroom"
	"gradlab/handlers/board"
	"gradlab/handlers/web"
	"gradlab/lessons"
	"gradlab/views"
)

// gainTime is how long the page may wait for the runs that hold the keys.
const gainTime = 5 * time.Second

// Gain is what the class answered in the concept inventory, before and after, without names.
func (s *Pages) Gain(w http.ResponseWriter, r *http.Request, c classroom.Class) error {
	forms := s.library.Inventory()
	if forms == nil {
		return web.NotFound
	}
	view := views.ClassGain{Frame: web.Frame(r, "What the class has gained", "class"), Code: c.Code, Title: c.Title, Least: board.LeastGain, Of: len(forms[1].Predicts())}
	sittings, err := s.rows.Sittings(r.Context(), c.ID, forms[0].Slug, forms[1].Slug)
	if err != nil {
		return err
	}
	sittings = slices.DeleteFunc(sittings, func(both [2]map[string]string) bool {
		return !lessons.Sitting(both[0]).Done(forms[0]) || !lessons.Sitting(both[1]).Done(forms[1])
	})
	if view.Both = len(sittings); view.Both >= board.LeastGain {
		ctx, cancel := context.WithTimeout(r.Context(), gainTime)
		defer cancel()
		view.Pending = s.gained(ctx, forms, sittings, &view) != nil
	}
	return web.Render(w, r, http.StatusOK, views.ClassGainPage(view))
}

// gained counts who was right, by topic, before and after. The keys are computed once for all students.
func (s *Pages) gained(ctx context.Context, forms []lessons.Lesson, sittings [][2]map[string]string, view *views.ClassGain) error {
	for _, h := range forms[1].Contents {
		view.Topics = append(view.Topics, views.TopicGain{Topic: h.Text})
	}
	var right [2]int // before and after
	for i, form := range forms {
		truths, err := form.Truths(ctx, s.train)
		if err != nil {
			return err
		}
		for _, both := range sittings {
			for k, p := range form.Predicts() {
				if !p.Right(both[i][p.ID], truths[p.ID]) {
					continue
				}
				right[i]++
				if topic := &view.Topics[k]; i == 0 {
					topic.Before++
				} else {
					topic.After++
				}
			}
		}
	}
	students, all := float64(view.Both), float64(view.Both*view.Of)
	view.Before, view.After = fmt.Sprintf("%.1f", float64(right[0])/students), fmt.Sprintf("%.1f", float64(right[1])/students)
	if gain, ok := lessons.Gain(float64(right[0])/all, float64(right[1])/all); ok {
		view.Gain = fmt.Sprintf("%.2f", gain)
	}
	return nil
}
