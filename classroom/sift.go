package classroom

import (
	"maps"
	"slices"
)

// sift is what a teacher does with the answers to a question: shows them on the wall or no longer, folds them away from the list or brings
// them back. What is folded away is not on the wall; it stays handed in.
func (s *Stop) sift(a Action) error {
	if s.Kind != Ask || a.Member == "" || len(a.Member) > 64 {
		return refuse("there is no such answer")
	}
	switch a.Do {
	case "pick":
		if slices.Contains(s.Picked, a.Member) {
			return nil
		}
		picked := slices.Clone(s.Picked)
		if len(picked) >= MaxPicked {
			at := slices.Index(picked, a.Instead)
			if at < 0 { // its teacher was told of another one, or of none
				return refuse("%d answers are on the wall, and not the one that this was to replace: see which one it would be now, and press again", MaxPicked)
			}
			picked = slices.Delete(picked, at, at+1)
		}
		s.Picked = append(picked, a.Member)
	case "remove":
		s.unpick(a.Member)
	case "fold", "unfold":
		if len(a.Answers) == 0 {
			return refuse("this answer was changed meanwhile, or taken back: look at it again")
		}
		if s.Hidden = maps.Clone(s.Hidden); s.Hidden == nil {
			s.Hidden = map[string]int64{}
		}
		for _, answer := range a.Answers {
			delete(s.Hidden, answer.Member)
			if a.Do == "fold" {
				s.Hidden[answer.Member] = answer.Revision
				s.unpick(answer.Member)
			}
		}
	}
	return nil
}

func (s *Stop) unpick(member string) {
	s.Picked = slices.DeleteFunc(slices.Clone(s.Picked), func(m string) bool { return m == member })
}

// Folded says whether an answer is folded away.
func (s Stop) Folded(a Answer) bool {
	revision, hidden := s.Hidden[a.Member]
	return hidden && revision == a.Revision
}
