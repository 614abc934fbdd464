package lessons

import (
	"math"
	"slices"
	"strings"
	"time"
)

// What a lesson asks of its reader, in time. Adults read English prose silently at some 240 words a minute (Brysbaert 2019), and formulas
// take longer.
const (
	readWords    = 240 // a minute
	readFormula  = 20 * time.Second
	thinkPredict = 20 * time.Second // beside reading it
	lookLab      = 30 * time.Second
	tryControl   = 10 * time.Second // each that the lesson hands over
	lookStep     = 20 * time.Second
	writeAnswer  = 7 * time.Minute // a part: some hundred words, the hints, the model answer
	trainSpeed   = 5e9             // multiply-adds a second
)

// minutes is how long a lesson takes, from its words, predictions, labs, runs and questions.
func minutes(l Lesson, questions []Question) int {
	var took time.Duration
	read := func(markup string) {
		words := len(strings.Fields(wordsOf(markup)))
		took += time.Duration(words) * time.Minute / readWords
		took += time.Duration(strings.Count(markup, `data-display="true"`)) * readFormula
	}
	read(l.HookHTML)
	read(l.TakeawayHTML)
	for _, b := range l.Blocks {
		read(b.HTML)
		switch {
		case b.Lab != nil:
			read(b.Lab.CaptionHTML)
			took += lookLab + time.Duration(len(b.Lab.Controls))*tryControl
			took += time.Duration(b.Lab.cost / trainSpeed * float64(time.Second))
		case b.Predict != nil:
			took += thinkPredict
			for _, text := range b.Predict.read() {
				read(text)
			}
		case b.Step != nil:
			read(b.Step.TitleHTML)
			took += lookStep
		case b.Question != "":
			i := slices.IndexFunc(questions, func(q Question) bool { return q.Slug == b.Question })
			if i >= 0 {
				took += time.Duration(len(questions[i].Parts)) * writeAnswer
			}
		}
	}
	return int(math.Ceil(took.Minutes()))
}

// read is what somebody reads of a prediction: all but the replies to other guesses.
func (p Predict) read() []string {
	all := []string{p.QuestionHTML, p.RevealHTML}
	replies := make([]string, 0, len(p.Choices)+len(p.Replies))
	for _, c := range p.Choices {
		all, replies = append(all, c.Says), append(replies, c.ReplyHTML)
	}
	for _, r := range p.Replies {
		replies = append(replies, r.HTML)
	}
	if len(replies) > 0 {
		all = append(all, slices.MaxFunc(replies, func(a, b string) int { return len(a) - len(b) }))
	}
	return all
}
