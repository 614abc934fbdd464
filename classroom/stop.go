package classroom

import (
	"slices"
	"strings"
	"time"
)

// A Kind is what a stop asks of the class.
type Kind string

// The kinds of stops.
const (
	Show    Kind = "show"    // look at a lab or a page
	Predict Kind = "predict" // commit to a guess, then see
	Ask     Kind = "ask"     // answer in words
	Explore Kind = "explore" // submit runs of a lab; see Goal
)

// A Form is how a prediction is made.
type Form string

// The forms of predictions.
const (
	Number Form = "number" // a number
	Power  Form = "power"  // the exponent of a power of ten
	Choice Form = "choice" // one of Choices
)

// A Stop is one entry of a plan. Its json form is what the store keeps.
type Stop struct {
	ID    string `json:"id"`
	Kind  Kind   `json:"kind"`
	Title string `json:"title"`           // what to look at, or the question in full
	Notes string `json:"notes,omitempty"` // the teacher's own
	Path  string `json:"path,omitempty"`  // a page of this site with its query; of a prediction, what shows the truth

	Text    string `json:"text,omitempty"`    // below the title, in Markdown
	Picture string `json:"picture,omitempty"` // the name of one that is kept, "" for none
	Alt     string `json:"alt,omitempty"`     // says what the picture shows

	Form    Form     `json:"form,omitempty"`
	Choices []string `json:"choices,omitempty"`
	// Truth names what computes the truth from the lab at Path; where it names nothing, Given is it.
	Truth Truth `json:"truth,omitzero"`
	// Given is the truth by the teacher's word: a number, or the index of a choice; nil where there is none.
	Given *float64 `json:"given,omitempty"`

	Question string `json:"question,omitempty"` // the slug of a question of the site; "" for one made up on the spot
	Part     string `json:"part,omitempty"`

	Goal   Goal    `json:"goal,omitempty"`   // of Explore
	Budget float64 `json:"budget,omitempty"` // the multiply-adds that a run may take; 0 for as many as the lab lets it

	Most int64 `json:"most,omitempty"` // the most points that can be had for an answer, in hundredths; 0 where nobody said

	Talk Talk `json:"talk,omitempty"` // when the class is to talk about it

	// Token is that of the form which adds the stop, "" where none has one: sent again, since its answer was lost, it adds nothing more.
	Token string `json:"-"`

	// The rest is how far the class is with it.

	Phase Phase `json:"phase,omitempty"`
	Again bool  `json:"again,omitempty"` // the second vote has begun
	Votes bool  `json:"votes,omitempty"` // the votes are shown, without the truth; of an exploration, the runs that come nearest to its goal
	// Closes is when guesses and answers are locked by themselves, or when a talk is to end, which does so by the teacher's word
	// alone; zero where no timer runs.
	Closes time.Time `json:"closes,omitzero"`
	// LockedAt is when they were locked last; zero while they are taken.
	LockedAt time.Time `json:"lockedAt,omitzero"`
	Runs     int       `json:"runs,omitempty"`   // how often the teacher pressed Run
	After    string    `json:"after,omitempty"`  // the id of the stop that was shown when this one was added to a class
	Picked   []string  `json:"picked,omitempty"` // ids of members whose answers are shown
	// Hidden are the answers that the teacher has folded away: the revision of each, by its member. One that is changed comes back.
	Hidden map[string]int64 `json:"hidden,omitempty"`
	Staged string           `json:"staged,omitempty"` // the run that is shown to all, of those that were submitted; "" for all of them as points
}

// begin is what happens when a stop is shown for the first time.
func (s *Stop) begin() {
	if s.Kind != Show && s.Phase == Waiting {
		s.Phase = Asked
	}
}

// Fresh returns the stop with a new id, as if nothing had been done at it yet. Of one with a token the id is always the same.
func (s Stop) Fresh() Stop {
	s.ID, s.Phase, s.Again, s.Votes, s.Closes, s.LockedAt, s.Runs, s.Picked, s.Hidden, s.Staged, s.After = secret(6), Waiting, false, false, time.Time{}, time.Time{}, 0, nil, nil, "", ""
	if s.Token != "" {
		s.ID = hash(s.Token)[:12]
	}
	return s
}

