package study

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"

	"gradlab/export"
	"gradlab/handlers/web"
	"gradlab/views"
)

// homeworkSheets are the homework on paper: its tasks, and the key, which the core computes.
func homeworkSheets() []sheet {
	var all []sheet
	for _, h := range export.Homeworks {
		all = append(all, sheet{"homework-" + h.Name, "Homework: " + h.Title, h.Lead, func(s *Pages, ctx context.Context, view *views.Sheet) error {
			return s.homeworkSheet(ctx, h, view)
		}})
	}
	return all
}

func (s *Pages) homeworkSheet(ctx context.Context, h export.Homework, view *views.Sheet) error {
	view.Homework = &views.HomeworkSheet{
		Notebook: views.Link{Label: "The notebook for your students", Href: "/teach/homework-" + h.Name + ".ipynb"},
		Run:      views.Link{Label: "the run", Href: homeworkRun(h)},
	}
	for _, a := range h.Asks {
		c, err := s.library.Experiments().ParseComputation(a.Run + " " + a.Path)
		if err != nil {
			return fmt.Errorf("homework %s: %w", h.Name, err)
		}
		v, err := c.Compute(ctx, s.train)
		if err != nil {
			return err
		}
		view.Homework.Asks = append(view.Homework.Asks, views.HomeworkAsk{Name: a.Name, Says: a.Says, Key: views.Short(v, 2)})
	}
	for _, b := range h.Blanks {
		view.Homework.Blanks = append(view.Homework.Blanks, views.HomeworkBlank{Name: b.Name, Task: b.Task, Key: b.Key()})
	}
	return nil
}

// homeworkRun is the address of the experiment.
func homeworkRun(h export.Homework) string { return "/labs/" + h.Lab + "?" + h.Query }

// HomeworkNotebook is homework as a notebook with blanks.
func (s *Pages) HomeworkNotebook(w http.ResponseWriter, r *http.Request) error {
	i := slices.IndexFunc(export.Homeworks, func(h export.Homework) bool { return "homework-"+h.Name == web.Path(r, "homework") })
	if i < 0 {
		return web.NotFound
	}
	h := export.Homeworks[i]
	var b bytes.Buffer
	if err := h.Notebook(&b, web.Origin(r)+homeworkRun(h)); err != nil {
		return err
	}
	web.SendFile(w, "homework-"+h.Name+".ipynb", b.Bytes())
	return nil
}
