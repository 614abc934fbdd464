package classroom

import (
	"cmp"
	"hash/fnv"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// An Answer is what a member handed in to a question.
type Answer struct {
	Stop, Member string
	Text         string
	Run          string // the path and query of the lab that it argues from; may be empty
	Revision     int64  // counts the changes of Text, from 1; 0 means that nothing is stored
	UpdatedAt    time.Time
	Hints        Hints
}

// Hints are the concepts that an answer seems to name: its text at Revision, read by the version Rules of the rules.
type Hints struct {
	Concepts []string // ids
	Rules    string
	Revision int64
}

// Hinted returns the concepts that the answer seems to name by that version of the rules; false where it was not read by them yet.
func (a Answer) Hinted(rules string) ([]string, bool) {
	return a.Hints.Concepts, a.Hints.Rules == rules && a.Hints.Revision == a.Revision
}

// A Mark is what the teacher thinks of an answer.
type Mark struct {
	Stop, Member string
	// Hundredths are the points × 100, so that halves and thirds add up alike everywhere; −1 where none were given.
	Hundredths int64
	Concepts   []string // ids that the teacher ticked
	Comment    string
	Revision   int64
	UpdatedAt  time.Time
}

// Points is the points as text, "" where none were given.
func (m Mark) Points() string {
	if m.Hundredths < 0 {
		return ""
	}
	return strconv.FormatFloat(float64(m.Hundredths)/100, 'f', -1, 64)
}

// ParsePoints reads points: a number from 0 to 1000 with at most two decimals, or nothing for none. The error is a
// *RefusedError.
func ParsePoints(text string) (hundredths int64, err error) {
	text = strings.Replace(strings.TrimSpace(text), ",", ".", 1)
	if text == "" {
		return -1, nil
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || !(v >= 0) || v*100 > maxHundredths {
		return 0, refuse("points are a number from 0 to %d", maxHundredths/100)
	}
	return int64(math.Round(v * 100)), nil
}

// Worth returns the class with the most points that can be had at a question, as they are typed; nothing takes them away. It is refused where an answer has
// more already, of the marks that there are.
func (c Class) Worth(stop, typed string, marks []Mark) (Class, error) {
	most, err := ParsePoints(typed)
	if err != nil {
		return c, err
	}
	most = max(most, 0) // of nothing
	s, i, found := c.Stop(stop)
	if !found || s.Kind != Ask {
		return c, refuse("there is no such question in this class")
	}
	for _, m := range marks {
		if m.Stop == stop && most > 0 && m.Hundredths > most {
			return c, refuse("an answer has %s points already", m.Points())
		}
	}
	if s.Most == most {
		return c, nil
	}
	c.Plan = slices.Clone(c.Plan)
	c.Plan[i].Most = most
	c.Version++
	return c, nil
}

// Fits refuses a mark with more points than can be had at its stop.
func (s Stop) Fits(m Mark) error {
	if s.Most > 0 && m.Hundredths > s.Most {
		return refuse("this question has at most %s points", Mark{Hundredths: s.Most}.Points())
	}
	return nil
}

// A Sum is the points of some marks, and how many there were to have, in hundredths: 0 where that is not known of all of them.
type Sum struct{ Points, Of int64 }

// Summed are the points of a member's marks with points, of all that could be had at the questions that were asked; any is false where there are none.
func (c Class) Summed(marks []Mark) (sum Sum, any bool) {
	known := true
	for _, stop := range c.Plan {
		if stop.Kind == Ask && stop.Phase != Waiting {
			sum.Of += stop.Most
		}
	}
	for _, m := range marks {
		if m.Hundredths < 0 {
			continue
		}
		any = true
		sum.Points += m.Hundredths
		stop, _, found := c.Stop(m.Stop)
		known = known && found && stop.Most > 0 && stop.Phase != Waiting
	}
	if !known {
		sum.Of = 0
	}
	return sum, any
}

// Checked returns the mark as it can be kept, with concepts in order; which concepts there are is for the caller to know.
func (m Mark) Checked() (Mark, error) {
	var err error
	if m.Comment, err = prose(m.Comment, MaxComment); err != nil {
		return m, err
	}
	if len(m.Concepts) > 64 {
		return m, refuse("there are not that many concepts")
	}
	m.Concepts = slices.Compact(slices.Sorted(slices.Values(m.Concepts)))
	return m, nil
}

// Blind puts answers into an order that tells nothing of who wrote them or when, and stays the same for each stop.
func Blind(answers []Answer) []Answer {
	place := func(a Answer) uint64 {
		h := fnv.New64a()
		h.Write([]byte(a.Stop + "\x00" + a.Member))
		return h.Sum64()
	}
	return slices.SortedFunc(slices.Values(answers), func(a, b Answer) int { return cmp.Compare(place(a), place(b)) })
}

// Bank are the comments that were given so far, the most frequent first: what to say again need not be typed again.
func Bank(marks []Mark, most int) []string {
	count := map[string]int{}
	for _, m := range marks {
		if m.Comment != "" {
			count[m.Comment]++
		}
	}
	comments := make([]string, 0, len(count))
	for c := range count {
		comments = append(comments, c)
	}
	slices.SortFunc(comments, func(a, b string) int { return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b)) })
	return comments[:min(most, len(comments))]
}
