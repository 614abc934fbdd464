package class

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"gradlab/classroom"
	"gradlab/views"
)

// alike are the answers to a stop that say the same as a member's, as it was at a revision; none where it is another now.
func (s *Pages) alike(ctx context.Context, c classroom.Class, a classroom.Action, revision string) ([]classroom.Answer, error) {
	answers, err := s.rows.ClassAnswers(ctx, c.ID, cmp.Or(a.Stop, c.Shown().ID))
	if err != nil {
		return nil, err
	}
	for _, group := range classroom.Grouped(answers, func(a classroom.Answer) string { return a.Text }) {
		for _, answer := range group {
			if answer.Member == a.Member && strconv.FormatInt(answer.Revision, 10) == revision {
				return group, nil
			}
		}
	}
	return nil, nil
}

// sifted is what an action did with the answers, where it cannot be seen in its place: "replaced" with the member whose answer another took the
// place of, "folded", "folded off the wall" or "unfolded". Else it is "".
func sifted(a classroom.Action, before, after classroom.Class) string {
	was, _, _ := before.Stop(cmp.Or(a.Stop, before.Shown().ID))
	is, _, _ := after.Stop(was.ID)
	switch a.Do {
	case "pick":
		for _, member := range was.Picked {
			if !slices.Contains(is.Picked, member) {
				return "replaced " + member
			}
		}
	case "fold":
		if len(is.Picked) < len(was.Picked) {
			return "folded off the wall"
		}
		return "folded"
	case "unfold":
		return "unfolded"
	}
	return ""
}

// said makes words of what was sifted.
func (s *Pages) said(ctx context.Context, c classroom.Class, done string) (string, error) {
	if member, replaced := strings.CutPrefix(done, "replaced "); replaced {
		members, err := s.rows.Members(ctx, c.ID)
		if err != nil {
			return "", err
		}
		name, found := classroom.Names(members)[member]
		if !found {
			return "", nil // nobody has seen it on the wall any more
		}
		return name + "’s answer is no longer on the wall: four are as many as fit.", nil
	}
	return map[string]string{
		"folded": "Hidden from your list; it stays handed in.", "folded off the wall": "Hidden from your list, and taken off the wall; it stays handed in.",
		"unfolded": "It is in your list again.",
	}[done], nil
}

// remoteAfter is where a form leads that has done something: to the teacher's page, and there to the answer that it was about.
func remoteAfter(c classroom.Class, a classroom.Action, form url.Values) string {
	query := url.Values{}
	if filter := form.Get("filter"); filter != "" {
		query.Set("filter", filter)
	}
	to := views.Href("/class/"+c.Code+"/remote", query)
	switch {
	case a.Do == "fold" || a.Do == "unfold":
		to += "#answers"
	case form.Get("at") != "":
		to += "#answer-" + url.PathEscape(form.Get("at"))
	}
	return to
}
