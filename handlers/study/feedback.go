package study

import (
	"net/http"

	"github.com/a-h/templ"

	"gradlab/answers"
	"gradlab/handlers/board"
	"gradlab/handlers/web"
	"gradlab/lessons"
	"gradlab/views"
)

// A Mentioned says what a text seems to mention, and which wrong beliefs it seems to hold.
type Mentioned struct {
	Concepts       []mention `json:"concepts"`
	Misconceptions []doubted `json:"misconceptions"`
}

type doubted struct {
	ID   string `json:"id"`
	Says string `json:"says"`
	Run  string `json:"run"` // the address of the run that says otherwise
}

type mention struct {
	Found bool   `json:"found"`
	ID    string `json:"id"` // of a concept
}

// Feedback answers {text} with {concepts: [{id, found}], misconceptions: [{id, says, run}]}: what the text seems to say, never a
// grade.
func (s *Pages) Feedback(w http.ResponseWriter, r *http.Request, q lessons.Question) error {
	in, err := web.JSON(r)
	if err != nil {
		return err
	}
	if !in.Has("text") {
		return web.BadQuery(map[string]string{"text": "is missing; send {\"text\": \"…\"}"})
	}
	if err := answers.CheckText(in.Get("text")); err != nil {
		return web.BadQuery(map[string]string{"text": err.Error()})
	}
	found := map[string]bool{}
	for _, f := range q.Rubric.Find(in.Get("text")) {
		found[f.ID] = f.Found
	}
	body := Mentioned{Concepts: make([]mention, len(q.Concepts)), Misconceptions: []doubted{}}
	for _, m := range s.library.Misconceptions().In(in.Get("text")) {
		body.Misconceptions = append(body.Misconceptions, doubted{m.Slug, m.Says, m.Run.Href()})
	}
	for i, c := range q.Concepts {
		body.Concepts[i] = mention{found[c.ID], c.ID}
	}
	return web.WriteJSON(w, http.StatusOK, body)
}

// Hints shows the page of a question with what the answer to one of its parts seems to mention. What is typed is kept first,
// so that asking loses nothing. A script gets the hints alone.
func (s *Pages) Hints(w http.ResponseWriter, r *http.Request, in Answer) error {
	if web.WantsJSON(r) {
		return s.keepDraft(w, r, in, web.Writing, func(saved web.Saved) error {
			part := views.QuestionPart{ID: in.part, Hints: s.hints(in.question, in.part, in.text)}
			parts, err := web.Parts(r.Context(), map[string]templ.Component{"hints-" + part.ID: views.PartHints(part)})
			if err != nil {
				return err
			}
			return web.WriteJSON(w, http.StatusOK, hinted{saved, redrawn{parts}})
		})
	}
	p := s.postedPart(r, &in)
	p.show = func(at *place) int {
		part := at.parts[in.key()]
		part.Hints = s.hints(in.question, in.part, in.text)
		return http.StatusOK
	}
	return s.settle(w, r, p)
}

// hints is what a reader who asks for hints gets.
func (s *Pages) hints(q lessons.Question, part, text string) *views.Hints {
	h := board.Hints(q, part, text)
	h.Doubts = doubts(s.library.Misconceptions().In(text))
	return s.withPlaces(h)
}

// withPlaces names the section of a lesson, or the lab, that shows each concept.
func (s *Pages) withPlaces(h *views.Hints) *views.Hints {
	for _, list := range [][]views.Hint{h.Found, h.Missing} {
		for i := range list {
			see := &list[i].See
			lab, _, isLab := s.labs.At(see.Href)
			if lesson, section, found := s.library.Place(see.Href); found {
				see.Label = lesson.Place(section.Text)
			} else if isLab {
				see.Label = "In the lab: " + lab.Title
			} else {
				*see = views.Link{} // a place that a folder of lessons has taken away
			}
		}
	}
	return h
}
