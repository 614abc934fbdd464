package board

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"gradlab/classroom"
	"gradlab/lessons"
	"gradlab/views"
)

// A sieve is which answers their teacher wants to read, by what they seem to name: "with" a concept, "without" it, or "none" at all;
// of the zero value all of them.
type sieve struct{ by, concept string }

// sieveOf reads a filter as an address has it: "none", or "with" or "without" and the concept's id. One for another question is no filter.
func sieveOf(q lessons.Question, part, filter string) sieve {
	by, id, _ := strings.Cut(filter, " ")
	switch {
	case filter == "none" && q.Rubric != nil:
		return sieve{by: by}
	case by == "with" || by == "without":
		if slices.ContainsFunc(concepts(q, part), func(c lessons.Concept) bool { return c.ID == id }) {
			return sieve{by, id}
		}
	}
	return sieve{}
}

func (s sieve) String() string { return strings.TrimSpace(s.by + " " + s.concept) }

// passes says whether an answer which seems to name these concepts is wanted.
func (s sieve) passes(named []string) bool {
	switch s.by {
	case "none":
		return len(named) == 0
	case "with":
		return slices.Contains(named, s.concept)
	case "without":
		return !slices.Contains(named, s.concept)
	}
	return true
}

// concepts are those of a part that rules find in answers.
func concepts(q lessons.Question, part string) []lessons.Concept {
	if q.Rubric == nil {
		return nil
	}
	var all []lessons.Concept
	for _, c := range q.Concepts {
		if c.Part == part {
			all = append(all, c)
		}
	}
	return all
}

// Incoming are the answers to a stop as their teacher reads them: those that say the same together, in the order in which they were handed
// in; one that was changed stands where its last text was. q is the stop's question, or the zero value; filter is as in sieveOf, names are those of the
// members, and chip shows a run.
func Incoming(stop classroom.Stop, q lessons.Question, answers []classroom.Answer, filter string, names map[string]string, chip func(run string) *views.Run) views.ClassAnswers {
	wanted := sieveOf(q, stop.Part, filter)
	out := views.ClassAnswers{Filter: wanted.String(), Any: len(answers) > 0}
	for _, c := range concepts(q, stop.Part) {
		out.Concepts = append(out.Concepts, views.Option{Value: c.ID, Label: c.Label})
	}
	instead, whose := replaced(stop, answers, names)
	inOrder := slices.SortedFunc(slices.Values(answers), func(a, b classroom.Answer) int {
		return cmp.Or(a.UpdatedAt.Compare(b.UpdatedAt), cmp.Compare(a.Member, b.Member))
	})
	for _, group := range classroom.Grouped(inOrder, func(a classroom.Answer) string { return a.Text }) {
		first := group[0]
		one := views.ClassIncoming{Key: textKey(first.Text), Member: first.Member, Revision: strconv.FormatInt(first.Revision, 10), Text: first.Text, Instead: instead, InsteadOf: whose}
		for _, a := range group {
			one.Names = append(one.Names, names[a.Member])
			if slices.Contains(stop.Picked, a.Member) {
				one.Picked, one.Member = true, a.Member
			}
			if run := chip(a.Run); run != nil && !slices.ContainsFunc(one.Runs, func(r views.Run) bool { return r == *run }) {
				one.Runs = append(one.Runs, *run)
			}
		}
		if slices.ContainsFunc(group, stop.Folded) {
			out.Hidden = append(out.Hidden, one)
			continue
		}
		out.Of += len(group)
		if wanted != (sieve{}) {
			if named, read := anyHinted(group, q.Rubric.Version()); !read {
				out.Unread += len(group)
				continue
			} else if !wanted.passes(named) {
				continue
			}
		}
		out.Passed += len(group)
		out.Shown = append(out.Shown, one)
	}
	return out
}

// anyHinted are the concepts that a text seems to name which several wrote; read is false where none of theirs was read yet.
func anyHinted(group []classroom.Answer, rules string) (named []string, read bool) {
	for _, a := range group {
		if named, read = a.Hinted(rules); read {
			break
		}
	}
	return named, read
}

// replaced is the member whose answer the next one would replace on the wall, and which that is in words: the one that has been there for the longest,
// or one whose writer has left, which nobody sees. Where there is room, it is nobody.
func replaced(stop classroom.Stop, answers []classroom.Answer, names map[string]string) (member, words string) {
	if len(stop.Picked) < classroom.MaxPicked {
		return "", ""
	}
	for i := len(stop.Picked) - 1; i >= 0; i-- {
		at := slices.IndexFunc(answers, func(a classroom.Answer) bool { return a.Member == stop.Picked[i] })
		if at < 0 {
			return stop.Picked[i], ""
		}
		member, words = stop.Picked[i], names[stop.Picked[i]]+"’s “"+beginning(answers[at].Text)+"”"
	}
	return member, words
}

// beginning are the first words of a text, to know it by.
func beginning(text string) string {
	const most = 24
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > most {
		return strings.TrimRight(string(runes[:most]), " .,;:") + "…"
	}
	return text
}

// textKey stands for a text, and for all that are alike, in a page.
func textKey(text string) string {
	sum := sha256.Sum256([]byte(classroom.Alike(text)))
	return hex.EncodeToString(sum[:8])
}
