package class

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"gradlab/classroom"
	"gradlab/handlers/web"
	"gradlab/lessons"
	"gradlab/views"
)

const (
	// leastGain is from how many students on a class's gain is shown: fewer could be told from one another.
	leastGain = 5
	// gainTime is how long the page may wait for the runs that hold the keys.
	gainTime = 5 * time.Second
)

// Gain is what the class answered in the concept inventory, before and after, without names.
func (s *Pages) Gain(w http.ResponseWriter, r *http.Request, c classroom.Class) error {
	forms := s.library.Inventory()
	if forms == nil {
		return web.NotFound
	}
	view := views.ClassGain{Frame: web.Frame(r, "What the class has gained", "class"), Code: c.Code, Title: c.Title, Least: leastGain, Of: len(forms[1].Predicts())}
	sittings, err := s.rows.Sittings(r.Context(), c.ID, forms[0].Slug, forms[1].Slug)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.Context(), gainTime)
	defer cancel()
	for _, h := range forms[1].Contents {
		view.Topics = append(view.Topics, views.TopicGain{Topic: h.Text})
	}
	before, after := 0, 0
	for _, both := range sittings {
		first, second := lessons.Sitting(both[0]), lessons.Sitting(both[1])
		if !first.Done(forms[0]) || !second.Done(forms[1]) {
			continue
		}
		was, err := first.Right(ctx, forms[0], s.train)
		if err == nil {
			var is map[string]bool
			if is, err = second.Right(ctx, forms[1], s.train); err == nil {
				view.Both++
				for i, p := range forms[1].Predicts() {
					if was[p.ID] {
						before++
						view.Topics[i].Before++
					}
					if is[p.ID] {
						after++
						view.Topics[i].After++
					}
				}
			}
		}
		if err != nil {
			view.Pending = true
		}
	}
	if view.Both >= leastGain {
		students, all := float64(view.Both), float64(view.Both*view.Of)
		view.Before, view.After = fmt.Sprintf("%.1f", float64(before)/students), fmt.Sprintf("%.1f", float64(after)/students)
		if gain, ok := lessons.Gain(float64(before)/all, float64(after)/all); ok {
			view.Gain = fmt.Sprintf("%.2f", gain)
		}
	}
	return web.Render(w, r, http.StatusOK, views.ClassGainPage(view))
}
