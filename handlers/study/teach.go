package study

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"gradlab/handlers/board"
	"gradlab/handlers/web"
	"gradlab/lessons"
	"gradlab/views"
)

// Teach is the page for teachers.
func (s *Pages) Teach(w http.ResponseWriter, r *http.Request) error {
	t := s.library.Teaching()
	view := views.Teach{Frame: s.frame(r, "For teachers", "class"), Doubts: doubts(s.library.Misconceptions().All)}
	for _, p := range t.Plans {
		plan := views.TeachPlan{Slug: p.Slug, Title: p.Title}
		for _, step := range p.Steps {
			plan.Steps = append(plan.Steps, views.TeachStep{Minutes: step.Minutes, Do: step.Do, Lesson: s.lessonLink(step.Lesson)})
		}
		view.Plans = append(view.Plans, plan)
	}
	for _, l := range s.library.Lessons() {
		g, found := t.Guide(l.Slug)
		if !found {
			continue
		}
		guide := views.TeachGuide{
			Lesson: s.lessonLink(l.Slug), Minutes: l.Minutes, Aim: g.Aim, Talk: g.Talk, Wrong: g.Wrong, Rescue: g.Rescue, Bets: len(l.Predicts()),
		}
		for _, slug := range g.After {
			guide.After = append(guide.After, s.lessonLink(slug))
		}
		view.Guides = append(view.Guides, guide)
	}
	for _, sheet := range sheets {
		view.Sheets = append(view.Sheets, views.Link{Label: sheet.title, Href: "/teach/" + sheet.name})
	}
	return web.Render(w, r, http.StatusOK, views.TeachPage(view))
}

func (s *Pages) lessonLink(slug string) views.Link {
	l, _ := s.library.Lesson(slug)
	return views.Link{Label: l.Name(), Href: "/lessons/" + slug}
}

// doubts are misconceptions as hints and teachers see them.
func doubts(all []lessons.Misconception) []views.Doubt {
	shown := make([]views.Doubt, len(all))
	for i, m := range all {
		shown[i] = views.Doubt{Says: m.Says, MeansHTML: m.MeansHTML, Run: views.Link{Label: m.Run.Label, Href: m.Run.Href()}}
	}
	return shown
}

// A sheet is paper to hand out; fill computes what stands on it.
type sheet struct {
	name, title, lead string
	fill              func(s *Pages, ctx context.Context, view *views.Sheet) error
}

var sheets = append([]sheet{
	{"chain", "The chain by pencil", "Three layers, one gradient each. Fill in the table from the top, then the last column from the bottom.", (*Pages).chainSheet},
	{"bets", "Slips for bets", "Cut along the dashes. Everybody bets before the lab answers.", (*Pages).betSheet},
	{"kernel", "A kernel on paper", "What a convolution computes, nine products at a time.", (*Pages).patchSheet},
	{"slips", "The notebook’s slips", "Each of these lines of the notebook does something else than its author meant. What does it do?", (*Pages).slipSheet},
	{"rubric", "Marking the seven questions", "Up to two points for each concept that a full answer names.", (*Pages).rubricSheet},
}, homeworkSheets()...)

// Sheet is a page of paper to hand out, with its key.
func (s *Pages) Sheet(w http.ResponseWriter, r *http.Request) error {
	i := slices.IndexFunc(sheets, func(one sheet) bool { return one.name == web.Path(r, "sheet") })
	if i < 0 {
		return web.NotFound
	}
	view := views.Sheet{Frame: s.frame(r, sheets[i].title, "class"), Title: sheets[i].title, Lead: sheets[i].lead}
	if err := sheets[i].fill(s, r.Context(), &view); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, views.SheetPage(view))
}

// number computes a number for a sheet, and writes it with so many decimals.
func (s *Pages) number(ctx context.Context, decimals int, run, path string) (string, error) {
	c, err := s.library.Experiments().ParseComputation(run + " " + path)
	if err != nil {
		return "", fmt.Errorf("a sheet: %w", err)
	}
	v, err := c.Compute(ctx, s.train)
	return decimal(v, decimals), err
}

func decimal(v float64, decimals int) string {
	text := fmt.Sprintf("%.*f", decimals, v)
	if strings.Trim(text, "-0.") == "" {
		text = strings.TrimPrefix(text, "-")
	}
	return strings.ReplaceAll(text, "-", "−")
}

