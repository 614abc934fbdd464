package homework

import (
	"errors"
	"net/http"

	"gradlab/classroom"
	"gradlab/handlers/web"
	"gradlab/homework"
)

// Homework that a course of a learning platform links is joined by whoever the platform sends: package lti of the handlers calls these.

// Own is the homework of a request's shelves, drafts too.
func (s *Pages) Own(r *http.Request) ([]homework.Homework, error) {
	shelves, err := s.Shelves.Shelves(r)
	if err != nil {
		return nil, err
	}
	var all []homework.Homework
	for _, shelf := range shelves {
		own, err := s.Rows.HomeworkOf(r.Context(), shelf.ID)
		if err != nil {
			return nil, err
		}
		all = append(all, own...)
	}
	return all, nil
}

// Enter makes the visitor of a request a member, under the name that the course has for them, where one may still join; it says whether
// the homework is theirs to teach. A draft is there for its teacher alone.
func (s *Pages) Enter(w http.ResponseWriter, r *http.Request, id, name string) (teaches bool, err error) {
	h, err := s.Rows.Homework(r.Context(), id)
	if err != nil {
		return false, problemOf(err)
	}
	if own, err := s.owns(r, h); err != nil || own {
		return own, err
	}
	if h.SetAt.IsZero() {
		return false, noHomework
	}
	if phase := h.For(homework.Member{}, s.Clock()); phase != homework.Waiting && phase != homework.Open && phase != homework.Grace {
		return false, nil
	}
	if runes := []rune(name); len(runes) > classroom.MaxNickname {
		name = string(runes[:classroom.MaxNickname])
	}
	if name, err = classroom.Line(name, classroom.MaxNickname); err != nil || name == "" {
		return false, nil // one that cannot be shown: the page asks for another
	}
	fresh, code := homework.NewMember(name)
	joined, err := s.Rows.JoinHomework(r.Context(), id, web.Visitor(r), fresh, homework.Hash(code))
	if errors.Is(err, homework.ErrFull) || err == nil && joined.ID != fresh.ID {
		return false, problemOf(err)
	}
	if err == nil {
		web.Notify(w, r, "/homework/"+id, "code "+code)
	}
	return false, err
}
