package class

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gradlab/classroom"
	"gradlab/lessons"
)

// planOf is the plan that a new class starts with: one of the teacher's own, one for teachers or a lesson's by its slug, else the lecture.
func (s *Pages) planOf(r *http.Request, slug string) ([]classroom.Stop, error) {
	if id, own := strings.CutPrefix(slug, "own-"); own {
		return s.Plans.ForClass(r, id)
	}
	return s.sitePlan(slug), nil
}

// sitePlan is one that the site has.
func (s *Pages) sitePlan(slug string) []classroom.Stop {
	if p, found := s.library.Teaching().Plan(slug); found {
		return s.taughtPlan(p)
	}
	if l, found := s.library.Lesson(slug); found {
		if plan := s.lessonPlan(l); len(plan) > 0 {
			return plan
		}
	}
	return s.lecture()
}

// taughtPlan makes stops of what a plan names, with what to do and how long it may take in the notes of each step's first.
func (s *Pages) taughtPlan(p lessons.Plan) []classroom.Stop {
	var plan []classroom.Stop
	for _, step := range p.Steps {
		first := len(plan)
		l, _ := s.library.Lesson(step.Lesson)
		for _, id := range step.Items {
			if b, found := l.Item(id); found {
				plan = s.lessonStop(plan, l, b, l.Title)
			}
		}
		if first < len(plan) {
			stop := &plan[first]
			stop.Notes = clippedNotes(strings.TrimSpace(fmt.Sprintf("%d minutes. %s\n\n%s", step.Minutes, step.Do, stop.Notes)))
		}
	}
	return plan[:min(len(plan), classroom.MaxStops)]
}

// lessonPlan makes stops of a lesson, in its order: of its labs, or the steps that present them, of its predictions with
// the lab that shows their truth, and of its questions. A lab that waits for a prediction comes with it.
func (s *Pages) lessonPlan(l lessons.Lesson) []classroom.Stop {
	var plan []classroom.Stop
	heading := l.Title
	for _, b := range l.Blocks {
		if last := lastHeading(b.HTML); last != "" {
			heading = last
		}
		if b.Lab == nil || b.Lab.After == "" {
			plan = s.lessonStop(plan, l, b, heading)
		}
	}
	return plan[:min(len(plan), classroom.MaxStops)]
}

// lessonStop adds the stop that a block of a lesson makes, if any; a lab is shown under a heading.
func (s *Pages) lessonStop(plan []classroom.Stop, l lessons.Lesson, b lessons.Block, heading string) []classroom.Stop {
	switch {
	case b.Lab != nil:
		return append(plan, classroom.Stop{Kind: classroom.Show, Title: clippedTitle(heading), Path: b.Lab.Href(), Notes: clippedNotes(lessons.TextOf(b.Lab.CaptionHTML))})
	case b.Step != nil && len(b.Step.Sets) > 0:
		return append(plan, classroom.Stop{Kind: classroom.Show, Title: clippedTitle(lessons.TextOf(b.Step.TitleHTML)), Path: b.Step.Sets[0].Href()})
	case b.Predict != nil:
		return append(plan, s.lessonPrediction(l, *b.Predict))
	case b.Question != "":
		return s.asks(plan, b.Question, "", "")
	}
	return plan
}

func (s *Pages) lessonPrediction(l lessons.Lesson, p lessons.Predict) classroom.Stop {
	stop := classroom.Stop{
		Kind: classroom.Predict, Title: clippedTitle(lessons.TextOf(p.QuestionHTML)), Form: classroom.Number, Truth: classroom.Truth{Lesson: l.Slug, Predict: p.ID},
	}
	notes := []string{lessons.TextOf(p.RevealHTML)}
	if p.As == "exponent" {
		stop.Form = classroom.Power
	}
	if p.Unit != "" {
		stop.Title = clippedTitle(stop.Title + " (" + p.Unit + ")")
	}
	for _, c := range p.Choices {
		stop.Form = classroom.Choice
		stop.Choices = append(stop.Choices, clippedTitle(c.Says))
		if c.ReplyHTML != "" {
			notes = append(notes, "“"+c.Says+"” "+lessons.TextOf(c.ReplyHTML))
		}
	}
	stop.Notes = clippedNotes(strings.Join(notes, "\n"))
	shown := slices.IndexFunc(l.Blocks, func(b lessons.Block) bool { return b.Lab != nil && b.Lab.After == p.ID })
	switch {
	case shown >= 0:
		stop.Path = l.Blocks[shown].Lab.Href()
	default:
		stop.Path = s.labs.Showing(p.Compute.Lab, p.Compute.Query)
	}
	return stop
}

// reply is what a lesson answers to a guess that was made at a stop, once its truth is told; "" for nothing.
func (s *Pages) reply(stop classroom.Stop, guess float64) string {
	l, _ := s.library.Lesson(stop.Truth.Lesson)
	p, found := l.Predict(stop.Truth.Predict)
	if !found || !stop.TruthShown() {
		return ""
	}
	said := strconv.FormatFloat(guess, 'g', -1, 64)
	if stop.Form == classroom.Choice {
		i := int(guess)
		if i < 0 || i >= len(p.Choices) || i >= len(stop.Choices) || stop.Choices[i] != clippedTitle(p.Choices[i].Says) {
			return "" // the lesson, or the stop, has been changed since
		}
		said = p.Choices[i].Says
	}
	return lessons.TextOf(p.ReplyHTML(said))
}

// truthOfLesson computes the truth of a lesson's prediction: a number as Stop.Scale expects it, or the index of a choice.
func (s *Pages) truthOfLesson(ctx context.Context, stop classroom.Stop) (float64, bool) {
	l, _ := s.library.Lesson(stop.Truth.Lesson)
	p, found := l.Predict(stop.Truth.Predict)
	if !found {
		return 0, false
	}
	v, err := p.Truth(ctx, s.train)
	if err != nil {
		return 0, false
	}
	if stop.Form == classroom.Choice {
		right, found := p.Answer(v)
		i := slices.Index(p.Choices, right)
		return float64(i), found && i >= 0
	}
	if stop.Form == classroom.Power {
		v = math.Pow(10, v) // the exponent is what a stop's scale makes of it
	}
	return v, true
}

var anyHeading = regexp.MustCompile(`(?s)<h2[^>]*>(.*?)</h2>`)

func lastHeading(markup string) string {
	all := anyHeading.FindAllStringSubmatch(markup, -1)
	if len(all) == 0 {
		return ""
	}
	return lessons.TextOf(all[len(all)-1][1])
}

func clippedTitle(text string) string { return clippedTo(text, classroom.MaxTitle) }
func clippedNotes(text string) string { return clippedTo(text, classroom.MaxNotes) }

func clippedTo(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}
