package classroom

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// A Removed is what is left to somebody whom the teacher took out of a class.
type Removed struct {
	Nickname string
	Texts    []RemovedText
	Merged   bool // it goes on under the name of another device
	At       time.Time
}

// A RemovedText is an answer of somebody who was taken out.
type RemovedText struct {
	Stop string `json:"stop"`
	Text string `json:"text"`
	Run  string `json:"run,omitempty"`
}

// Joined is one answer made of a member's on two devices: no word of either is lost, and the older stands first.
func Joined(a, b Answer) Answer {
	if b.UpdatedAt.Before(a.UpdatedAt) {
		a, b = b, a
	}
	both := b
	if a.Text != b.Text {
		both.Text = a.Text + "\n\n" + b.Text
	}
	switch {
	case both.Run == "":
		both.Run = a.Run
	case a.Run != "" && a.Run != b.Run:
		both.Text += "\n\n" + a.Run
	}
	both.Revision = max(a.Revision, b.Revision) + 1
	both.Hints = Hints{}
	return both
}

// JoinedMarks is one mark made of those of two devices: the points of the later one, and the comments and concepts of both.
func JoinedMarks(a, b Mark) Mark {
	if b.UpdatedAt.Before(a.UpdatedAt) {
		a, b = b, a
	}
	both := b
	if both.Hundredths < 0 {
		both.Hundredths = a.Hundredths
	}
	if a.Comment != b.Comment {
		both.Comment = strings.TrimSpace(a.Comment + "\n\n" + b.Comment)
	}
	both.Concepts = slices.Compact(slices.Sorted(slices.Values(slices.Concat(a.Concepts, b.Concepts))))
	both.Revision = max(a.Revision, b.Revision) + 1
	return both
}

// Repicked returns the class with one member's answers on the wall where another's were; what of the former was folded away is no more.
func (c Class) Repicked(from, to string) Class {
	next := c
	next.Plan = slices.Clone(c.Plan)
	for i := range next.Plan {
		stop := &next.Plan[i]
		if _, hidden := stop.Hidden[from]; hidden {
			stop.Hidden = maps.Clone(stop.Hidden)
			delete(stop.Hidden, from)
		}
		at := slices.Index(stop.Picked, from)
		if at < 0 {
			continue
		}
		stop.Picked = slices.Clone(stop.Picked)
		if to == "" || slices.Contains(stop.Picked, to) {
			stop.Picked = slices.Delete(stop.Picked, at, at+1)
		} else {
			stop.Picked[at] = to
		}
	}
	return c.changed(next)
}

// Called finds the member whom Names calls so, in capitals or not, and who is another than one.
func Called(members []Member, text, than string) (id string, err error) {
	text = strings.Join(strings.Fields(text), " ")
	if text == "" {
		return "", refuse("write the other name, as it stands in the list")
	}
	for id, name := range Names(members) {
		if name == text || strings.EqualFold(name, text) && within(members, text) == 1 {
			if id == than {
				return "", refuse("this is the same device: write the name of another one")
			}
			return id, nil
		}
	}
	return "", refuse("nobody in this class is called that; write the other name as it stands in the list")
}

// within is how many are called so, in capitals or not.
func within(members []Member, text string) (n int) {
	for _, name := range Names(members) {
		if strings.EqualFold(name, text) {
			n++
		}
	}
	return n
}