// chainSheet is the chain of lesson 1.
func (s *Pages) chainSheet(ctx context.Context, view *views.Sheet) error {
	const run = "chain?depth=3&activation=tanh&skip=none&x=1&w=0.5&target=1&dtype=float64"
	var fault error
	at := func(path string) string {
		text, err := s.number(ctx, 3, run, path)
		if err != nil {
			fault = err
		}
		return text
	}
	c := &views.ChainSheet{X: "1", W: "0.5", Target: "1", Loss: at("loss"), Error: at("grad_z[3]")}
	for i := range 3 {
		z, _ := s.library.Experiments().ParseComputation(fmt.Sprintf("%s z[%d]", run, i+1))
		out, err := z.Compute(ctx, s.train)
		if err != nil {
			return err
		}
		c.Rows = append(c.Rows, views.ChainSheetRow{
			Layer: fmt.Sprint(i + 1), A: at(fmt.Sprintf("a[%d]", i)), Z: decimal(out, 3), Slope: decimal(1-out*out, 3),
			Factor: at(fmt.Sprintf("factor[%d]", i)), Grad: at(fmt.Sprintf("grad_w[%d]", i)),
		})
	}
	view.Chain = c
	return fault
}

// betSheet has the predictions for which nothing is trained.
func (s *Pages) betSheet(ctx context.Context, view *views.Sheet) error {
	for _, l := range s.library.Lessons() {
		for _, p := range l.Predicts() {
			if p.Compute.Cost() > 0 {
				continue
			}
			truth, err := p.Truth(ctx, s.train)
			if err != nil {
				return err
			}
			slip := views.BetSlip{Lesson: l.Name(), Run: s.labs.Chip(s.labs.Showing(p.Compute.Lab, p.Compute.Query)).Label, QuestionHTML: p.QuestionHTML, Unit: p.Unit, Key: board.Prediction(p, lessons.Passed, truth)}
			right, _ := p.Answer(truth)
			for i, c := range p.Choices {
				slip.Choices = append(slip.Choices, c.Says)
				if c.Says == right.Says {
					slip.Letter = string(rune('A' + i))
				}
			}
			view.Bets = append(view.Bets, slip)
		}
	}
	return nil
}

// patchSheet is Sobel's kernel for vertical edges on three patches of the first garment.
func (s *Pages) patchSheet(ctx context.Context, view *views.Sheet) error {
	view.Patch = &views.PatchSheet{}
	for _, place := range [][2]int{{18, 2}, {16, 16}, {21, 10}} {
		run := fmt.Sprintf("kernels?garment=0&kernel=sobel_x&row=%d&column=%d", place[0], place[1])
		patch := views.SheetPatch{Where: fmt.Sprintf("The boot at row %d, column %d", place[0], place[1])}
		var err error
		if patch.Rows, err = s.square(ctx, 2, run, "pixel.patch"); err != nil {
			return err
		}
		if patch.Sum, err = s.number(ctx, 2, run, "pixel.sum"); err != nil {
			return err
		}
		if view.Patch.Kernel, err = s.square(ctx, 0, run, "stages[0].weights"); err != nil {
			return err
		}
		view.Patch.Patches = append(view.Patch.Patches, patch)
	}
	return nil
}

// square computes a list of nine numbers, in rows of three.
func (s *Pages) square(ctx context.Context, decimals int, run, path string) (rows [][]string, err error) {
	for i := range 9 {
		text, err := s.number(ctx, decimals, run, fmt.Sprintf("%s[%d]", path, i))
		if err != nil {
			return nil, err
		}
		if i%3 == 0 {
			rows = append(rows, nil)
		}
		rows[i/3] = append(rows[i/3], text)
	}
	return rows, nil
}

func (s *Pages) slipSheet(_ context.Context, view *views.Sheet) error {
	for _, slip := range s.library.Teaching().Slips {
		view.Slips = append(view.Slips, views.CodeSlip(slip))
	}
	return nil
}

func (s *Pages) rubricSheet(_ context.Context, view *views.Sheet) error {
	for _, q := range s.library.Questions() {
		marks := views.MarkedQuestion{Title: q.Title, Pick: q.Pick, Most: mostPoints(q, "")}
		for _, c := range q.Concepts {
			marks.Concepts = append(marks.Concepts, c.Label)
		}
		view.Marks = append(view.Marks, marks)
	}
	return nil
}
