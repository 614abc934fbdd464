package lessons

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// lessonLink matches a link of prose to a lesson.
var lessonLink = regexp.MustCompile(`href="/lessons/([^"#?]*)`)

// Check finds what Load cannot see in a single file: links to lessons that are not there, formulas that KaTeX refuses,
// predictions whose truth no choice holds, claims that the core does not bear out. No prediction and no claim may spend
// more than so many multiply-adds; with 0 nothing is trained. tell is told of each fault.
func (l *Library) Check(ctx context.Context, train Trainer, most float64, tell func(fault string)) {
	train = once(train)
	for _, f := range l.Formulas() {
		if f.Fault != nil {
			tell(fmt.Sprintf("%s: formula %s: %v", f.Of, f.TeX, f.Fault))
		}
	}
	claims := func(of string, all []Claim) {
		for _, c := range all {
			if err := c.Check(ctx, train, most); err != nil {
				tell(fmt.Sprintf("%s: “%s”: %v", of, c.Says, err))
			}
		}
	}
	for _, lesson := range append(l.Lessons(), l.Inventory()...) {
		of := "lesson " + lesson.Slug
		for _, b := range lesson.Blocks {
			texts := []*string{&b.HTML}
			if b.Predict != nil {
				texts = b.Predict.texts()
			}
			for _, text := range texts {
				for _, match := range lessonLink.FindAllStringSubmatch(*text, -1) {
					if _, found := l.Lesson(match[1]); !found {
						tell(fmt.Sprintf("%s: there is no lesson %q to link to", of, match[1]))
					}
				}
			}
		}
		for _, p := range lesson.Predicts() {
			if p.Compute.Cost() > most {
				continue
			}
			if truth, err := p.Truth(ctx, train); err != nil {
				tell(fmt.Sprintf("%s: prediction %s: %v", of, p.ID, err))
			} else if _, found := p.Answer(truth); !found && len(p.Choices) > 0 {
				tell(fmt.Sprintf("%s: prediction %s: the truth is %g, which no choice holds", of, p.ID, truth))
			}
		}
		claims(of, lesson.Claims)
	}
	l.checkTeaching(tell)
	for _, m := range l.Misconceptions().All {
		claims("misconception "+m.Slug, m.Claims)
	}
	for _, q := range l.Questions() {
		claims("question "+q.Slug, q.Claims)
		for _, c := range q.Concepts {
			if _, _, found := l.Place(c.See); strings.HasPrefix(c.See, "/lessons/") && !found {
				tell(fmt.Sprintf("question %s: concept %s: there is no %q to see it in", q.Slug, c.ID, c.See))
			}
		}
	}
}

// Place returns the lesson and the section that the address "/lessons/slug#section" leads to.
func (l *Library) Place(href string) (Lesson, Heading, bool) {
	slug, section, _ := strings.Cut(strings.TrimPrefix(href, "/lessons/"), "#")
	lesson, found := l.Lesson(slug)
	i := slices.IndexFunc(lesson.Contents, func(h Heading) bool { return h.ID == section })
	if !found || i < 0 {
		return Lesson{}, Heading{}, false
	}
	return lesson, lesson.Contents[i], true
}