// Added returns the stop as Fresh does, to be put into a plan; again says that the form which adds it has done so already. find finds a stop of
// the plan by its id. From a form that is sent again with something else in it, it is another stop.
func (s Stop) Added(find func(id string) (Stop, bool)) (stop Stop, again bool) {
	stop = s.Fresh()
	if old, found := find(stop.ID); found {
		if old.Same(stop) {
			return old, true
		}
		s.Token = ""
		stop = s.Fresh()
	}
	return stop, false
}

// Same says whether two stops say and ask the same, whatever has been done at them.
func (s Stop) Same(other Stop) bool {
	given := s.Given == nil && other.Given == nil || s.Given != nil && other.Given != nil && *s.Given == *other.Given
	return given && s.Kind == other.Kind && s.Title == other.Title && s.Notes == other.Notes && s.Path == other.Path && s.Text == other.Text &&
		s.Picture == other.Picture && s.Alt == other.Alt && s.Form == other.Form && slices.Equal(s.Choices, other.Choices) && s.Truth == other.Truth &&
		s.Question == other.Question && s.Part == other.Part && s.Talk == other.Talk && s.Goal == other.Goal && s.Budget == other.Budget
}

// Pictures are the names of all that stops show, each once.
func Pictures(stops []Stop) []string {
	var names []string
	for _, s := range stops {
		if s.Picture != "" && !slices.Contains(names, s.Picture) {
			names = append(names, s.Picture)
		}
	}
	return names
}

// Checked returns the stop as it can be kept, or says what is wrong with it. Whether Path, Truth, Question and Picture exist
// is for the caller to know.
func (s Stop) Checked() (Stop, error) {
	var err error
	if s.Title, err = prose(s.Title, MaxTitle); err != nil {
		return s, at("title", err)
	}
	if s.Notes, err = prose(s.Notes, MaxNotes); err != nil {
		return s, at("notes", err)
	}
	if s.Text, err = prose(s.Text, MaxText); err != nil {
		return s, at("text", err)
	}
	if s.Alt, err = Line(s.Alt, MaxTitle); err != nil {
		return s, at("alt", err)
	}
	if s.Title == "" {
		return s, at("title", refuse("say what it is: the title is empty"))
	}
	if err := checkPath(s.Path); err != nil {
		return s, at("path", err)
	}
	if !slices.Contains([]Talk{"", TalkBefore, TalkAfter, TalkNever}, s.Talk) {
		return s, at("talk", refuse("the class talks before the run, after it, or not at all"))
	}
	switch s.Kind {
	case Show:
		if s.Path == "" && s.Text == "" && s.Picture == "" {
			return s, at("path", refuse("say which page to show, or give a text or a picture"))
		}
	case Predict:
		return s.checkedPrediction()
	case Ask:
	case Explore:
		return s, s.checkExploration()
	default:
		return s, at("kind", refuse("there is no such kind of stop"))
	}
	return s, nil
}

func (s Stop) checkedPrediction() (Stop, error) {
	var choices []string
	for _, c := range s.Choices {
		c, err := Line(c, MaxTitle)
		if err != nil {
			return s, at("choices", err)
		}
		if c != "" {
			choices = append(choices, c)
		}
	}
	s.Choices = choices
	switch s.Form {
	case Number, Power:
		if len(choices) > 0 {
			return s, at("choices", refuse("a number has no choices"))
		}
	case Choice:
		if len(choices) < 2 || len(choices) > MaxChoices {
			return s, at("choices", refuse("give two to %d choices, one per line", MaxChoices))
		}
		if s.Given != nil && (*s.Given < 0 || *s.Given >= float64(len(choices)) || *s.Given != float64(int(*s.Given))) {
			return s, at("given", refuse("the right choice is none of them"))
		}
	default:
		return s, at("kind", refuse("a prediction is a number, a power of ten or a choice"))
	}
	if !s.Truth.None() && s.Path == "" {
		return s, at("path", refuse("a computed truth needs a lab to compute it"))
	}
	return s, nil
}

// checkPath takes paths of this site alone.
func checkPath(path string) error {
	if path == "" {
		return nil
	}
	if len(path) > maxPath || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t\x00") {
		return refuse("show a page of this site")
	}
	return nil
}
